//! Everything but patches.

use serde_json::{Map, Value, json};

use crate::kustomize::random::{Generated, Overlays};

impl Overlays {
    /// `below`: what is generated before.
    pub(super) fn transformers(&mut self, directory: &str, below: &Generated, said: &mut Map<String, Value>) {
        let texts = [
            ("namespace", vec![self.name("ns"), self.name("other")]),
            ("namePrefix", vec!["p-".to_owned(), "o-".to_owned()]),
            ("nameSuffix", vec!["-s".to_owned()]),
        ];
        for (field, all) in texts {
            if self.one_in(8) {
                let text = self.pick(&all);
                match field {
                    "namespace" => self.moved_to = Some(text.clone()),
                    "namePrefix" => self.prefix.insert_str(0, &text),
                    _ => self.suffix.push_str(&text),
                }
                said.insert(field.to_owned(), json!(text));
            }
        }
        if self.one_in(8) {
            let mut labels = json!({"pairs": {"team": "a", "app": "b"}});
            if self.one_in(2) {
                labels["includeSelectors"] = json!(self.one_in(2));
            }
            if self.one_in(2) {
                labels["includeTemplates"] = json!(self.one_in(2));
            }
            if self.one_in(4) {
                labels["fields"] =
                    json!([{"path": "spec/more/labels", "kind": "Thing", "create": self.one_in(2)}]);
            }
            said.insert("labels".to_owned(), json!([labels]));
        }
        for (field, pairs) in [
            ("commonLabels", json!({"common": "ok", "x.y/z": "1"})),
            ("commonAnnotations", json!({"note": "5", "b": "true"})),
        ] {
            if self.one_in(12) {
                said.insert(field.to_owned(), pairs);
            }
        }
        if self.one_in(10) {
            let image = self.pick(&[
                json!({"name": "a", "newName": "example.com/b"}),
                json!({"name": "a", "newTag": "v9"}),
                json!({"name": "ghcr.io/fluxcd/source-controller", "newName": "mirror/source", "digest": "sha256:11"}),
                json!({"name": "localhost:5000/a", "newTag": "v2"}),
                json!({"name": ".*", "newTag": "all"}),
                json!({"name": "example.com/a", "newName": "c"}),
            ]);
            said.insert(self.pick(&["images", "images", "imageTags"]).to_owned(), json!([image]));
        }
        if self.one_in(12) {
            let name = if self.one_in(40) { "none".to_owned() } else { self.name("d") };
            said.insert("replicas".to_owned(), json!([{"name": name, "count": 3}]));
        }
        self.generators(directory, below, said);
        if self.one_in(20) {
            said.insert("buildMetadata".to_owned(), json!([]));
        }
        if self.one_in(20) {
            said.insert("metadata".to_owned(), json!({"name": "k"}));
        }
    }

    fn generators(&mut self, directory: &str, below: &Generated, said: &mut Map<String, Value>) {
        for (field, begin, times) in [("configMapGenerator", "g", 5), ("secretGenerator", "h", 8)] {
            if !self.one_in(times) {
                continue;
            }
            let suffix = if self.one_in(3) { String::new() } else { directory.replace('/', "") };
            let mut entry = json!({"name": format!("{}{suffix}", self.name(begin))});
            if self.one_in(3) {
                entry["namespace"] = json!(self.name("ns"));
            }
            if self.one_in(2) {
                entry["literals"] = json!(self.pick(&[
                    vec!["k=v"],
                    vec!["k=\"quoted <&>\"", "l='x'"],
                    vec!["k=a=b", "é.x=1"],
                    vec!["json={\"type\": \"external_account\"}\n", "k="],
                ]));
                if self.one_in(6) {
                    entry["literals"] = json!(["é=1"]);
                }
            }
            if self.one_in(3) {
                self.put(
                    &format!("{directory}/{begin}.json"),
                    format!("{{\"a\": \"{}\"}}\n", "x".repeat(self.number % 90)),
                );
                entry["files"] =
                    json!([self.pick(&[format!("{begin}.json"), format!("renamed={begin}.json")])]);
            }
            if self.one_in(5) {
                self.put(&format!("{directory}/{begin}.env"), "# no\nA=1\n B=2=3\nC\n\n".to_owned());
                entry["envs"] = json!([format!("{begin}.env")]);
            }
            let text = |field: &str| entry[field].as_str().map(str::to_owned);
            let own = (field.to_owned(), text("name").unwrap_or_default(), text("namespace"));
            // What does not fit fails, as a few shall.
            if below.contains(&own) != self.one_in(60) {
                let mostly = self.pick(&["merge", "replace"]);
                entry["behavior"] = json!(if self.one_in(40) { "create" } else { mostly });
            }
            let _known = self.generated.insert(own);
            if self.one_in(4) {
                entry["options"] = self.pick(&[
                    json!({"disableNameSuffixHash": true}),
                    json!({"labels": {"a": "b"}, "annotations": {"c": "1"}}),
                    json!({"immutable": true}),
                ]);
            }
            if begin == "h" && self.one_in(3) {
                entry["type"] = json!("kubernetes.io/tls");
            }
            said.insert(field.to_owned(), json!([entry]));
        }
        if self.one_in(12) {
            let options = self.pick(&[
                json!({"disableNameSuffixHash": true}),
                json!({"labels": {"a": "c", "d": "e"}}),
                json!({"annotations": {"note": "all"}, "immutable": true}),
            ]);
            said.insert("generatorOptions".to_owned(), options);
        }
    }
}
