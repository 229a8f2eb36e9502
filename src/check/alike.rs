//! Overlays that add nothing of their own to what is installed: one is built, and if nothing is wrong with it, nothing is
//! with those that are like it.

use std::fmt::Write as _;

use crate::check::built_cluster::BuildContext;
use crate::check::readings::Readings;
use crate::installation::TOOLKIT;
use crate::kustomize::Object;
use crate::model::{Additions, Cluster, Credentials, LocalPath, ObjectLevel, Passthrough, Provider, Restart};
use crate::overlay_build::{FluxRoot, Placement, is_flux_kustomization};

/// All that decides what is found of the build of an overlay that adds nothing of its own to what is installed. Overlays
/// with the same differ in the values of identities, and in the directory that Flux builds. Nothing for other overlays.
pub fn premises(
    cluster: &Cluster,
    context: &BuildContext,
    placement: &Placement,
    readings: &Readings<'_>,
) -> Option<String> {
    if !adds_nothing(cluster, placement, readings) {
        return None;
    }
    let Cluster {
        // These do not change the build.
        name: _,
        output: _,
        trusted: _,
        values: _,
        // There is none.
        passthrough: _,
        platform,
        namespace,
        form,
        restart,
        credentials,
        object_level,
        cloud_context,
    } = cluster;
    let (platform, namespace) = (platform.name(), namespace.as_str());
    let BuildContext { version, knows_installed, manifests, .. } = context;
    let mut text =
        format!("{platform} {namespace} {form:?} {restart:?} {version:?} {knows_installed} {manifests:?}");
    if manifests.is_some_and(|manifests| manifests.names_identities) {
        // What they give may be what the source gives to one cluster and not to another.
        let _written = write!(text, " {:?}", (credentials, object_level, cloud_context));
    } else {
        for (controller, credentials) in credentials {
            let additions = Additions::new(*controller, credentials, &cluster.namespace, Restart::ByHand);
            let _written = write!(text, "\n{}", controller.name());
            add_shape(credentials, &additions, &mut text);
        }
        if let Some(object_level) = object_level {
            add_accounts(object_level, &mut text);
        }
    }
    let root = placement.root.as_ref();
    let has_accounts = cluster
        .object_level
        .as_ref()
        .zip(root)
        .map(|(accounts, root)| LocalPath::from(&accounts.directory).is_within(&root.directory));
    let is_generated = root.map(|root| root.generated.is_some());
    let _written = write!(text, "\n{is_generated:?} {has_accounts:?}");
    let path = placement.sync().path();
    // Where the path leads is checked of each overlay.
    let sync = placement.sync_text().map(|sync| {
        if path.is_empty() { sync.to_owned() } else { sync.replace(&format!("path: {path}"), "path: \0") }
    });
    text.extend(sync.iter().flat_map(|sync| ["\n", sync]));
    Some(text)
}

/// True if an overlay adds nothing of its own to what `flux bootstrap` installs, and nothing builds on it.
fn adds_nothing(cluster: &Cluster, placement: &Placement, readings: &Readings<'_>) -> bool {
    let Passthrough { resources, components, patches } = &cluster.passthrough;
    let (output, sync) = (&placement.output, placement.sync());
    let is_alone = || match &placement.root {
        // Of all files in the directory the overlay is the only one.
        Some(FluxRoot { generated: Some(resources), .. }) => resources.len() < 2,
        Some(FluxRoot { directory, generated: None }) => directory == output,
        None => readings.builder().outermost(output).is_none(),
    };
    // Another Kustomization applies other files.
    let is_of_sync = |object: &Object| {
        let is_other = || sync.kustomization.is_none_or(|own| own.id() != object.id());
        object.id().group.ends_with(TOOLKIT) && !(is_flux_kustomization(object) && is_other())
    };
    cluster.form.is_bootstrapped()
        && resources.is_empty()
        && components.is_empty()
        && patches.is_empty()
        && !placement.has_broken_sync()
        && placement.sync_objects().iter().all(is_of_sync)
        && !sync.changes_objects()
        && is_alone()
}

/// Adds what a controller gets, without the values.
fn add_shape(credentials: &Credentials, additions: &Additions<'_>, text: &mut String) {
    let Additions { annotations, labels, pod_annotations, variables, volumes, config_map: _ } = additions;
    let keys = [annotations, labels, pod_annotations, variables].into_iter().flatten().map(|(key, _)| *key);
    let volumes = volumes.iter().map(|volume| volume.name);
    add_words(credentials.providers().map(Provider::name).chain(keys).chain(volumes), text);
}

/// Adds the ServiceAccounts that objects of Flux name, with what each of them gets, without the values.
fn add_accounts(ObjectLevel { directory: _, accounts, gated }: &ObjectLevel, text: &mut String) {
    let _written = write!(text, "\n{gated:?}");
    for (account, credentials) in accounts {
        let _written = write!(text, "\n{}/{}", account.namespace.as_str(), account.name.as_str());
        add_words(credentials.annotations().into_iter().map(|(key, _)| key), text);
    }
}

fn add_words<'w>(words: impl Iterator<Item = &'w str>, text: &mut String) {
    text.extend(words.flat_map(|word| [" ", word]));
}
