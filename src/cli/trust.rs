//! `trust`: the configuration with which each cloud accepts the tokens of the clusters.

use std::path::{Component, Path, PathBuf};

use clap::ValueEnum;

use crate::cli::exit::Exit;
use crate::cli::report;
use crate::cli::session::Session;
use crate::cli::source::Located;
use crate::emit;
use crate::model::OutputPath;
use crate::output::{self, Change, Location, Locking, Modules, Orphan, OverwritePolicy, Tree};
use crate::problem::{FileProblem, Problems, TrustFileProblem, count};
use crate::source::Sources;
use crate::trust::{self, Trust, TrustFile};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Form of the output
    #[arg(long, value_name = "FORM", value_enum, default_value_t = Form::Json)]
    form: Form,

    /// Write below this directory instead of to standard output
    #[arg(short = 'o', value_name = "DIR")]
    into: Option<PathBuf>,

    /// Overwrite files that this source did not generate
    #[arg(long, requires = "into")]
    adopt: bool,

    /// Overwrite files that were edited by hand
    #[arg(long, requires = "into")]
    force: bool,

    /// Remove Terraform modules of accounts that are no longer in the source, unless they were edited
    #[arg(long, requires = "into")]
    prune: bool,
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One JSON document, see docs/trust.schema.json
    Json,
    /// A Terraform module per AWS account and Azure subscription, and one for Google Cloud
    Terraform,
    /// Shell commands, to review before running them
    Cli,
}

pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    session.asked.trust = true;
    let located = session.locate(arguments.into.is_none())?;
    let directory =
        arguments.into.as_deref().map(|directory| below(directory, &located, session)).transpose()?;
    let root = located.root.clone();
    let (fleet, _) = session.compile_or_show(located)?;
    // Missing values were reported as errors.
    let Ok(trust) = Trust::new(&fleet.clusters) else { return Err(Exit::Wrong) };
    let form = match arguments.form {
        Form::Json => trust::TrustForm::Json,
        Form::Terraform => trust::TrustForm::Terraform,
        Form::Cli => trust::TrustForm::Cli,
    };
    let files = trust::files(&trust, form);
    match directory {
        Some(directory) => {
            let leave = OverwritePolicy { adopt: arguments.adopt, force: arguments.force };
            let wanted =
                TrustRequest { files: &files, form, directory: &directory, leave, prune: arguments.prune };
            write(&wanted, (&root, &fleet.source), session)
        }
        None => print(&files, &fleet.source, session),
    }
}

/// The path of a directory relative to that of the source; empty for that directory itself.
#[expect(clippy::disallowed_methods, reason = "the current directory is met here")]
fn below(directory: &Path, located: &Located, session: &mut Session<'_>) -> Result<String, Exit> {
    let absolute = |path: &Path| {
        let mut plain = PathBuf::new();
        for component in std::env::current_dir().ok()?.join(path).components() {
            match component {
                Component::ParentDir => {
                    plain.pop();
                }
                Component::CurDir => {}
                Component::Normal(_) | Component::Prefix(_) | Component::RootDir => plain.push(component),
            }
        }
        Some(plain)
    };
    let inner = absolute(directory)
        .zip(absolute(&located.root))
        .and_then(|(directory, root)| Some(directory.strip_prefix(root).ok()?.to_str()?.to_owned()));
    match inner {
        Some(inner) if inner.is_empty() || OutputPath::parse(&inner).is_ok() => Ok(inner),
        Some(_) | None => {
            let message = format!("cannot write to `{}`", directory.display());
            let help = "name a directory inside that of the source, with only letters, digits and `-_.+@=,~`";
            session.terminal.error(&message, Some(help));
            Err(Exit::Usage)
        }
    }
}

fn print(files: &[TrustFile], source: &str, session: &mut Session<'_>) -> Result<Exit, Exit> {
    let [file] = files else {
        if files.is_empty() {
            session.terminal.tell("no cloud needs trust configuration\n");
            return Ok(Exit::Right);
        }
        let message = format!("standard output cannot hold {} modules", files.len());
        session.terminal.error(&message, Some("write them to a directory with `-o DIR`"));
        return Err(Exit::Usage);
    };
    session.terminal.print(&file.text(source));
    Ok(Exit::Right)
}

struct TrustRequest<'w> {
    files: &'w [TrustFile],
    form: trust::TrustForm,
    /// The output directory, relative to that of the source.
    directory: &'w str,
    leave: OverwritePolicy,
    prune: bool,
}

impl TrustRequest<'_> {
    /// The existing modules that no account needs.
    fn orphans(&self, source: &str, tree: &mut Tree) -> Result<Vec<Orphan>, FileProblem> {
        match self.form {
            trust::TrustForm::Terraform => {}
            // Their only file is always needed.
            trust::TrustForm::Json | trust::TrustForm::Cli => return Ok(Vec::new()),
        }
        let depth = self.directory.split('/').filter(|part| !part.is_empty()).count().saturating_add(1);
        let needed = self.files.iter().map(|file| file.directory.as_str()).collect();
        let modules = Modules {
            within: self.directory,
            name: trust::MODULE,
            source: &emit::source_from_depth(depth, source),
            is_one: trust::is_module,
            needed: &needed,
        };
        output::find_modules(&modules, tree).map_err(|problem| *problem)
    }
}

fn write(
    wanted: &TrustRequest<'_>,
    (root, source): (&Path, &str),
    session: &mut Session<'_>,
) -> Result<Exit, Exit> {
    let mut tree = Tree::open(root).map_err(|problem| session.fail(TrustFileProblem(problem)))?;
    let mut locking = tree.lock(false).map_err(|problem| session.fail(TrustFileProblem(problem)))?;
    if locking == Locking::Busy {
        session.terminal.tell("waiting for a build to finish\n");
        locking = tree.lock(true).map_err(|problem| session.fail(TrustFileProblem(problem)))?;
    }
    let placed = wanted.files.iter().map(|file| {
        let parts = [wanted.directory, &file.directory];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let directory = parts.join("/");
        let depth = directory.split('/').filter(|part| !part.is_empty()).count();
        let source = emit::source_from_depth(depth, source);
        (Location { directory, name: file.name.to_owned() }, file.text(&source), source)
    });
    let (mut plan, mut found) = output::plan_files(placed.collect(), wanted.leave, &mut tree);
    let mut left = wanted.orphans(source, &mut tree).unwrap_or_else(|problem| {
        found.push(problem);
        Vec::new()
    });
    if wanted.prune {
        found.extend(plan.add_orphans(std::mem::take(&mut left), &tree));
    }
    let mut problems = Problems::default();
    for problem in found {
        problems.report(TrustFileProblem(problem));
    }
    if !problems.is_empty() {
        return Err(session.show(&problems, &Sources::default()));
    }
    output::write(&plan, &mut tree, locking == Locking::Held)
        .map_err(|problem| session.fail(TrustFileProblem(problem)))?;
    let mut report = String::new();
    let mut written = 0_usize;
    for planned in &plan.files {
        let done = match planned.change {
            Change::Create => "created ",
            Change::Replace(_) => "changed ",
            Change::Keep => continue,
        };
        written = written.saturating_add(1);
        report.extend([done, &tree.shown(&planned.place.path()), "\n"]);
    }
    for orphan in &plan.orphans {
        report.extend(["removed ", &tree.shown(&orphan.place.path()), "\n"]);
    }
    let done = report::written_summary(written, plan.orphans.len());
    session.terminal.print(&format!("{report}{}, {done}\n", count(plan.looked_at, "file")));
    for orphan in left.iter().filter(|orphan| !orphan.is_edited) {
        let shown = tree.shown(&orphan.place.path());
        session.terminal.tell(&format!("the fleet no longer needs `{shown}`; `--prune` removes it\n"));
    }
    Ok(Exit::Right)
}
