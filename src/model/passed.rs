//! What an overlay holds that others wrote.

use std::collections::BTreeMap;

use crate::model::LocalPath;

/// What an overlay holds besides what is installed and what identities need. Each is there once, in the order in which
/// kustomize applies them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Files of manifests, and directories of kustomizations.
    pub resources: Vec<LocalPath>,
    /// Directories of components.
    pub components: Vec<LocalPath>,
    /// Patches.
    pub patches: Vec<ForeignPatch>,
}

/// A patch that somebody else wrote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignPatch {
    /// One document, word for word.
    pub text: String,
    /// What it is applied to; nothing where it names its object itself.
    pub target: Target,
}

/// What a patch is applied to. A field that is not there matches everything.
pub type Target = BTreeMap<TargetField, String>;

/// A field of a target, in the order in which kustomize writes them.
/// Source: `api/types/selector.go` of kubernetes-sigs/kustomize.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetField {
    /// The API group.
    Group,
    /// The version of the API.
    Version,
    /// The kind.
    Kind,
    /// The name.
    Name,
    /// The namespace.
    Namespace,
    /// A selector of annotations.
    AnnotationSelector,
    /// A selector of labels.
    LabelSelector,
}

impl TargetField {
    /// All of them.
    pub const ALL: [TargetField; 7] = [
        TargetField::Group,
        TargetField::Version,
        TargetField::Kind,
        TargetField::Name,
        TargetField::Namespace,
        TargetField::AnnotationSelector,
        TargetField::LabelSelector,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            TargetField::Group => "group",
            TargetField::Version => "version",
            TargetField::Kind => "kind",
            TargetField::Name => "name",
            TargetField::Namespace => "namespace",
            TargetField::AnnotationSelector => "annotationSelector",
            TargetField::LabelSelector => "labelSelector",
        }
    }

    /// The field of that name.
    pub fn from_name(name: &str) -> Option<TargetField> {
        TargetField::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Whether it is a regular expression; else it is a selector.
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
