//! `check`: findings of the source and drift of the overlays, without writing.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::exit::Exit;
use crate::cli::fix;
use crate::cli::report;
use crate::cli::select::Selection;
use crate::cli::session::{Session, pointer, refuse_generated_path, summary};
use crate::cli::trust;
use crate::output::{self, OverwritePolicy, PlanRequest, Tree};
use crate::problem::{
    FileFault, FileProblem, Finding, Problems, TrustFileProblem, TrustWriter, count, render,
};
use crate::source::Sources;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// Output format of findings
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Human)]
    format: Format,

    /// Also write the findings to this file in the format of `--format`, and print them as text
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output_file: Option<PathBuf>,

    /// First correct the sources where a finding has exactly one edit
    #[arg(long)]
    fix: bool,

    /// Print what `--fix` would change, and exit with 1 if it is anything; write nothing
    #[arg(long, requires = "fix", conflicts_with_all = ["format", "output_file"])]
    diff: bool,
}

/// Output format of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text with source lines
    Human,
    /// One line per finding
    Short,
    /// JSON
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub Actions workflow commands
    Github,
    /// GitLab Code Quality report
    Gitlab,
    #[value(help = "JUnit report")]
    Junit,
}

/// Runs the command. A source from standard input has no directory, so drift is not checked.
pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    session.asked.names = arguments.selection.condition_variables(session.terminal)?;
    let located = session.locate(!arguments.fix)?;
    if arguments.fix {
        let changed = fix::run(&located, arguments.diff, session)?;
        if arguments.diff {
            return Ok(if changed { Exit::Wrong } else { Exit::Right });
        }
    }
    let mut compiled = session.compile(located);
    let fleet = compiled.fleet.take();
    let selected = match &fleet {
        Some(fleet) => arguments.selection.select(fleet, session.terminal)?,
        None => None,
    };
    if let Some(fleet) = fleet.as_ref().filter(|_| compiled.located.path.is_some()) {
        match Tree::open(&compiled.located.root) {
            Ok(mut tree) => {
                let fleet_files = trust::fleet_files(fleet);
                let wish = PlanRequest {
                    fleet,
                    listed: &compiled.listed,
                    selected: selected.as_deref(),
                    leave: OverwritePolicy::default(),
                    orphans: selected.is_none(),
                    fleet_files: fleet_files.as_ref(),
                };
                compare(&wish, &mut tree, &mut compiled.problems);
            }
            Err(problem) => {
                compiled.problems.report(problem);
            }
        }
    }
    if let Some(path) = &arguments.output_file {
        refuse_generated_path(path, &compiled, fleet.as_ref(), session)?;
    }
    let findings = compiled.problems.findings();
    let exit = session.exit(&compiled.problems, &findings);
    show(arguments.format, arguments.output_file.as_deref(), &findings, &compiled.sources, session)?;
    if arguments.prints_text() {
        session.tell_denied("failed", &compiled.problems, exit);
    }
    if let Some(fleet) = fleet.as_ref().filter(|_| exit == Exit::Right && arguments.prints_text()) {
        let all = count(fleet.clusters.len(), "cluster");
        let whole = selected.map_or(all.clone(), |selected| format!("{} of {all}", selected.len()));
        session.terminal.print(&format!("{whole}, no errors\n"));
    }
    Ok(exit)
}

/// Reports drift. Orphans are reported only without a selection of clusters.
fn compare(wish: &PlanRequest<'_>, tree: &mut Tree, problems: &mut Problems) {
    let plan = output::plan(wish, tree, problems);
    for problem in report::drift(&plan, tree) {
        problems.report(problem);
    }
    for orphan in &plan.orphans {
        let problem = FileProblem { path: tree.shown(&orphan.place.path()), fault: FileFault::Orphan };
        if orphan.is_of_fleet {
            problems.report(TrustFileProblem { problem, written_by: TrustWriter::Build });
        } else {
            problems.report(problem);
        }
    }
}

impl Arguments {
    fn prints_text(&self) -> bool {
        self.output_file.is_some() || matches!(self.format, Format::Human | Format::Short)
    }
}

/// Prints findings in a format. With `output_file`, the format goes to that file and text to the terminal.
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
        Format::Json | Format::Sarif | Format::Github | Format::Gitlab | Format::Junit => {
            session.terminal.print(&text);
        }
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
        Format::Gitlab => render::gitlab(findings, sources),
        Format::Junit => render::junit(findings, sources),
    }
}
