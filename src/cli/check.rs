//! `check`: what `build` would do, without doing it. Its findings are its result.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::exit::{Exit, exit_without_drop};
use crate::cli::output_guard;
use crate::cli::select::Selection;
use crate::cli::session::{Session, pointer, summary};
use crate::output::{self, Change, OverwritePolicy, PlanRequest, Tree};
use crate::problem::{FileFault, FileProblem, Finding, Problems, count, render};
use crate::source::Sources;

/// What the command wants.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// How to show what was found
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Human)]
    format: Format,

    /// Write what was found to this file too, in the format of `--format`, and show it for people
    #[arg(long, value_name = "FILE")]
    output_file: Option<PathBuf>,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
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
pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    session.asked.names = arguments.selection.condition_variables(session.terminal)?;
    let located = session.locate(true)?;
    let mut compiled = session.compile(located);
    let fleet = compiled.fleet.take();
    let selected = match &fleet {
        Some(fleet) => arguments.selection.select(fleet, session.terminal)?,
        None => None,
    };
    if let Some(fleet) = fleet.as_ref().filter(|_| compiled.located.path.is_some()) {
        match Tree::open(&compiled.located.root) {
            Ok(mut tree) => {
                let wish = PlanRequest {
                    fleet,
                    listed: &compiled.listed,
                    selected: selected.as_deref(),
                    leave: OverwritePolicy::default(),
                    orphans: selected.is_none(),
                };
                compare(&wish, &mut tree, &mut compiled.problems);
            }
            Err(problem) => {
                compiled.problems.report(problem);
            }
        }
    }
    if let Some(path) = &arguments.output_file {
        output_guard::refuse_generated_path(path, &compiled, fleet.as_ref(), session)?;
    }
    let findings = compiled.problems.findings();
    let exit = session.exit(&compiled.problems, &findings);
    show(arguments.format, arguments.output_file.as_deref(), &findings, &compiled.sources, session)?;
    if let Some(fleet) = fleet.as_ref().filter(|_| exit == Exit::Right && arguments.is_for_people()) {
        let all = count(fleet.clusters.len(), "cluster");
        let whole = selected.map_or(all.clone(), |selected| format!("{} of {all}", selected.len()));
        session.terminal.print(&format!("{whole}, all right\n"));
    }
    exit_without_drop(fleet);
    Ok(exit)
}

/// Reports what a build would change. Orphans are looked for in the whole fleet only.
fn compare(wish: &PlanRequest<'_>, tree: &mut Tree, problems: &mut Problems) {
    let plan = output::plan(wish, tree, problems);
    for planned in &plan.files {
        let fault = match planned.change {
            Change::Keep => continue,
            Change::Create => FileFault::Missing,
            Change::Replace(_) => FileFault::Stale,
        };
        problems.report(FileProblem { path: tree.shown(&planned.place.path()), fault });
    }
    for orphan in &plan.orphans {
        problems.report(FileProblem { path: tree.shown(&orphan.place.path()), fault: FileFault::Orphan });
    }
}

impl Arguments {
    fn is_for_people(&self) -> bool {
        self.output_file.is_some() || matches!(self.format, Format::Human | Format::Short)
    }
}

/// Shows what was found, in a format. `output_file`: a file for it, beside what is for people.
pub fn show(
    mut format: Format,
    output_file: Option<&Path>,
    findings: &[Finding],
    sources: &Sources,
    session: &mut Session<'_>,
) -> Result<(), Exit> {
    if let Some(path) = output_file {
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
