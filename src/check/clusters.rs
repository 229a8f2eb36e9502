//! Every cluster by itself, and what they share.

use std::collections::BTreeMap;

use crate::check::grants::ControllersAccount;
use crate::check::layers::{Layer, defined_twice};
use crate::check::origin::{Checked, Origins};
use crate::check::overlay::{self, Seen, Unproved};
use crate::check::places::Places;
use crate::check::recipient::Recipient;
use crate::check::scope::{Layers, Scope};
use crate::check::settings::Setting;
use crate::check::whereabouts::whereabouts;
use crate::check::{Surroundings, Whole, accounts, fit, fleet, grants, require, values};
use crate::model::flux::FluxVersion;
use crate::model::kubernetes::DnsLabel;
use crate::model::{
    Additions, Cluster, Controller, Form, Grants, Install, Installation, OutputPath, Platform, Restart,
};
use crate::problem::{Noun, Problems, Refused};
use crate::span::Span;
use crate::syntax::tree::{self, Name};

/// A `cluster` statement, and what its block says.
pub struct DeclaredCluster<'t> {
    /// As it was written.
    pub tree: &'t tree::Cluster<'t>,
    /// What its block says.
    pub own: Layer<'t>,
    /// What it runs on, if that is known.
    pub platform: Result<Platform, Refused>,
    /// Which of the files it stands in.
    pub file: usize,
}

/// Checks every cluster. What cannot be proved of them comes back with them.
pub fn check_clusters<'t>(
    fleet: &mut Whole<'t>,
    surroundings: &dyn Surroundings,
    problems: &mut Problems,
) -> (Vec<Checked<'t>>, Unproved) {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut places = Places::default();
    let mut unproved = Unproved::default();
    let mut checked: Vec<Checked<'t>> = Vec::new();
    let mut isolated = Vec::new();
    let Whole { files, profiles, clusters, requirements, isolations, allows } = fleet;
    for declared in &*clusters {
        let view = profiles.view(&declared.own.uses, problems);
        for name in declared.tree.names.nodes() {
            if let Some(first) = names.get(name.text) {
                defined_twice(Noun::Cluster, name.text, name.span, *first, problems);
                continue;
            }
            let _new = names.insert(name.text, name.span);
            allows.cover(*name, declared, &view.blocks);
            let Ok(platform) = declared.platform else { continue };
            let layers =
                Layers { own: &declared.own, view: &view, file: files.get(declared.file), all_files: files };
            let platform = (platform, declared.tree.platform.span);
            let mut scope = Scope::new(*name, platform, layers, profiles, problems);
            require::check(requirements, &mut scope);
            let mut origins = Origins::default();
            let cluster = check_cluster(&mut scope, surroundings, &mut origins, &mut unproved);
            let apart = fleet::isolated(isolations, &mut scope);
            let told = scope.in_cluster();
            let Ok(cluster) = cluster else { continue };
            places.take(*name, &cluster, problems);
            checked.push(Checked { cluster, named: told, origins });
            isolated.push(apart);
        }
    }
    places.report(problems);
    fleet::check(&checked, isolations, &isolated, problems);
    (checked, unproved)
}

/// What a cluster is, apart from what anybody gets there.
pub struct Ground {
    /// The namespace of Flux, unless what is said of it is wrong.
    pub namespace: Result<DnsLabel, Refused>,
    /// The version of Flux, if anything says it, unless what says it is wrong.
    pub version: Result<Option<FluxVersion>, Refused>,
    /// What is installed, if it is known.
    seen: Result<Seen, Refused>,
    /// Whether a change of identity restarts a controller.
    restart: Result<Restart, Refused>,
}

impl Ground {
    /// What is installed, if it is known.
    pub fn installation(&self) -> Option<&Installation> {
        self.seen.as_ref().ok().and_then(Seen::installation)
    }
}

/// Checks one cluster.
fn check_cluster<'t>(
    scope: &mut Scope<'_, 't>,
    surroundings: &dyn Surroundings,
    origins: &mut Origins<'t>,
    unproved: &mut Unproved,
) -> Result<Cluster, Refused> {
    let form = form(scope);
    let output = form.and_then(|form| output(form, scope));
    let flux = scope.text_setting(Setting::Flux);
    let said_version = flux.as_ref().ok().and_then(|said| {
        let said = said.as_ref()?;
        Some((FluxVersion::parse(&said.text)?, said.at))
    });
    let seen = match &output {
        Ok(output) => overlay::look(surroundings, output, scope),
        Err(refused) => Err(*refused),
    };
    let known = seen.as_ref().ok().and_then(Seen::installation);
    let version = overlay::version(said_version, known, scope);
    let version = match (version, &flux, &seen) {
        (None, Err(refused), _) | (None, _, Err(refused)) => Err(*refused),
        (version, ..) => Ok(version),
    };
    let ground = Ground { namespace: namespace(scope), version, seen, restart: restart(scope) };
    let mut grants = BTreeMap::new();
    let mut outcome = flux.map(drop);
    for controller in Controller::ALL {
        match check_controller(controller, &ground, origins, scope) {
            Ok(granted) => grants.extend(granted.map(|granted| (controller, Box::new(granted)))),
            Err(refused) => outcome = Err(refused),
        }
    }
    let object_level = accounts::check(&ground, origins, scope);
    outcome?;
    let object_level = object_level?.map(Box::new);
    let is_patched = !grants.is_empty() || object_level.as_ref().is_some_and(|it| !it.gated.is_empty());
    if matches!(ground.seen?, Seen::Absent) && is_patched {
        unproved.add(scope.in_cluster());
    }
    let values = scope.values_of(surroundings.asked())?;
    let whereabouts = whereabouts(&grants, object_level.as_deref(), scope)?;
    Ok(Cluster {
        name: scope.name.text.to_owned(),
        platform: scope.platform,
        output: output?,
        namespace: ground.namespace?,
        form: form?,
        restart: ground.restart?,
        grants,
        object_level,
        whereabouts,
        values,
    })
}

/// How a controller comes by what it is given; nothing for nothing.
fn check_controller<'t>(
    controller: Controller,
    ground: &Ground,
    origins: &mut Origins<'t>,
    scope: &mut Scope<'_, 't>,
) -> Result<Option<Grants>, Refused> {
    let mapped = scope.mapping(Recipient::Controller(controller))?;
    let Some(mapped) = mapped.filter(|mapped| !mapped.given.is_empty()) else { return Ok(None) };
    origins.take(Recipient::Controller(controller), &mapped);
    let fits = fit::check(controller, &mapped, ground.version.ok().flatten(), scope);
    let own = ControllersAccount { controller, namespace: ground.namespace.as_ref().ok() };
    let granted = grants::grants(&mapped.given, own, scope);
    fits?;
    if let (Some(installed), Ok(namespace)) = (ground.installation(), &ground.namespace) {
        overlay::check_targets(controller, mapped.at, namespace, installed, scope)?;
        if let (Ok(granted), Ok(restart)) = (&granted, ground.restart) {
            let additions = Additions::of(controller, granted, namespace, restart);
            overlay::check_additions(controller, mapped.at, &additions, installed, scope)?;
        }
    }
    granted.map(Some)
}

fn form(scope: &mut Scope<'_, '_>) -> Result<Form, Refused> {
    let is = |word: Option<Name<'_>>, text: &str| word.is_some_and(|word| word.text == text);
    let is_component = is(scope.word_setting(Setting::Emit)?, "component");
    let is_bootstrapped = !is(scope.word_setting(Setting::Install)?, "none");
    Ok(match (is_component, is_bootstrapped) {
        (true, _) => Form::Component,
        (false, true) => Form::Overlay(Install::Bootstrap),
        (false, false) => Form::Overlay(Install::None),
    })
}

fn restart(scope: &mut Scope<'_, '_>) -> Result<Restart, Refused> {
    let word = scope.word_setting(Setting::Restart)?;
    Ok(if word.is_some_and(|word| word.text == "on-change") { Restart::OnChange } else { Restart::ByHand })
}

fn namespace(scope: &mut Scope<'_, '_>) -> Result<DnsLabel, Refused> {
    match scope.text_setting(Setting::Namespace)? {
        Some(said) => values::namespace(&said).map_err(|problem| scope.refuse(problem)),
        None => Ok(DnsLabel::flux_system()),
    }
}

fn output(form: Form, scope: &mut Scope<'_, '_>) -> Result<OutputPath, Refused> {
    let said = scope.text_setting(Setting::Output)?.unwrap_or_else(|| {
        let below = match form {
            Form::Overlay(_) => "",
            Form::Component => "/identity",
        };
        let text = format!("clusters/{}/flux-system{below}", scope.name.text);
        values::Said { text: text.into(), at: scope.name.span }
    });
    values::output(&said).map_err(|problem| scope.refuse(problem))
}
