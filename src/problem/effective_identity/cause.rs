//! Why kustomize cannot build an overlay, or the model cannot follow it, in words.

use crate::kustomize::{Cause, Feature, GeneratorFault, Id, MergeFault, OperationFault, Unreadable};
use crate::problem::all_of;

/// The cause as a clause.
pub fn describe_cause(cause: &Cause) -> String {
    let fixed = |text: &str| text.to_owned();
    match cause {
        Cause::NoKustomization => fixed("a directory has no `kustomization.yaml`"),
        Cause::SeveralKustomizations(names) => {
            format!("a directory has several kustomization files, {}", all_of(names))
        }
        Cause::EmptyKustomization => fixed("a kustomization is empty"),
        Cause::Unreadable(fault) => describe_unreadable(*fault),
        Cause::UnknownField(field) => format!("kustomize does not know the field `{field}`"),
        Cause::WrongType(field) => format!("the field `{field}` has a value of the wrong type"),
        Cause::WrongKind => fixed("a kustomization has another `kind` or `apiVersion`"),
        Cause::ComponentAsResource => fixed("a component is listed under `resources`"),
        Cause::NoComponent => fixed("`components` lists something that is not a component"),
        Cause::Cycle => fixed("a kustomization includes itself"),
        Cause::Charts => "a kustomization has charts of Helm, which Flux does not enable".to_owned(),
        Cause::Missing(path) => format!("`{path}` does not exist"),
        Cause::OutsideRoot(path) => {
            format!("`{path}` is outside of the directory of the kustomization that names it")
        }
        Cause::NotText => fixed("a file is not text"),
        Cause::NotAnObject => fixed("a document lacks its `kind` or its `metadata.name`"),
        Cause::NotAList => fixed("the `items` of a List are not a list"),
        Cause::Repeated(id) => format!("{} exists twice", describe_id(id)),
        Cause::EmptyPatch => fixed("a patch is empty"),
        Cause::TextAndPath => fixed("a patch has both `patch` and `path`"),
        Cause::NotAPatch => fixed("a patch is neither a part of an object nor a list of operations"),
        Cause::AmbiguousPatch => fixed("a patch has no content"),
        Cause::NoTarget => fixed("a list of JSON patch operations (RFC 6902) has no target"),
        Cause::SeveralDocuments => fixed("a patch with a target has several documents"),
        Cause::Target(field) => format!("`{}` of a target is invalid", field.name()),
        Cause::NoMatch { wanted, near } => {
            let there = near.as_ref().map(|near| format!("; there is {}", describe_id(near)));
            let wanted = describe_id(wanted);
            format!("a patch names {wanted}, which does not exist{}", there.unwrap_or_default())
        }
        Cause::SeveralMatches(id) => format!("a patch names {}, which exists several times", describe_id(id)),
        Cause::Merge(MergeFault::Directive(text)) => format!("`$patch: {text}` is not a directive"),
        Cause::Merge(MergeFault::WrongNode) => {
            fixed("a patch has a mapping, a list or a value where the object has something else")
        }
        Cause::Operation(index, fault) => {
            format!("operation {} of a patch {}", index.saturating_add(1), describe_operation(*fault))
        }
        Cause::WrongField(field) => format!("the field `{field}` of an object has a value of the wrong type"),
        Cause::NoReplicas(name) => format!("`replicas` names `{name}`, which does not exist"),
        Cause::Generator(fault) => describe_generator(fault),
        Cause::AmbiguousReference(name) => format!("the name `{name}` refers to several objects"),
        Cause::Unwritable => fixed("a patch removes the `kind` or the name of an object"),
    }
}

/// What is not modelled, as a noun.
pub fn describe_feature(feature: &Feature) -> &str {
    match feature {
        Feature::Field(field) => field,
        Feature::Remote(text) | Feature::Unseen(text) | Feature::Unread(text) => text,
        Feature::Text => "a YAML tag or a repeated key",
        Feature::Hash => "the hash of a generated name",
    }
}

fn describe_id(id: &Id) -> String {
    let namespace = match id.namespace.as_str() {
        "" => "without a namespace".to_owned(),
        namespace => format!("in namespace `{namespace}`"),
    };
    format!("the {} `{}` of `{}` {namespace}", id.kind, id.name, id.api_version())
}

pub fn describe_unreadable(fault: Unreadable) -> String {
    match fault {
        Unreadable::NotYaml(_) => "a file is not valid YAML".to_owned(),
        Unreadable::RepeatedKey(_) => "a mapping has a key twice".to_owned(),
        Unreadable::KeyNotText(_) => "a key is not a string".to_owned(),
        Unreadable::Unsupported(_) => {
            "a file has a tag, a line break or a repeated key that is not supported".to_owned()
        }
        Unreadable::OutOfBounds(excess, _) => format!("a file {}", excess.words()),
    }
}

fn describe_operation(fault: OperationFault) -> &'static str {
    match fault {
        OperationFault::Unknown => "is not an operation",
        OperationFault::NoPath => "lacks `path` or `from`",
        OperationFault::Missing => "is for a path that does not exist",
        OperationFault::Index => "is for an index outside of the list",
        OperationFault::Test => "tests a value, and finds another",
        OperationFault::WrongNode => "replaces the whole object with something else",
    }
}

fn describe_generator(fault: &GeneratorFault) -> String {
    match fault {
        GeneratorFault::NoName => "an entry of a generator has no name".to_owned(),
        GeneratorFault::Literal(text) => format!("the literal `{text}` of a generator is not `KEY=VALUE`"),
        GeneratorFault::File(text) => format!("the file `{text}` of a generator is not `PATH` or `KEY=PATH`"),
        GeneratorFault::RepeatedKey(key) => format!("a generator has the key `{key}` twice"),
        GeneratorFault::NoBase => {
            "a generator merges into or replaces an object that does not exist".to_owned()
        }
        GeneratorFault::Exists => "a generator creates an object that already exists".to_owned(),
    }
}
