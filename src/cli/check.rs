//! `check`: what `build` would do, without doing it. Its findings are its result.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::session::{Compiled, Session, pointer, summary};
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
        for planned in output::plan(fleet, &located.root, &mut problems).overlays {
            let fault = match planned.change {
                None => continue,
                Some(Change::Create(_)) => FileFault::Missing,
                Some(Change::Replace(_)) => FileFault::Stale,
            };
            problems.push(FileProblem { path: planned.shown, fault });
        }
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
