//! The same proof by the program that builds overlays, where it is installed.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::cli::exit::Exit;
use crate::cli::import::scratch::Scratch;
use crate::cli::kustomize_program::find_builder;
use crate::cli::session::Session;
use crate::model::{Cluster, GOTK_COMPONENTS, GOTK_SYNC, Install, OverlayForm};
use crate::output::{self, GeneratedFile, OverwritePolicy, Plan, Tree};
use crate::verification::{Differences, compare_built};
use crate::workspace::cause;
use crate::yaml;

/// A cluster, and what the model found; with true if everything in its builds is known.
pub type Compared<'c> = (&'c Cluster, Result<(Differences, bool), String>);

/// What the program built.
pub struct Judgement {
    /// Its command; nothing where none is installed, or nothing was to be built.
    command: Option<String>,
    /// What differs in each cluster, or the message of the program.
    found: BTreeMap<String, Result<Differences, String>>,
}

impl Judgement {
    /// Who proved it, in words.
    pub fn by(&self) -> String {
        let command = self.command.as_ref().map(|command| format!(" and by `{command}`"));
        format!("the model of kustomize{}", command.unwrap_or_default())
    }

    /// What the model found, unless the program found something else.
    pub fn refute(
        &self,
        cluster: &Cluster,
        found: Result<Differences, String>,
    ) -> Result<Differences, String> {
        let Some(built) = self.found.get(&cluster.name) else { return found };
        let command = self.command.as_deref().unwrap_or_default();
        match (found, built) {
            (Ok(found), Ok(built)) if found == *built => Ok(found),
            (Ok(_), Ok(_)) => {
                Err(format!("`{command}` builds another difference than the model of kustomize"))
            }
            (Ok(_), Err(message)) => Err(format!("`{command}` fails: {message}")),
            (Err(why), _) => Err(why),
        }
    }
}

/// Builds overlays before and after a plan, in copies of the directory of the source. Only those of which the model knows
/// everything: kustomize would fetch what is remote, and read what is outside.
pub fn verify(
    compared: &[Compared<'_>],
    plan: &Plan,
    root: &Path,
    session: &mut Session<'_>,
) -> Result<Judgement, Exit> {
    let nothing = Judgement { command: None, found: BTreeMap::new() };
    let Ok(builder) = find_builder(root) else { return Ok(nothing) };
    let scratch = Scratch::copy(root).map_err(|error| {
        let message = format!("cannot copy the fleet to verify it: {}", cause(&error));
        session.terminal.error(&message, None);
        Exit::Failed
    })?;
    let known = compared
        .iter()
        .filter(|(cluster, found)| matches!(found, Ok((_, true))) && is_buildable(cluster, &scratch));
    let known: Vec<&Cluster> = known.map(|(cluster, _)| *cluster).collect();
    if known.is_empty() {
        return Ok(nothing);
    }
    let mut tree = Tree::open(&scratch.after).map_err(|problem| session.fail(problem))?;
    // Anything in the copy may be replaced.
    let leave = OverwritePolicy { adopt: true, force: true };
    let files = plan.files.iter().map(|file| GeneratedFile {
        place: file.place.clone(),
        text: file.text.clone(),
        source: String::new(),
    });
    let (written, unplanned) = output::plan_files(files.collect(), leave, &mut tree);
    if let Some(problem) = unplanned.into_iter().next() {
        return Err(session.fail(problem));
    }
    output::write(&written, &mut tree, true).map_err(|problem| session.fail(problem))?;
    let build = |copy: &Path, cluster: &Cluster| builder.build(&copy.join(cluster.output.as_str()), true);
    let found = known.par_iter().map(|cluster| {
        let both = build(&scratch.before, cluster)
            .and_then(|before| Ok((before, build(&scratch.after, cluster)?)))
            .map_err(|message| scratch.shown(&message, ""));
        let one = both.and_then(|(before, after)| {
            compare_built(&before, &after).map_err(|_| "its output cannot be read".to_owned())
        });
        (cluster.name.clone(), one)
    });
    let found: BTreeMap<String, Result<Differences, String>> = found.collect();
    Ok(Judgement { command: Some(builder.command()), found })
}

/// True if kustomize can build an overlay: it builds no component by itself, and needs what `flux bootstrap` writes.
fn is_buildable(cluster: &Cluster, scratch: &Scratch) -> bool {
    let has = |name: &str| {
        let text = scratch.text(&format!("{}/{name}", cluster.output.as_str()));
        text.is_ok_and(|text| text.is_some_and(|text| !yaml::is_blank(&text)))
    };
    match cluster.form {
        OverlayForm::Overlay(Install::Bootstrap) => has(GOTK_COMPONENTS) && has(GOTK_SYNC),
        OverlayForm::Overlay(Install::None) => true,
        OverlayForm::Component => false,
    }
}
