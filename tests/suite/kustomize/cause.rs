//! Whether kustomize says of an overlay what the model says.

use flux_identity::kustomize::{Cause, GeneratorFault};

/// True if what kustomize says has the words of a cause.
pub fn is_same(cause: &Cause, said: &str) -> bool {
    let words: &[&str] = match cause {
        Cause::NoKustomization => &["unable to find one of"],
        Cause::SeveralKustomizations(_) => &["Found multiple kustomization files"],
        Cause::EmptyKustomization => &["kustomization.yaml is empty"],
        Cause::Unreadable(_) => &["yaml:", "MalformedYAMLError", "unsupported type", "already defined"],
        Cause::UnknownField(_) => &["unknown field"],
        Cause::WrongType(_) => &["cannot unmarshal"],
        Cause::WrongKind => &["should be"],
        Cause::ComponentAsResource => &["expected kind != 'Component'"],
        Cause::NoComponent => &["expected kind 'Component'"],
        Cause::Cycle => &["cycle detected"],
        Cause::Charts => &["must specify --enable-helm"],
        Cause::Missing(_) => &[
            "no such file or directory",
            "doesn't exist",
            "must build at directory",
            "is not directory",
            "new root cannot be empty",
        ],
        Cause::OutsideRoot(_) => &["is not in or below"],
        Cause::NotText => &["yaml: "],
        Cause::NotAnObject => &["missing kind", "missing metadata.name", "missing Resource metadata"],
        Cause::NotAList => &["expected array in"],
        Cause::Repeated(_) => &["already registered id", "produces ID conflict"],
        Cause::EmptyPatch => {
            &["must specify one of patch and path", "appears to be empty", "empty file path and empty"]
        }
        Cause::TextAndPath => &["can't be set at the same time", "not both"],
        Cause::NotAPatch => &[
            "unable to parse SM or JSON patch",
            "decoding",
            "missing kind",
            "missing metadata.name",
            "unable to",
        ],
        Cause::AmbiguousPatch => &["qualifies as both"],
        Cause::NoTarget => &["must specify a target", "must specify the target name"],
        Cause::SeveralDocuments => &["Multiple Strategic-Merge Patches"],
        Cause::Target(_) => &[
            "error parsing regexp",
            "unable to parse requirement",
            "couldn't parse the selector",
            "found '",
            "invalid",
            "label",
        ],
        Cause::NoMatch { .. } => &["no matches for"],
        Cause::SeveralMatches(_) => &["multiple matches for"],
        Cause::Merge(_) => &["unknown patch strategy", "wrong node kind", "wrong Node Kind"],
        Cause::Operation(..) => &[
            "operation does not apply",
            "error in",
            "test failed",
            "Unexpected kind",
            "failed to decode path",
            "missing",
            "panic",
            "cannot unmarshal array",
        ],
        Cause::WrongField(_) => &["expected sequence or mapping node", "wrong node kind", "wrong Node Kind"],
        Cause::NoReplicas(_) => &["does not match a config"],
        Cause::Generator(fault) => match fault {
            GeneratorFault::NoName => &["must have a name"],
            GeneratorFault::Literal(_) => &["invalid literal source"],
            GeneratorFault::File(_) => &["key name", "file path"],
            GeneratorFault::RepeatedKey(_) => &["illegally repeats the key"],
            GeneratorFault::NoBase => &["cannot merge or replace", "cannot find resource with id"],
            GeneratorFault::Exists => &["can not use behavior", "behavior must be merge or replace"],
        },
        Cause::AmbiguousReference(_) => &["multiple possible referrals"],
        Cause::Unwritable => &["missing kind", "missing metadata.name", "missing Resource metadata"],
    };
    has_panicked(said) || words.iter().any(|words| said.contains(words))
}

/// True if kustomize ended by a fault of its own, which later versions do not have.
pub fn has_panicked(said: &str) -> bool {
    said.contains("panic: runtime error")
}
