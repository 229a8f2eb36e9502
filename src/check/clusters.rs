//! Every cluster by itself, and what they share.

use std::collections::BTreeMap;

use crate::check::layers::{Layer, defined_twice};
use crate::check::overlay::{self, Unproved};
use crate::check::scope::{Layers, Scope};
use crate::check::settings::Setting;
use crate::check::{Surroundings, Whole, fit, grants, require, values};
use crate::model::flux::FluxVersion;
use crate::model::kubernetes::DnsLabel;
use crate::model::{Cluster, Controller, OutputPath, Platform};
use crate::problem::{FitProblem, Noun, Problems};
use crate::span::Span;
use crate::syntax::tree::{self, Name};

/// A `cluster` statement, and what its block says.
pub struct Declared<'t> {
    /// As it was written.
    pub tree: &'t tree::Cluster<'t>,
    /// What its block says.
    pub own: Layer<'t>,
    /// What it runs on, if that is known.
    pub platform: Option<Platform>,
    /// Which of the files it stands in.
    pub file: usize,
}

/// Checks every cluster. What cannot be proved of them comes back with them.
pub fn check_clusters(
    fleet: &mut Whole<'_>,
    surroundings: &dyn Surroundings,
    problems: &mut Problems,
) -> (Vec<Cluster>, Unproved) {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut outputs = Outputs::default();
    let mut unproved = Unproved::default();
    let mut checked = Vec::new();
    let Whole { files, profiles, clusters, requirements, allows, .. } = fleet;
    for declared in &*clusters {
        let view = profiles.view(&declared.own.uses, problems);
        for name in declared.tree.names.nodes() {
            if let Some(first) = names.get(name.text) {
                defined_twice(Noun::Cluster, name.text, name.span, *first, problems);
                continue;
            }
            let _new = names.insert(name.text, name.span);
            allows.cover(*name, declared, &view.blocks);
            let Some(platform) = declared.platform else { continue };
            let layers =
                Layers { own: &declared.own, view: &view, file: files.get(declared.file), all_files: files };
            let mut scope = Scope::new(*name, platform, layers, profiles, problems);
            require::check(requirements, &mut scope);
            let platform_at = declared.tree.platform.span;
            let Some(cluster) = check_cluster(&mut scope, platform_at, surroundings, &mut unproved) else {
                continue;
            };
            outputs.take(*name, &cluster.output, problems);
            checked.push(cluster);
        }
    }
    (checked, unproved)
}

/// Checks one cluster. `named`: where its platform is named.
fn check_cluster(
    scope: &mut Scope<'_, '_>,
    named: Span,
    surroundings: &dyn Surroundings,
    unproved: &mut Unproved,
) -> Option<Cluster> {
    let output = output(scope);
    let namespace = if scope.says(Setting::Namespace) {
        let said = scope.setting(Setting::Namespace);
        said.and_then(|said| values::namespace(&said).ok())
    } else {
        Some(DnsLabel::flux_system())
    };
    let flux = scope.setting(Setting::Flux);
    let said_version = flux.as_ref().and_then(|said| Some((FluxVersion::parse(&said.text)?, said.at)));
    let installed = output.as_ref().and_then(|output| overlay::look(surroundings, output, scope, unproved));
    let version = overlay::version(said_version, installed.as_deref(), scope);
    let mut grants = BTreeMap::new();
    for controller in Controller::ALL {
        let Some(mapped) = scope.mapping(controller) else { continue };
        if mapped.given.is_empty() {
            continue;
        }
        fit::check(controller, &mapped, version, scope);
        if let (Some(installed), Some(namespace)) = (&installed, &namespace) {
            overlay::check(controller, mapped.at, namespace, installed, scope);
        }
        if let Some(grant) = grants::grant(&mapped.given, named, namespace.as_ref(), controller, scope) {
            let _new = grants.insert(controller, grant);
        }
    }
    let (output, namespace) = output.zip(namespace)?;
    Some(Cluster { name: scope.name.text.to_owned(), platform: scope.platform, output, namespace, grants })
}

fn output(scope: &mut Scope<'_, '_>) -> Option<OutputPath> {
    if scope.says(Setting::Output) {
        return values::output(&scope.setting(Setting::Output)?).ok();
    }
    let text = format!("clusters/{}/flux-system", scope.name.text);
    let said = values::Said { text: text.into(), at: scope.name.span };
    match values::output(&said) {
        Ok(output) => Some(output),
        Err(problem) => {
            scope.report(problem);
            None
        }
    }
}

/// Where overlays are written. Two places that differ only in the case of letters are one on many file systems.
#[derive(Default)]
struct Outputs(BTreeMap<String, (Span, OutputPath)>);

impl Outputs {
    fn take(&mut self, name: Name<'_>, output: &OutputPath, problems: &mut Problems) {
        let key = output.as_str().to_ascii_lowercase();
        if let Some((first, path)) = self.0.get(&key) {
            let by_case = path != output;
            let path = output.as_str().to_owned();
            problems.push(FitProblem::SameOutput { at: name.span, first: *first, path, by_case });
            return;
        }
        let _new = self.0.insert(key, (name.span, output.clone()));
    }
}
