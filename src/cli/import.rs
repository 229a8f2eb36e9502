//! `import`: generates a source from existing overlays and reports what it does not import.

mod compiled;
mod grouped;
mod reach;
pub mod root;
pub mod scratch;
mod verify;

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::check::{self, Format};
use crate::cli::exit::Exit;
use crate::cli::import::compiled::Compiled;
use crate::cli::import::root::Root;
use crate::cli::session::Session;
use crate::cli::together::write_together;
use crate::import::{self, ImportOptions, Imported};
use crate::model::OutputPath;
use crate::native_path;
use crate::output::NewFile;
use crate::problem::{AdoptionFault, AdoptionProblem, Problems, VerificationFault, count};
use crate::source::Sources;
use crate::workspace::{Inputs, exists};

/// How often the overlays that are left share statements, when some are excluded because they would not build the same.
const MOST_SHARED_ROUNDS: usize = 3;

/// The name of the source without `--output`.
const DEFAULT: &str = "identity.flux";

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Directories of the overlays, such as clusters
    #[arg(value_name = "DIR", required = true, value_hint = clap::ValueHint::DirPath)]
    directories: Vec<PathBuf>,

    /// Write the source to this file, and generated files next to the overlays [default: standard output]
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,

    /// What to generate for each cluster
    #[arg(long, value_name = "FORM", value_enum)]
    emit: Option<Emit>,

    /// Move what clusters differ in to this file of values in JSON, a path from the source
    #[arg(long, value_name = "FILE")]
    values: Option<String>,

    /// Build every overlay before and after with kustomize or kubectl, in a copy, and compare
    #[arg(long)]
    verify: bool,

    /// Output format of findings
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Human)]
    format: Format,

    /// Also write the findings to this file in the format of `--format`, and print them as text
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output_file: Option<PathBuf>,
}

/// What is generated for each cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Emit {
    /// The whole kustomization, if a source can express it
    Overlay,
    /// A component with the identities; the overlay stays hand-written
    Component,
}

pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    arguments.check_options(session)?;
    let (root, name) = (Root::find(arguments.output.as_deref()), arguments.source_name());
    let mut files = Vec::new();
    for directory in &arguments.directories {
        files.extend(root.files(directory).map_err(|(message, help)| {
            session.terminal.error(&message, Some(&help));
            Exit::Usage
        })?);
    }
    files.sort();
    files.dedup();
    let (imported, compiled, sources, mut problems) = import(&files, &name, &root, arguments);
    if imported.overlays.is_empty() && imported.count_left() == 0 {
        let first = arguments.directories.first().map(|path| native_path::shown(path));
        problems.report(AdoptionProblem::in_file(first.unwrap_or_default(), AdoptionFault::Nothing));
    } else if !arguments.verify {
        report_unproved(&imported, &root, &mut problems);
    } else if let Some(compiled) = compiled {
        verify::verify(&root, &name, &imported, &compiled, session, &mut problems)?;
    }
    let mut findings = problems.findings();
    let exit = session.exit(&problems, &findings);
    if arguments.format == Format::Human && arguments.output_file.is_none() {
        findings = grouped::group(findings, &sources);
    }
    check::show(arguments.format, arguments.output_file.as_deref(), &findings, &sources, session)?;
    if imported.overlays.is_empty() {
        session.terminal.tell(&summary(&imported));
        return Ok(if exit == Exit::Right { Exit::Wrong } else { exit });
    }
    if exit != Exit::Right && arguments.output.is_some() {
        session.terminal.tell("nothing was written\n");
        return Ok(exit);
    }
    let report = if arguments.output.is_some() {
        write(&name, &root, &imported, session)?
    } else {
        session.terminal.print(&imported.text);
        imported.files.keys().flat_map(|path| ["`-o` also writes ", path.as_str(), "\n"]).collect()
    };
    session.terminal.tell(&format!("{report}{}", summary(&imported)));
    Ok(exit)
}

/// Imports these files, without the overlays that would not build the same.
fn import(
    files: &[String],
    name: &str,
    root: &Root,
    arguments: &Arguments,
) -> (Imported, Option<Compiled>, Sources, Problems) {
    let components = arguments.emit == Some(Emit::Component);
    let mut options =
        ImportOptions { components, values: arguments.values.clone(), ..ImportOptions::default() };
    let disk = root.disk();
    let mut round = 0_usize;
    loop {
        round = round.saturating_add(1);
        // Excluding an overlay changes no other if they share nothing, so that no more than one round follows.
        options.is_plain = round > MOST_SHARED_ROUNDS;
        let (mut sources, mut problems) = (Sources::default(), Problems::default());
        let imported = import::import(&Inputs::new(&disk), files, &options, &mut sources, &mut problems);
        let mut compiled = None;
        if !imported.overlays.is_empty() {
            compiled = compiled::compile(&disk, name, arguments.output.is_none(), &imported, &mut problems);
        }
        let refuted = compiled.as_ref().map(|compiled| compiled::refuted(&imported, compiled, &disk));
        match refuted {
            Some(refuted) if !refuted.is_empty() => options.excluded.extend(refuted),
            Some(_) | None => return (imported, compiled, sources, problems),
        }
    }
}

/// Reports overlays with something that the model of kustomize does not follow.
fn report_unproved(imported: &Imported, root: &Root, problems: &mut Problems) {
    for overlay in &imported.overlays {
        if let Some(feature) = &overlay.unknown {
            let fault = VerificationFault::NotModelled { feature: feature.clone() };
            problems.report(AdoptionProblem::in_file(root.shown(&overlay.file), fault));
        }
    }
}

impl Arguments {
    /// Refuses to overwrite a file, and to mix two results on standard output.
    fn check_options(&self, session: &mut Session<'_>) -> Result<(), Exit> {
        let is_for_machines = !matches!(self.format, Format::Human | Format::Short);
        let (message, help) = match &self.output {
            Some(path) if exists(path).unwrap_or(true) => (
                format!("`{}` already exists", native_path::shown(path)),
                "nothing is overwritten: name another file with `-o`, or move this one",
            ),
            Some(path) if path.to_str().is_none() => {
                (format!("`{}` is not UTF-8", native_path::shown(path)), "name another file with `-o`")
            }
            _ if self.values.as_deref().is_some_and(|path| OutputPath::parse(path).is_err()) => (
                format!(
                    "`{}` is not a path in the directory of the source",
                    self.values.as_deref().unwrap_or_default()
                ),
                "name a file such as `values.json`",
            ),
            None if is_for_machines && self.output_file.is_none() => (
                "the source and the findings cannot both go to standard output".to_owned(),
                "write the source to a file with `-o`, or the findings with `--output-file`",
            ),
            Some(_) | None => return Ok(()),
        };
        session.terminal.error(&message, Some(help));
        Err(Exit::Usage)
    }

    fn source_name(&self) -> String {
        let name = self.output.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
        name.unwrap_or(DEFAULT).to_owned()
    }
}

/// Writes the source and its other files, and returns a report with one file per line.
fn write(name: &str, root: &Root, imported: &Imported, session: &mut Session<'_>) -> Result<String, Exit> {
    let mut files: Vec<NewFile<'_>> = Vec::new();
    for (path, text) in &imported.files {
        files.push(NewFile { path, text, replaces: imported.replaced.get(path).map(|text| &**text) });
    }
    files.push(NewFile { path: name, text: &imported.text, replaces: None });
    let written = write_together(&root.path(""), &files, session)?;
    Ok(written.iter().flat_map(|path| ["wrote ", path, "\n"]).collect())
}

fn summary(imported: &Imported) -> String {
    let clusters = count(imported.overlays.len(), "cluster");
    let lines = count(imported.text.lines().count(), "line");
    let mut report: String =
        imported.left_alone.iter().flat_map(|path| ["left alone ", path.as_str(), "\n"]).collect();
    let without = imported.without_identity.iter();
    report.extend(without.flat_map(|path| ["left alone ", path, ", which assigns no identity\n"]));
    let unneeded = imported.unneeded.iter();
    report.extend(unneeded.flat_map(|path| ["can be removed after `build --adopt`: ", path, "\n"]));
    report.extend([clusters.as_str(), " in ", &lines]);
    if imported.count_left() > 0 {
        report.extend([", ", &count(imported.count_left(), "file"), " left alone"]);
    }
    report.push('\n');
    if imported.alike > 0 {
        let clusters = count(imported.alike, "cluster");
        let offer = " differ from others only in values; `--values values.json` puts these into a file\n";
        report.extend([clusters.as_str(), offer]);
    }
    report
}
