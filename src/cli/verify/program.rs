//! The same proof by the program that builds overlays, where it is installed.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::cli::exit::Exit;
use crate::cli::import::scratch::Scratch;
use crate::cli::kustomize_program::find_builder;
use crate::cli::session::Session;
use crate::model::{Cluster, GOTK_COMPONENTS, GOTK_SYNC, Install, OverlayForm};
use crate::output::{GeneratedFile, Plan};
use crate::problem::ComparisonFault;
use crate::verification::{Differences, compare_built};
use crate::yaml;

/// A cluster, and what the model found; with true if everything in its builds is known.
pub type Compared<'c> = (&'c Cluster, Result<(Differences, bool), ComparisonFault>);

/// What the program built.
pub struct Judgement {
    /// Its command; nothing where none is installed, or nothing was to be built.
    pub command: Option<String>,
    /// What differs in each cluster.
    found: BTreeMap<String, Result<Differences, ComparisonFault>>,
}

impl Judgement {
    /// What the model found, unless the program found something else.
    pub fn refute(
        &self,
        cluster: &Cluster,
        found: Result<Differences, ComparisonFault>,
    ) -> Result<Differences, ComparisonFault> {
        let Some(built) = self.found.get(&cluster.name) else { return found };
        match (found?, built) {
            (found, Ok(built)) if found == *built => Ok(found),
            (_, Ok(_)) => {
                Err(ComparisonFault::ProgramDiffers { command: self.command.clone().unwrap_or_default() })
            }
            (_, Err(fault)) => Err(fault.clone()),
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
    let scratch = Scratch::new(root, session)?;
    let known = compared
        .iter()
        .filter(|(cluster, found)| matches!(found, Ok((_, true))) && is_buildable(cluster, &scratch));
    let known: Vec<&Cluster> = known.map(|(cluster, _)| *cluster).collect();
    if known.is_empty() {
        return Ok(nothing);
    }
    let files = plan.files.iter().map(|file| GeneratedFile {
        place: file.place.clone(),
        text: file.text.clone(),
        source: String::new(),
    });
    scratch.write(files.collect(), session)?;
    let build = |copy: &Path, cluster: &Cluster| builder.build(&copy.join(cluster.output.as_str()), true);
    let command = builder.command();
    let found = known.par_iter().map(|cluster| {
        let both = build(&scratch.before, cluster)
            .and_then(|before| Ok((before, build(&scratch.after, cluster)?)))
            .map_err(|message| scratch.shown(&message, ""));
        let one = match both {
            Ok((before, after)) => compare_built(&before, &after)
                .map_err(|_| ComparisonFault::ProgramOutput { command: command.clone() }),
            Err(message) => Err(ComparisonFault::ProgramFails { command: command.clone(), message }),
        };
        (cluster.name.clone(), one)
    });
    let found: BTreeMap<String, Result<Differences, ComparisonFault>> = found.collect();
    Ok(Judgement { command: Some(command), found })
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
