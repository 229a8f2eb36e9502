//! The clusters that a place in a source is about.

use std::collections::BTreeSet;

use crate::lsp::index::{BlockId, Index};
use crate::lsp::snapshot::{ClusterMeaning, Meaning};
use crate::model::Assignment;
use crate::problem::Noun;
use crate::resolve::{Binding, Meaning as BindingMeaning, RecipientName};
use crate::span::FileId;
use crate::syntax::notation;

/// The clusters that see what a block, or else the top of a file, says.
pub fn clusters_of<'m>(
    block: Option<BlockId>,
    file: FileId,
    index: &Index,
    meaning: &'m Meaning,
) -> Vec<ClusterMeaning<'m>> {
    let Some(block) = index.block(block) else {
        let sees = |known: &ClusterMeaning<'_>| file == FileId::ROOT || known.provenance.at.file == file;
        return meaning.clusters().filter(sees).collect();
    };
    let names: BTreeSet<&str> = block.names.iter().map(String::as_str).collect();
    if block.noun == Noun::Platform {
        let mut clusters = clusters_of(block.parent, file, index, meaning);
        clusters.retain(|known| names.contains(known.cluster.platform.name()));
        return clusters;
    }
    let sees = |known: &ClusterMeaning<'_>| {
        if block.noun == Noun::Profile {
            known.provenance.profiles.iter().any(|profile| names.contains(profile.as_str()))
        } else {
            names.contains(known.cluster.name.as_str())
        }
    };
    meaning.clusters().filter(sees).collect()
}

impl<'m> ClusterMeaning<'m> {
    /// What a name means in the cluster. `name`: as the source writes it.
    pub fn binding(self, noun: Noun, name: &str) -> Option<&'m Binding> {
        let is_same = |kind: Noun| {
            kind == noun
                || matches!((kind, noun), (Noun::Setting, Noun::Variable) | (Noun::Variable, Noun::Setting))
        };
        self.provenance.bindings.iter().find(|binding| &*binding.name == name && is_same(binding.kind))
    }

    /// The text of `${name}`.
    pub fn value(self, name: &str) -> Option<&'m str> {
        match name {
            "cluster" => return Some(&self.cluster.name),
            "platform" => return Some(self.cluster.platform.name()),
            _ => {}
        }
        match &self.binding(Noun::Variable, name)?.meaning {
            BindingMeaning::Text(text) => Some(text),
            BindingMeaning::Word(_)
            | BindingMeaning::Identity(_)
            | BindingMeaning::Mapping(_)
            | BindingMeaning::NotInstalled
            | BindingMeaning::Unneeded => None,
        }
    }

    /// A text with its interpolations replaced; `None` if one of them has no value.
    pub fn evaluate(self, text: &str) -> Option<String> {
        let mut whole = String::new();
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}')?;
            whole.push_str(literal);
            whole.push_str(self.value(name)?);
            rest = after;
        }
        whole.push_str(rest);
        Some(whole)
    }

    /// The identities of a recipient, as the source names it.
    pub fn assignments_of(self, recipient: &str) -> Vec<Assignment<'m>> {
        let is_its =
            |assignment: &Assignment<'m>| RecipientName::from(assignment.assignee).name() == recipient;
        self.cluster.assignments().filter(is_its).collect()
    }
}

/// What a binding comes to, as a source would write it.
pub fn meaning_in_words(binding: &Binding) -> Option<String> {
    match &binding.meaning {
        BindingMeaning::Text(text) => Some(notation::Value::Text(text).to_string()),
        BindingMeaning::Word(text) | BindingMeaning::Identity(text) => Some(text.clone()),
        BindingMeaning::Mapping(targets) if targets.is_empty() => Some("none".to_owned()),
        BindingMeaning::Mapping(targets) => Some(targets.join(", ")),
        BindingMeaning::NotInstalled | BindingMeaning::Unneeded => None,
    }
}
