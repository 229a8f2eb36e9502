//! What `flux install` writes of each component, beside its Deployment.

use std::collections::{BTreeMap, BTreeSet};

use crate::installation::DEFINITION;
use crate::kustomize::Object;
use crate::model::flux::FluxVersion;
use crate::model::{Controller, Part};

/// The definitions of the kinds of a controller, each with the version of Flux that added it.
/// Source: `config/crd/bases` of each controller, which `manifests/crds` of fluxcd/flux2 takes in.
fn definitions(controller: Controller) -> &'static [(&'static str, Option<FluxVersion>)] {
    const V2_7: Option<FluxVersion> = Some(FluxVersion { major: 2, minor: 7 });
    match controller {
        Controller::Source => &[
            ("buckets.source.toolkit.fluxcd.io", None),
            ("externalartifacts.source.toolkit.fluxcd.io", V2_7),
            ("gitrepositories.source.toolkit.fluxcd.io", None),
            ("helmcharts.source.toolkit.fluxcd.io", None),
            ("helmrepositories.source.toolkit.fluxcd.io", None),
            ("ocirepositories.source.toolkit.fluxcd.io", None),
        ],
        Controller::Kustomize => &[("kustomizations.kustomize.toolkit.fluxcd.io", None)],
        Controller::Helm => &[("helmreleases.helm.toolkit.fluxcd.io", None)],
        Controller::Notification => &[
            ("alerts.notification.toolkit.fluxcd.io", None),
            ("providers.notification.toolkit.fluxcd.io", None),
            ("receivers.notification.toolkit.fluxcd.io", None),
        ],
        Controller::ImageReflector => &[
            ("imagepolicies.image.toolkit.fluxcd.io", None),
            ("imagerepositories.image.toolkit.fluxcd.io", None),
        ],
        Controller::ImageAutomation => &[("imageupdateautomations.image.toolkit.fluxcd.io", None)],
        Controller::SourceWatcher => &[("artifactgenerators.source.extensions.fluxcd.io", None)],
    }
}

/// The Services of a controller. Source: `manifests/bases` of fluxcd/flux2.
const fn services(controller: Controller) -> &'static [&'static str] {
    match controller {
        Controller::Source => &["source-controller"],
        Controller::Notification => &["notification-controller", "webhook-receiver"],
        Controller::SourceWatcher => &["source-watcher"],
        Controller::Kustomize
        | Controller::Helm
        | Controller::ImageReflector
        | Controller::ImageAutomation => &[],
    }
}

/// What objects lack of these components. Nothing if they have no definition at all: then something else installs a part.
pub fn lacking<'n>(
    components: impl Iterator<Item = &'n str>,
    version: Option<FluxVersion>,
    objects: &[Object],
) -> Vec<Part> {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for object in objects {
        names.entry(&object.id().kind).or_default().insert(&object.id().name);
    }
    if !names.contains_key(DEFINITION) {
        return Vec::new();
    }
    let mut lacking = Vec::new();
    let mut expect = |kind: &'static str, name: &str| {
        if !names.get(kind).is_some_and(|names| names.contains(name)) {
            lacking.push(Part { kind, name: name.to_owned() });
        }
    };
    let controllers: Vec<Controller> = components.filter_map(Controller::from_name).collect();
    let of_flux = |object: &&Object| {
        object.id().kind == "Deployment" && controllers.iter().any(|one| one.name() == object.id().name)
    };
    if let Some(deployment) = objects.iter().find(of_flux) {
        expect("Namespace", &deployment.id().namespace);
    }
    for controller in controllers {
        for (definition, since) in definitions(controller) {
            if since.is_none_or(|since| version.is_some_and(|version| version >= since)) {
                expect(DEFINITION, definition);
            }
        }
        expect("ServiceAccount", controller.name());
        for service in services(controller) {
            expect("Service", service);
        }
    }
    lacking
}
