//! Why kustomize fails, and what this model leaves open.

use crate::kustomize::id::Id;
use crate::kustomize::merge::MergeFault;
use crate::kustomize::operations::OperationFault;
use crate::kustomize::place::Place;
use crate::kustomize::value::Unreadable;
use crate::model::TargetField;

/// Why an overlay cannot be built, and where. kustomize fails too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The cause.
    pub cause: Cause,
    /// Where it is.
    pub place: Place,
}

/// Why an overlay cannot be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The directory has no kustomization.
    NoKustomization,
    /// The directory has several.
    SeveralKustomizations([&'static str; 2]),
    /// The kustomization says nothing.
    EmptyKustomization,
    /// The text is not YAML, or not such as kustomize takes.
    Unreadable(Unreadable),
    /// A field of a kustomization that kustomize does not know.
    UnknownField(String),
    /// A field of a kustomization has a value of another type.
    WrongType(String),
    /// The `kind` or the `apiVersion` of a kustomization is another.
    WrongKind,
    /// A component stands under `resources`.
    ComponentAsResource,
    /// What stands under `components` is no component.
    NoComponent,
    /// A kustomization builds on itself, or on a directory above.
    Cycle,
    /// There is no such file or directory.
    Missing(String),
    /// There are charts of Helm, which neither Flux nor kustomize without a flag takes.
    Charts,
    /// A file is not in the directory of the kustomization, which kustomize does not allow.
    OutsideRoot(String),
    /// The file is not text.
    NotText,
    /// What stands in a file is no object: its kind or its name is missing.
    NotAnObject,
    /// The `items` of a `List` are no list.
    NotAList,
    /// An object that is there already.
    Repeated(Box<Id>),
    /// A patch has neither text nor path, or nothing in it.
    EmptyPatch,
    /// A patch has a text and a path.
    TextAndPath,
    /// A patch is neither operations nor an object with kind and name.
    NotAPatch,
    /// A patch could be either: it has nothing in it.
    AmbiguousPatch,
    /// Operations do not say which objects they are for.
    NoTarget,
    /// A patch with a target has several documents.
    SeveralDocuments,
    /// A field of a target is not an expression, or not a selector.
    Target(TargetField),
    /// No object has the id of the patch.
    NoMatch {
        /// The id of the patch.
        wanted: Box<Id>,
        /// An object of that name which differs in one other part.
        near: Option<Box<Id>>,
    },
    /// Several objects have it.
    SeveralMatches(Box<Id>),
    /// A patch cannot be merged.
    Merge(MergeFault),
    /// An operation, by its index, fails.
    Operation(usize, OperationFault),
    /// A field that a transformer sets is not of the type that it expects.
    WrongField(String),
    /// No workload has the name of an entry of `replicas`.
    NoReplicas(String),
    /// An entry of a generator is not such as it must be.
    Generator(GeneratorFault),
    /// A name refers to several objects.
    AmbiguousReference(String),
    /// An object that kustomize cannot write: its kind or its name is gone.
    Unwritable,
}

impl Cause {
    /// True if there may be no such fault after all where something of that reach is unknown: what is missed may be in
    /// it, or what is wrong with an object may be changed by it.
    pub(crate) const fn may_go_with(&self, reach: Reach) -> bool {
        match self {
            Cause::NoMatch { .. } | Cause::NoReplicas(_) | Cause::Generator(GeneratorFault::NoBase) => {
                !matches!(reach, Reach::Harmless)
            }
            Cause::Repeated(_)
            | Cause::SeveralMatches(_)
            | Cause::Merge(_)
            | Cause::Operation(..)
            | Cause::WrongField(_)
            | Cause::Generator(GeneratorFault::Exists)
            | Cause::AmbiguousReference(_)
            | Cause::Unwritable => matches!(reach, Reach::Everything),
            Cause::NoKustomization
            | Cause::SeveralKustomizations(_)
            | Cause::EmptyKustomization
            | Cause::Unreadable(_)
            | Cause::UnknownField(_)
            | Cause::WrongType(_)
            | Cause::WrongKind
            | Cause::ComponentAsResource
            | Cause::NoComponent
            | Cause::Cycle
            | Cause::Missing(_)
            | Cause::Charts
            | Cause::OutsideRoot(_)
            | Cause::NotText
            | Cause::NotAnObject
            | Cause::NotAList
            | Cause::EmptyPatch
            | Cause::TextAndPath
            | Cause::NotAPatch
            | Cause::AmbiguousPatch
            | Cause::NoTarget
            | Cause::SeveralDocuments
            | Cause::Target(_)
            | Cause::Generator(_) => false,
        }
    }
}

/// What is wrong with an entry of a generator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneratorFault {
    /// It has no name.
    NoName,
    /// A literal is not `key=value`.
    Literal(String),
    /// A file is not `path` or `key=path`.
    File(String),
    /// A key occurs twice.
    RepeatedKey(String),
    /// There is nothing that could be merged or replaced.
    NoBase,
    /// The object is there already, and the behaviour is to create it.
    Exists,
}

/// Something that this model does not follow. Nothing may be claimed of what it can touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmodelled {
    /// What it is.
    pub feature: Feature,
    /// Where it stands.
    pub place: Place,
    /// What it can touch.
    pub reach: Reach,
}

/// Something that is not modelled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// A field of a kustomization.
    Field(&'static str),
    /// An address that kustomize would fetch.
    Remote(String),
    /// A file or directory outside of what can be read here.
    Unseen(String),
    /// A text that kustomize may read, and this model does not.
    Text,
    /// A file that cannot be read here.
    Unread(String),
    /// The hash of a generated object that is no `ConfigMap` or `Secret` any more.
    Hash,
}

/// What something can touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Only what no identity depends on, such as an annotation that says where an object came from.
    Harmless,
    /// Only objects that are not in the list.
    Unseen,
    /// Any object.
    Everything,
}

impl Place {
    pub(crate) fn fail<T>(&self, cause: Cause) -> Result<T, Failure> {
        Err(self.failure(cause))
    }

    pub(crate) fn failure(&self, cause: Cause) -> Failure {
        Failure { cause, place: self.clone() }
    }
}
