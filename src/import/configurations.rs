//! Credential configurations that an overlay brings along: what Google's libraries read to exchange a token.

use std::collections::BTreeMap;

use crate::import::file::Reader;
use crate::import::overlay::Overlay;
use crate::import::path;
use crate::span::Span;
use crate::spanned::{self, Spanned};

/// What a `ConfigMap` holds.
#[derive(Clone, Debug)]
pub struct Configuration {
    pub file: String,
    pub says: Spanned,
    /// Whether the overlay generates it, rather than naming a manifest of it.
    pub is_generated: bool,
    pub at: Span,
}

/// The configurations of an overlay, by the names of their `ConfigMap`s.
pub type Configurations = BTreeMap<String, Configuration>;

/// What every credential configuration says of itself. Source: AIP-4117, "External Account Credentials".
const MARK: &str = "external_account";

/// The configurations of an overlay. `namespace`: that of Flux, for volumes find them in none but their own.
pub fn read_configurations(overlay: &Overlay, namespace: &str, reader: &mut Reader<'_>) -> Configurations {
    let mut found = Configurations::new();
    for generator in overlay.generators.iter().filter(|generator| generator.namespace == namespace) {
        let Some((file, text)) = &generator.holds else { continue };
        if let Some(says) = json(text) {
            let configuration =
                Configuration { file: file.clone(), says, is_generated: true, at: generator.at };
            found.insert(generator.name.clone(), configuration);
        }
    }
    let named = overlay.resources.iter().filter_map(|named| path::join(&overlay.directory, &named.text));
    for path in named.filter(|path| path::is_yaml(path)) {
        if !reader.text(&path).is_ok_and(|text| text.contains(MARK)) {
            continue;
        }
        let Ok(file) = reader.file(&path) else { continue };
        for document in file.documents.as_deref().unwrap_or_default() {
            let of = |key| document.get("metadata").and_then(|metadata| metadata.text_at(key));
            let is_here = document.text_at("kind") == Some("ConfigMap") && of("namespace") == Some(namespace);
            let Some(name) = of("name").filter(|_| is_here) else { continue };
            if let Some([(key, value)]) = document.get("data").map(Spanned::entries)
                && let (Some(key), Some(says)) = (key.text(), value.text().and_then(json))
            {
                let at = file.place(document);
                let configuration = Configuration { file: key.to_owned(), says, is_generated: false, at };
                found.insert(name.to_owned(), configuration);
            }
        }
    }
    found
}

pub fn is_same(says: &Spanned, text: &str) -> bool {
    json(text).is_some_and(|other| says.leaves() == other.leaves())
}

/// All JSON is YAML.
fn json(text: &str) -> Option<Spanned> {
    let mut documents = spanned::read(text).ok()?;
    documents.pop().filter(|_| documents.is_empty())
}
