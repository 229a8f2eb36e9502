//! One run of a command: its source, and how findings are shown.

use std::path::PathBuf;

use crate::cli::Exit;
use crate::cli::source::{self, Located};
use crate::cli::terminal::Terminal;
use crate::model::Fleet;
use crate::problem::{Finding, Level, Place, Problem, Problems, count, render};
use crate::source::Sources;

/// One run of a command.
pub struct Session<'t> {
    /// The source that was asked for.
    pub file: Option<PathBuf>,
    /// Where everything is said.
    pub terminal: &'t mut Terminal,
}

/// A fleet that is right, and where it came from.
pub struct Compiled {
    /// The fleet.
    pub fleet: Fleet,
    /// Its sources, for those who have more to say of them.
    pub sources: Sources,
    /// Where the source is.
    pub located: Located,
}

impl Session<'_> {
    /// Finds, reads and checks the fleet. What is wrong with it is shown. `may_be_stdin`: whether `--file -` is right.
    pub fn compile(&mut self, may_be_stdin: bool) -> Result<Compiled, Exit> {
        let located = source::locate(self.file.as_deref(), may_be_stdin).map_err(|(message, help)| {
            self.terminal.error(&message, Some(&help));
            Exit::Usage
        })?;
        let mut sources = Sources::default();
        match source::read(&located) {
            Ok(source) => {
                let _root = sources.add(source);
            }
            Err(problem) => return Err(self.fail(problem)),
        }
        match crate::compile(&sources, &located.name) {
            Ok(fleet) => Ok(Compiled { fleet, sources, located }),
            Err(problems) => Err(self.show(&problems, &sources)),
        }
    }

    /// Shows one problem that has no place in a source.
    pub fn fail(&mut self, problem: impl Into<Problem>) -> Exit {
        let mut problems = Problems::default();
        problems.push(problem);
        self.show(&problems, &Sources::default())
    }

    /// Shows problems, and says how a run ends that has them.
    pub fn show(&mut self, problems: &Problems, sources: &Sources) -> Exit {
        let findings = problems.findings();
        let shown = render::human(&findings, sources, self.terminal.colors_errors());
        self.terminal.tell(&shown);
        self.terminal.tell(&summary(&findings));
        if problems.has_failure() { Exit::Failed } else { Exit::Wrong }
    }
}

fn summary(findings: &[Finding]) -> String {
    let errors = findings.iter().filter(|finding| finding.code.level() == Level::Error).count();
    let in_files = findings.iter().filter(|finding| matches!(finding.place, Place::File(_))).count();
    if in_files == errors {
        let rest = if errors == 1 { "is not as it should be" } else { "are not as they should be" };
        format!("{} {rest}\n", count(errors, "file"))
    } else {
        format!("{}\n", count(errors, "error"))
    }
}
