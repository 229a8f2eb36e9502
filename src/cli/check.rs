//! `check`: what `build` would do, without doing it. Its findings are its result.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::session::{Compiled, Session, pointer, summary};
use crate::cli::source::Located;
use crate::model::Fleet;
use crate::output::{self, Change};
use crate::problem::{FileFault, FileProblem, Finding, count, render};
use crate::source::Sources;

/// What the command wants.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How to show what was found
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Human)]
    format: Format,

    /// Write what was found to this file too, in the format of `--format`, and show it for people
    #[arg(long, value_name = "FILE")]
    output_file: Option<PathBuf>,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the lines they are about
    Human,
    /// One line each
    Short,
    /// JSON, as docs/findings.schema.json describes it
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
}

/// Runs the command. A source from standard input has no directory, so that nothing is compared then.
pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Exit {
    let Compiled { fleet, sources, mut problems, located } = match session.compile(true) {
        Ok(compiled) => compiled,
        Err(exit) => return exit,
    };
    if let Some(fleet) = fleet.as_ref().filter(|_| located.path.is_some()) {
        for planned in output::plan(fleet, &located.root, &mut problems).files {
            let fault = match planned.change {
                None => continue,
                Some(Change::Create(_)) => FileFault::Missing,
                Some(Change::Replace(_)) => FileFault::Stale,
            };
            problems.push(FileProblem { path: planned.shown, fault });
        }
    }
    if let Some(taken) =
        arguments.output_file.as_deref().filter(|path| is_of_fleet(path, &located, &sources, fleet.as_ref()))
    {
        let message = format!("`{}` belongs to the fleet, and findings would replace it", taken.display());
        session.terminal.error(&message, Some("name another file behind `--output-file`"));
        return Exit::Usage;
    }
    let findings = problems.findings();
    let exit = session.exit(&problems, &findings);
    if let Err(exit) = show(arguments, &findings, &sources, session) {
        return exit;
    }
    if let Some(fleet) = fleet.filter(|_| exit == Exit::Right && arguments.is_for_people()) {
        session.terminal.print(&format!("{}, all right\n", count(fleet.clusters.len(), "cluster")));
    }
    exit
}

/// Whether a file is a source, or stands in the directory of an overlay.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn is_of_fleet(path: &Path, located: &Located, sources: &Sources, fleet: Option<&Fleet>) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    let is_source =
        sources.iter().any(|(_, source)| real(path).is_some() && real(path) == real(Path::new(&source.name)));
    let directory =
        path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent });
    let directory = directory.and_then(real);
    let outputs = fleet
        .into_iter()
        .flat_map(|fleet| &fleet.clusters)
        .map(|cluster| located.root.join(cluster.output.as_str()));
    let is_beside_overlay = directory
        .is_some_and(|directory| outputs.into_iter().any(|output| real(&output) == Some(directory.clone())));
    is_source || is_beside_overlay
}

impl Arguments {
    fn is_for_people(&self) -> bool {
        self.output_file.is_some() || matches!(self.format, Format::Human | Format::Short)
    }
}

fn show(
    arguments: &Arguments,
    findings: &[Finding],
    sources: &Sources,
    session: &mut Session<'_>,
) -> Result<(), Exit> {
    let mut format = arguments.format;
    if let Some(path) = &arguments.output_file {
        let text = text(format, findings, sources, false);
        output::write_file(path, &text).map_err(|problem| session.fail(problem))?;
        format = Format::Human;
    }
    let text = text(format, findings, sources, session.terminal.colors_errors());
    match format {
        Format::Human | Format::Short => {
            session.terminal.tell(&text);
            session.terminal.tell(&summary(findings));
            if format == Format::Human {
                session.terminal.tell(&pointer(findings));
            }
        }
        Format::Json | Format::Sarif | Format::Github => session.terminal.print(&text),
    }
    Ok(())
}

fn text(format: Format, findings: &[Finding], sources: &Sources, color: bool) -> String {
    match format {
        Format::Human => render::human(findings, sources, color),
        Format::Short => render::short(findings, sources),
        Format::Json => render::json(findings, sources),
        Format::Sarif => render::sarif(findings, sources),
        Format::Github => render::github(findings, sources),
    }
}
