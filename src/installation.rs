//! Manifests to what they install.
//!
//! A `gotk-components.yaml` has 0.3 to 0.7 MB, nearly all of it definitions that do not matter here. Only documents of the kinds that
//! patches touch are parsed.

use std::collections::BTreeSet;

use crate::model::flux::FluxVersion;
use crate::model::{Container, Installation, Object, ObjectKind, Pod};
use crate::spanned::Excess;
use crate::yaml::{Document, Node, Unreadable};

/// The separator of documents.
const PART: &str = "\n---";

/// What a file of manifests holds, as far as patches care.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifests {
    /// The version of Flux, if the file has it.
    pub version: Option<FluxVersion>,
    /// The ServiceAccounts and Deployments.
    pub objects: Vec<Object>,
    /// The kinds of all objects.
    pub kinds: BTreeSet<String>,
}

/// Why the content of a file is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManifestsFault {
    /// A relevant document exceeds a limit, on that line, counted from 1.
    OutOfBounds(Excess, usize),
    /// It does not hold manifests, or not all that it should.
    NotManifests,
}

/// The installation in a file of `flux install`.
///
/// # Errors
/// If a relevant document cannot be read, the file is without manifests, or it has conflict markers, encrypted content or
/// fewer components than its header lists.
pub fn read_installation(text: &str) -> Result<Installation, ManifestsFault> {
    let manifests = read_manifests(text)?;
    let mut installed =
        Installation { version: manifests.version, kinds: manifests.kinds, ..Installation::default() };
    manifests.objects.into_iter().for_each(|object| installed.add(object));
    let is_empty = documents(text).all(|(_, document)| kind(document).is_none());
    let is_whole = declared_components(text).all(|component| installed.deployments.contains_key(component));
    let is_told = !is_empty && is_whole && !text.lines().any(is_foreign_line);
    if is_told { Ok(installed) } else { Err(ManifestsFault::NotManifests) }
}

/// What any file of manifests holds.
///
/// # Errors
/// If a document that matters cannot be read.
pub fn read_manifests(text: &str) -> Result<Manifests, ManifestsFault> {
    let mut manifests = Manifests::default();
    for (start, document) in documents(text) {
        manifests.version = manifests.version.or_else(|| version_in_comment(document));
        let is_flow = document.trim_start().starts_with('{');
        manifests.kinds.extend(kind(document).map(str::to_owned));
        let matters = |kind: &str| {
            matches!(kind, "Namespace" | "ServiceAccount" | "Deployment") || kind.ends_with("List")
        };
        if is_flow || kind(document).is_some_and(matters) {
            let read = Document::parse(document).map_err(|unreadable| match unreadable {
                Unreadable::OutOfBounds(excess, line) => {
                    ManifestsFault::OutOfBounds(excess, lines_before(text, start).saturating_add(line))
                }
                Unreadable::Line(_) => ManifestsFault::NotManifests,
            })?;
            manifests.add_object(read.root());
        }
    }
    Ok(manifests)
}

fn lines_before(text: &str, at: usize) -> usize {
    text.get(..at).map_or(0, |before| before.matches('\n').count())
}

/// A line that `flux install` never writes: the mark of a merge, the block of sops, or a tab at its beginning.
fn is_foreign_line(line: &str) -> bool {
    line.starts_with("<<<<<<<")
        || line.starts_with(">>>>>>>")
        || line.starts_with("sops:")
        || line.starts_with('\t')
}

/// The components in the header of the file: `# Components: source-controller,…`, which `flux bootstrap` writes.
fn declared_components(text: &str) -> impl Iterator<Item = &str> {
    let head = text.lines().take(8).find_map(|line| line.strip_prefix("# Components:"));
    head.into_iter()
        .flat_map(|components| components.split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

/// The documents of a text, each behind the byte where it begins.
fn documents(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0_usize;
    let all = text.split(PART).map(move |document| {
        let at = start;
        start = start.saturating_add(document.len()).saturating_add(PART.len());
        (at, document)
    });
    all.filter(|(_, document)| !document.is_empty())
}

/// The kind of a document, from its line.
fn kind(document: &str) -> Option<&str> {
    let line = document.lines().find(|line| line.starts_with("kind:"))?;
    line.strip_prefix("kind:").map(|kind| kind.trim().trim_matches('"'))
}

/// `# Flux Version: v2.9.3`, which `flux bootstrap` writes before the first document.
fn version_in_comment(document: &str) -> Option<FluxVersion> {
    let mut comments = document
        .lines()
        .skip_while(|line| line.is_empty() || *line == "---")
        .take_while(|line| line.starts_with('#'));
    comments.find_map(|line| FluxVersion::parse(line.strip_prefix("# Flux Version:")?.trim()))
}

impl Manifests {
    fn add_object(&mut self, object: Node<'_>) {
        let text = |keys: &[&str]| object.at(keys).and_then(Node::text).unwrap_or_default();
        self.kinds.insert(text(&["kind"]).to_owned());
        let kind = match text(&["kind"]) {
            "Namespace" => {
                let version = FluxVersion::parse(text(&["metadata", "labels", "app.kubernetes.io/version"]));
                self.version = self.version.or(version);
                return;
            }
            "ServiceAccount" => ObjectKind::ServiceAccount,
            "Deployment" => ObjectKind::Deployment,
            kind if kind.ends_with("List") => {
                return object
                    .get("items")
                    .into_iter()
                    .flat_map(Node::items)
                    .for_each(|item| self.add_object(item));
            }
            _ => return,
        };
        let (name, namespace) = (text(&["metadata", "name"]), text(&["metadata", "namespace"]));
        let pod = object.at(&["spec", "template", "spec"]).map(pod).unwrap_or_default();
        self.objects.push(Object { kind, name: name.to_owned(), namespace: namespace.to_owned(), pod });
    }
}

fn pod(spec: Node<'_>) -> Pod {
    let mut pod = Pod { volumes: texts(spec, "volumes", "name").collect(), ..Pod::default() };
    for container in spec.get("containers").into_iter().flat_map(Node::items) {
        let name = container.get("name").and_then(Node::text).unwrap_or_default();
        pod.first.get_or_insert_with(|| name.to_owned());
        let arguments = container.get("args").into_iter().flat_map(Node::items);
        let has = Container {
            variables: texts(container, "env", "name").collect(),
            mount_paths: texts(container, "volumeMounts", "mountPath").collect(),
            arguments: arguments.filter_map(Node::text).map(str::to_owned).collect(),
        };
        pod.containers.insert(name.to_owned(), has);
    }
    pod
}

/// The texts that the items of a list have under a key.
fn texts(node: Node<'_>, list: &str, key: &str) -> impl Iterator<Item = String> {
    let items = node.get(list).into_iter().flat_map(Node::items);
    items.filter_map(move |item| Some(item.get(key)?.text()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{ManifestsFault, read_installation};
    use crate::model::flux::FluxVersion;
    use crate::model::{Container, Pod};
    use crate::spanned::Excess;

    const SMALL: &str = "---
# This manifest was generated by flux. DO NOT EDIT.
# Flux Version: v2.6.4
apiVersion: v1
kind: Namespace
metadata:
  name: flux-system
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: [this is never parsed
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: source-controller
  namespace: flux-system
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: source-controller
  namespace: flux-system
spec:
  template:
    spec:
      containers:
      - name: manager
        args:
        - --log-level=info
        - --enable-leader-election
        env:
        - name: RUNTIME_NAMESPACE
        volumeMounts:
        - name: data
          mountPath: /data
      volumes:
      - name: data
";

    #[test]
    fn version_accounts_and_containers_are_read_and_nothing_else() {
        let installed = read_installation(SMALL).expect("what matters can be read");
        assert_eq!(installed.version, Some(FluxVersion { major: 2, minor: 6 }));
        assert!(installed.service_accounts["source-controller"].contains("flux-system"));
        let pod = &installed.deployments["source-controller"];
        let only = |text: &str| BTreeSet::from([text.to_owned()]);
        let manager = Container {
            variables: only("RUNTIME_NAMESPACE"),
            mount_paths: only("/data"),
            arguments: ["--log-level=info", "--enable-leader-election"].map(str::to_owned).to_vec(),
        };
        let containers = BTreeMap::from([("manager".to_owned(), manager)]);
        assert_eq!(*pod, Pod { first: Some("manager".to_owned()), containers, volumes: only("data") });
        assert_eq!((installed.service_accounts.len(), installed.deployments.len()), (1, 1));
    }

    #[test]
    fn a_broken_document_that_matters_is_told() {
        assert_eq!(read_installation("kind: Deployment\nmetadata: [\n"), Err(ManifestsFault::NotManifests));
    }

    #[test]
    fn what_says_more_than_can_be_read_safely_is_told_with_its_line_in_the_file() {
        let deep = format!("kind: Deployment\nmetadata:\n  a: {}\n", "[".repeat(100));
        let many = format!("{}kind: Deployment\n", "%TAG !a! x\n".repeat(65));
        let long = format!("kind: Deployment\na: {}\n", "x".repeat(1024 * 1024));
        for (text, excess, line) in [
            (deep.clone(), Excess::Depth, 3),
            (format!("---\n{deep}"), Excess::Depth, 4),
            (format!("{SMALL}---\n{deep}"), Excess::Depth, SMALL.lines().count() + 4),
            (format!("{SMALL}---\n{long}"), Excess::Bytes, SMALL.lines().count() + 1),
            (many, Excess::Directives, 65),
        ] {
            assert_eq!(read_installation(&text), Err(ManifestsFault::OutOfBounds(excess, line)));
        }
    }

    #[test]
    fn what_is_no_whole_file_of_manifests_is_told() {
        for text in [
            "",
            "<html><body>404</body></html>\n",
            "version https://git-lfs.github.com/spec/v1\n",
            "# Components: source-controller\nkind: Namespace\n",
            "kind: ClusterRole\n<<<<<<< HEAD\n",
            "kind: ClusterRole\n---\nsops:\n  mac: x\n",
            "kind: ClusterRole\n\trules: []\n",
        ] {
            assert_eq!(read_installation(text), Err(ManifestsFault::NotManifests), "{text:?}");
        }
    }

    #[test]
    fn the_version_may_stand_on_the_namespace() {
        let text = "kind: Namespace\nmetadata:\n  labels:\n    app.kubernetes.io/version: v2.2.3\n  name: flux-system\n";
        assert_eq!(
            read_installation(text).map(|installed| installed.version),
            Ok(Some(FluxVersion { major: 2, minor: 2 }))
        );
    }
}
