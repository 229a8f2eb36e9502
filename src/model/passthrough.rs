//! What an overlay holds that others wrote.

use std::collections::BTreeMap;

use crate::model::LocalPath;
use crate::model::named::named;

/// What an overlay holds besides what is installed and what identities need. Each is there once, in the order in which
/// kustomize applies them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passthrough {
    /// Files of manifests, and directories of kustomizations.
    pub resources: Vec<LocalPath>,
    pub components: Vec<LocalPath>,
    pub patches: Vec<ForeignPatch>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignPatch {
    /// One document, verbatim.
    pub text: String,
    /// What it is applied to; nothing where it names its object itself.
    pub target: Target,
}

/// What a patch is applied to. A field that is not there matches everything.
pub type Target = BTreeMap<TargetField, String>;

named! {
    /// A field of a target, in the order in which kustomize writes them.
    /// Source: `api/types/selector.go` of kubernetes-sigs/kustomize.
    pub enum TargetField {
        /// The API group.
        Group = "group",
        /// The version of the API.
        Version = "version",
        Kind = "kind",
        Name = "name",
        Namespace = "namespace",
        /// A selector of annotations.
        AnnotationSelector = "annotationSelector",
        /// A selector of labels.
        LabelSelector = "labelSelector",
    }
}

impl TargetField {
    /// True if it is a regular expression; else it is a selector.
    pub const fn is_pattern(self) -> bool {
        !matches!(self, TargetField::AnnotationSelector | TargetField::LabelSelector)
    }

    /// True if a target with this text in the field matches what it would match without the field.
    pub fn is_no_condition(self, text: &str) -> bool {
        if self.is_pattern() {
            text.is_empty()
        } else {
            text.trim_matches([' ', '\t', '\r', '\n']).is_empty()
        }
    }
}
