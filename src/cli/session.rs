//! One run of a command: locates and compiles its source, and prints findings.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::check;
use crate::check::{Checked, Request};
use crate::cli::disk::Disk;
use crate::cli::exit::Exit;
use crate::cli::source;
use crate::cli::source::{Located, Unlocated};
use crate::cli::terminal::Terminal;
use crate::load;
use crate::model::{Fleet, OutputPath};
use crate::native_path;
use crate::output::Listed;
use crate::problem::{Finding, Level, Problem, Problems, count, number, render};
use crate::resolve::Provenance;
use crate::source::Sources;
use crate::workspace::{Inputs, Nowhere, Reads, real_path};

/// Levels that `--deny` treats as errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Denied {
    /// All warnings
    Warnings,
}

/// One run of a command.
pub struct Session<'t> {
    /// The value of `--file`.
    pub file: Option<PathBuf>,
    /// Levels that `--deny` treats as errors.
    pub deny: Option<Denied>,
    pub asked: Request,
    pub terminal: &'t mut Terminal,
}

pub struct Compiled {
    /// The fleet, if there are no errors.
    pub fleet: Option<Fleet>,
    /// The origin of the values of each cluster, if requested.
    pub provenance: Vec<Provenance>,
    pub sources: Sources,
    pub problems: Problems,
    pub located: Located,
    pub reads: Reads,
    /// The listings of overlay directories.
    pub listed: Listed,
}

impl Session<'_> {
    /// Finds the source. `may_be_stdin` allows `--file -`.
    pub fn locate(&mut self, may_be_stdin: bool) -> Result<Located, Exit> {
        let located = source::locate(self.file.as_deref(), may_be_stdin)
            .map_err(|unlocated| self.not_located(unlocated))?;
        // Every overlay names its source in its first line.
        if OutputPath::parse(&located.name).is_err() {
            let message = format!("invalid source name `{}`", located.name);
            let help = "overlays name their source; use only letters, digits and `-_.+@=,~`";
            self.terminal.error(&message, Some(help));
            return Err(Exit::Usage);
        }
        Ok(located)
    }

    /// Reports why there is no source.
    pub fn not_located(&mut self, unlocated: Unlocated) -> Exit {
        match unlocated {
            Unlocated::Usage(message, help) => {
                self.terminal.error(&message, Some(&help));
                Exit::Usage
            }
            Unlocated::Machine(problem) => self.fail(problem),
        }
    }

    /// Reads and checks a source.
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
            let inputs = Inputs::new(&Nowhere);
            load::load_values(&inputs, &mut sources, &mut problems);
            let (fleet, provenance) = self.check(&located, &sources, &inputs, &mut problems);
            let (reads, listed) = (Reads::default(), Listed::default());
            return Compiled { fleet, provenance, sources, problems, located, reads, listed };
        }
        let disk = Disk::open(&located.root);
        let inputs = Inputs::new(&disk);
        let sources = load::load(&inputs, Path::new(&located.name), &mut problems);
        let (fleet, provenance) = self.check(&located, &sources, &inputs, &mut problems);
        let (reads, listed) = disk.into_parts();
        Compiled { fleet, provenance, sources, problems, located, reads, listed }
    }

    /// Checks sources that are read.
    pub fn check(
        &self,
        located: &Located,
        sources: &Sources,
        inputs: &Inputs<'_>,
        problems: &mut Problems,
    ) -> (Option<Fleet>, Vec<Provenance>) {
        let trees = crate::parse(sources, problems);
        let checked = check::check(&located.name, &trees, inputs, &self.asked, problems).ok();
        match checked {
            Some(Checked { fleet, provenance }) => (Some(fleet), provenance),
            None => (None, Vec::new()),
        }
    }

    /// Compiles a source and prints findings, for commands that stop on errors.
    pub fn compile_or_show(&mut self, located: Located) -> Result<(Fleet, Compiled), Exit> {
        let mut compiled = self.compile(located);
        let exit = self.show(&compiled.problems, &compiled.sources);
        match compiled.fleet.take() {
            Some(fleet) if exit == Exit::Right => Ok((fleet, compiled)),
            _ => Err(exit),
        }
    }

    /// Prints a problem that has no location in a source.
    pub fn fail(&mut self, problem: impl Into<Problem>) -> Exit {
        let mut problems = Problems::default();
        problems.report(problem);
        self.show(&problems, &Sources::default())
    }

    /// Prints problems and returns their exit status. Notes are printed by `check` only.
    pub fn show(&mut self, problems: &Problems, sources: &Sources) -> Exit {
        let mut findings = problems.findings();
        findings.retain(|finding| finding.code.level() != Level::Note);
        let shown = render::human(&findings, sources, self.terminal.colors_errors());
        self.terminal.tell(&shown);
        self.terminal.tell(&summary(&findings));
        self.terminal.tell(&pointer(&findings));
        let exit = self.exit(problems, &findings);
        self.tell_denied("nothing was done", problems, exit);
        exit
    }

    /// Says why there are no errors, and yet the command is not right.
    pub fn tell_denied(&mut self, outcome: &str, problems: &Problems, exit: Exit) {
        if exit == Exit::Wrong && problems.refused().is_none() {
            self.terminal.tell(&format!("{outcome}, because `--deny` treats warnings as errors\n"));
        }
    }

    /// The exit status for these problems.
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

/// The number of errors and warnings; empty if there are none.
pub fn summary(findings: &[Finding]) -> String {
    let of = |level| number(findings.iter().filter(|finding| finding.code.level() == level));
    match (of(Level::Error), of(Level::Warning)) {
        (0, 0) => String::new(),
        (0, warnings) => format!("{}\n", count(warnings, "warning")),
        (errors, 0) => format!("{}\n", count(errors, "error")),
        (errors, warnings) => format!("{}, {}\n", count(errors, "error"), count(warnings, "warning")),
    }
}

/// The command that explains the most severe finding; empty if there are only notes.
pub fn pointer(findings: &[Finding]) -> String {
    let more_than_notes = findings.iter().filter(|finding| finding.code.level() != Level::Note);
    let worst = more_than_notes.min_by_key(|finding| finding.code.level());
    worst.map_or_else(String::new, |finding| {
        format!("for more information, run `flux-identity explain {}`\n", finding.code)
    })
}

/// Refuses an output path that is a source or in the directory of an overlay.
pub fn refuse_generated_path(
    path: &Path,
    compiled: &Compiled,
    fleet: Option<&Fleet>,
    session: &mut Session<'_>,
) -> Result<(), Exit> {
    if !is_of_fleet(path, compiled, fleet) {
        return Ok(());
    }
    let message = format!(
        "`{}` is a source or in the directory of an overlay, and would be overwritten",
        native_path::shown(path)
    );
    session.terminal.error(&message, Some("name another file"));
    Err(Exit::Usage)
}

fn is_of_fleet(path: &Path, compiled: &Compiled, fleet: Option<&Fleet>) -> bool {
    let real = |path: &Path| real_path(path).ok();
    let here = real(path);
    let is_read = here.is_some() && compiled.reads.paths().any(|read| real(read) == here);
    let directory = path.parent().and_then(real);
    let clusters = fleet.into_iter().flat_map(|fleet| &fleet.clusters);
    let mut outputs = clusters.flat_map(|cluster| {
        let accounts = cluster.object_level.iter().map(|accounts| &accounts.directory);
        accounts.chain([&cluster.output]).map(|output| compiled.located.root.join(output.as_str()))
    });
    let trust = fleet.and_then(|fleet| fleet.trust_output.as_ref());
    let trust = trust.map(|trust| compiled.located.root.join(trust.directory.as_str()));
    let is_trust = trust.is_some_and(|trust| {
        directory.as_ref().is_some_and(|it| it.starts_with(real(&trust).unwrap_or(trust)))
    });
    is_read
        || is_trust
        || directory.is_some_and(|directory| outputs.any(|output| real(&output).as_ref() == Some(&directory)))
}
