//! The volumes of pods, and what the container `manager` finds in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::effect::pod::{VariableSource, Workload, container_path, has};
use crate::kustomize::{Value, escape};

/// The directory of the token that the webhook of AKS projects, in its versions up to 1.5.
pub(super) const AKS_FORMER_TOKEN: &str = "/var/run/secrets/azure/tokens";
/// The file of that token in every version, and its volume up to 1.5.
pub(super) const AKS_TOKEN_FILE: &str = "azure-identity-token";

/// What is in a volume.
#[derive(Clone, Debug, Default)]
pub(super) struct Mounted {
    /// The name of the volume.
    pub volume: String,
    pub is_secret: bool,
    pub tokens: Vec<Token>,
    /// The texts of its other files; `None` if they are unknown.
    pub files: Option<BTreeMap<String, String>>,
}

/// A token of the ServiceAccount in a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The file in the volume.
    pub file: String,
    /// Whom it is for; that of the API server if unset.
    pub audience: String,
}

impl<'o> Workload<'o> {
    fn volumes(&self) -> &'o [Value] {
        self.pod_field(&["volumes"]).map(Value::items).unwrap_or_default()
    }

    /// The volume of a name.
    pub(super) fn volume(&self, name: &str) -> Option<&'o Value> {
        self.volumes().iter().find(|it| has(it, "name", name))
    }

    /// What is in a volume.
    pub(super) fn mounted(&self, name: &str) -> Mounted {
        let of_name = Mounted { volume: name.to_owned(), ..Mounted::default() };
        let Some(volume) = self.volume(name) else { return of_name };
        let projected = volume.at(&["projected", "sources"]).map(Value::items);
        let token = |token: &Value| {
            let text = |key| token.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            Token { file: text("path"), audience: text("audience") }
        };
        let tokens: Vec<Token> = tokens_of(volume).map(token).collect();
        let files = match (volume.get("configMap"), projected) {
            (Some(config_map), _) => self.files_of(config_map),
            (None, Some(sources)) if sources.len() == tokens.len() => Some(BTreeMap::new()),
            (None, Some(_) | None) => None,
        };
        Mounted { is_secret: volume.get("secret").is_some(), tokens, files, ..of_name }
    }

    /// The files of a volume of a `ConfigMap` that is built: all of its entries, or those that `items` lists.
    fn files_of(&self, config_map: &Value) -> Option<BTreeMap<String, String>> {
        let name = config_map.get("name")?.as_str()?;
        let data = self.built_source(VariableSource { kind: "ConfigMap", name })?.get("data")?;
        let text = |key: &str| Some(data.get(key)?.as_str()?.to_owned());
        let listed = config_map.get("items").map(Value::items).unwrap_or_default();
        if listed.is_empty() {
            let all = data.entries().iter();
            return Some(all.filter_map(|(key, _)| Some((key.clone(), text(key)?))).collect());
        }
        let file = |item: &Value| {
            let (key, path) = (item.get("key")?.as_str()?, item.get("path")?.as_str()?);
            Some((path.to_owned(), text(key)?))
        };
        Some(listed.iter().filter_map(file).collect())
    }

    /// The volume that may collide with that of the webhook of AKS, which is named after its file: the webhook adds it unless some
    /// volume projects that file, and mounts it unless the container does. Newer versions name it after the pod.
    /// Source: `addProjectedServiceAccountTokenVolume` of Azure/azure-workload-identity.
    pub fn collides_on_aks(&self) -> Option<&'o str> {
        let name = |volume: &'o Value| volume.get("name").and_then(Value::as_str);
        let has_token = |volume: &&Value| tokens_of(volume).any(|token| has(token, "path", AKS_TOKEN_FILE));
        let of_name = self.volume(AKS_TOKEN_FILE);
        let with_token = self.volumes().iter().find(has_token);
        let manager = self.manager()?;
        let is_mounted = manager.mounts.iter().any(|(_, volume)| *volume == AKS_TOKEN_FILE);
        let in_the_way = || {
            let (_, volume) = manager.mounts.iter().find(|(directory, _)| *directory == AKS_FORMER_TOKEN)?;
            Some(*volume)
        };
        match (of_name, with_token) {
            (Some(volume), None) => name(volume),
            (None, Some(volume)) if !is_mounted => name(volume),
            _ if !is_mounted => in_the_way(),
            _ => None,
        }
    }
}

/// The tokens of the ServiceAccount that a volume projects.
fn tokens_of(volume: &Value) -> impl Iterator<Item = &Value> {
    let sources = volume.at(&["projected", "sources"]).map(Value::items).unwrap_or_default();
    sources.iter().filter_map(|source| source.get("serviceAccountToken"))
}

/// What lists of a pod have twice, where the API server wants one of each: the list in words, the name or path, and the path of
/// the entry. Source: `x-kubernetes-list-map-keys` of `PodSpec` and `Container` in the API of Kubernetes.
pub fn repeated_entries<'o>(workload: &Workload<'o>) -> Vec<(&'static str, &'o str, String)> {
    let mut repeated = Vec::new();
    let mut add = |list, items: &'o [Value], key: &str, path: &dyn Fn(&str) -> String| {
        let mut seen = BTreeSet::new();
        let entries = items.iter().filter_map(|item| item.get(key)?.as_str());
        let again = entries.filter(|entry| !seen.insert(*entry));
        repeated.extend(again.map(|entry| (list, entry, path(entry))));
    };
    add("the volume", workload.volumes(), "name", &|name| {
        format!("/spec/template/spec/volumes/name={}", escape(name))
    });
    let containers = workload.pod_field(&["containers"]).map(Value::items).unwrap_or_default();
    for container in containers {
        let of = container_path(container.get("name").and_then(Value::as_str).unwrap_or_default());
        for (list, field, key) in
            [("the variable", "env", "name"), ("a mount at", "volumeMounts", "mountPath")]
        {
            let items = container.get(field).map(Value::items).unwrap_or_default();
            add(list, items, key, &|entry| format!("{of}/{field}/{key}={}", escape(entry)));
        }
    }
    repeated
}
