//! Controllers to restart by hand.
//!
//! Pods get their identity at startup. A change of a ServiceAccount does not restart them; a change of the pod template
//! does. The list compares what comes of each overlay before and after.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::effect::{Account, Effect, Workload, account_settings, effect, has_pod_identity};
use crate::kustomize::{self, Object, Value};
use crate::model::{Cluster, Controller, Platform, aws};
use crate::overlay_build::{Builder, OverlayBuild};
use crate::workspace::Inputs;
use crate::yaml;

/// Controllers to restart, and the clusters in which it is just these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restart {
    /// The controllers, in canonical order.
    pub controllers: Vec<Controller>,
    /// The clusters, in the order of the fleet.
    pub clusters: Vec<String>,
}

/// The overlay of a cluster that a build replaces.
#[derive(Clone, Debug)]
pub struct Replaced<'f> {
    pub cluster: &'f Cluster,
    /// The text that is there.
    pub before: String,
    /// The text that takes its place.
    pub after: String,
}

/// What has to be restarted by hand once these overlays are applied, in the order of the first clusters.
pub fn restarts(replaced: &[Replaced<'_>], inputs: &Inputs<'_>) -> Vec<Restart> {
    let manifests = kustomize::Manifests::new();
    let builder = Builder { inputs, manifests: &manifests };
    let all: Vec<(String, Vec<Controller>)> = replaced
        .par_iter()
        .map(|one| (one.cluster.name.clone(), controllers_to_restart(one, builder)))
        .collect();
    let mut restarts: Vec<Restart> = Vec::new();
    for (cluster, controllers) in all.into_iter().filter(|(_, controllers)| !controllers.is_empty()) {
        match restarts.iter_mut().find(|known| known.controllers == controllers) {
            Some(known) => known.clusters.push(cluster),
            None => restarts.push(Restart { controllers, clusters: vec![cluster] }),
        }
    }
    restarts
}

fn controllers_to_restart(replaced: &Replaced<'_>, builder: Builder<'_>) -> Vec<Controller> {
    let cluster = replaced.cluster;
    let is_known = |build: &OverlayBuild| build.unknown().is_none();
    let placement = builder.placement(cluster.form, &cluster.output);
    let build = |text: &str| builder.build(cluster, text, &placement).ok().filter(is_known);
    let after = build(&replaced.after);
    let mut to_restart = BTreeSet::new();
    // A file with conflict markers has two versions, and either may be running.
    for side in [Side::One, Side::Other] {
        let before = side.text(&replaced.before);
        // Where the file is blank, Flux has never read one.
        if yaml::is_blank(&before) {
            continue;
        }
        let Some((before, after)) = build(&before).zip(after.as_ref()) else {
            // Nobody knows what is running.
            to_restart.extend(cluster.credentials.keys());
            continue;
        };
        let is_to_restart = |controller: &Controller| {
            let has_association = cluster.credentials.get(controller).is_some_and(|it| has_pod_identity(it));
            let [before, after] = [&before, after].map(|build| running(cluster, build, *controller));
            before.into_iter().zip(after).any(|(before, after)| {
                // Where the annotation goes, the association may be new; else it was there before.
                let [was, is] = match has_association {
                    true if before.has_role() && !after.has_role() => [before.identity, after.identity],
                    true => [before.identity, after.identity].map(without_role),
                    false => [before.identity, after.identity],
                };
                was != is && before.template == after.template
            })
        };
        to_restart.extend(Controller::ALL.into_iter().filter(is_to_restart));
    }
    to_restart.into_iter().collect()
}

/// The identity of pods, and what their ServiceAccount says of it and of its token.
type Identity<'b> = (Effect, Vec<(&'static str, &'b str)>);

/// What the pods of a Deployment are made of.
struct Running<'b> {
    template: Option<&'b Value>,
    identity: Identity<'b>,
}

impl Running<'_> {
    fn has_role(&self) -> bool {
        self.identity.1.iter().any(|(key, _)| *key == aws::ROLE_ARN_ANNOTATION)
    }
}

/// The identity where an association of EKS Pod Identity comes before the role of the ServiceAccount.
fn without_role((effect, mut settings): Identity<'_>) -> Identity<'_> {
    settings.retain(|(key, _)| ![aws::ROLE_ARN_ANNOTATION, aws::AUDIENCE_ANNOTATION].contains(key));
    (effect.with_pod_identity(), settings)
}

/// The Deployments of a controller and of its shards, by their names.
fn running<'b>(cluster: &Cluster, build: &'b OverlayBuild, controller: Controller) -> Vec<Running<'b>> {
    let mut deployments: Vec<_> = build.deployments(controller, cluster.namespace.as_str()).collect();
    deployments.sort_by_key(|(object, _)| object.id());
    let running = |(object, deployment): (&'b Object, &'b Value)| {
        let workload = build.workload(object, deployment);
        Running {
            template: deployment.at(&["spec", "template"]),
            identity: identity(cluster.platform, &workload),
        }
    };
    deployments.into_iter().map(running).collect()
}

fn identity<'b>(platform: Platform, workload: &Workload<'b>) -> Identity<'b> {
    let settings = match workload.account {
        Account::Built(account) => account_settings(account),
        Account::Missing | Account::Unknown => Vec::new(),
    };
    (effect(platform, workload), settings)
}

/// One side of a file that two branches changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    One,
    Other,
}

impl Side {
    fn text(self, text: &str) -> String {
        let mut at = None;
        let mut side = String::new();
        for line in text.split_inclusive('\n') {
            match line.get(..7) {
                Some("<<<<<<<") => at = Some(Side::One),
                Some("=======") if at.is_some() => at = Some(Side::Other),
                Some(">>>>>>>") => at = None,
                _ if at.is_none_or(|at| at == self) => side.push_str(line),
                _ => {}
            }
        }
        side
    }
}
