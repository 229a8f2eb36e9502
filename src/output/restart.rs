//! Controllers to restart by hand.
//!
//! Pods get their identity at startup. A change of a ServiceAccount does not restart them; a change of the pod template
//! does. The list compares the texts of the overlays before and after, so it covers all content.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;

use crate::model::Controller;
use crate::output::plan::{Change, Plan, Planned};
use crate::yaml::{self, Document, Node};

/// Controllers to restart, and the clusters in which it is just these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restart {
    /// The controllers, in canonical order.
    pub controllers: Vec<Controller>,
    /// The clusters, in the order of the fleet.
    pub clusters: Vec<String>,
}

/// What has to be restarted by hand once the files of a plan are applied, in the order of the first clusters.
pub fn restarts(plan: &Plan) -> Vec<Restart> {
    let mut restarts: Vec<Restart> = Vec::new();
    for files in plan.files.chunk_by(|one, next| one.cluster == next.cluster) {
        let controllers = controllers_to_restart(files);
        let Some(cluster) =
            files.first().map(|file| file.cluster.clone()).filter(|_| !controllers.is_empty())
        else {
            continue;
        };
        match restarts.iter_mut().find(|known| known.controllers == controllers) {
            Some(known) => known.clusters.push(cluster),
            None => restarts.push(Restart { controllers, clusters: vec![cluster] }),
        }
    }
    restarts
}

fn controllers_to_restart(files: &[Planned]) -> Vec<Controller> {
    let says_something = |file: &&Planned| match &file.change {
        Change::Replace(found) => !yaml::is_blank(&String::from_utf8_lossy(&found.bytes)),
        Change::Keep | Change::Create => false,
    };
    // Where no file stood, or a blank one, Flux has never read one.
    if !files.iter().any(|file| says_something(&file)) {
        return Vec::new();
    }
    let after = PatchedValues::from_texts(files.iter().map(|file| file.text.as_str()));
    let mut to_restart = BTreeSet::new();
    // A file with conflict markers has two versions, and either may be running.
    for side in [Side::One, Side::Other] {
        let before = files.iter().filter_map(|file| match &file.change {
            Change::Keep => Some(file.text.clone()),
            Change::Create => None,
            Change::Replace(found) => Some(side.of(&String::from_utf8_lossy(&found.bytes))),
        });
        let before: Vec<String> = before.collect();
        let before = PatchedValues::from_texts(before.iter().map(String::as_str));
        to_restart.extend(Controller::ALL.into_iter().filter(|controller| {
            before.accounts.get(controller) != after.accounts.get(controller)
                && before.pods.get(controller) == after.pods.get(controller)
        }));
    }
    to_restart.into_iter().collect()
}

/// One side of a file that two branches changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    One,
    Other,
}

impl Side {
    fn of(self, text: &str) -> String {
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

/// What the patches of some files give to controllers.
#[derive(Debug, Default)]
struct PatchedValues {
    /// To their ServiceAccounts.
    accounts: BTreeMap<Controller, Values>,
    /// To the templates of their pods.
    pods: BTreeMap<Controller, Values>,
}

/// Paths in an object, and the values there.
type Values = BTreeMap<String, Vec<String>>;

impl PatchedValues {
    fn from_texts<'t>(texts: impl Iterator<Item = &'t str>) -> PatchedValues {
        let mut given = PatchedValues::default();
        for document in texts.filter_map(Document::read) {
            for patch in document.root().get("patches").into_iter().flat_map(Node::items) {
                given.add_patch(patch);
            }
            for generator in document.root().get("configMapGenerator").into_iter().flat_map(Node::items) {
                given.add_generator(generator);
            }
        }
        given
    }

    /// What a `ConfigMap` holds is in its name, as kustomize generates it, and so in every pod that names it.
    fn add_generator(&mut self, generator: Node<'_>) {
        let Some(name) = generator.get("name").and_then(Node::text) else { return };
        let mut values = Vec::new();
        generator.leaves(&mut values);
        for known in self.pods.values_mut() {
            if known.values().flatten().any(|value| value == name) {
                known.extend(
                    values.iter().map(|(path, value)| (format!("/{name}{path}"), vec![value.clone()])),
                );
            }
        }
    }

    fn add_patch(&mut self, patch: Node<'_>) {
        let text = patch.get("patch").and_then(Node::text);
        let document = text.and_then(Document::read);
        let said = document.as_ref().map(Document::root);
        let of_patch = |keys: &[&str]| said.and_then(|said| said.at(keys)).and_then(Node::text);
        let of_target = |key: &str| patch.at(&["target", key]).and_then(Node::text);
        let is_account = match of_target("kind").or(of_patch(&["kind"])) {
            Some("ServiceAccount") => true,
            Some("Deployment") => false,
            Some(_) | None => return,
        };
        let mut values = Vec::new();
        let within = if is_account { "" } else { "/spec/template" };
        match said {
            Some(said) if said.items().next().is_some() => {
                said.items().for_each(|operation| apply_operation(operation, within, &mut values));
            }
            Some(said) if is_account => said.leaves(&mut values),
            Some(said) => {
                said.at(&["spec", "template"]).into_iter().for_each(|node| node.leaves(&mut values));
            }
            // A patch in a file, or an unreadable one, is identified by its name or its text.
            None => {
                let file = patch.get("path").and_then(Node::text);
                values.push((String::new(), file.or(text).unwrap_or_default().to_owned()));
            }
        }
        let names = ["/apiVersion", "/kind", "/metadata/name", "/metadata/namespace"];
        values.retain(|(path, _)| !names.contains(&path.as_str()));
        let given = if is_account { &mut self.accounts } else { &mut self.pods };
        for controller in Controller::ALL {
            let hits = match (patch.get("target"), of_target("name")) {
                (None, _) => of_patch(&["metadata", "name"]) == Some(controller.name()),
                (Some(_), None) => true,
                (Some(_), Some(name)) => hits(name, controller.name()),
            };
            if hits && !values.is_empty() {
                let known = given.entry(controller).or_default();
                for (path, value) in &values {
                    let at = known.entry(path.clone()).or_default();
                    // Of two patches the later counts, and lists grow.
                    if !path.contains("/[]") {
                        at.clear();
                    }
                    at.push(value.clone());
                }
            }
        }
    }
}

/// Adds the values of an RFC 6902 operation below `within`, in the form of a merge where possible.
fn apply_operation(operation: Node<'_>, within: &str, values: &mut Vec<(String, String)>) {
    let text = |key| operation.get(key).and_then(Node::text);
    let Some(path) = text("path").and_then(|path| path.strip_prefix(within)) else { return };
    let is_list = path
        .split('/')
        .any(|step| step == "-" || step.bytes().all(|byte| byte.is_ascii_digit()) && !step.is_empty());
    match (text("op"), operation.get("value")) {
        (Some("add" | "replace"), Some(value)) if !is_list => {
            let path = path.replace("~1", "/").replace("~0", "~");
            let mut said = Vec::new();
            value.leaves(&mut said);
            values.extend(said.into_iter().map(|(below, value)| (format!("{path}{below}"), value)));
        }
        _ => operation.leaves(values),
    }
}

/// True if the name of a target is that of an object; kustomize takes it for a regular expression of the whole name.
fn hits(target: &str, name: &str) -> bool {
    target == name || Regex::new(&format!("^(?:{target})$")).is_ok_and(|target| target.is_match(name))
}
