//! What a source passes through: patches of others, and the files that they are to stand in.

use std::collections::BTreeMap;
use std::path::Path;

use crate::import::objects::{Target, without_anchors};
use crate::import::overlay::Document;
use crate::import::patch::Form;
use crate::import::path;
use crate::import::recognise::Cluster;
use crate::workspace::{Entry, Inputs};

/// A patch that is passed through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// What it says.
    pub content: Content,
    /// What it is for.
    pub target: Target,
    /// What a file of it is called, without an ending.
    pub name: String,
    /// The objects that it is for, if it names one alone.
    pub object: Option<(String, String)>,
}

/// What a patch says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// What stands in a file; its path.
    File(String),
    /// This, which is to stand in one.
    Text(String),
}

/// Whether a source can say a text: visible ASCII without quotes or `$`.
pub fn is_sayable(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'"' && byte != b'$')
}

impl Leftover {
    /// A patch that is passed through.
    ///
    /// # Errors
    /// Says what of it no source can say.
    pub fn of(
        content: Content,
        mut target: Target,
        document: Option<&Document>,
    ) -> Result<Leftover, &'static str> {
        for (field, text) in &mut target {
            if !field.ends_with("Selector") {
                *text = without_anchors(text).to_owned();
            }
        }
        target.retain(|_, text| !text.is_empty());
        if !target.values().all(|text| is_sayable(text)) {
            return Err("a target of other letters");
        }
        let wanted = document.map(Document::form).and_then(|form| match form {
            Form::Merge(wanted) => Some((wanted.kind, wanted.name)),
            Form::Operations | Form::Neither => None,
        });
        let is_plain = |text: &&String| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let object = if target.is_empty() {
            wanted.map(|(kind, name)| (kind.to_owned(), name.to_owned()))
        } else {
            let plain = |field| target.get(field).filter(is_plain).cloned();
            plain("kind").zip(plain("name"))
        };
        let kind = target.get("kind").map(String::as_str).or(wanted.map(|(kind, _)| kind));
        let name = target.get("name").map(String::as_str).or(wanted.map(|(_, name)| name));
        let name = file_name(kind.unwrap_or_default(), name.unwrap_or_default());
        match &content {
            Content::File(path) if !is_sayable(path) => Err("a path of other letters"),
            Content::File(_) | Content::Text(_) => Ok(Leftover { content, target, name, object }),
        }
    }

    /// Whether it makes no difference which of the two comes first.
    pub fn commutes_with(&self, other: &Leftover) -> bool {
        self == other || self.object.is_some() && other.object.is_some() && self.object != other.object
    }
}

/// `ServiceAccount` and `(a|b)` to `service-account-a-b`.
fn file_name(kind: &str, name: &str) -> String {
    let mut out = String::new();
    for letter in kind.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    for word in name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(&word.to_ascii_lowercase());
    }
    out.truncate(60);
    if out.is_empty() { "patch".to_owned() } else { out.trim_end_matches('-').to_owned() }
}

/// Gives each patch that has no file one, beside the overlays that have it: what is the same in several stands once.
pub fn place(clusters: &mut [Cluster], inputs: &Inputs<'_>, out: &mut BTreeMap<String, String>) {
    let mut users: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for cluster in clusters.iter() {
        for leftover in &cluster.leftovers {
            if let Content::Text(text) = &leftover.content {
                let key = (leftover.name.clone(), text.clone());
                let directories = users.entry(key).or_default();
                if !directories.contains(&cluster.directory) {
                    directories.push(cluster.directory.clone());
                }
            }
        }
    }
    let mut files: BTreeMap<(String, String), String> = BTreeMap::new();
    for ((name, text), directories) in users {
        let directory = path::common(directories.iter().map(String::as_str));
        let directory = path::in_directory(&directory, "patches");
        let numbers = std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
        let mut paths = numbers.map(|number| path::in_directory(&directory, &format!("{name}{number}.yaml")));
        // What an import or a build left there may be just this.
        let is_it = |path: &str| inputs.text(Path::new(path)).is_ok_and(|known| *known.text == *text);
        let is_missing = |path: &str| inputs.entry(Path::new(path)) == Entry::Missing;
        let is_free = |path: &String| !out.contains_key(path) && (is_missing(path) || is_it(path));
        if let Some(path) = paths.find(is_free) {
            let _new = out.insert(path.clone(), text.clone());
            let _new = files.insert((name, text), path);
        }
    }
    for cluster in clusters.iter_mut() {
        for leftover in &mut cluster.leftovers {
            if let Content::Text(text) = &leftover.content
                && let Some(path) = files.get(&(leftover.name.clone(), text.clone()))
            {
                leftover.content = Content::File(path.clone());
            }
        }
        if let Some(edited) = cluster.edited.take() {
            let _new = out.insert(cluster.path.clone(), edited);
        }
    }
}
