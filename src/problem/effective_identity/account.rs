//! What a ServiceAccount will be that objects of Flux name, in words.

/// What differs in a ServiceAccount that objects of Flux name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountDifference {
    /// A patch deletes it.
    Deleted,
    /// Its namespace and name will be these.
    Moved(String),
    /// It will have another value of an annotation, or none.
    Annotation { key: &'static str, expected: String, found: Option<String> },
}

/// A message, what is done to the ServiceAccount as a clause in the passive, and a help. `account`: its namespace and name.
pub(super) fn describe_account(
    account: &str,
    difference: &AccountDifference,
) -> (String, &'static str, String) {
    match difference {
        AccountDifference::Deleted => (
            format!("the ServiceAccount `{account}` will not exist"),
            "it is deleted",
            "remove what deletes it, or map it to `none`".to_owned(),
        ),
        AccountDifference::Moved(to) => (
            format!("the ServiceAccount `{account}` will be `{to}`, which the source does not map"),
            "it is renamed or moved",
            format!("remove what renames or moves it, or map `{to}` instead"),
        ),
        AccountDifference::Annotation { key, expected, found: Some(found) } => (
            format!("the ServiceAccount `{account}` will have `{key}: {found}`, not `{expected}`"),
            "the annotation is set",
            "remove what sets the annotation, or map the ServiceAccount to this identity".to_owned(),
        ),
        AccountDifference::Annotation { key, found: None, .. } => (
            format!("the ServiceAccount `{account}` will not have the annotation `{key}`"),
            "the annotation is removed",
            "remove what removes the annotation, or map the ServiceAccount to `none`".to_owned(),
        ),
    }
}
