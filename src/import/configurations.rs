//! Credential configurations in an overlay: what Google's libraries read to exchange a token.

use std::collections::BTreeMap;

use crate::import::file::Reader;
use crate::kustomize::{Object, Value};
use crate::span::Span;
use crate::spanned::{self, Spanned};

/// A credential configuration in a `ConfigMap`.
#[derive(Clone, Debug)]
pub struct Configuration {
    pub file: String,
    pub content: Spanned,
    /// True if the overlay generates the `ConfigMap`, false if it is a manifest.
    pub is_generated: bool,
    pub at: Option<Span>,
}

/// The configurations of an overlay, by the names that their `ConfigMap`s have before hashes.
pub type Configurations = BTreeMap<String, Configuration>;

/// The type of every credential configuration of an external account. Source: AIP-4117, "External Account Credentials".
const MARK: &str = "external_account";

/// The configurations in the namespace of Flux; volumes cannot use others.
pub fn read_configurations(objects: &[Object], namespace: &str, reader: &mut Reader<'_>) -> Configurations {
    let mut found = Configurations::new();
    let config_maps = objects.iter().filter(|object| object.id().kind == "ConfigMap");
    for object in config_maps.filter(|object| object.id().namespace == namespace) {
        let Some([(file, text)]) = object.value().and_then(|value| value.get("data")).map(Value::entries)
        else {
            continue;
        };
        let text = text.as_str().filter(|text| text.contains(MARK));
        if let Some(content) = text.and_then(json) {
            let is_generated = object.source().is_generated;
            let at = reader.place(&object.source().place);
            let configuration = Configuration { file: file.clone(), content, is_generated, at };
            found.insert(object.original_id().name, configuration);
        }
    }
    found
}

pub fn is_same(content: &Spanned, text: &str) -> bool {
    json(text).is_some_and(|other| content.leaves() == other.leaves())
}

/// All JSON is YAML.
fn json(text: &str) -> Option<Spanned> {
    let mut documents = spanned::read(text).ok()?;
    documents.pop().filter(|_| documents.is_empty())
}
