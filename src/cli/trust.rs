//! `trust`: the configuration with which each cloud accepts the tokens of the clusters.

use std::path::{Component, Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::cli::exit::Exit;
use crate::cli::report;
use crate::cli::session::Session;
use crate::cli::source::Located;
use crate::emit;
use crate::model::{Fleet, OutputPath, TrustForm, TrustOutput, TrustScope};
use crate::native_path;
use crate::output::{
    self, Change, FleetFiles, GeneratedFile, Location, Locking, Orphan, OverwritePolicy, Tree,
};
use crate::problem::{
    FileFault, FileProblem, Problems, TrustFileProblem, TrustWriter, count, omissions_message,
    several_files_message,
};
use crate::source::Sources;
use crate::trust::{self, Trust, TrustFile};

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
pub struct Arguments {
    /// Form of the output [default: json; with -o, the `trust-form` of a source that sets `trust-output`]
    #[arg(long, value_name = "FORM", value_parser = form_parser())]
    form: Option<TrustForm>,

    /// Write below this directory instead of to standard output
    #[arg(short = 'o', value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    into: Option<PathBuf>,

    /// Only what this account configures: an AWS account, an Azure subscription, or `gcp`
    #[arg(long, value_name = "ACCOUNT", conflicts_with = "prune")]
    account: Option<String>,

    /// Write nothing, and report files that differ
    #[arg(long, requires = "into", conflicts_with_all = ["adopt", "force", "prune"])]
    check: bool,

    /// Overwrite files that this source did not generate
    #[arg(long, requires = "into")]
    adopt: bool,

    /// Overwrite files that were edited by hand
    #[arg(long, requires = "into")]
    force: bool,

    /// Remove files of accounts that are no longer in the source, unless they were edited
    #[arg(long, requires = "into")]
    prune: bool,
}

pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    session.asked.trust = true;
    session.asked.trust_forms.extend(arguments.form);
    let scope = arguments.account.clone().map_or(TrustScope::All, TrustScope::Account);
    session.asked.trust_scope = scope.clone();
    let located = session.locate(arguments.into.is_none())?;
    let directory =
        arguments.into.as_deref().map(|directory| below(directory, &located, session)).transpose()?;
    let root = located.root.clone();
    let (fleet, _) = session.compile_or_show(located)?;
    let generated = fleet.trust_output.as_ref().map(|output| output.form);
    let form = arguments.form.or(generated.filter(|_| directory.is_some())).unwrap_or(TrustForm::PRINTED);
    // Missing values were reported as errors.
    let Ok(trust) = Trust::in_scope(&fleet.clusters, &scope) else { return Err(Exit::Wrong) };
    if let Some(account) = arguments.account.as_ref().filter(|_| trust.is_empty()) {
        let help = "name an AWS account, an Azure subscription, or `gcp`";
        session
            .terminal
            .error(&format!("no identity of the fleet is in the account `{account}`"), Some(help));
        return Err(Exit::Usage);
    }
    if arguments.account.is_some() && directory.is_some() && form.is_one_file() {
        let message = format!("`--account` writes no part of the one file of the form `{}`", form.name());
        let help = "choose a form with a directory for each account, such as `terraform`, or leave out `-o`";
        session.terminal.error(&message, Some(help));
        return Err(Exit::Usage);
    }
    let files = trust::files(&trust, form);
    let omissions: Vec<&str> = form.omissions(&fleet.clusters).into_iter().collect();
    if !omissions.is_empty() {
        session.terminal.tell(&omissions_message(form.name(), &omissions));
    }
    let Some(directory) = directory else {
        let is_all_omitted = files.is_empty() && !omissions.is_empty();
        return if is_all_omitted { Ok(Exit::Right) } else { print(&files, &fleet.source, session) };
    };
    let may_be = match form {
        TrustForm::Terraform | TrustForm::TerraformPolicies => trust::may_be_module,
        TrustForm::Aso | TrustForm::Ack | TrustForm::ConfigConnector | TrustForm::Crossplane => {
            trust::may_be_object
        }
        // Their only file is always needed.
        TrustForm::Json | TrustForm::Commands => |_: &str, _: &str| false,
    };
    let files = placed(files, directory, &fleet.source, (form, may_be));
    // The files of other accounts are not looked at.
    let files =
        if arguments.account.is_some() { FleetFiles { may_be: |_, _| false, ..files } } else { files };
    if arguments.check {
        return check(&files, &root, session);
    }
    let leave = OverwritePolicy { adopt: arguments.adopt, force: arguments.force };
    write(&files, leave, arguments.prune, &root, session)
}

/// The forms by their names, each with what it is. `cli` is an old name of `commands`.
fn form_parser() -> impl TypedValueParser<Value = TrustForm> {
    let form = |form: TrustForm| {
        let value = PossibleValue::new(form.name()).help(match form {
            TrustForm::Json => "One JSON document",
            TrustForm::Terraform => {
                "A Terraform module per AWS account and Azure subscription, and one for Google Cloud"
            }
            TrustForm::TerraformPolicies => {
                "The same modules without resources: their outputs are for resources that exist"
            }
            TrustForm::Aso => "Kubernetes objects for Azure Service Operator",
            TrustForm::Ack => "Kubernetes objects for AWS Controllers for Kubernetes",
            TrustForm::ConfigConnector => "Kubernetes objects for Config Connector",
            TrustForm::Crossplane => "Kubernetes objects for the Crossplane providers of Upbound",
            TrustForm::Commands => "Shell commands, to review before running them",
        });
        if form == TrustForm::Commands { value.alias("cli") } else { value }
    };
    let parser = PossibleValuesParser::new(TrustForm::ALL.map(form));
    parser.map(|name| TrustForm::from_name(&name).unwrap_or(TrustForm::Commands))
}

/// The files of `trust-output`, if the source sets it.
pub fn fleet_files(fleet: &Fleet) -> Option<FleetFiles> {
    let TrustOutput { directory, form } = fleet.trust_output.as_ref()?;
    // Missing values were reported as errors.
    let trust = Trust::new(&fleet.clusters).ok()?;
    let (files, directory) = (trust::files(&trust, *form), directory.as_str().to_owned());
    Some(placed(files, directory, &fleet.source, (*form, trust::may_be_trust_file)))
}

/// Files of trust below a directory. `source`: the file name of the root source; `may_be`: whether a file in the directory
/// may be one.
fn placed(
    files: Vec<TrustFile>,
    directory: String,
    source: &str,
    (form, may_be): (TrustForm, fn(&str, &str) -> bool),
) -> FleetFiles {
    let depth = directory.split('/').filter(|part| !part.is_empty()).count();
    let [outer, inner] = [depth, depth.saturating_add(1)].map(|depth| emit::source_from_depth(depth, source));
    let file = |file: TrustFile| {
        let parts = [directory.as_str(), &file.directory];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let source = if file.directory.is_empty() { &outer } else { &inner };
        GeneratedFile {
            place: Location { directory: parts.join("/"), name: file.name.to_owned() },
            text: file.text(source),
            source: source.clone(),
        }
    };
    let files = files.into_iter().map(file).collect();
    let is_of_form = trust::is_of_form(form);
    FleetFiles { directory, files, source: source.to_owned(), may_be, is_of_form }
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
            let message = format!("cannot write to `{}`", native_path::shown(directory));
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
        let (message, help) = several_files_message(files.len());
        session.terminal.error(&message, Some(help));
        return Err(Exit::Usage);
    };
    session.terminal.print(&file.text(source));
    Ok(Exit::Right)
}

fn of_command(problem: impl Into<Box<FileProblem>>) -> TrustFileProblem {
    TrustFileProblem { problem: *problem.into(), written_by: TrustWriter::Trust }
}

/// Reports files that are not what would be written, and those that are no longer needed.
fn check(files: &FleetFiles, root: &Path, session: &mut Session<'_>) -> Result<Exit, Exit> {
    let mut tree = Tree::open(root).map_err(|problem| session.fail(of_command(problem)))?;
    let (plan, mut found) = output::plan_files(files.files.clone(), OverwritePolicy::default(), &mut tree);
    found.extend(report::drift(&plan, &tree));
    match files.find_orphans(&mut tree) {
        Ok(orphans) => {
            let fault = |orphan: &Orphan| {
                if orphan.is_edited { FileFault::EditedOrphan } else { FileFault::Orphan }
            };
            found.extend(
                orphans.iter().map(|orphan| FileProblem {
                    path: tree.shown(&orphan.place.path()),
                    fault: fault(orphan),
                }),
            );
        }
        Err(problem) => found.push(*problem),
    }
    let mut problems = Problems::default();
    for problem in found {
        problems.report(of_command(problem));
    }
    if !problems.is_empty() {
        return Err(session.show(&problems, &Sources::default()));
    }
    session.terminal.print(&format!("{}, no differences\n", count(plan.looked_at, "file")));
    Ok(Exit::Right)
}

fn write(
    files: &FleetFiles,
    leave: OverwritePolicy,
    prune: bool,
    root: &Path,
    session: &mut Session<'_>,
) -> Result<Exit, Exit> {
    let mut tree = Tree::open(root).map_err(|problem| session.fail(of_command(problem)))?;
    let mut locking = tree.lock(false).map_err(|problem| session.fail(of_command(problem)))?;
    if locking == Locking::Busy {
        session.terminal.tell("waiting for a build to finish\n");
        locking = tree.lock(true).map_err(|problem| session.fail(of_command(problem)))?;
    }
    let (mut plan, mut found) = output::plan_files(files.files.clone(), leave, &mut tree);
    let mut left = files.find_orphans(&mut tree).unwrap_or_else(|problem| {
        found.push(*problem);
        Vec::new()
    });
    if prune {
        found.extend(plan.add_orphans(std::mem::take(&mut left), &tree));
    }
    let mut problems = Problems::default();
    for problem in found {
        problems.report(of_command(problem));
    }
    if !problems.is_empty() {
        return Err(session.show(&problems, &Sources::default()));
    }
    output::write(&plan, &mut tree, locking == Locking::Held)
        .map_err(|problem| session.fail(of_command(problem)))?;
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
