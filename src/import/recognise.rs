//! An overlay to its cluster: the identities, and the rest of the overlay.

mod component;
mod faults;
mod imported_identities;
mod platform;
mod resources;

pub use resources::report_missing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::emit;
use crate::import::accounts::Accounts;
use crate::import::built::Built;
use crate::import::cluster::{Cluster, Edited, ImportOptions, Shape};
use crate::import::file::Reader;
use crate::import::identity::{IdentityKey, ObservedValues};
use crate::import::leftover::{self, Leftover};
use crate::import::overlay::{Entry, NamedFile, Overlay};
use crate::import::patches::{self, MatchedPatch, PatchPart};
use crate::import::recognise::imported_identities::{IdentityContext, ImportedIdentities};
use crate::import::recognise::resources::BuiltResources;
use crate::import::{configurations, observed, path};
use crate::model::flux::FluxVersion;
use crate::model::kubernetes::DnsLabel;
use crate::model::setting::Setting;
use crate::model::{Controller, OutputPath, object_level};
use crate::problem::{AdoptionFault, AdoptionProblem, Inexpressible, Problems};
use crate::span::Span;

/// Why an overlay is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftReason {
    Reported,
    /// It stays hand-written, and gives no identity.
    NoIdentity,
}

/// The context in which an overlay is recognised.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    pub accounts: Option<&'c Accounts>,
    pub built: &'c Built,
    pub options: &'c ImportOptions,
}

pub fn recognise(
    overlay: &Overlay,
    context: Context<'_>,
    reader: &mut Reader<'_>,
    problems: &mut Problems,
) -> Result<Cluster, LeftReason> {
    let Context { accounts, built, options } = context;
    check_expressible(overlay, built, reader).map_err(|(at, fault)| report_left(at, fault, problems))?;
    let patches = patches::patches(&overlay.entries, &built.base, built.is_known, problems);
    if observed::is_renamed(overlay, built, &patches, reader, problems) {
        return Err(LeftReason::Reported);
    }
    let mut observed = observed::observed(overlay, built, &patches, reader);
    observed::report_overridden(&patches, &mut observed, problems);
    let platform = platform::platform(overlay, &observed, accounts, reader, problems);
    let configurations = configurations::read_configurations(&built.objects, &built.namespace, reader);
    let identities = IdentityContext {
        platform,
        namespace: &built.namespace,
        configurations: &configurations,
        has_accounts: accounts.is_some(),
    };
    let mut imported = ImportedIdentities::new(&observed, &patches, identities);
    imported.report(&observed, problems);
    let parts: Vec<Vec<PatchPart>> = patches.iter().map(|patch| imported.parts(patch, problems)).collect();
    let config_maps = imported.config_maps();
    let rest = Rest { overlay, patches: &patches, parts: &parts, config_maps: &config_maps };
    let mut cluster = Cluster {
        name: String::new(),
        directory: overlay.directory.clone(),
        path: overlay.path.clone(),
        platform,
        namespace: built.namespace.clone(),
        shape: Shape::Overlay,
        restarts: imported.restarts(&observed),
        identities: imported.by_controller(),
        settings: imported.settings.clone(),
        resources: Vec::new(),
        components: Vec::new(),
        leftovers: Vec::new(),
        unneeded: faults::unneeded(&patches, &parts),
        edited: None,
        stand_in: built.stand_in.clone(),
        unknown: built.unknown.clone(),
        is_component: overlay.is_component,
    };
    if let Some(accounts) = accounts {
        cluster.add_accounts(accounts, &observed, built);
    }
    let is_component = options.components || overlay.is_component || built.has_stubs(overlay);
    cluster.shape = if is_component { Shape::Component } else { Shape::Overlay };
    rest.add_to(&mut cluster, reader, problems)?;
    if cluster.edited.is_none() {
        faults::comments(overlay, problems);
        faults::configurations(&configurations, &config_maps, problems);
    }
    faults::comments_within(&patches, &parts, problems);
    Ok(cluster)
}

fn report_left(at: Span, fault: AdoptionFault, problems: &mut Problems) -> LeftReason {
    problems.report(AdoptionProblem::at(at, fault));
    LeftReason::Reported
}

/// Fails if no source can express an overlay.
fn check_expressible(
    overlay: &Overlay,
    built: &Built,
    reader: &Reader<'_>,
) -> Result<(), (Span, AdoptionFault)> {
    if let Some(named) = generated_component(overlay, reader) {
        return Err((named.at, AdoptionFault::InSource));
    }
    let here = overlay.file.span_from(0);
    if !overlay.directory.is_empty() && OutputPath::parse(&overlay.directory).is_err() {
        return Err((here, AdoptionFault::NoOutput { path: overlay.directory.clone() }));
    }
    if DnsLabel::parse(&built.namespace).is_err() {
        return Err((here, AdoptionFault::NoNamespace { namespace: built.namespace.clone() }));
    }
    Ok(())
}

/// The parts of an overlay besides the imported identities.
struct Rest<'r> {
    overlay: &'r Overlay,
    patches: &'r [MatchedPatch<'r>],
    parts: &'r [Vec<PatchPart>],
    /// The names of the `ConfigMap`s that the source generates instead of the overlay.
    config_maps: &'r BTreeSet<&'r str>,
}

impl Rest<'_> {
    /// Adds the passthrough of the overlay, or the edited overlay if it stays hand-written.
    fn add_to(
        &self,
        cluster: &mut Cluster,
        reader: &Reader<'_>,
        problems: &mut Problems,
    ) -> Result<(), LeftReason> {
        let leftovers = leftover::leftovers(self.overlay, self.patches, self.parts);
        let (resources, shape) = self.resources(&leftovers, cluster.shape, reader, problems)?;
        cluster.shape = shape;
        if shape == Shape::Component && !self.overlay.is_component {
            // Without an identity there is nothing to import.
            if cluster.identities.is_empty() {
                return Err(LeftReason::NoIdentity);
            }
            cluster.directory = path::in_directory(&self.overlay.directory, component::DIRECTORY);
            cluster.edited = Some(self.edited(&cluster.directory, reader, problems)?);
        } else {
            cluster.resources = resources.bases;
            cluster.components = resources.components;
            cluster.leftovers = leftovers.into_iter().filter_map(|(_, left)| left.ok()).collect();
        }
        Ok(())
    }

    /// The resources of the overlay, and its shape: a component if a source cannot express the whole overlay.
    fn resources(
        &self,
        leftovers: &[(&Entry, Result<Leftover, Inexpressible>)],
        shape: Shape,
        reader: &Reader<'_>,
        problems: &mut Problems,
    ) -> Result<(BuiltResources, Shape), LeftReason> {
        let (mut resources, shape) = resources::resources(self.overlay, shape, reader);
        let generators = self.overlay.generators.iter();
        let kept = generators.filter(|generator| !self.config_maps.contains(generator.text.as_str()));
        resources.lost.extend(kept.map(|generator| (generator.at, "`configMapGenerator`".to_owned())));
        let inexpressible =
            leftovers.iter().filter_map(|(entry, left)| Some((entry.at, left.as_ref().err()?)));
        resources.lost.extend(inexpressible.map(|(at, what)| (at, what.in_words().to_owned())));
        if self.overlay.is_component && !resources.lost.is_empty() {
            for (at, what) in resources.lost {
                problems.report(AdoptionProblem::at(at, AdoptionFault::InexpressibleComponent { what }));
            }
            return Err(LeftReason::Reported);
        }
        match resources.lost.first().filter(|_| shape != Shape::Component) {
            Some((at, what)) => {
                let fault = AdoptionFault::InexpressibleOverlay { what: what.clone() };
                problems.report(AdoptionProblem::at(*at, fault));
                Ok((resources, Shape::Component))
            }
            None => Ok((resources, shape)),
        }
    }

    /// The overlay without its identities, with the component in `directory`.
    fn edited(
        &self,
        directory: &str,
        reader: &Reader<'_>,
        problems: &mut Problems,
    ) -> Result<Edited, LeftReason> {
        let after = component::without_identities(self.overlay, self.patches, self.parts, self.config_maps);
        let file = &self.overlay.file;
        let after = after
            .filter(|_| !reader.exists(directory))
            .ok_or_else(|| report_left(file.span_from(0), AdoptionFault::NotEditable, problems))?;
        Ok(Edited { before: Arc::clone(&file.text), after })
    }
}

/// The generated component that an overlay lists: its identities are in a source already.
fn generated_component<'o>(overlay: &'o Overlay, reader: &Reader<'_>) -> Option<&'o NamedFile> {
    overlay.components.iter().find(|named| {
        let directory = path::join(&overlay.directory, &named.text);
        let file = directory.map(|directory| path::in_directory(&directory, emit::KUSTOMIZATION));
        let text = file.and_then(|file| reader.text(&file).ok());
        text.is_some_and(|text| text.starts_with(emit::BANNER))
    })
}

impl Cluster {
    /// Adds the ServiceAccounts that Flux objects name. The controllers with the gate determine the version of Flux, unless
    /// manifests do.
    fn add_accounts(
        &mut self,
        accounts: &Accounts,
        observed: &BTreeMap<Controller, ObservedValues>,
        built: &Built,
    ) {
        self.identities.extend(accounts.identities.clone());
        self.settings.extend(accounts.settings.clone());
        self.settings.insert(Setting::ServiceAccounts, accounts.directory.clone());
        let gated: Vec<Controller> = observed
            .iter()
            .filter(|(_, values)| values.by_key.contains_key(&IdentityKey::Gate))
            .map(|(controller, _)| *controller)
            .collect();
        // The last that has these gates; the first of those that have none any more.
        let last = object_level::LAST_WITH_GATE.minor.saturating_add(1);
        let versions = object_level::SINCE.minor..=last;
        let mut versions = versions.rev().map(|minor| FluxVersion { major: 2, minor });
        let version = versions.find(|version| object_level::gated_controllers(*version) == gated);
        let version = match built.version {
            // `check` reads it too.
            Some(_) if built.is_known => None,
            Some(fetched) => Some(fetched),
            None => version,
        };
        if let Some(version) = version {
            self.settings.insert(Setting::Flux, version.to_string());
        }
    }
}
