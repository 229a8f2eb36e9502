//! One run of a command: its source, and how findings are shown.

use clap::ValueEnum;

use std::path::{Path, PathBuf};

use crate::check::{self, Checked, Request};
use crate::cli::disk::Disk;
use crate::cli::exit::{Exit, exit_without_drop};
use crate::cli::source::{self, Located, Unlocated};
use crate::cli::terminal::Terminal;
use crate::model::{Fleet, OutputPath};
use crate::output::Listed;
use crate::problem::{Finding, Level, Problem, Problems, count, number, render};
use crate::resolve::Provenance;
use crate::source::Sources;
use crate::workspace::{Inputs, Nowhere, Reads};

/// What is treated as an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Denied {
    /// All warnings
    Warnings,
}

/// One run of a command.
pub struct Session<'t> {
    /// The source that was asked for.
    pub file: Option<PathBuf>,
    /// What is treated as an error.
    pub deny: Option<Denied>,
    /// What is asked of the fleet.
    pub asked: Request,
    /// Where everything is said.
    pub terminal: &'t mut Terminal,
}

/// What became of a source.
pub struct Compiled {
    /// The fleet, if nothing is wrong with it.
    pub fleet: Option<Fleet>,
    /// What holds in each of its clusters, if that was asked.
    pub told: Vec<Provenance>,
    /// The files, for those who show what is wrong.
    pub sources: Sources,
    /// What is wrong, or doubtful.
    pub problems: Problems,
    /// Where the source is.
    pub located: Located,
    /// What was read.
    pub reads: Reads,
    /// What was seen in the directories of overlays.
    pub listed: Listed,
}

impl Session<'_> {
    /// Finds the source. `may_be_stdin`: whether `--file -` is right.
    pub fn locate(&mut self, may_be_stdin: bool) -> Result<Located, Exit> {
        let located = source::locate(self.file.as_deref(), may_be_stdin)
            .map_err(|unlocated| self.not_located(unlocated))?;
        // Every overlay names its source in its first line.
        if OutputPath::parse(&located.name).is_err() {
            let message = format!("`{}` cannot be named in an overlay", located.name);
            let help = "give the source a name of letters, digits and `-_.+@=,~`";
            self.terminal.error(&message, Some(help));
            return Err(Exit::Usage);
        }
        Ok(located)
    }

    /// Says why there is no source.
    pub fn not_located(&mut self, unlocated: Unlocated) -> Exit {
        match unlocated {
            Unlocated::Usage(message, help) => {
                self.terminal.error(&message, Some(&help));
                Exit::Usage
            }
            Unlocated::Machine(problem) => self.fail(problem),
        }
    }

    /// Reads and checks the fleet of a source.
    pub fn compile(&self, located: Located) -> Compiled {
        let mut problems = Problems::default();
        if located.path.is_none() {
            let mut sources = Sources::default();
            match source::read_stdin() {
                Ok(source) => {
                    sources.add(source);
                }
                Err(problem) => {
                    problems.report(problem);
                }
            }
            let (fleet, told) = self.check(&located, &sources, &Inputs::new(&Nowhere), &mut problems);
            let (reads, listed) = (Reads::default(), Listed::default());
            return Compiled { fleet, told, sources, problems, located, reads, listed };
        }
        let disk = Disk::open(&located.root);
        let inputs = Inputs::new(&disk);
        let sources = source::load(&inputs, Path::new(&located.name), &mut problems);
        let (fleet, told) = self.check(&located, &sources, &inputs, &mut problems);
        exit_without_drop(inputs);
        let (reads, listed) = disk.into_parts();
        Compiled { fleet, told, sources, problems, located, reads, listed }
    }

    fn check(
        &self,
        located: &Located,
        sources: &Sources,
        inputs: &Inputs<'_>,
        problems: &mut Problems,
    ) -> (Option<Fleet>, Vec<Provenance>) {
        let trees = crate::parse(sources, problems);
        let checked = check::check(&located.name, &trees, inputs, &self.asked, problems).ok();
        if self.asked.values {
            // Another fleet is yet to be read, to be compared with this one.
            drop(trees);
        } else {
            exit_without_drop(trees);
        }
        match checked {
            Some(Checked { fleet, provenance }) => (Some(fleet), provenance),
            None => (None, Vec::new()),
        }
    }

    /// The same for commands that do nothing unless all is right: what is wrong is shown.
    pub fn compile_or_show(&mut self, located: Located) -> Result<(Fleet, Compiled), Exit> {
        let mut compiled = self.compile(located);
        let exit = self.show(&compiled.problems, &compiled.sources);
        match compiled.fleet.take() {
            Some(fleet) if exit == Exit::Right => Ok((fleet, compiled)),
            _ => Err(exit),
        }
    }

    /// Shows one problem that has no place in a source.
    pub fn fail(&mut self, problem: impl Into<Problem>) -> Exit {
        let mut problems = Problems::default();
        problems.report(problem);
        self.show(&problems, &Sources::default())
    }

    /// Shows problems, and says how a run ends that has them. Notes are left to `check`, whose result they are.
    pub fn show(&mut self, problems: &Problems, sources: &Sources) -> Exit {
        let mut findings = problems.findings();
        findings.retain(|finding| finding.code.level() != Level::Note);
        let shown = render::human(&findings, sources, self.terminal.colors_errors());
        self.terminal.tell(&shown);
        self.terminal.tell(&summary(&findings));
        self.terminal.tell(&pointer(&findings));
        let exit = self.exit(problems, &findings);
        if exit == Exit::Wrong && problems.refused().is_none() {
            self.terminal.tell("warnings are denied, so that nothing was done\n");
        }
        exit
    }

    /// How a run ends that has these problems.
    pub fn exit(&self, problems: &Problems, findings: &[Finding]) -> Exit {
        let denied = |finding: &Finding| match finding.code.level() {
            Level::Error => true,
            Level::Warning => self.deny == Some(Denied::Warnings),
            Level::Note => false,
        };
        if problems.has_failure() {
            Exit::Failed
        } else if findings.iter().any(denied) {
            Exit::Wrong
        } else {
            Exit::Right
        }
    }
}

/// How many findings there are of each level; nothing if there are none but notes.
pub fn summary(findings: &[Finding]) -> String {
    let of = |level| number(findings.iter().filter(|finding| finding.code.level() == level));
    match (of(Level::Error), of(Level::Warning)) {
        (0, 0) => String::new(),
        (0, warnings) => format!("{}\n", count(warnings, "warning")),
        (errors, 0) => format!("{}\n", count(errors, "error")),
        (errors, warnings) => format!("{}, {}\n", count(errors, "error"), count(warnings, "warning")),
    }
}

/// Where people read more about the worst of what was shown; nothing if that was nothing but notes.
pub fn pointer(findings: &[Finding]) -> String {
    let more_than_notes = findings.iter().filter(|finding| finding.code.level() != Level::Note);
    let worst = more_than_notes.min_by_key(|finding| finding.code.level());
    worst.map_or_else(String::new, |finding| {
        format!("for more about a finding: flux-identity explain {}\n", finding.code)
    })
}
