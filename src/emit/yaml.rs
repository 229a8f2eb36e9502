//! Documents to YAML. The only file that knows how it is written.
//!
//! A scalar is plain where every reader of YAML 1.1 and 1.2 takes it for the string that it is, and in double quotes
//! elsewhere. `serde_yaml` does not write here: it leaves words such as `on` and `1_000` plain, which readers of
//! YAML 1.1 take for something else, and it is many times slower; it judges what is written in the tests.

use crate::emit::credentials;
use crate::emit::kustomization::{Change, Kustomization, Manifest, Patch};
use crate::model::{
    Account, AccountGrants, CREDENTIALS_FILE, ConfigMap, Entry, MANAGER, TOKEN_FILE, Volume, VolumeSource,
};

/// The text of a kustomization.
pub fn kustomization(kustomization: &Kustomization<'_>) -> String {
    let Kustomization { kind, resources, config_maps, namespace, patches } = kustomization;
    let mut out = Writer { text: String::with_capacity(1024), indent: 0 };
    out.entry("apiVersion", kind.api_version());
    out.entry("kind", kind.name());
    out.list("resources", resources, |out, resource| out.item(resource));
    out.list("configMapGenerator", config_maps, |out, one| config_map(out, one, namespace));
    out.list("patches", patches, patch);
    if resources.is_empty() && config_maps.is_empty() && patches.is_empty() {
        // kustomize refuses a component that says nothing, and takes one that says that it has no patches.
        out.bare("patches", "[]");
    }
    out.text
}

/// The text of a manifest of ServiceAccounts, a document for each.
pub fn service_accounts<'f>(accounts: impl Iterator<Item = (&'f Account, &'f AccountGrants)>) -> String {
    let mut out = Writer { text: String::with_capacity(1024), indent: 0 };
    for (account, grants) in accounts {
        if !out.text.is_empty() {
            out.text.push_str("---\n");
        }
        out.entry("apiVersion", "v1");
        out.entry("kind", "ServiceAccount");
        out.key("metadata");
        out.nested(|out| {
            out.entry("name", account.name.as_str());
            out.entry("namespace", account.namespace.as_str());
            out.entries("annotations", &grants.annotations());
        });
    }
    out.text
}

fn config_map(out: &mut Writer, config_map: &ConfigMap<'_>, namespace: &str) {
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

fn patch(out: &mut Writer, patch: &Patch<'_>) {
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

fn argument(out: &mut Writer, argument: &str) {
    let manager = "/spec/template/spec/containers/0";
    for (operation, path, value) in [("test", "name", MANAGER), ("add", "args/-", argument)] {
        out.first("op", operation);
        out.nested(|out| {
            out.entry("path", &format!("{manager}/{path}"));
            out.entry("value", value);
        });
    }
}

fn manifest(out: &mut Writer, manifest: &Manifest<'_>) {
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

fn pod(out: &mut Writer, variables: &[Entry<'_>], volumes: &[Volume<'_>]) {
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

fn volume_source(out: &mut Writer, source: &VolumeSource<'_>) {
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
fn any_of(names: &[&str]) -> String {
    match names {
        [only] => (*only).to_owned(),
        names => format!("({})", names.join("|")),
    }
}

/// Writes block mappings and sequences. Keys are names of this program's, which every reader takes for strings.
struct Writer {
    text: String,
    indent: usize,
}

impl Writer {
    fn begin(&mut self) {
        self.text.extend(std::iter::repeat_n(' ', self.indent));
    }

    fn key(&mut self, key: &str) {
        self.begin();
        self.text.extend([key, ":\n"]);
    }

    fn entry(&mut self, key: &str, value: &str) {
        self.begin();
        self.text.extend([key, ": "]);
        scalar(&mut self.text, value);
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
    fn list<T>(&mut self, key: &str, items: &[T], mut write: impl FnMut(&mut Writer, &T)) {
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
        scalar(&mut self.text, value);
        self.text.push('\n');
    }

    /// Lines of a literal text.
    fn lines(&mut self, text: &str) {
        for line in text.lines() {
            self.begin();
            self.text.extend([line, "\n"]);
        }
    }

    fn item(&mut self, value: &str) {
        self.begin();
        self.text.push_str("- ");
        scalar(&mut self.text, value);
        self.text.push('\n');
    }

    fn nested(&mut self, write: impl FnOnce(&mut Writer)) {
        self.indent = self.indent.saturating_add(2);
        write(self);
        self.indent = self.indent.saturating_sub(2);
    }
}

/// Writes a string, in quotes where some reader would take it for something else. What is written is printable ASCII.
fn scalar(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}

/// Whether every reader takes the text, written without quotes, for the string that it is.
fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphanumeric() || "(/._".contains(first));
    let holds = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./@:+=,~()|".contains(&byte));
    begins && holds && !text.ends_with(':') && !is_word(text) && !is_number(text) && !is_date(text)
}

/// Words for truth, falsehood and nothing.
/// Source: the types `bool` and `null` of the YAML 1.1 type repository, and the core schema of YAML 1.2.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether some reader may take it for a number: `1e3`, `0x1F`, `0b1_0`, `0o17`, `1_000`, `12:30:45`, `.5`, `.inf`.
/// More is quoted than must be: any text of digits and the signs that numbers have, and nothing else.
/// Source: the types `int` and `float` of the YAML 1.1 type repository, and the core schema of YAML 1.2.
fn is_number(text: &str) -> bool {
    if text.eq_ignore_ascii_case(".inf") || text.eq_ignore_ascii_case(".nan") {
        return true;
    }
    let mut before = b' ';
    let signs = text.bytes().map(|sign| sign.to_ascii_lowercase()).all(|sign| {
        let in_number = match sign {
            b'+' | b'-' => before == b'e',
            _ => sign.is_ascii_hexdigit() || b"xo_.:".contains(&sign),
        };
        before = sign;
        in_number
    });
    signs && text.starts_with(|first: char| first.is_ascii_digit() || first == '.')
}

/// Whether some reader may take it for a date: `2001-01-01`, with or without a time.
/// Source: the type `timestamp` of the YAML 1.1 type repository.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut next = || parts.next().unwrap_or_default();
    let (year, month, rest) = (next(), next(), next());
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let day = rest.split(['T', 't', ' ', '\t']).next().unwrap_or_default();
    year.len() == 4 && month.len() <= 2 && day.len() <= 2 && [year, month, day].into_iter().all(is_digits)
}

#[cfg(test)]
mod tests {
    use super::{is_plain, scalar};

    #[test]
    fn what_looks_like_something_else_is_quoted() {
        for text in [
            "",
            "y",
            "N",
            "yes",
            "No",
            "ON",
            "off",
            "true",
            "False",
            "null",
            "NULL",
            "~",
            "1",
            "0123",
            "012345678901",
            "1e3",
            "1E-3",
            "1_000",
            "0x1F",
            "0x_0A",
            "0b1_0",
            "0o17",
            "12:30:45",
            "190:20:30.15",
            ".5",
            "1.",
            ".inf",
            ".NaN",
            "+1",
            "-1",
            "2001-01-01",
            "2001-1-1",
            "2001-12-14t21:59:43.10-05:00",
            "=",
            "<<",
            "a:",
            "a: b",
            "a #b",
            "- a",
            "?",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "{a",
            "[a",
            "'a",
            "\"a",
            "a b ",
            "1234567e-123e-4",
        ] {
            assert!(!is_plain(text), "{text:?} must be quoted");
        }
    }

    #[test]
    fn what_is_nothing_but_a_string_is_plain() {
        for text in [
            "flux-system",
            "on-call",
            "nothing",
            "a1",
            "arn:aws:iam::012345678901:role/on/1e3",
            "v1",
            "apps/v1",
            "4a7272f9-f186-41af-9f84-6a92e32d7cd0",
            "(source-controller|helm-controller)",
            "gotk-sync.yaml",
            "flux-gar@acme.iam.gserviceaccount.com",
            "00000000-f186-41af-9f84-6a92e32d7cd0",
            "72f988bf-86f1-41af-91ab-2d7cd011db47",
            "2001-01-01-a",
        ] {
            assert!(is_plain(text), "{text:?} needs no quotes");
        }
    }

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        let mut out = String::new();
        scalar(&mut out, r#"a "b" \c"#);
        assert_eq!(out, r#""a \"b\" \\c""#);
    }
}
