//! The names that a cluster sees, and which of them is most like another word.

use crate::resolve::definitions::DefinitionKey;
use crate::resolve::evaluator::{Evaluator, is_known_in_text};
use crate::span::Span;

impl<'t> Evaluator<'_, 't> {
    /// The names that an interpolation can use in this cluster.
    pub fn visible_values(&self) -> impl Iterator<Item = &'t str> {
        self.values_among_keys().flatten()
    }

    /// The one of them that is most like a word.
    pub fn nearest_value(&self, word: &str) -> Option<&'t str> {
        self.searches.nearest(word, self.values_among_keys())
    }

    /// The same with the place of its definition, if a statement or a file of values defines it.
    pub fn nearest_definition(&self, word: &str) -> Option<(String, Span)> {
        let name = self.nearest_value(word)?;
        let definitions = self.layers.definitions(DefinitionKey::Value(name));
        Some((name.to_owned(), definitions.first()?.at))
    }

    /// The names that an interpolation can use, with nothing for each name that is something else.
    fn values_among_keys(&self) -> impl Iterator<Item = Option<&'t str>> {
        let values = self.layers.keys().map(|key| match key {
            DefinitionKey::Value(name) if is_known_in_text(name) => Some(*name),
            DefinitionKey::Value(_)
            | DefinitionKey::Role(_)
            | DefinitionKey::Trust(_)
            | DefinitionKey::Mapping(_) => None,
        });
        values.chain([Some("cluster"), Some("platform")])
    }

    /// The role that is most like a word.
    pub(super) fn nearest_role(&self, word: &str) -> Option<&'t str> {
        let roles = self.layers.keys().map(|key| match key {
            DefinitionKey::Role(name) => Some(*name),
            DefinitionKey::Value(_) | DefinitionKey::Trust(_) | DefinitionKey::Mapping(_) => None,
        });
        self.searches.nearest(word, roles.chain([Some("none")]))
    }
}
