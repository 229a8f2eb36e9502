//! Documents to YAML. The only place that knows how it is written.
//!
//! `serde_yaml` does not write here: it leaves words such as `on` and `1_000` plain, which readers of YAML 1.1 take for
//! something else, and it is many times slower; it judges what is written in the tests.

pub mod object;
mod scalar;

use crate::emit::credentials;
use crate::emit::kustomization::{Change, GeneratedPatch, Kustomization, Manifest};
use crate::emit::yaml::scalar::{literal, scalar};
use crate::model::{
    Account, AccountCredentials, CREDENTIALS_FILE, ConfigMap, Entry, ForeignPatch, MANAGER, TOKEN_FILE,
    Volume, VolumeSource,
};

pub fn kustomization(kustomization: &Kustomization<'_>, text: &mut String) {
    let Kustomization { kind, resources, components, config_maps, namespace, foreign, patches } =
        kustomization;
    let mut out = Writer { text, indent: 0 };
    out.entry("apiVersion", kind.api_version());
    out.entry("kind", kind.name());
    out.list("resources", resources, |out, resource| out.item(resource));
    out.list("components", components, |out, component| out.item(component));
    out.list("configMapGenerator", config_maps, |out, one| config_map(out, one, namespace));
    if !(foreign.is_empty() && patches.is_empty()) {
        out.key("patches");
        for one in *foreign {
            foreign_patch(&mut out, one);
        }
        for one in patches {
            patch(&mut out, one);
        }
    } else if resources.is_empty() && components.is_empty() && config_maps.is_empty() {
        // kustomize rejects an empty component, and accepts an empty list of patches.
        out.bare("patches", "[]");
    }
}

/// A passthrough patch, verbatim.
fn foreign_patch(out: &mut Writer<'_>, patch: &ForeignPatch) {
    out.text.push_str("- patch: ");
    literal(out.text, &patch.text, 4);
    out.nested(|out| {
        if !patch.target.is_empty() {
            out.key("target");
            out.nested(|out| {
                for (field, value) in &patch.target {
                    out.entry(field.name(), value);
                }
            });
        }
    });
}

/// Writes a manifest of ServiceAccounts, a document for each.
pub fn service_accounts(accounts: &[(Account, AccountCredentials)], text: &mut String) {
    let mut out = Writer { text, indent: 0 };
    for (at, (account, credentials)) in accounts.iter().enumerate() {
        if at > 0 {
            out.text.push_str("---\n");
        }
        out.entry("apiVersion", "v1");
        out.entry("kind", "ServiceAccount");
        out.key("metadata");
        out.nested(|out| {
            out.entry("name", account.name.as_str());
            out.entry("namespace", account.namespace.as_str());
            out.entries("annotations", &credentials.annotations());
        });
    }
}

fn config_map(out: &mut Writer<'_>, config_map: &ConfigMap<'_>, namespace: &str) {
    out.first("name", &config_map.name);
    out.nested(|out| {
        out.entry("namespace", namespace);
        out.key("literals");
        out.begin();
        out.text.push_str("- |-\n");
        out.nested(|out| {
            out.lines(&format!("{CREDENTIALS_FILE}={}", credentials::configuration(config_map)));
        });
    });
}

fn patch(out: &mut Writer<'_>, patch: &GeneratedPatch<'_>) {
    out.text.push_str("- patch: |\n");
    out.indent = 4;
    match &patch.change {
        Change::Merge(merged) => manifest(out, merged),
        Change::Argument(value) => argument(out, value),
    }
    out.indent = 2;
    out.key("target");
    out.nested(|out| {
        out.entry("kind", patch.change.kind());
        out.entry("name", &any_of(&patch.target_names));
    });
    out.indent = 0;
}

fn argument(out: &mut Writer<'_>, argument: &str) {
    let manager = "/spec/template/spec/containers/0";
    for (operation, path, value) in [("test", "name", MANAGER), ("add", "args/-", argument)] {
        out.first("op", operation);
        out.nested(|out| {
            out.entry("path", &format!("{manager}/{path}"));
            out.entry("value", value);
        });
    }
}

fn manifest(out: &mut Writer<'_>, manifest: &Manifest<'_>) {
    out.entry("apiVersion", manifest.api_version());
    out.entry("kind", manifest.kind());
    out.key("metadata");
    out.nested(|out| {
        // kustomize wants a name here, and uses that of the target.
        out.entry("name", "controller");
        match manifest {
            Manifest::ServiceAccount { annotations } => out.entries("annotations", annotations),
            Manifest::Deployment { labels, .. } => out.entries("labels", labels),
        }
    });
    if let Manifest::Deployment { labels, pod_annotations, variables, volumes } = manifest {
        out.key("spec");
        out.nested(|out| {
            out.key("template");
            out.nested(|out| {
                if !(labels.is_empty() && pod_annotations.is_empty()) {
                    out.key("metadata");
                    out.nested(|out| {
                        out.entries("labels", labels);
                        out.entries("annotations", pod_annotations);
                    });
                }
                if !(variables.is_empty() && volumes.is_empty()) {
                    out.key("spec");
                    out.nested(|out| pod(out, variables, volumes));
                }
            });
        });
    }
}

fn pod(out: &mut Writer<'_>, variables: &[Entry<'_>], volumes: &[Volume<'_>]) {
    out.key("containers");
    out.first("name", MANAGER);
    out.nested(|out| {
        out.list("env", variables, |out, (name, value)| {
            out.first("name", name);
            out.nested(|out| out.entry("value", value));
        });
        out.list("volumeMounts", volumes, |out, volume| {
            out.first("name", volume.name);
            out.nested(|out| {
                out.entry("mountPath", volume.mount_path);
                out.bare("readOnly", "true");
            });
        });
    });
    out.list("volumes", volumes, |out, volume| {
        out.first("name", volume.name);
        out.nested(|out| volume_source(out, &volume.source));
    });
}

fn volume_source(out: &mut Writer<'_>, source: &VolumeSource<'_>) {
    match source {
        VolumeSource::Token { audience, expiration } => {
            out.key("projected");
            out.nested(|out| {
                out.key("sources");
                out.begin();
                out.text.push_str("- serviceAccountToken:\n");
                out.nested(|out| {
                    out.nested(|out| {
                        out.entry("audience", audience);
                        out.bare("expirationSeconds", &expiration.to_string());
                        out.entry("path", TOKEN_FILE);
                    });
                });
            });
        }
        VolumeSource::ConfigMap(name) => {
            out.key("configMap");
            out.nested(|out| out.entry("name", name));
        }
    }
}

/// A regular expression that matches these names, and no other. kustomize anchors it.
pub fn any_of(names: &[&str]) -> String {
    match names {
        [only] => (*only).to_owned(),
        names => format!("({})", names.join("|")),
    }
}

/// Writes block mappings and sequences. Keys are names of this program's, which every reader takes for strings.
struct Writer<'o> {
    text: &'o mut String,
    indent: usize,
}

impl Writer<'_> {
    fn begin(&mut self) {
        const BLANKS: &str = "                                ";
        let mut missing = self.indent;
        while let Some(longer) = missing.checked_sub(BLANKS.len()) {
            self.text.push_str(BLANKS);
            missing = longer;
        }
        self.text.push_str(BLANKS.get(..missing).unwrap_or_default());
    }

    fn key(&mut self, key: &str) {
        self.begin();
        self.text.extend([key, ":\n"]);
    }

    fn entry(&mut self, key: &str, value: &str) {
        self.begin();
        self.text.extend([key, ": "]);
        scalar(self.text, value);
        self.text.push('\n');
    }

    /// An entry whose value is no string.
    fn bare(&mut self, key: &str, value: &str) {
        self.begin();
        self.text.extend([key, ": ", value, "\n"]);
    }

    /// A mapping of texts; nothing if it is empty.
    fn entries(&mut self, key: &str, entries: &[Entry<'_>]) {
        if !entries.is_empty() {
            self.key(key);
            self.nested(|out| {
                for (key, value) in entries {
                    out.entry(key, value);
                }
            });
        }
    }

    /// A sequence; nothing if it is empty.
    fn list<T>(&mut self, key: &str, items: &[T], mut write: impl FnMut(&mut Writer<'_>, &T)) {
        if !items.is_empty() {
            self.key(key);
            for item in items {
                write(self, item);
            }
        }
    }

    /// The first entry of a mapping that is an item of a sequence.
    fn first(&mut self, key: &str, value: &str) {
        self.begin();
        self.text.push_str("- ");
        self.text.extend([key, ": "]);
        scalar(self.text, value);
        self.text.push('\n');
    }

    fn lines(&mut self, text: &str) {
        for line in text.lines() {
            self.begin();
            self.text.extend([line, "\n"]);
        }
    }

    fn item(&mut self, value: &str) {
        self.begin();
        self.text.push_str("- ");
        scalar(self.text, value);
        self.text.push('\n');
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.indent = self.indent.saturating_add(2);
        write(self);
        self.indent = self.indent.saturating_sub(2);
    }
}
