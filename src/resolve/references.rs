//! What all blocks name and define, for those who ask the whole fleet.

use std::collections::BTreeSet;

use crate::model::OutputPath;
use crate::model::setting::Setting;
use crate::resolve::definitions::{DefinitionKey, DefinitionValue};
use crate::resolve::layers::Layer;
use crate::span::Span;
use crate::syntax::tree::{Identity, List, Options, Target, Value};

/// What blocks and files name and define.
#[derive(Debug, Default)]
pub struct References<'t> {
    /// The roles that mappings name.
    pub roles: BTreeSet<&'t str>,
    /// The profiles that anybody uses.
    pub profiles: BTreeSet<&'t str>,
    /// The roles that are defined, each with the place of its name.
    pub defined: Vec<(&'t str, Span)>,
    /// The names that texts interpolate.
    pub interpolated: BTreeSet<&'t str>,
    /// The variables that `let` defines, each with the place of its name.
    pub variables: Vec<(&'t str, Span)>,
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
        for passed in &layer.passthrough {
            self.collect_text(&passed.statement.path);
            self.collect_options(passed.statement.options.as_deref());
        }
        self.profiles.extend(layer.uses.iter().map(|name| name.text));
        for (key, definition) in layer.definitions.iter() {
            match (key, definition.says) {
                (DefinitionKey::Role(name), says) => {
                    self.defined.push((name, definition.at));
                    if let DefinitionValue::Role(identity) = says {
                        self.collect_identity(identity);
                    }
                }
                (_, DefinitionValue::Mapping(mapping)) => {
                    for target in mapping.targets.iter().flat_map(List::nodes) {
                        if let Target::Identity(identity) = target {
                            self.collect_identity(identity);
                        }
                    }
                }
                (DefinitionKey::Value(name), DefinitionValue::Value(value)) => {
                    self.output_roots.extend(output_root(name, value));
                    self.collect_text(value);
                    if Setting::from_name(name).is_none() {
                        self.variables.push((name, definition.at));
                    }
                }
                (DefinitionKey::Value(_) | DefinitionKey::Trust(_) | DefinitionKey::Mapping(_), _) => {}
            }
        }
    }

    fn collect_identity(&mut self, identity: &'t Identity<'t>) {
        self.collect_text(&identity.value);
        self.collect_options(identity.options.as_deref());
    }

    fn collect_options(&mut self, options: Option<&'t Options<'t>>) {
        for option in options.iter().flat_map(|options| options.list.nodes()) {
            self.collect_text(&option.value);
        }
    }

    fn collect_text(&mut self, value: &'t Value<'t>) {
        if let Value::Text(text) = value {
            self.interpolated.extend(text.interpolations.iter().map(|interpolation| interpolation.name.text));
        }
    }

    /// Adds the references of other blocks. `BTreeSet::append` would build the whole set anew for each few blocks.
    pub fn append(&mut self, mut other: References<'t>) {
        self.roles.extend(other.roles);
        self.profiles.extend(other.profiles);
        self.defined.append(&mut other.defined);
        self.interpolated.extend(other.interpolated);
        self.variables.append(&mut other.variables);
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
