//! Patches of both sorts, with and without targets.

use serde_json::{Map, Value, json};

use crate::kustomize::random::Overlays;

impl Overlays {
    pub(super) fn patches(&mut self, directory: &str, said: &mut Map<String, Value>) {
        let mut patches = Vec::new();
        for at in 0..self.below(4) {
            patches.push(self.patch(directory, at));
        }
        if !patches.is_empty() {
            said.insert("patches".to_owned(), json!(patches));
        }
        if self.one_in(5) {
            let mut all = Vec::new();
            for at in 0..=self.below(2) {
                let text = self.documents();
                if self.one_in(2) {
                    let path = format!("strategic{at}.yaml");
                    self.put(&format!("{directory}/{path}"), text);
                    all.push(path);
                } else {
                    all.push(text);
                }
            }
            said.insert("patchesStrategicMerge".to_owned(), json!(all));
        }
        if self.one_in(6) {
            let (kind, begin, group) = self.known_kind();
            let mut operations = self.operations(kind, true);
            if !self.one_in(10) {
                // Nothing makes annotations here.
                operations.insert_str(0, "- op: add\n  path: /metadata/annotations\n  value: {first: one}\n");
            }
            let target = json!({"kind": kind, "name": self.name(begin), "group": group});
            said.insert("patchesJson6902".to_owned(), json!([{"target": target, "patch": operations}]));
        }
    }

    fn known_kind(&mut self) -> (&'static str, &'static str, &'static str) {
        self.pick(&[
            ("Deployment", "d", "apps"),
            ("Deployment", "d", "apps"),
            ("ServiceAccount", "s", ""),
            ("Service", "v", ""),
            ("Thing", "x", "example.com"),
        ])
    }

    fn documents(&mut self) -> String {
        let mut text = String::new();
        for at in 0..=self.below(2) {
            if at > 0 {
                text.push_str("---\n");
            }
            let (kind, _, _) = self.known_kind();
            let patch = self.merge(kind, true);
            text.push_str(&serde_yaml::to_string(&patch).expect("it is written"));
        }
        text
    }

    fn patch(&mut self, directory: &str, at: usize) -> Value {
        let mut entry = Map::new();
        let (kind, _, _) = self.known_kind();
        let has_target = self.one_in(2);
        let text = if has_target && self.one_in(2) {
            self.operations(kind, false)
        } else if !has_target && self.one_in(6) {
            self.documents()
        } else {
            let patch = self.merge(kind, !has_target);
            if self.one_in(2) {
                patch.to_string()
            } else {
                serde_yaml::to_string(&patch).expect("it is written")
            }
        };
        if has_target || self.one_in(60) {
            entry.insert("target".to_owned(), self.target(kind));
        }
        if self.one_in(8) {
            let option = self.pick(&["allowNameChange", "allowKindChange"]);
            entry.insert("options".to_owned(), json!({option: self.one_in(2)}));
        }
        if self.one_in(4) {
            let path = format!("patch{at}.yaml");
            self.put(&format!("{directory}/{path}"), text);
            entry.insert("path".to_owned(), json!(path));
        } else {
            entry.insert("patch".to_owned(), json!(text));
        }
        Value::Object(entry)
    }

    fn target(&mut self, kind: &str) -> Value {
        let mut target = Map::new();
        if !self.one_in(10) {
            target.insert("kind".to_owned(), json!(kind));
        }
        let mut fields = vec![
            (
                "name",
                vec![
                    self.name("d"),
                    self.name("(d|s|v)"),
                    "source-controller".to_owned(),
                    format!("^.{}$", self.name("")),
                    "d".to_owned(),
                    ".*".to_owned(),
                    format!(".*{}.*", self.name("")),
                ],
            ),
            (
                "namespace",
                vec![self.name("ns"), "default".to_owned(), self.name("(ns|x)"), "flux.*".to_owned()],
            ),
            ("group", vec!["apps".to_owned(), "apps|".to_owned()]),
            ("version", vec!["v1".to_owned(), "v.".to_owned()]),
            (
                "labelSelector",
                vec![
                    "app=flux".to_owned(),
                    "app in (flux,x),!q".to_owned(),
                    "app".to_owned(),
                    "n=5".to_owned(),
                    "n>4".to_owned(),
                ],
            ),
            ("annotationSelector", vec!["b".to_owned(), "x.y/z=1".to_owned(), "!b".to_owned()]),
        ];
        for (field, texts) in &mut fields {
            if self.one_in(5) {
                target.insert((*field).to_owned(), json!(self.pick(texts)));
            }
        }
        if self.one_in(400) {
            target.insert("name".to_owned(), json!("(x"));
        }
        if self.one_in(400) {
            target.insert("labelSelector".to_owned(), json!("a b c"));
        }
        Value::Object(target)
    }

    /// A strategic merge patch for an object of that kind.
    fn merge(&mut self, kind: &str, is_exact: bool) -> Value {
        let (api, begin) = match kind {
            "Deployment" => ("apps/v1", "d"),
            "ServiceAccount" => ("v1", "s"),
            "Service" => ("v1", "v"),
            _ => ("example.com/v1", "x"),
        };
        let mut metadata = json!({"name": self.name(begin)});
        if is_exact {
            // kustomize finds an object by the names that it has by then. A few patches name what it had before.
            let is_moved = !self.one_in(60);
            let mut namespace = self.namespaces.get(kind).cloned().flatten();
            if is_moved {
                metadata["name"] = json!(format!("{}{}{}", self.prefix, self.name(begin), self.suffix));
                namespace = self.moved_to.clone().or(namespace);
            }
            if let Some(namespace) = namespace {
                metadata["namespace"] = json!(namespace);
            }
            if self.one_in(150) {
                metadata["name"] = json!("other");
            }
        } else if self.one_in(3) {
            metadata["name"] = json!("any");
        }
        let mut patch = json!({"apiVersion": api, "kind": kind, "metadata": metadata});
        for (field, values) in [("annotations", self.some_annotations()), ("labels", self.some_annotations())]
        {
            if self.one_in(3) {
                patch["metadata"][field] = values;
            }
        }
        if self.one_in(10) {
            patch["metadata"]["finalizers"] = self.pick(&[json!(["b", "c"]), json!(null), json!([])]);
        }
        match kind {
            "Deployment" => patch["spec"] = self.deployment_patch(),
            "ServiceAccount" => {
                if self.one_in(2) {
                    patch["imagePullSecrets"] = self.pick(&[json!([{"name": "z"}]), json!([{"$patch": "delete"}]), json!(null)]);
                }
                if self.one_in(2) {
                    patch["secrets"] = self.pick(&[json!([{"name": "a", "$patch": "delete"}]), json!([{"name": "b", "y": 2}, {"name": "n"}]), json!([{"$patch": "replace"}, {"name": "z"}])]);
                }
            }
            "Service" => {
                if self.one_in(2) {
                    patch["spec"] = json!({"ports": self.pick(&[
                        json!([{"port": 80, "protocol": "TCP", "name": "t"}]),
                        json!([{"port": 80, "name": "n"}]),
                        json!([{"port": 82}, {"port": 80, "protocol": "UDP", "$patch": "delete"}]),
                        json!([{"port": 80, "$patch": "delete"}]),
                        json!([{"name": "no port"}]),
                        json!(null),
                    ])});
                }
            }
            _ => patch["spec"] = self.pick(&[
                json!({"list": [{"name": "b", "x": 1}]}),
                json!({"map": {"a": null, "b": 2, "d": {"e": null}}}),
                json!({"map": {"$patch": "replace", "z": 1}}),
                json!({"map": {"$patch": "delete"}}),
                json!({"list": null, "text": "u"}),
                json!({"list": [{"$patch": "delete"}], "new": {"$patch": "merge", "q": {"$patch": "delete"}}}),
                json!({"float": 2, "map": {"c": [3], "x": "1", "$patch": "merge"}}),
            ]),
        }
        if self.one_in(60) {
            patch["$patch"] = json!(self.pick(&["replace", "replace", "merge", "merge", "delete", "other"]));
        }
        patch
    }

    fn some_annotations(&mut self) -> Value {
        self.pick(&[
            json!({"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/x"}),
            json!({"b": null, "n": 1, "t": true}),
            json!({"x.y/z": "2"}),
            json!({}),
            json!(null),
            json!({"$patch": "replace", "a": "b"}),
            json!({"app": "other"}),
        ])
    }

    fn deployment_patch(&mut self) -> Value {
        let mut spec = Map::new();
        if self.one_in(5) {
            spec.insert("replicas".to_owned(), self.pick(&[json!(2), json!(null), json!("3")]));
        }
        if self.one_in(12) {
            spec.insert(
                "selector".to_owned(),
                self.pick(&[
                    json!({"matchLabels": {"$patch": "replace", "x": "y"}}),
                    json!({"$patch": "delete"}),
                    json!({"matchLabels": null}),
                ]),
            );
        }
        let mut template = Map::new();
        if self.one_in(4) {
            template.insert(
                "metadata".to_owned(),
                json!({"labels": self.some_annotations(), "annotations": {"a": "b"}}),
            );
        }
        let mut pod = Map::new();
        if self.one_in(6) {
            pod.insert(
                "serviceAccountName".to_owned(),
                self.pick(&[json!("z"), json!(self.name("s")), json!(null)]),
            );
        }
        if self.one_in(2) {
            let containers = self.containers();
            pod.insert("containers".to_owned(), containers);
        }
        if self.one_in(8) {
            let containers = self.containers();
            pod.insert("initContainers".to_owned(), containers);
        }
        for (field, times, values) in [
            (
                "volumes",
                4,
                vec![
                    json!([{"name": "tmp", "$patch": "delete"}]),
                    json!([{"name": "tok", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}, {"configMap": {"name": self.name("g")}}]}}]),
                    json!([{"name": "cfg", "configMap": {"optional": true}}, {"name": "z"}]),
                    json!([{"$patch": "replace"}, {"name": "w", "emptyDir": {}}]),
                    json!([{"$patch": "delete"}]),
                    json!([{"name": "tmp", "emptyDir": null, "$retainKeys": ["name"]}]),
                    json!(null),
                ],
            ),
            (
                "tolerations",
                8,
                vec![json!([{"key": "b"}]), json!([{"$patch": "delete"}, {"key": "c"}]), json!([])],
            ),
            (
                "imagePullSecrets",
                8,
                vec![json!([{"name": "y"}]), json!([{"name": self.name("p"), "$patch": "delete"}])],
            ),
            (
                "hostAliases",
                8,
                vec![
                    json!([{"ip": "1", "hostnames": ["b"]}, {"ip": "2"}]),
                    json!([{"ip": "1", "$patch": "delete"}]),
                ],
            ),
            (
                "topologySpreadConstraints",
                8,
                vec![
                    json!([{"topologyKey": "a", "maxSkew": 1}]),
                    json!([{"topologyKey": "a", "whenUnsatisfiable": "b", "maxSkew": 2}, {"topologyKey": "c", "whenUnsatisfiable": "d"}]),
                    json!([{"topologyKey": "a", "whenUnsatisfiable": "b", "$patch": "delete"}]),
                ],
            ),
            (
                "affinity",
                10,
                vec![
                    json!({"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"labelSelector": {"matchLabels": {"a": "b"}}}]}}),
                    json!({"x": null}),
                ],
            ),
        ] {
            if self.one_in(times) {
                pod.insert(field.to_owned(), self.pick(&values));
            }
        }
        if !pod.is_empty() {
            template.insert("spec".to_owned(), Value::Object(pod));
        }
        if !template.is_empty() {
            spec.insert("template".to_owned(), Value::Object(template));
        }
        Value::Object(spec)
    }

    fn containers(&mut self) -> Value {
        let mut containers = Vec::new();
        for _ in 0..=self.below(2) {
            let name = self.pick(&["manager", "manager", "manager", "side", "new", "init"]);
            let mut container = json!({"name": name});
            for (field, times, values) in [
                ("image", 5, vec![json!("example.com/x:v2"), json!(null)]),
                ("args", 5, vec![json!(["--z"]), json!(null), json!([])]),
                (
                    "env",
                    2,
                    vec![
                        json!([{"name": "AWS_ROLE_ARN", "value": "x"}]),
                        json!([{"name": "A", "$patch": "delete"}, {"name": "C", "value": "c"}]),
                        json!([{"name": "B", "value": null}, {"name": "A", "value": "z"}]),
                        json!([{"$patch": "replace"}, {"name": "Z"}]),
                        json!([{"$patch": "delete"}]),
                        json!([{"name": "D", "value": "1"}, {"name": "D", "value": "2"}]),
                        json!([{"value": "no name"}]),
                        json!(null),
                    ],
                ),
                (
                    "ports",
                    4,
                    vec![
                        json!([{"containerPort": 80, "name": "n"}]),
                        json!([{"containerPort": 81, "protocol": "TCP"}, {"containerPort": 82}]),
                        json!([{"containerPort": 80, "protocol": "UDP", "$patch": "delete"}]),
                        json!([{"containerPort": 80, "protocol": "TCP", "name": "u"}, {"containerPort": 80, "protocol": "UDP", "name": "v"}]),
                    ],
                ),
                (
                    "volumeMounts",
                    4,
                    vec![
                        json!([{"mountPath": "/tok", "name": "tok", "readOnly": true}]),
                        json!([{"mountPath": "/tmp", "$patch": "delete"}]),
                        json!([{"mountPath": "/tmp", "name": "other"}]),
                    ],
                ),
                ("envFrom", 8, vec![json!([{"secretRef": {"name": "a"}}])]),
                (
                    "resources",
                    8,
                    vec![
                        json!({"limits": {"cpu": null, "x": "y"}}),
                        json!(null),
                        json!({"$patch": "replace", "a": 1}),
                    ],
                ),
                ("securityContext", 8, vec![json!({"a": {"b": null}, "c": []})]),
                ("volumeDevices", 12, vec![json!([{"devicePath": "/d"}])]),
                ("$patch", 14, vec![json!("delete"), json!("replace"), json!("merge")]),
                ("$setElementOrder/env", 20, vec![json!([{"name": "A"}])]),
                ("$deleteFromPrimitiveList/args", 20, vec![json!(["--a"])]),
            ] {
                if self.one_in(times) {
                    container[field] = self.pick(&values);
                }
            }
            containers.push(container);
        }
        if self.one_in(25) {
            containers.push(json!({"$patch": self.pick(&["replace", "delete", "merge"])}));
        }
        json!(containers)
    }

    /// JSON6902 operations for an object of that kind, mostly such as can be applied.
    fn operations(&mut self, kind: &str, is_yaml: bool) -> String {
        let mut operations = Vec::new();
        for _ in 0..=self.below(3) {
            operations.push(self.operation(kind));
        }
        match self.below(12) {
            0 if !is_yaml => json!(operations).to_string(),
            1 if !is_yaml && operations.len() == 1 => {
                serde_json::to_string_pretty(&json!(operations)).expect("it is written")
            }
            _ => serde_yaml::to_string(&operations).expect("it is written"),
        }
    }

    fn operation(&mut self, kind: &str) -> Value {
        let common = [
            json!({"op": "add", "path": "/metadata/annotations/eks.amazonaws.com~1role-arn", "value": "arn"}),
            json!({"op": "add", "path": "/metadata/annotations/a~0b", "value": 1}),
            json!({"op": "replace", "path": "/metadata/annotations/new", "value": null}),
            json!({"op": "add", "path": "/metadata/annotations", "value": {"only": "one"}}),
            json!({"op": "add", "path": "/metadata/labels", "value": {"l": "m"}}),
            json!({"op": "test", "path": "/kind", "value": kind}),
        ];
        let rare = [
            json!({"op": "remove", "path": "/metadata/annotations"}),
            json!({"op": "add", "path": "/metadata/annotations", "value": null}),
            json!({"op": "add", "path": "/metadata/labels/x", "value": "y"}),
            json!({"op": "remove", "path": "/metadata/annotations/b"}),
            json!({"op": "test", "path": "/metadata/name", "value": "x"}),
            json!({"op": "replace", "path": "/metadata/namespace", "value": self.name("ns")}),
            json!({"op": "remove", "path": "/metadata/labels/nope"}),
            json!({"op": "nothing", "path": "/x"}),
            json!({"op": "copy", "from": "/metadata/annotations", "path": "/copied"}),
            json!({"op": "add", "path": "/metadata/annotations/a/b", "value": "x"}),
        ];
        let own: Vec<Value> = match kind {
            "Deployment" => vec![
                json!({"op": "add", "path": "/spec/template/spec/containers/0/args", "value": ["--x"]}),
                json!({"op": "add", "path": "/spec/template/spec/containers/-", "value": {"name": "z", "image": "i"}}),
                json!({"op": "add", "path": "/spec/template/spec/containers/0", "value": {"name": "first"}}),
                json!({"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "example.com/y"}),
                json!({"op": "add", "path": "/spec/template/spec/containers/0/env", "value": [{"name": "E", "value": "1"}]}),
                json!({"op": "add", "path": "/spec/template/spec/containers/0/env/-", "value": {"name": "F", "value": 2.0}}),
                json!({"op": "add", "path": "/spec/template/metadata", "value": {"labels": {"azure.workload.identity/use": "true"}}}),
                json!({"op": "add", "path": "/spec/template/spec/priorityClassName", "value": "p"}),
                json!({"op": "move", "from": "/spec/template/spec/serviceAccountName", "path": "/spec/template/spec/serviceAccount"}),
                json!({"op": "copy", "from": "/spec/template/spec/containers/0", "path": "/spec/template/spec/containers/-"}),
                json!({"op": "remove", "path": "/spec/template/spec/containers/-1"}),
                json!({"op": "replace", "path": "/spec/replicas", "value": 5}),
                json!({"op": "add", "path": "/spec/template/spec/volumes", "value": [{"name": "g", "configMap": {"name": self.name("g")}}]}),
            ],
            "Service" => vec![
                json!({"op": "add", "path": "/spec/ports/-", "value": {"port": 9}}),
                json!({"op": "remove", "path": "/spec/selector/app"}),
                json!({"op": "add", "path": "/spec/selector/a~1b", "value": "c"}),
            ],
            "Thing" => vec![
                json!({"op": "remove", "path": "/spec/map/b"}),
                json!({"op": "test", "path": "/spec/map/b", "value": null}),
                json!({"op": "test", "path": "/spec/map/none", "value": null}),
                json!({"op": "move", "from": "/spec/list/0", "path": "/spec/list/1"}),
                json!({"op": "add", "path": "/spec/list/5", "value": 1}),
                json!({"op": "test", "path": "/spec/float", "value": 1.5}),
                json!({"op": "add", "path": "/spec/big", "value": 9_007_199_254_740_993_i64}),
                json!({"op": "copy", "from": "/spec/map/c/-1", "path": "/spec/map/d"}),
            ],
            _ => vec![json!({"op": "add", "path": "/automountServiceAccountToken", "value": false})],
        };
        match self.below(12) {
            0 if self.one_in(6) => self.pick(&rare),
            1 if self.one_in(6) => self.pick(&own),
            2 if kind != "Thing" => own[0].clone(),
            _ => self.pick(&common),
        }
    }
}
