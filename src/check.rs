//! Tree to fleet: what every name means in every cluster, and whether that can be.
//!
//! Everything is looked at before anything is given up. A fleet comes of it only if nothing is wrong.

mod grants;
mod layers;
mod profiles;
mod scope;
mod settings;
mod statics;
mod values;

use std::collections::BTreeMap;

use crate::check::layers::{Layer, defined_twice, unknown_controller};
use crate::check::profiles::Profiles;
use crate::check::scope::Scope;
use crate::check::settings::Setting;
use crate::model::kubernetes::DnsLabel;
use crate::model::{Cluster, Controller, Fleet, OutputPath, Platform, Provider};
use crate::problem::{FitProblem, NameProblem, Noun, Problems, Unsupported, nearest};
use crate::span::Span;
use crate::syntax::tree::{self, Declared, Item, Name, Tree, Who};

/// Checks a fleet. `source`: the file name of its root source. What comes back is the fleet only if no problem was
/// reported, now or before.
pub fn check(source: &str, tree: &Tree<'_>, problems: &mut Problems) -> Option<Fleet> {
    let items = || tree.lines.iter().filter_map(|line| line.node.as_ref());
    let statements = items().filter_map(|item| match item {
        Item::Statement(statement) => Some(statement),
        Item::Profile(_)
        | Item::Cluster(_)
        | Item::Include(_)
        | Item::Require(_)
        | Item::Isolate(_)
        | Item::Broken(_) => None,
    });
    let file = Layer::of(statements, false, problems);
    let mut profiles = Profiles::default();
    let mut clusters = Vec::new();
    for item in items() {
        match item {
            Item::Statement(_) => {}
            Item::Profile(profile) => {
                let layer = layer_of(&profile.block, problems);
                profiles.declare(profile.name, layer, problems);
            }
            Item::Cluster(cluster) => {
                let layer = layer_of(&cluster.block, problems);
                clusters.push((cluster, layer, platform(cluster.platform, problems)));
            }
            Item::Include(path) => {
                problems.push(Unsupported::Statement { at: path.span, keyword: "include" });
            }
            Item::Require(require) => {
                for who in require.who.nodes() {
                    if let Who::Controller(name) = who
                        && Controller::from_name(name.text).is_none()
                    {
                        unknown_controller(*name, problems);
                    }
                }
                problems.push(Unsupported::Statement { at: require.span, keyword: "require" });
            }
            Item::Isolate(isolate) => {
                problems.push(Unsupported::Statement { at: isolate.span, keyword: "isolate" });
            }
            Item::Broken(broken) => {
                let layer = layer_of(&broken.block, problems);
                if let Some(Declared::Profile(name)) = broken.declares {
                    profiles.declare(name, layer, problems);
                }
            }
        }
    }
    profiles.connect(problems);
    let clusters = check_clusters(&clusters, &mut profiles, &file, problems);
    problems.is_empty().then(|| Fleet { source: source.to_owned(), clusters })
}

fn layer_of<'t>(block: &'t tree::Block<'t>, problems: &mut Problems) -> Layer<'t> {
    Layer::of(block.lines.iter().filter_map(|line| line.node.as_ref()), true, problems)
}

fn platform(name: Name<'_>, problems: &mut Problems) -> Option<Platform> {
    let platform = Platform::from_name(name.text);
    if platform.is_none() {
        let platforms = Platform::ALL.map(Platform::name);
        problems.push(NameProblem::Unknown {
            noun: Noun::Platform,
            at: name.span,
            name: name.text.to_owned(),
            nearest: platform_of_provider(name.text)
                .or_else(|| nearest(name.text, platforms))
                .map(str::to_owned),
            known: platforms.to_vec(),
        });
    }
    platform
}

/// The platform that was meant by the name of its provider.
fn platform_of_provider(name: &str) -> Option<&'static str> {
    let provider = Provider::from_name(name)?;
    let native = Platform::ALL.into_iter().find(|platform| platform.native_provider() == Some(provider));
    native.map(Platform::name)
}

fn check_clusters<'t>(
    clusters: &[(&'t tree::Cluster<'t>, Layer<'t>, Option<Platform>)],
    profiles: &mut Profiles<'t>,
    file: &Layer<'t>,
    problems: &mut Problems,
) -> Vec<Cluster> {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut outputs: BTreeMap<String, (Span, OutputPath)> = BTreeMap::new();
    let mut checked = Vec::new();
    for (cluster, own, platform) in clusters {
        let view = profiles.view(&own.uses, problems);
        for name in cluster.names.nodes() {
            if let Some(first) = names.get(name.text) {
                defined_twice(Noun::Cluster, name.text, name.span, *first, problems);
                continue;
            }
            let _new = names.insert(name.text, name.span);
            let Some(platform) = platform else { continue };
            let layers = (own, view.as_ref(), file);
            let mut scope = Scope::new((*name, *platform), layers, profiles, problems);
            let Some(cluster) = check_cluster(&mut scope, cluster.platform.span) else { continue };
            report_same_output(*name, &cluster.output, &mut outputs, problems);
            checked.push(cluster);
        }
    }
    checked
}

/// Checks one cluster. `named`: where its platform is named.
fn check_cluster(scope: &mut Scope<'_, '_>, named: Span) -> Option<Cluster> {
    let output = if scope.says(Setting::Output) {
        let said = scope.setting(Setting::Output);
        said.and_then(|said| values::output(&said).ok())
    } else {
        default_output(scope)
    };
    let namespace = if scope.says(Setting::Namespace) {
        let said = scope.setting(Setting::Namespace);
        said.and_then(|said| values::namespace(&said).ok())
    } else {
        Some(DnsLabel::flux_system())
    };
    let mut grants = BTreeMap::new();
    for controller in Controller::ALL {
        let Some(given) = scope.mapping(controller) else { continue };
        if let Some(grant) = grants::grant(controller, &given, named, scope) {
            let _new = grants.insert(controller, grant);
        }
    }
    let (output, namespace) = output.zip(namespace)?;
    Some(Cluster { name: scope.name.text.to_owned(), platform: scope.platform, output, namespace, grants })
}

fn default_output(scope: &mut Scope<'_, '_>) -> Option<OutputPath> {
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

/// Two outputs that differ only in the case of letters are one on many file systems.
fn report_same_output(
    name: Name<'_>,
    output: &OutputPath,
    outputs: &mut BTreeMap<String, (Span, OutputPath)>,
    problems: &mut Problems,
) {
    let key = output.as_str().to_ascii_lowercase();
    match outputs.get(&key) {
        Some((first, path)) => {
            let by_case = path != output;
            let path = output.as_str().to_owned();
            problems.push(FitProblem::SameOutput { at: name.span, first: *first, path, by_case });
        }
        None => {
            let _new = outputs.insert(key, (name.span, output.clone()));
        }
    }
}
