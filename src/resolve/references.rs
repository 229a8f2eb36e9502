//! What all blocks name and define, for those who ask the whole fleet.

use std::collections::BTreeSet;

use crate::model::OutputPath;
use crate::model::setting::Setting;
use crate::resolve::definitions::{DefinitionKey, DefinitionValue};
use crate::resolve::layers::Layer;
use crate::span::Span;
use crate::syntax::tree::Value;

/// What blocks and files name and define.
#[derive(Debug, Default)]
pub struct References<'t> {
    /// The roles that mappings name.
    pub roles: BTreeSet<&'t str>,
    /// The profiles that anybody uses.
    pub profiles: BTreeSet<&'t str>,
    /// The roles that are defined, each with the place of its name.
    pub defined: Vec<(&'t str, Span)>,
    /// The directories that the templates of generated files begin with.
    pub output_roots: BTreeSet<&'t str>,
}

impl<'t> References<'t> {
    /// Collects the references of a block or a file.
    pub fn collect(&mut self, layer: &Layer<'t>) {
        for on in &layer.on {
            self.collect(&on.layer);
        }
        self.roles.extend(&layer.roles_named);
        self.profiles.extend(layer.uses.iter().map(|name| name.text));
        for (key, definition) in layer.definitions.iter() {
            match (key, definition.says) {
                (DefinitionKey::Role(name), _) => self.defined.push((name, definition.at)),
                (DefinitionKey::Value(name), DefinitionValue::Value(value)) => {
                    self.output_roots.extend(output_root(name, value));
                }
                (DefinitionKey::Value(_) | DefinitionKey::Trust(_) | DefinitionKey::Mapping(_), _) => {}
            }
        }
    }

    /// Adds the references of other blocks. `BTreeSet::append` would build the whole set anew for each few blocks.
    pub fn append(&mut self, mut other: References<'t>) {
        self.roles.extend(other.roles);
        self.profiles.extend(other.profiles);
        self.defined.append(&mut other.defined);
        self.output_roots.extend(other.output_roots);
    }
}

/// The directory that a template begins with, if the setting of that name is one.
fn output_root<'t>(name: &str, value: &Value<'t>) -> Option<&'t str> {
    let is_path = matches!(Setting::from_name(name)?, Setting::Output | Setting::ServiceAccounts);
    let Value::Text(text) = value else { return None };
    let directory = match text.raw.split_once("${") {
        None => text.raw,
        Some((literal, _)) => literal.rsplit_once('/').map_or("", |(directory, _)| directory),
    };
    let is_below = || directory.is_empty() || OutputPath::parse(directory).is_ok();
    (is_path && is_below()).then_some(directory)
}
