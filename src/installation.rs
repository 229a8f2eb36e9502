//! Manifests to what they install.

mod complete;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::kustomize::{Id, ManifestFault, Object, Unreadable, Value};
use crate::model::flux::FluxVersion;
use crate::model::{Container, Controller, Installation, ObjectKind, Pod};
use crate::spanned::Excess;

/// The kind of the objects that define other kinds.
pub const DEFINITION: &str = "CustomResourceDefinition";

/// What the groups of the APIs of Flux end with.
pub const TOOLKIT: &str = ".toolkit.fluxcd.io";

/// Why it is unknown what a file installs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestsFault {
    /// A document exceeds a limit, on that line, counted from 1.
    OutOfBounds(Excess, usize),
    /// It does not hold manifests, or not manifests alone.
    NotManifests,
    /// It cannot be read as YAML.
    Unreadable(Unreadable),
    /// Its header lists these components, and it has no Deployment of theirs. `has`: those that it has.
    Lacks { components: Vec<String>, has: Vec<String> },
}

/// The installation in a file of `flux install`. `objects`: what the text has.
///
/// # Errors
/// The objects cannot be read, there are none, or the text has conflict markers, encrypted content or fewer components
/// than its header lists.
pub fn read_installation(
    text: &str,
    objects: Result<Vec<Object>, ManifestFault>,
) -> Result<Installation, ManifestsFault> {
    let objects = objects.map_err(|fault| match fault {
        ManifestFault::Unreadable(Unreadable::OutOfBounds(excess, line)) => {
            ManifestsFault::OutOfBounds(excess, line)
        }
        // What a merge left is no YAML either.
        ManifestFault::Unreadable(fault) if !text.lines().any(is_foreign_line) => {
            ManifestsFault::Unreadable(fault)
        }
        ManifestFault::Unreadable(_) | ManifestFault::NotAnObject(_) | ManifestFault::NotAList(_) => {
            ManifestsFault::NotManifests
        }
    })?;
    let installed = installation_of(&objects);
    let installed = Installation { version: version_in_header(text).or(installed.version), ..installed };
    if objects.is_empty() || text.lines().any(is_foreign_line) {
        return Err(ManifestsFault::NotManifests);
    }
    let is_lacking = |component: &&str| !installed.deployments.contains_key(*component);
    let lacking: Vec<String> = declared_components(text).filter(is_lacking).map(str::to_owned).collect();
    if lacking.is_empty() {
        // A header is lost with the first document, which is the Namespace. Others write only some of the rest.
        let mut declared = declared_components(text).peekable();
        let lacking = if declared.peek().is_some() {
            complete::lacking(declared, installed.version, &objects)
        } else {
            let there = Controller::ALL.into_iter().map(Controller::name);
            let there = there.filter(|name| installed.deployments.contains_key(*name));
            let lacking = complete::lacking(there, installed.version, &objects);
            if lacking.iter().all(|part| part.kind == "Namespace") { lacking } else { Vec::new() }
        };
        return Ok(Installation { lacking, ..installed });
    }
    let has = Controller::ALL.map(Controller::name).into_iter();
    let has = has.filter(|name| installed.deployments.contains_key(*name)).map(str::to_owned).collect();
    Err(ManifestsFault::Lacks { components: lacking, has })
}

/// The `ClusterRole` of all controllers begins with this. Source: `manifests/rbac` of fluxcd/flux2.
const CONTROLLER_ROLE: &str = "crd-controller";

/// The `ClusterRole` of the controllers if no role of these objects lets anyone create tokens of ServiceAccounts; nothing if one
/// does, or if the roles of the controllers are elsewhere.
pub fn role_without_tokens<'o>(objects: impl IntoIterator<Item = &'o Object>) -> Option<&'o Object> {
    let mut found = None;
    for object in objects {
        if !matches!(object.id().kind.as_str(), "ClusterRole" | "Role") {
            continue;
        }
        let rules = object.value().and_then(|value| value.get("rules")).map(Value::items).unwrap_or_default();
        let has = |rule: &Value, list: &str, names: &[&str]| {
            items(rule, list).iter().filter_map(Value::as_str).any(|name| names.contains(&name))
        };
        let is_granting = |rule: &Value| {
            has(rule, "apiGroups", &["", "*"])
                && has(rule, "resources", &["serviceaccounts/token", "*/token", "*"])
                && has(rule, "verbs", &["create", "*"])
        };
        if rules.iter().any(is_granting) {
            return None;
        }
        if object.id().kind == "ClusterRole" && object.id().name.starts_with(CONTROLLER_ROLE) {
            found = found.or(Some(object));
        }
    }
    found
}

/// What objects install.
pub fn installation_of<'o>(objects: impl IntoIterator<Item = &'o Object>) -> Installation {
    let objects: Vec<&Object> = objects.into_iter().collect();
    let mut installation = Installation::default();
    for object in objects {
        let id = object.id();
        match ObjectKind::from_name(&id.kind) {
            Some(ObjectKind::ServiceAccount) => {
                let accounts = installation.service_accounts.entry(id.name.clone());
                accounts.or_default().insert(id.namespace.clone());
            }
            Some(ObjectKind::Deployment) => {
                let spec = object.value().and_then(|value| value.at(&["spec", "template", "spec"]));
                let pods = installation.deployments.entry(id.name.clone());
                pods.or_default().merge(spec.map(pod).unwrap_or_default());
            }
            None if id.kind == "Namespace" => {
                let version = || {
                    let label = &["metadata", "labels", "app.kubernetes.io/version"];
                    FluxVersion::parse(object.value()?.at(label)?.as_str()?)
                };
                installation.version = installation.version.or_else(version);
            }
            None => {}
        }
    }
    installation
}

/// The name of the definition of an object's kind.
pub fn definition_name(of: &Id) -> String {
    let kind = of.kind.to_ascii_lowercase();
    let plural = kind.strip_suffix('y').map_or_else(|| format!("{kind}s"), |stem| format!("{stem}ies"));
    format!("{plural}.{}", of.group)
}

/// The definition of an object's kind.
pub fn definition_of<'o>(objects: impl IntoIterator<Item = &'o Object>, of: &Id) -> Option<&'o Object> {
    let name = definition_name(of);
    objects.into_iter().find(|object| object.id().kind == DEFINITION && object.id().name == name)
}

/// The schema that a definition has for a version.
pub fn schema_of<'d>(definition: &'d Object, of: &Id) -> Option<&'d Value> {
    let spec = definition.raw().ok()?.get("spec")?;
    let is_it = |version: &&Value| version.get("name").and_then(Value::as_str) == Some(&of.version);
    items(spec, "versions").iter().find(is_it)?.at(&["schema", "openAPIV3Schema"])
}

/// The versions that the definition of an object's kind serves, the most stable first, if it is among these objects and
/// does not serve that of the object; none if these are the definitions of Flux, and that of the kind is not among them.
pub fn versions_instead<'o>(
    objects: impl IntoIterator<Item = &'o Object>,
    wanted: &Id,
) -> Option<Vec<String>> {
    let definitions = objects.into_iter().filter(|object| object.id().kind == DEFINITION);
    let definitions: Vec<&Object> = definitions.collect();
    let Some(definition) = definition_of(definitions.iter().copied(), wanted) else {
        let groups = definitions.iter().filter_map(|object| Some(object.id().name.split_once('.')?.1));
        let groups: BTreeSet<&str> = groups.filter(|group| group.ends_with(TOOLKIT)).collect();
        // Of few, something else may install the others.
        return (groups.len() > 1).then(Vec::new);
    };
    // Most are not to be parsed: it takes longer than everything else.
    if !definition.may_mention("served: false")
        && definition.may_mention(&format!("\n    name: {}\n", wanted.version))
    {
        return None;
    }
    let spec = definition.value()?.get("spec")?;
    if spec.at(&["names", "kind"])?.as_str()? != wanted.kind {
        return None;
    }
    let is_served = |version: &&Value| version.get("served").and_then(Value::scalar_text) == Some("true");
    let versions = items(spec, "versions");
    let served = versions.iter().filter(is_served);
    let mut served: Vec<String> =
        served.filter_map(|it| Some(it.get("name")?.as_str()?.to_owned())).collect();
    served.sort_by_key(|version| stability(version));
    let is_right = versions.is_empty() || served.contains(&wanted.version);
    (!is_right).then_some(served)
}

/// The place of a version among those of an API, as Kubernetes orders them: `v2`, `v1`, `v2beta1`, `v1beta2`, `v1alpha1`.
fn stability(version: &str) -> (usize, Reverse<u32>, Reverse<u32>) {
    let rest = version.strip_prefix('v').unwrap_or(version);
    let stages = ["beta", "alpha"].into_iter().zip(1..);
    let parts = stages.into_iter().find_map(|(stage, place)| Some((place, rest.split_once(stage)?)));
    let (stage, (major, minor)) = parts.unwrap_or((0, (rest, "")));
    let number = |text: &str| Reverse(text.parse().unwrap_or_default());
    (stage, number(major), number(minor))
}

/// A line that `flux install` never writes: the mark of a merge, the block of sops, or a tab at its beginning.
fn is_foreign_line(line: &str) -> bool {
    line.starts_with("<<<<<<<")
        || line.starts_with(">>>>>>>")
        || line.starts_with("sops:")
        || line.starts_with('\t')
}

/// The comments that `flux bootstrap` writes before the first document.
fn header(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().skip_while(|line| line.is_empty() || *line == "---");
    lines.take_while(|line| line.starts_with('#'))
}

/// The components in the header: `# Components: source-controller,…`.
fn declared_components(text: &str) -> impl Iterator<Item = &str> {
    let components = header(text).find_map(|line| line.strip_prefix("# Components:")).into_iter();
    components.flat_map(|components| components.split(',')).map(str::trim).filter(|name| !name.is_empty())
}

/// The version in the header: `# Flux Version: v2.9.3`.
fn version_in_header(text: &str) -> Option<FluxVersion> {
    header(text).find_map(|line| FluxVersion::parse(line.strip_prefix("# Flux Version:")?.trim()))
}

fn pod(spec: &Value) -> Pod {
    let mut pod = Pod { volumes: texts(spec, "volumes", "name"), ..Pod::default() };
    for container in items(spec, "containers") {
        let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
        pod.first.get_or_insert_with(|| name.to_owned());
        let arguments = items(container, "args").iter().filter_map(Value::scalar_text);
        let has = Container {
            variables: texts(container, "env", "name"),
            mount_paths: texts(container, "volumeMounts", "mountPath"),
            arguments: arguments.map(str::to_owned).collect(),
        };
        pod.containers.insert(name.to_owned(), has);
    }
    pod
}

fn items<'v>(value: &'v Value, list: &str) -> &'v [Value] {
    value.get(list).map(Value::items).unwrap_or_default()
}

/// The texts that the items of a list have under a key.
fn texts(value: &Value, list: &str, key: &str) -> BTreeSet<String> {
    items(value, list).iter().filter_map(|item| Some(item.get(key)?.as_str()?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::ManifestsFault;
    use crate::kustomize::{Unreadable, read_objects};
    use crate::model::flux::FluxVersion;
    use crate::model::{Container, Installation, Pod};
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
metadata:
  name: buckets.source.toolkit.fluxcd.io
spec: [this is never parsed
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

    fn read_installation(text: &str) -> Result<Installation, ManifestsFault> {
        super::read_installation(text, read_objects(text))
    }

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
        let broken = read_installation("kind: Deployment\nmetadata: [\n");
        assert!(matches!(broken, Err(ManifestsFault::Unreadable(Unreadable::NotYaml(_)))), "{broken:?}");
    }

    #[test]
    fn what_says_more_than_can_be_read_safely_is_told_with_its_line_in_the_file() {
        let deep = format!("kind: Deployment\nmetadata:\n  a: {}\n", "[".repeat(100));
        let long = format!("kind: Deployment\na: {}\n", "x".repeat(1024 * 1024));
        for (text, excess, line) in [
            (deep.clone(), Excess::Depth, 3),
            (format!("---\n{deep}"), Excess::Depth, 4),
            (format!("{SMALL}---\n{deep}"), Excess::Depth, SMALL.lines().count() + 4),
            (format!("{SMALL}---\n{long}"), Excess::Bytes, SMALL.lines().count() + 2),
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

    #[test]
    fn the_role_of_the_controllers_is_found_if_no_role_lets_them_create_tokens() {
        let role = |name: &str, rule: &str| {
            format!(
                "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: {name}\nrules:\n- {rule}\n"
            )
        };
        let own = "crd-controller-flux-system";
        let events = role(own, "{ apiGroups: [''], resources: [events], verbs: [create] }");
        let with = |name: &str, rule: &str| format!("{events}{}", role(name, rule));
        for (text, expected) in [
            (events.clone(), Some(own)),
            (with("other", "{ apiGroups: [''], resources: [serviceaccounts/token], verbs: [create] }"), None),
            (with("other", "{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }"), None),
            (with("other", "{ apiGroups: [apps], resources: ['*'], verbs: ['*'] }"), Some(own)),
            (with("other", "{ apiGroups: [''], resources: [serviceaccounts], verbs: [create] }"), Some(own)),
            (
                with("other", "{ apiGroups: [''], resources: [serviceaccounts/token], verbs: [get] }"),
                Some(own),
            ),
            (role("other", "{ apiGroups: [''], resources: [events], verbs: [create] }"), None),
        ] {
            let objects = read_objects(&text).expect("they can be read");
            let found = super::role_without_tokens(&objects).map(|role| role.id().name.as_str());
            assert_eq!(found, expected, "{text}");
        }
    }
}
