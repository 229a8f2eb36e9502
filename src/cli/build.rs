//! `build`: checks the fleet and writes changed overlays.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::make;
use crate::cli::report;
use crate::cli::select::Selection;
use crate::cli::session::{Session, refuse_generated_path};
use crate::cli::source::Located;
use crate::cli::{trust, verify};
use crate::emit::{self, KUSTOMIZATION};
use crate::import::compare;
use crate::kustomize::Manifests;
use crate::model::{Cluster, Fleet};
use crate::output::{self, Change, Location, Locking, OverwritePolicy, Plan, PlanRequest, Tree};
use crate::overlay_build::Builder;
use crate::problem::{ADOPTION_CHANGES_NOTHING, Code, Finding, Place, Problems, count};
use crate::source::Sources;
use crate::workspace::{Disk, Inputs, Reads};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    changes: Changes,

    /// Write nothing if more than identities changes in what the overlays build: in memory, and with kustomize or kubectl if
    /// one is installed
    #[arg(long)]
    verify: bool,

    /// Touch this file after a successful build, for make
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    stamp: Option<PathBuf>,

    /// Write the dependencies of the stamp to this file, as make rules
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    depfile: Option<PathBuf>,
}

/// Permissions to change existing files.
#[derive(Debug, clap::Args)]
pub struct Changes {
    /// Remove overlays of clusters that are no longer in the source, unless they were edited
    #[arg(long)]
    pub prune: bool,

    /// Overwrite files that this source did not generate
    #[arg(long)]
    pub adopt: bool,

    /// Overwrite overlays that were edited by hand
    #[arg(long)]
    pub force: bool,
}

impl Changes {
    pub fn overwrite_policy(&self) -> OverwritePolicy {
        OverwritePolicy { adopt: self.adopt, force: self.force }
    }

    /// Refuses `--prune` with a selection of clusters.
    pub fn refuse_selection(&self, selection: &Selection, session: &mut Session<'_>) -> Result<(), Exit> {
        let other = if self.prune { Some("--prune") } else { None };
        agree(other, selection, session)
    }

    /// Refuses to remove every overlay: a source that lost its clusters is more likely than an empty fleet.
    pub fn refuse_to_prune_all(
        &self,
        fleet: &Fleet,
        plan: &Plan,
        session: &mut Session<'_>,
    ) -> Result<(), Exit> {
        if plan.orphans.is_empty() || !fleet.clusters.is_empty() || self.force {
            return Ok(());
        }
        let files = count(plan.orphans.len(), "file");
        let message =
            format!("the source has no clusters, and `--prune` would remove every generated file: {files}");
        session.terminal.error(&message, Some("to remove them, add `--force`"));
        Err(Exit::Wrong)
    }
}

pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    let Arguments { selection, changes, stamp, depfile, verify: _ } = arguments;
    changes.refuse_selection(selection, session)?;
    agree(stamp.as_ref().map(|_| "--stamp"), selection, session)?;
    agree(depfile.as_ref().map(|_| "--depfile"), selection, session)?;
    if depfile.is_some() && (stamp.is_none() || stamp == depfile) {
        let help = "add `--stamp` with another file: the depfile holds the rule of the stamp";
        session.terminal.error("`--depfile` requires `--stamp`", Some(help));
        return Err(Exit::Usage);
    }
    session.asked.names = selection.condition_variables(session.terminal)?;
    let located = session.locate(false)?;
    let built = {
        let (mut tree, is_alone) = open(&located, session)?;
        build(arguments, located, &mut tree, is_alone, session)?
    };
    if let Some(stamp) = stamp {
        let depfile = depfile.as_deref().zip(built.rules);
        make::write(stamp, depfile, &built.reads, session)?;
    }
    session.terminal.print(&summary(&built.fleet, &built.plan, &built.root));
    Ok(Exit::Right)
}

/// Refuses an option of the whole fleet with a selection of clusters.
fn agree(option: Option<&str>, selection: &Selection, session: &mut Session<'_>) -> Result<(), Exit> {
    let Some(option) = option.filter(|_| !selection.is_all()) else { return Ok(()) };
    let message = format!("`{}` cannot be used with `{option}`", selection.option());
    let help = format!("`{option}` applies to the whole fleet; remove the other option");
    session.terminal.error(&message, Some(&help));
    Err(Exit::Usage)
}

/// Opens and locks the output tree, after waiting for other builds. True if the lock is held.
fn open(located: &Located, session: &mut Session<'_>) -> Result<(Tree, bool), Exit> {
    let tree = Tree::open(&located.root).map_err(|problem| session.fail(problem))?;
    let mut locking = tree.lock(false).map_err(|problem| session.fail(problem))?;
    if locking == Locking::Busy {
        session.terminal.tell("waiting for another build to finish\n");
        locking = tree.lock(true).map_err(|problem| session.fail(problem))?;
    }
    Ok((tree, locking == Locking::Held))
}

struct BuildOutcome {
    fleet: Fleet,
    plan: Plan,
    /// The directory of the source.
    root: PathBuf,
    reads: Reads,
    /// The content of `--depfile`.
    rules: Option<String>,
}

fn build(
    arguments: &Arguments,
    located: Located,
    tree: &mut Tree,
    is_alone: bool,
    session: &mut Session<'_>,
) -> Result<BuildOutcome, Exit> {
    let (fleet, compiled) = session.compile_or_show(located)?;
    let selected = arguments.selection.select(&fleet, session.terminal)?;
    for path in [&arguments.stamp, &arguments.depfile].into_iter().flatten() {
        refuse_generated_path(path, &compiled, Some(&fleet), session)?;
    }
    let stamp = arguments.stamp.as_deref().filter(|_| arguments.depfile.is_some());
    let rules = stamp.map(|stamp| make::rules(stamp, &compiled.reads, session)).transpose()?;
    let mut problems = Problems::default();
    let fleet_files = trust::fleet_files(&fleet);
    let wish = PlanRequest {
        fleet: &fleet,
        listed: &compiled.listed,
        selected: selected.as_deref(),
        leave: arguments.changes.overwrite_policy(),
        orphans: arguments.changes.prune,
        fleet_files: fleet_files.as_ref(),
    };
    let plan = output::plan(&wish, tree, &mut problems);
    if !problems.is_empty() {
        let exit = session.show(&problems, &Sources::default());
        if adoption_changes_nothing(&fleet, &problems, tree, &compiled.located.root) {
            session.terminal.tell(ADOPTION_CHANGES_NOTHING);
        }
        return Err(exit);
    }
    arguments.changes.refuse_to_prune_all(&fleet, &plan, session)?;
    let verified = if arguments.verify {
        verify::verify_plan(&fleet, &plan, &compiled.located.root, session)?
    } else {
        String::new()
    };
    output::write(&plan, tree, is_alone).map_err(|problem| session.fail(problem))?;
    let mut report = String::new();
    let mut tell = |done, place: &Location| {
        report.extend([done, tree.prefix()].into_iter().chain(place.parts()).chain(["\n"]));
    };
    for planned in &plan.files {
        match planned.change {
            Change::Create => tell("created ", &planned.place),
            Change::Replace(_) => tell("changed ", &planned.place),
            Change::Keep => {}
        }
    }
    for orphan in &plan.orphans {
        tell("removed ", &orphan.place);
    }
    session.terminal.print(&(report + &verified));
    Ok(BuildOutcome { fleet, plan, root: compiled.located.root, reads: compiled.reads, rules })
}

/// True if files that are not ours are all that is in the way, and they build the same as what replaces them.
fn adoption_changes_nothing(fleet: &Fleet, problems: &Problems, tree: &Tree, root: &Path) -> bool {
    let findings = problems.findings();
    let disk = Disk::open(root);
    let (inputs, manifests) = (Inputs::new(&disk), Manifests::new());
    let builder = Builder { inputs: &inputs, manifests: &manifests };
    let objects = |cluster: &Cluster, text: &str| {
        let placement = builder.placement(cluster.form, &cluster.output);
        let build = builder.build(cluster, text, &placement).ok();
        let build = build.filter(|build| build.unknown().is_none());
        build.map(|build| build.objects().cloned().collect::<Vec<_>>())
    };
    let paths = fleet
        .clusters
        .iter()
        .map(|cluster| (format!("{}{}/{KUSTOMIZATION}", tree.prefix(), cluster.output.as_str()), cluster));
    let clusters: BTreeMap<String, &Cluster> = paths.collect();
    let is_same = |finding: &Finding| {
        let Place::File(path) = &finding.place else { return None };
        let cluster = *clusters.get(path)?;
        let file = format!("{}/{KUSTOMIZATION}", cluster.output.as_str());
        let text = inputs.text(Path::new(&file)).ok()?.text;
        // Two sources would overwrite each other's file.
        if text.starts_with(emit::BANNER) {
            return None;
        }
        let before = objects(cluster, &text)?;
        let after = objects(cluster, &emit::overlay_of("", cluster))?;
        compare(&before, &after).is_explained().then_some(())
    };
    let is_harmless = |finding: &Finding| finding.code == Code::NotOurs && is_same(finding).is_some();
    findings.iter().all(is_harmless)
}

/// One line on the plan, the restarts to do by hand, and one line on the objects that use the identities.
fn summary(fleet: &Fleet, plan: &Plan, root: &Path) -> String {
    let written = plan.files.iter().filter(|planned| planned.change != Change::Keep).count();
    let done = report::written_summary(written, plan.orphans.len());
    let restarts = report::restarts(fleet, plan, root);
    let selectors = report::selectors(fleet, plan);
    format!("{}, {done}\n{restarts}{selectors}", report::files(plan))
}
