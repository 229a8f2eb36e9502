//! Checks resolved names and builds the fleet.
//!
//! All checks run before the result is decided. The fleet exists only if there are no errors.

mod accounts;
mod agreement;
mod alike;
mod allow;
mod applied;
mod built_cluster;
mod checked_cluster;
mod cloud_context;
mod cluster_context;
mod clusters;
mod credentials;
mod directories;
mod duplicates;
mod effective_identity;
mod fleet;
mod kept;
mod origin;
mod overlay;
mod parent;
mod passthrough;
mod readings;
mod require;
mod scope;
mod trust;
mod trust_form;
mod trust_only;

pub use kept::{Earlier, Kept};
pub use readings::Request;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::allow::Allows;
use crate::check::checked_cluster::CheckedCluster;
use crate::check::clusters::{CheckedClusters, FleetPolicies, check_clusters};
use crate::check::fleet::Isolation;
use crate::check::kept::Unchanged;
use crate::check::require::Requirement;
use crate::model::setting::Setting;
use crate::model::{Fleet, Policy, TrustForm, TrustOutput, TrustScope};
use crate::problem::{ErrorGuaranteed, NameProblem, Noun, Problems, is_one_slip};
use crate::resolve::{Declarations, Provenance};
use crate::source::Sources;
use crate::span::{FileId, Span};
use crate::syntax::tree::Tree;
use crate::workspace::Inputs;

/// The output of a check without errors.
#[derive(Debug)]
pub struct Checked {
    pub fleet: Fleet,
    /// Where each value of each cluster comes from, in the order of the clusters; empty unless it was requested.
    pub provenance: Vec<Provenance>,
}

/// Checks a fleet. `name`: the file name of its root source; `trees`: its files, the root first; `inputs`: the files beside
/// them; `request`: what the run needs beyond whether all is right.
///
/// # Errors
/// The proof that an error was reported, here or before.
pub fn check(
    name: &str,
    trees: &[(FileId, Tree<'_>)],
    inputs: &Inputs<'_>,
    request: &Request,
    problems: &mut Problems,
) -> Result<Checked, ErrorGuaranteed> {
    let found = check_trees(trees, inputs, request, None, problems);
    if let Some(error) = problems.refused() {
        return Err(error);
    }
    let TreesChecked { clusters, provenance, policies, output_roots, trust_output } = found;
    let clusters = clusters.into_iter().map(|checked| Arc::unwrap_or_clone(checked.cluster)).collect();
    Ok(Checked {
        fleet: Fleet { source: name.to_owned(), clusters, output_roots, trust_output, policies },
        provenance,
    })
}

/// Checks a fleet as [`check`] does, for its findings alone. `earlier`: the last check, if the files beside the sources are
/// still the same. Returns what the next check can use.
pub fn recheck(
    (sources, trees): (&Sources, &[(FileId, Tree<'_>)]),
    inputs: &Inputs<'_>,
    earlier: Option<Earlier<'_>>,
    problems: &mut Problems,
) -> Kept {
    let unchanged = earlier.and_then(|earlier| Unchanged::new(earlier, sources, trees));
    let found = check_trees(trees, inputs, &Request::default(), unchanged.as_ref(), problems);
    Kept::new(trees, found.clusters)
}

/// What a check found, right or not.
struct TreesChecked {
    /// The clusters without errors.
    clusters: Vec<CheckedCluster>,
    provenance: Vec<Provenance>,
    policies: BTreeSet<Policy>,
    output_roots: BTreeSet<String>,
    trust_output: Option<TrustOutput>,
}

fn check_trees(
    trees: &[(FileId, Tree<'_>)],
    inputs: &Inputs<'_>,
    request: &Request,
    unchanged: Option<&Unchanged<'_>>,
    problems: &mut Problems,
) -> TreesChecked {
    let mut declarations = Declarations::collect(trees, problems);
    let mut allows = Allows::collect(&declarations.allows, problems);
    let requirements = Requirement::collect(&declarations.requires, problems);
    let isolations = Isolation::collect(&declarations.isolates);
    let defined = declarations.references.defined.iter().map(|(name, _)| *name).collect();
    fleet::check_roles(&isolations, &defined, problems);
    let trust_output = declarations.trust_output();
    let form = trust_output.as_ref().map(|output| output.form);
    let mut trust_forms: BTreeSet<TrustForm> = request.trust_forms.iter().copied().chain(form).collect();
    if request.trust && trust_forms.is_empty() {
        trust_forms.insert(TrustForm::PRINTED);
    }
    let request = &Request { trust: request.trust || form.is_some(), trust_forms, ..request.clone() };
    let policies = FleetPolicies { requirements: &requirements, isolations: &isolations };
    let CheckedClusters { clusters, unproved, provenance } =
        check_clusters(&mut declarations, policies, &mut allows, (inputs, request), unchanged, problems);
    if request.trust {
        // What the source itself generates is never a part.
        let scope = if form.is_some() { &TrustScope::All } else { &request.trust_scope };
        trust::check(&clusters, scope, request.trust_forms.contains(&TrustForm::Crossplane), problems);
    }
    if let Some((form, at)) = form.zip(declarations.trust_form_place()) {
        trust_form::check(form, at, &clusters, problems);
    }
    // What an error breaks may look unused, or be mended together with it.
    if problems.refused().is_none() {
        report_unused(&declarations, problems);
        report_slips(&declarations, request, problems);
        unproved.report(problems);
    }
    allows.apply(problems);
    let policies = policies.model().chain(allows.policies(&clusters)).collect();
    let output_roots = output_roots(&declarations);
    TreesChecked { clusters, provenance, policies, output_roots, trust_output }
}

/// How many names are compared for slips at most: the product of those that nothing reads and those that something reads.
const MOST_COMPARED: usize = 100_000;

/// Reports variables that nothing reads and whose name is one slip away from a setting or from a name that is read.
fn report_slips(declarations: &Declarations<'_>, request: &Request, problems: &mut Problems) {
    let references = &declarations.references;
    let mut read: BTreeSet<&str> = ["cluster", "platform"].into();
    read.extend(&references.interpolated);
    read.extend(declarations.isolates.iter().map(|isolate| isolate.variable.text));
    let is_asked_for = |name: &str| request.names.iter().any(|asked| asked == name);
    let unread = references.variables.iter().filter(|(name, _)| !read.contains(name) && !is_asked_for(name));
    let mut places: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    for (name, at) in unread {
        places.entry(name).or_default().push(*at);
    }
    let mut known = read;
    known.extend(Setting::ALL.map(Setting::name));
    if places.len().saturating_mul(known.len()) > MOST_COMPARED {
        return;
    }
    for (name, places) in places {
        let Some(meant) = known.iter().find(|known| is_one_slip(name, known)) else { continue };
        for at in places {
            let (name, meant) = (name.to_owned(), (*meant).to_owned());
            problems.report(NameProblem::LetSlip { at, name, meant });
        }
    }
}

/// The directory that every cluster's templates begin with unless a statement sets another.
const DEFAULT_OUTPUT_ROOT: &str = "clusters";

/// The directories that all templates begin with, and that of the default. One that nothing uses any more is among them:
/// files that were generated by it must still be found.
fn output_roots(declarations: &Declarations<'_>) -> BTreeSet<String> {
    let written = declarations.references.output_roots.iter().copied();
    written.chain([DEFAULT_OUTPUT_ROOT]).map(str::to_owned).collect()
}

/// Reports roles that no mapping names, and profiles that nothing uses, of a fleet without errors.
fn report_unused(declarations: &Declarations<'_>, problems: &mut Problems) {
    let mut report = |noun, name: &str, at: Span| {
        problems.report(NameProblem::Unused { noun, at, name: name.to_owned() });
    };
    let references = &declarations.references;
    for (name, at) in references.defined.iter().filter(|(name, _)| !references.roles.contains(name)) {
        report(Noun::Role, name, *at);
    }
    for name in declarations.profiles.names().filter(|name| !references.profiles.contains(name.text)) {
        report(Noun::Profile, name.text, name.span);
    }
}
