//! Overlays that need no build: they add nothing of their own to manifests that give no identity.

use crate::check::readings::Readings;
use crate::effect::{
    self, Account, Container, Endpoint, Field, KINDS_WITH_KEYS, Workload, argument_faults, foreign_keys,
    hides_services, needed_by, port_faults, repeated_entries, unapplied, unread_keys,
};
use crate::kustomize::Object;
use crate::model::flux::FluxVersion;
use crate::model::{Cluster, Controller, LocalPath, Passthrough, Platform};
use crate::overlay_build::{FluxRoot, OverlayBuild, Placement};
use crate::problem::nearest;

/// True if an overlay adds nothing of its own to what `flux bootstrap` installs, and nothing builds on it.
pub fn adds_nothing(cluster: &Cluster, placement: &Placement, readings: &Readings<'_>) -> bool {
    let Passthrough { resources, components, patches } = &cluster.passthrough;
    let output = &placement.output;
    let is_alone = || {
        let is_alone = match &placement.root {
            // Of all files in the directory the overlay is the only one.
            Some(FluxRoot { generated: Some(resources), .. }) => resources.len() < 2,
            Some(FluxRoot { directory, generated: None }) => directory == output,
            None => readings.builder().outermost(output).is_none(),
        };
        is_alone && !placement.sync().changes_objects()
    };
    cluster.form.is_bootstrapped()
        && resources.is_empty()
        && components.is_empty()
        && patches.is_empty()
        && !placement.has_broken_sync()
        && is_alone()
}

/// True if what is installed gives no identity, and stands in the way of none.
pub fn is_installed_neutral(
    cluster: &Cluster,
    version: Option<FluxVersion>,
    readings: &mut Readings<'_>,
) -> bool {
    let overlay = LocalPath::from(&cluster.output);
    let key = (cluster.platform, version);
    readings.is_neutral(&overlay, key, |builder| {
        let build = builder.build_installed(&overlay);
        build.is_ok_and(|build| gives_nothing(&build, cluster.platform, version))
    })
}

/// True if none of the objects gives an identity, or stands in the way of one.
fn gives_nothing(build: &OverlayBuild, platform: Platform, version: Option<FluxVersion>) -> bool {
    let neutral = |object: &Object| {
        let Some(value) = object.value() else { return true };
        if unapplied(value).is_some() {
            return false;
        }
        let no_keys = unread_keys(value, |word, names| nearest(word, names.iter().copied())).is_empty();
        if object.id().kind != "Deployment" {
            return no_keys;
        }
        let name = Workload::account_name(value);
        let workload = build.workload(object, value);
        let effect = effect::effect(platform, &workload);
        let nothing_given = effect.identities.values().all(|it| it.by == Field::Platform);
        let controller = Controller::from_name(&object.id().name);
        let find_nearest = |word: &str, names: &[&'static str]| nearest(word, names.iter().copied());
        let faults = controller.map(|one| argument_faults(one, &workload.arguments(), version, find_nearest));
        let is_plain = match workload.account {
            Account::Built(account) => foreign_keys(account, platform).is_empty(),
            Account::Missing => true,
            Account::Unknown => false,
        };
        let lacks_image = |it: &Container<'_>| !it.has_image;
        let is_blocked =
            Endpoint::ALL.into_iter().any(|one| !build.blocking_policies(object, &workload, one).is_empty());
        let is_separated = || {
            let others = controller.map(needed_by).unwrap_or_default();
            others.iter().any(|other| !build.separating_policies(object, &workload, *other).is_empty())
        };
        let has_other_image = || {
            controller.zip(workload.image()).is_some_and(|(controller, image)| {
                image.has_tag_of_flux(controller) || !image.may_be_of(version, controller)
            })
        };
        let has_own_account = controller.is_none_or(|controller| controller.name() == name);
        no_keys
            && nothing_given
            && effect.obstacles.is_empty()
            && effect.obstacle_to_association.is_none()
            && effect.unknown_sources.is_empty()
            && effect.diversions.is_empty()
            && !is_blocked
            && !is_separated()
            && hides_services(&workload).is_none()
            && controller.is_none_or(|controller| port_faults(controller, &workload).is_empty())
            && !workload.has_no_pods()
            && !has_other_image()
            && has_own_account
            && faults.is_none_or(|faults| faults.is_empty())
            && is_plain
            && workload.opt_out_of_api().is_none()
            && repeated_entries(&workload).is_empty()
            && (platform != Platform::Aks || workload.collides_on_aks().is_none())
            && !workload.containers().iter().any(lacks_image)
    };
    build.objects().filter(|object| KINDS_WITH_KEYS.contains(&object.id().kind.as_str())).all(neutral)
}
