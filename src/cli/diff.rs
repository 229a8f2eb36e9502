//! `diff`: the changes that `build` would make, as a patch; with `--against`, changes in meaning since a revision.

use std::path::Component;

use crate::cli::against::{self, Format, Purpose};
use crate::cli::build::Changes;
use crate::cli::exit::Exit;
use crate::cli::report;
use crate::cli::select::Selection;
use crate::cli::session::{Compiled, Session};
use crate::cli::source::Located;
use crate::cli::trust;
use crate::native_path;
use crate::output::{self, Change, PlanRequest, Tree};
use crate::problem::Problems;
use crate::source::Sources;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    changes: Changes,

    /// Show changes in meaning since this git revision, independent of generated files. REV:PATH names the source at the
    /// revision, if it had another path
    #[arg(long, value_name = "REV", conflicts_with_all = ["prune", "adopt", "force"])]
    against: Option<String>,

    /// Verify that nothing but identities changed in what the overlays build since this git revision
    #[arg(long, value_name = "REV", conflicts_with_all = ["against", "prune", "adopt", "force"])]
    verify: Option<String>,

    /// Output format of `--against`
    #[arg(long, value_name = "FORMAT", value_enum, requires = "against")]
    format: Option<Format>,
}

/// Runs the command. The list of restarts is not part of the patch.
pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    let Arguments { selection, changes, against, verify, format } = arguments;
    if let Some(revision) = against {
        return against::run(revision, Purpose::Review(format.unwrap_or(Format::Text)), selection, session);
    }
    if let Some(revision) = verify {
        return against::run(revision, Purpose::Verify, selection, session);
    }
    changes.refuse_selection(selection, session)?;
    session.asked.names = selection.condition_variables(session.terminal)?;
    let located = session.locate(false)?;
    let (fleet, compiled) = session.compile_or_show(located)?;
    let selected = selection.select(&fleet, session.terminal)?;
    let Compiled { located, listed, .. } = compiled;
    let mut tree = Tree::open(&located.root).map_err(|problem| session.fail(problem))?;
    let mut problems = Problems::default();
    let fleet_files = trust::fleet_files(&fleet);
    let wish = PlanRequest {
        fleet: &fleet,
        listed: &listed,
        selected: selected.as_deref(),
        leave: changes.overwrite_policy(),
        orphans: changes.prune,
        fleet_files: fleet_files.as_ref(),
    };
    let plan = output::plan(&wish, &mut tree, &mut problems);
    if !problems.is_empty() {
        return Err(session.show(&problems, &Sources::default()));
    }
    changes.refuse_to_prune_all(&fleet, &plan, session)?;
    let written = plan.files.iter().filter(|planned| planned.change != Change::Keep).count();
    let whole = report::files(&plan);
    if written == 0 && plan.orphans.is_empty() {
        session.terminal.tell(&format!("{whole}, nothing to do\n"));
        return Ok(Exit::Right);
    }
    let prefix = prefix(&located);
    session.terminal.print_bytes(&output::patch(&plan, prefix.as_deref().unwrap_or_default()));
    let removed =
        if plan.orphans.is_empty() { String::new() } else { format!(", {} to remove", plan.orphans.len()) };
    session.terminal.tell(&format!("{whole}, {written} to write{removed}\n"));
    if prefix.is_none() {
        let root = native_path::shown(&located.root);
        session.terminal.tell(&format!("paths are relative to {root}: apply with `patch -p1 -d {root}`\n"));
    }
    session.terminal.tell(&report::restarts(&fleet, &plan, &located.root));
    Ok(Exit::Wrong)
}

/// The prefix of paths below the directory of the source; `None` if that directory is above the current one, which a
/// patch cannot name.
fn prefix(located: &Located) -> Option<String> {
    let mut prefix = String::new();
    for component in located.root.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(part) => prefix.extend([part.to_str()?, "/"]),
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    Some(prefix)
}
