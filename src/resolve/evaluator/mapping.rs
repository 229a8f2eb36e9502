//! Mappings and `trust` statements, to the identities that they name.

use crate::resolve::definitions::{Definition, DefinitionKey, DefinitionValue};
use crate::resolve::evaluator::Evaluator;
use crate::resolve::identity::{ResolvedIdentity, ResolvedMapping};
use crate::resolve::recipient::RecipientName;
use crate::resolve::unresolved::{Unresolved, collect_all};
use crate::span::Span;
use crate::syntax::tree::{Name, Target};

impl<'t> Evaluator<'_, 't> {
    /// What a recipient gets; None if no statement maps it.
    ///
    /// # Errors
    /// Profiles disagree, a role is unknown, or an identity is wrong.
    pub fn mapping(
        &mut self,
        recipient: RecipientName<'t>,
    ) -> Result<Option<ResolvedMapping<'t>>, Unresolved> {
        self.resolve_mapping(DefinitionKey::Mapping(recipient))
    }

    /// What clouds trust a recipient with, besides what it gets; None if no statement says so.
    ///
    /// # Errors
    /// Those of a mapping.
    pub fn trust(&mut self, recipient: RecipientName<'t>) -> Result<Option<ResolvedMapping<'t>>, Unresolved> {
        self.resolve_mapping(DefinitionKey::Trust(recipient))
    }

    /// Where a recipient is mapped or trusted only with a `?`, and known not to be installed; else None.
    pub fn not_installed(&self, key: DefinitionKey<'t>) -> Option<Span> {
        let Some(RecipientName::Controller(controller)) = key.recipient() else { return None };
        if !self.not_installed.contains(&controller) {
            return None;
        }
        let definitions = self.layers.definitions(key);
        let first = definitions.first()?;
        definitions.iter().all(|definition| definition.if_installed).then_some(first.at)
    }

    fn resolve_mapping(&mut self, key: DefinitionKey<'t>) -> Result<Option<ResolvedMapping<'t>>, Unresolved> {
        if let Some(at) = self.not_installed(key) {
            return Ok(Some(ResolvedMapping::new(at, Vec::new())));
        }
        self.merge(key, |this, definition| match definition.says {
            DefinitionValue::Mapping(mapping) => {
                let targets = mapping.targets.as_ref().map_err(|error| *error)?;
                let is_none =
                    |target: &&Target<'t>| matches!(target, Target::Role(name) if name.text == "none");
                let identities =
                    targets.nodes().filter(|target| !is_none(target)).map(|target| match target {
                        Target::Role(name) => this.role(*name),
                        Target::Identity(identity) => this.identity(identity, identity.span),
                    });
                Ok(ResolvedMapping::new(definition.at, collect_all(identities)?))
            }
            DefinitionValue::Broken(error) => Err(error.into()),
            DefinitionValue::Value(_) | DefinitionValue::Role(_) => {
                Err(this.unknown_role(Name { text: "", span: definition.at }))
            }
        })
    }

    /// The identity of a role, if the recipient's mapping or `trust` statement names the role.
    pub fn mapped_role(&mut self, recipient: RecipientName<'t>, role: &str) -> Option<ResolvedIdentity<'t>> {
        let named = |definition: &Definition<'t>| match definition.says {
            DefinitionValue::Mapping(mapping) => {
                let targets = mapping.targets.as_ref().ok()?;
                targets.nodes().find_map(|target| match target {
                    Target::Role(name) if name.text == role => Some(*name),
                    Target::Role(_) | Target::Identity(_) => None,
                })
            }
            DefinitionValue::Value(_) | DefinitionValue::Role(_) | DefinitionValue::Broken(_) => None,
        };
        let mut keys = [DefinitionKey::Mapping(recipient), DefinitionKey::Trust(recipient)].into_iter();
        let name = keys.find_map(|key| self.layers.definitions(key).iter().find_map(named))?;
        self.role(name).ok()
    }
}
