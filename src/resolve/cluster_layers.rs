//! The layers that one cluster sees, the nearest first.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::Platform;
use crate::problem::ErrorGuaranteed;
use crate::resolve::definitions::{Definition, DefinitionKey};
use crate::resolve::layers::{Layer, PassthroughStatement};
use crate::resolve::profiles::{ProfileView, Profiles};
use crate::resolve::recipient::{AccountName, RecipientName};
use crate::resolve::values_files::ClusterValues;
use crate::span::Span;

/// The layers that one cluster sees, the nearest first.
#[derive(Clone, Copy, Debug)]
pub struct ClusterLayers<'c, 't> {
    /// The platform of the cluster, which decides what `on` blocks it sees.
    pub platform: Platform,
    /// The statements of the cluster's own block.
    pub own: &'c Layer<'t>,
    /// Where that block is.
    pub block: Span,
    /// What files of values say of it, which counts as said in its block.
    pub values: &'c ClusterValues<'c, 't>,
    /// All profiles of the fleet.
    pub profiles: &'c Profiles<'t>,
    /// What the cluster sees of the profiles.
    pub view: &'c ProfileView<'t>,
    /// The statements of the cluster's file.
    pub file: Option<&'c Layer<'t>>,
    /// The statements of all files, the root source's first. Only the root's count for every cluster; the others are
    /// known for the message about a name that is out of scope.
    pub all_files: &'c [Layer<'t>],
}

impl<'c, 't> ClusterLayers<'c, 't> {
    fn files(self) -> impl Iterator<Item = &'c Layer<'t>> {
        self.file.into_iter().chain(self.all_files.first())
    }

    /// The statements of its own block, and what counts as said there.
    fn block_layers(self) -> impl Iterator<Item = &'c Layer<'t>> {
        std::iter::once(self.own).chain(self.values.layers.iter().copied())
    }

    /// The statements of its files, with their `on` blocks for its platform as layers of their own.
    fn file_layers(self) -> impl Iterator<Item = &'c Layer<'t>> {
        self.files().flat_map(move |file| file.on(self.platform))
    }

    /// The definitions of a name that are not overridden: the cluster's, else those of its profiles, else its file's, else
    /// the root's.
    pub fn definitions(self, key: DefinitionKey<'t>) -> Cow<'c, [Definition<'t>]> {
        if let Some(own) = self.block_layers().find_map(|layer| layer.definitions.get(&key)) {
            return Cow::Borrowed(std::slice::from_ref(own));
        }
        let in_profiles = self.profiles.definitions(self.view, &key);
        if !in_profiles.is_empty() {
            return in_profiles;
        }
        let mut in_files = self.files().map(|file| file.definitions_on(self.platform, &key));
        in_files.find(|definitions| !definitions.is_empty()).unwrap_or_default()
    }

    /// The definition of a name that only this cluster has, if a place that other clusters can see uses the name. True if a
    /// statement of the block defines it, and no file of values.
    pub fn definition_for(self, key: &DefinitionKey<'_>, used: Span) -> Option<(Definition<'t>, bool)> {
        let is_shared =
            used.file != self.block.file || used.start < self.block.start || self.block.end < used.end;
        let own = || self.own.definitions.get(key).map(|definition| (*definition, true));
        let in_values = || self.values.layers.iter().find_map(|layer| layer.definitions.get(key));
        own().or_else(|| Some((*in_values()?, false))).filter(|_| is_shared)
    }

    /// The same key with the lifetime of the source, if the cluster sees a definition of it.
    pub fn known_key(self, key: &DefinitionKey<'_>) -> Option<DefinitionKey<'t>> {
        let in_profiles = || self.profiles.known_key(self.view, key);
        let in_files = || self.file_layers().find_map(|file| file.definitions.known(key));
        let in_block = self.block_layers().find_map(|layer| layer.definitions.known(key));
        in_block.or_else(in_profiles).or_else(in_files)
    }

    /// Every defined key, once for each layer that defines it.
    pub fn keys(self) -> impl Iterator<Item = &'c DefinitionKey<'t>> {
        let own = self.block_layers().flat_map(|layer| layer.definitions.keys());
        let near = own.chain(self.profiles.keys(self.view));
        near.chain(self.file_layers().flat_map(|file| file.definitions.keys()))
    }

    /// The error that made this cluster's scope incomplete, if any. What may be missing because of it is not reported.
    pub fn incomplete(self) -> Option<ErrorGuaranteed> {
        let in_files = || self.files().find_map(|file| file.incomplete);
        self.view.incomplete.or(self.own.incomplete).or_else(in_files)
    }

    /// The passthrough statements, in the order in which kustomize is to apply them.
    pub fn passthrough(self) -> Vec<PassthroughStatement<'t>> {
        let root = self.all_files.first();
        let included = self.file.filter(|file| root.is_none_or(|root| !std::ptr::eq(*file, root)));
        let files = root.into_iter().chain(included).flat_map(|file| file.on(self.platform));
        let files = files.flat_map(|file| &file.passthrough);
        files.chain(&self.view.passthrough).chain(&self.own.passthrough).copied().collect()
    }

    /// True if a mapping exists, `-> none` included, or if unreadable text could hold one.
    pub fn may_map(self, recipient: RecipientName<'t>) -> bool {
        let unread = self.own.unread_mapping.or(self.view.unread_mapping);
        !self.definitions(DefinitionKey::Mapping(recipient)).is_empty()
            || unread.or(self.incomplete()).is_some()
            || self.files().any(|file| file.unread_mapping.is_some())
    }

    /// The ServiceAccounts with a mapping, `-> none` included.
    pub fn accounts(self) -> BTreeSet<AccountName<'t>> {
        let in_files = self.file_layers().flat_map(|file| file.definitions.accounts());
        let near = self.own.definitions.accounts().chain(self.profiles.accounts(self.view));
        near.chain(in_files).collect()
    }
}
