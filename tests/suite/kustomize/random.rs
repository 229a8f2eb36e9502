//! Overlays at random. All of a seed can be made again, one by one: each has a seed of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use flux_identity::kustomize::Cause;
use serde_json::{Map, Value, json};
use serde_yaml::Value as Theirs;

use crate::harness;
use crate::kustomize::judge::{differences, id, id_of, judge, place, write};
use crate::kustomize::{Build, Files, Manifests, Outcome, Reach, compare, model, shown};

/// How many overlays are resources of one root. With more of them kustomize takes longer for each, as it looks for the
/// names of all objects in all objects.
const BATCH: usize = 40;

/// What came of many overlays.
#[derive(Default)]
pub struct Outcomes {
    pub equal: usize,
    pub failed: usize,
    pub unmodelled: usize,
    /// How many are said to fail, and were not judged.
    pub skipped: usize,
    pub differences: Vec<String>,
    /// How many overlays fail with each cause.
    pub causes: BTreeMap<String, usize>,
}

impl Outcomes {
    pub fn report(&self) -> String {
        let Outcomes { equal, failed, unmodelled, skipped, differences, causes } = self;
        let shown: Vec<&str> = differences.iter().take(40).map(String::as_str).collect();
        format!(
            "{equal} equal, {failed} failed alike, {unmodelled} not modelled, {} differ; {skipped} more are said to fail\n{causes:?}\n{}",
            differences.len(),
            shown.join("\n\n")
        )
    }

    fn add(&mut self, other: Outcomes) {
        self.equal += other.equal;
        self.failed += other.failed;
        self.unmodelled += other.unmodelled;
        self.skipped += other.skipped;
        self.differences.extend(other.differences);
        for (cause, count) in other.causes {
            *self.causes.entry(cause).or_default() += count;
        }
    }
}

/// Compares overlays, by two threads.
pub fn compare_many(seed: usize, count: usize) -> Outcomes {
    let mut all = Outcomes::default();
    let half = count.div_ceil(2);
    let shares: Vec<std::ops::Range<usize>> = vec![0..half, half..count];
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            shares.into_iter().map(|share| scope.spawn(move || compare_share(seed, share))).collect();
        for thread in threads {
            all.add(thread.join().expect("the thread ends"));
        }
    });
    all
}

fn compare_share(seed: usize, share: std::ops::Range<usize>) -> Outcomes {
    let mut outcomes = Outcomes::default();
    let mut batch = Vec::new();
    let of_each = harness::times(1, 2);
    for number in share {
        let files = Overlays::new(seed, number).make();
        match model(&files, &overlay(number), &Manifests::new()) {
            Ok(build) if build.unmodelled.iter().any(|left| left.reach > Reach::Harmless) => {
                outcomes.unmodelled += 1;
            }
            Ok(build) => batch.push(Modelled { number, files, build }),
            Err(failure) => {
                let of_cause = outcomes.causes.entry(sort(&failure.cause)).or_default();
                *of_cause += 1;
                // kustomize builds nothing if one overlay fails, so that each of these takes a run of its own.
                if *of_cause <= of_each {
                    alone(seed, number, &files, &mut outcomes);
                } else {
                    outcomes.skipped += 1;
                }
            }
        }
        if batch.len() == BATCH {
            compare_batch(seed, &std::mem::take(&mut batch), &mut outcomes);
        }
        if outcomes.differences.len() > 20 {
            break;
        }
    }
    compare_batch(seed, &batch, &mut outcomes);
    outcomes
}

/// The sort of a cause: without names and numbers.
fn sort(cause: &Cause) -> String {
    let text = format!("{cause:?}");
    let text = text.split(['"', '{']).next().unwrap_or_default();
    text.chars().filter(|letter| !letter.is_ascii_digit()).collect()
}

/// An overlay that the model builds.
struct Modelled {
    number: usize,
    files: Files,
    build: Build,
}

pub fn overlay(number: usize) -> String {
    format!("c{number}/overlay")
}

fn alone(seed: usize, number: usize, files: &Files, outcomes: &mut Outcomes) {
    match compare(files, &overlay(number)) {
        Ok(Outcome::Equal) => outcomes.equal += 1,
        Ok(Outcome::Failed) => outcomes.failed += 1,
        Ok(Outcome::Unmodelled) => outcomes.unmodelled += 1,
        Err(difference) => {
            outcomes
                .differences
                .push(format!("seed {seed}, overlay {number}: {difference}\n{}", shown(files)));
        }
    }
}

/// Compares overlays that the model builds. If kustomize does not build them together, halves are tried.
fn compare_batch(seed: usize, batch: &[Modelled], outcomes: &mut Outcomes) {
    if batch.is_empty() {
        return;
    }
    if let [Modelled { number, files, .. }] = batch {
        return alone(seed, *number, files, outcomes);
    }
    let place = place();
    let mut root = "resources:\n".to_owned();
    for Modelled { number, files, .. } in batch {
        write(place.path(), files);
        writeln!(root, "- {}", overlay(*number)).expect("text can be written");
    }
    write(place.path(), &[("kustomization.yaml".to_owned(), root)].into());
    let Ok(theirs) = judge(place.path()) else {
        let (one, other) = batch.split_at(batch.len() / 2);
        compare_batch(seed, one, outcomes);
        return compare_batch(seed, other, outcomes);
    };
    let theirs: Vec<(String, Option<usize>, Theirs)> =
        theirs.into_iter().map(|object| (id(&object), number_of(&object), object)).collect();
    for Modelled { number, files, build } in batch {
        let known: BTreeSet<String> = build.objects.iter().map(id_of).collect();
        // An object whose name has no number is that of the overlay that has such an object.
        let theirs = theirs.iter().filter(|(id, of, _)| *of == Some(*number) || known.contains(id));
        let theirs: Vec<Theirs> = theirs.map(|(_, _, object)| object.clone()).collect();
        if differences(build, &theirs).is_none() {
            outcomes.equal += 1;
        } else {
            alone(seed, *number, files, outcomes);
        }
    }
}

/// The number of the overlay that an object is of: nearly all names have it.
fn number_of(object: &Theirs) -> Option<usize> {
    let mut parts = object["metadata"]["name"].as_str()?.split('q').skip(1);
    parts.find_map(|part| part.parse().ok())
}

/// Fields of generators, and the names and the namespaces that they have there.
type Generated = BTreeSet<(String, String, Option<String>)>;

/// The maker of one overlay.
pub struct Overlays {
    state: u64,
    number: usize,
    files: Files,
    /// The namespaces that the objects of the base have, by their kinds.
    namespaces: BTreeMap<String, Option<String>>,
    /// What the kustomizations below and the components before generate: field, name and namespace.
    generated: Generated,
    /// The namespace that everything was put in by now, and what was put before and behind all names.
    moved_to: Option<String>,
    prefix: String,
    suffix: String,
    with_transformers: bool,
}

impl Overlays {
    pub fn new(seed: usize, number: usize) -> Overlays {
        let state = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ (number as u64 + 1).wrapping_mul(0xd1b5_4a32_d192_ed03);
        let mut overlays = Overlays {
            state: state | 1,
            number,
            files: Files::new(),
            namespaces: BTreeMap::new(),
            generated: Generated::new(),
            moved_to: None,
            prefix: String::new(),
            suffix: String::new(),
            with_transformers: true,
        };
        for _ in 0..8 {
            let _ = overlays.below(2);
        }
        overlays.with_transformers = std::env::var_os("FLUX_IDENTITY_CORE").is_none();
        overlays
    }

    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 16).expect("it has 48 bits") % limit
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn name(&self, begin: &str) -> String {
        format!("{begin}q{}q", self.number)
    }

    fn put(&mut self, path: &str, text: String) {
        let path = format!("c{}/{path}", self.number);
        let _earlier = self.files.insert(path, text);
    }

    /// An overlay with bases, components, and patches of all sorts.
    pub fn make(mut self) -> Files {
        self.manifests();
        let depth = self.below(4);
        let mut below = "../base".to_owned();
        self.kustomization("base", &["objects.yaml"], false, true);
        for level in 0..depth.saturating_sub(1) {
            let directory = format!("level{level}");
            self.kustomization(&directory, &[&below], false, false);
            below = format!("../{directory}");
        }
        self.kustomization("overlay", &[&below], false, true);
        self.files
    }

    fn kustomization(&mut self, directory: &str, resources: &[&str], is_component: bool, is_rich: bool) {
        let mut said = Map::new();
        // What its own components generate comes later than what it generates itself.
        let below = self.generated.clone();
        if is_component {
            said.insert("apiVersion".to_owned(), json!("kustomize.config.k8s.io/v1alpha1"));
            said.insert("kind".to_owned(), json!("Component"));
        } else if self.one_in(2) {
            said.insert("apiVersion".to_owned(), json!("kustomize.config.k8s.io/v1beta1"));
            said.insert("kind".to_owned(), json!("Kustomization"));
        }
        let mut all: Vec<String> = resources.iter().map(|text| (*text).to_owned()).collect();
        if is_rich && self.one_in(4) {
            let name = format!("more-{}.yaml", directory.replace('/', "-"));
            let object = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": self.name(&format!("m{}", directory.replace('/', "-")))}});
            self.put(&format!("{directory}/{name}"), object.to_string());
            all.push(name);
        }
        if !all.is_empty() || !is_component {
            let key = if self.one_in(20) { "bases" } else { "resources" };
            said.insert(key.to_owned(), json!(all));
        }
        if is_rich && self.one_in(4) {
            let mut components = Vec::new();
            for at in 0..=self.below(2) {
                let path = format!("{directory}-component{at}");
                let is_deep = directory.len() < 20 && self.one_in(3);
                self.kustomization(&path, &[], true, is_deep);
                components.push(format!("../{}", path.rsplit('/').next().expect("it has a name")));
            }
            said.insert("components".to_owned(), json!(components));
        }
        self.patches(directory, &mut said);
        if self.with_transformers {
            self.transformers(directory, &below, &mut said);
        }
        if self.one_in(400) {
            said.insert(
                self.pick(&["namePrefx", "patch", "vars", "replacements", "helmCharts"]).to_owned(),
                json!([]),
            );
        }
        if said.is_empty() || is_component && said.len() == 2 {
            said.insert("resources".to_owned(), json!([]));
        }
        let name =
            self.pick(&["kustomization.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization"]);
        let said = Value::Object(said);
        let text = if self.one_in(2) {
            said.to_string()
        } else {
            serde_yaml::to_string(&said).expect("it is written")
        };
        self.put(&format!("{directory}/{name}"), text);
    }

    // -----------------------------------------------------------------------------------------------
    // Objects

    fn manifests(&mut self) {
        let mut objects = vec![self.deployment(), self.account(), self.service(), self.custom()];
        if self.one_in(2) {
            objects.push(self.config_map());
        }
        if self.one_in(3) {
            objects.push(
                json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.name("ns")}}),
            );
        }
        if self.with_transformers && self.one_in(3) {
            objects.push(self.binding());
        }
        if self.one_in(5) {
            objects.push(json!({"apiVersion": "v1", "kind": "List", "items": [self.other_account("l")]}));
        }
        if self.one_in(6) {
            let mut account = self.other_account("k");
            let is_local = self.pick(&["true", "false"]);
            account["metadata"]["annotations"] = json!({"config.kubernetes.io/local-config": is_local});
            objects.push(account);
        }
        if self.one_in(300) {
            objects.push(self.account());
        }
        if self.one_in(300) {
            objects.push(json!({"apiVersion": "v1", "metadata": {"name": "x"}}));
        }
        for object in &objects {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let namespace = text(&object["metadata"]["namespace"]);
            let kind = text(&object["kind"]).unwrap_or_default();
            let _known = self.namespaces.entry(kind).or_insert(namespace);
        }
        let separator = self.pick(&["---\n", "--- # another\n", "---\n\n---\n"]);
        let mut text = if self.one_in(2) { "---\n".to_owned() } else { String::new() };
        for (at, object) in objects.iter().enumerate() {
            if at > 0 {
                text.push_str(separator);
            }
            if self.one_in(2) {
                text.push_str(&object.to_string());
                text.push('\n');
            } else {
                text.push_str(&serde_yaml::to_string(object).expect("it is written"));
            }
        }
        self.put("base/objects.yaml", text);
    }

    fn namespace(&mut self) -> Value {
        match self.below(4) {
            0 => Value::Null,
            1 => json!("default"),
            _ => json!(self.name("ns")),
        }
    }

    fn metadata(&mut self, name: &str) -> Value {
        let mut metadata = json!({"name": name});
        let namespace = self.namespace();
        if !namespace.is_null() {
            metadata["namespace"] = namespace;
        }
        if self.one_in(2) {
            metadata["labels"] = self.labels();
        }
        match self.below(6) {
            0 => metadata["annotations"] = json!({}),
            1 => metadata["annotations"] = json!({"x.y/z": "1", "b": 2, "c": true}),
            2 => metadata["annotations"] = json!({"eks.amazonaws.com/role-arn": "arn"}),
            _ => {}
        }
        if self.one_in(8) {
            metadata["finalizers"] = json!(["a", "b"]);
        }
        metadata
    }

    fn labels(&mut self) -> Value {
        self.pick(&[
            json!({"app": "flux"}),
            json!({"app": "flux", "app.kubernetes.io/part-of": "flux", "n": 5}),
            json!({}),
            json!({"a": "", "b": "c"}),
        ])
    }

    fn account(&mut self) -> Value {
        let name = self.name("s");
        let mut account =
            json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": self.metadata(&name)});
        if self.one_in(3) {
            account["imagePullSecrets"] = json!([{"name": self.name("p")}, {"name": "q"}]);
            account["secrets"] = json!([{"name": "a"}, {"name": "b", "x": 1}]);
        }
        account
    }

    fn other_account(&mut self, begin: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": self.name(begin)}})
    }

    fn config_map(&mut self) -> Value {
        let name = self.name("c");
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": self.metadata(&name), "data": {"a": "b", "x/y": "z", "~": "t"}})
    }

    fn service(&mut self) -> Value {
        let name = self.name("v");
        let ports = self.pick(&[
            json!([{"port": 80}]),
            json!([{"port": 80, "protocol": "TCP"}, {"port": 80, "protocol": "UDP"}, {"port": 81}]),
            json!([{"port": 80, "name": "a"}, {"port": 81, "name": "b", "protocol": "TCP"}]),
            json!([]),
        ]);
        json!({"apiVersion": "v1", "kind": "Service", "metadata": self.metadata(&name), "spec": {"ports": ports, "selector": {"app": "x"}}})
    }

    fn custom(&mut self) -> Value {
        let name = self.name("x");
        json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": self.metadata(&name),
            "spec": {"list": [{"name": "a"}, {"name": "b"}], "map": {"a": 1, "b": null, "c": [1, 2]}, "text": "t", "float": 1.5, "containers": [{"name": "m", "image": "example.com/a:v1"}]}})
    }

    fn binding(&mut self) -> Value {
        let kind = self.pick(&["RoleBinding", "ClusterRoleBinding"]);
        let name = self.name("b");
        let mut subjects =
            vec![json!({"kind": "ServiceAccount", "name": self.name("s"), "namespace": self.name("ns")})];
        if self.one_in(2) {
            subjects.push(json!({"kind": "ServiceAccount", "name": "default"}));
        }
        if self.one_in(2) {
            subjects.push(json!({"kind": "ServiceAccount", "name": self.name("s")}));
        }
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": self.metadata(&name), "subjects": subjects,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "r"}})
    }

    fn deployment(&mut self) -> Value {
        let name = self.name("d");
        let mut containers = vec![self.container("manager")];
        if self.one_in(2) {
            containers.push(self.container("side"));
        }
        if self.one_in(30) {
            containers.push(json!({"name": "manager", "image": "again"}));
        }
        let mut pod = json!({"serviceAccountName": self.name("s"), "containers": containers});
        if self.one_in(2) {
            pod["volumes"] = json!([{"name": "tmp", "emptyDir": {}}, {"name": "cfg", "configMap": {"name": self.name("g")}}]);
        }
        if self.one_in(4) {
            pod["initContainers"] = json!([{"name": "init", "image": "b:v1"}]);
        }
        if self.one_in(4) {
            pod["tolerations"] = json!([{"key": "a"}]);
        }
        if self.one_in(4) {
            pod["imagePullSecrets"] = json!([{"name": self.name("p")}]);
        }
        if self.one_in(5) {
            pod["hostAliases"] = json!([{"ip": "1", "hostnames": ["a"]}]);
        }
        if self.one_in(5) {
            pod["topologySpreadConstraints"] = json!([{"topologyKey": "a", "whenUnsatisfiable": "b", "labelSelector": {"matchLabels": {"q": "r"}}}, {"topologyKey": "a"}]);
        }
        let mut template = json!({"spec": pod});
        if self.one_in(2) {
            template["metadata"] = json!({"labels": {"app": "x"}});
        }
        if self.one_in(3) {
            template["metadata"]["annotations"] = json!({"prometheus.io/scrape": "true"});
        }
        let mut spec = json!({"template": template});
        if self.one_in(2) {
            spec["selector"] = json!({"matchLabels": {"app": "x"}});
        }
        if self.one_in(2) {
            spec["replicas"] = json!(1);
        }
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": self.metadata(&name), "spec": spec})
    }

    fn container(&mut self, name: &str) -> Value {
        let image = self.pick(&[
            "ghcr.io/fluxcd/source-controller:v1.0.0",
            "a",
            "localhost:5000/a@sha256:00",
            "a:v1@sha256:00",
        ]);
        let mut container = json!({"name": name, "image": image});
        if self.one_in(2) {
            container["env"] = self.pick(&[
                json!([{"name": "A", "value": "a"}, {"name": "B", "value": "b"}]),
                json!([{"name": "A", "valueFrom": {"configMapKeyRef": {"name": self.name("g"), "key": "k"}}}]),
                json!([]),
            ]);
        }
        if self.one_in(2) {
            container["args"] = json!(["--a", "--b=c"]);
        }
        if self.one_in(2) {
            container["ports"] = self.pick(&[
                json!([{"containerPort": 80}, {"containerPort": 81, "protocol": "UDP"}]),
                json!([{"containerPort": 80, "protocol": "TCP"}, {"containerPort": 80, "protocol": "UDP"}]),
                json!([{"containerPort": 80, "name": "a"}]),
            ]);
        }
        if self.one_in(3) {
            container["volumeMounts"] =
                json!([{"name": "tmp", "mountPath": "/tmp"}, {"name": "cfg", "mountPath": "/cfg"}]);
        }
        if self.one_in(4) {
            container["envFrom"] =
                json!([{"configMapRef": {"name": self.name("g")}}, {"secretRef": {"name": self.name("h")}}]);
        }
        if self.one_in(6) {
            container["resources"] = json!({"limits": {"cpu": 1, "memory": "1Gi"}, "requests": null});
        }
        container
    }
}

mod patches;
mod transformers;
