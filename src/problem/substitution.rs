//! What is said of a variable of `postBuild`.

/// Why kustomize-controller refuses a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubstitutionFault {
    /// It is none, as it is written.
    Form(String),
    /// The variable of this name has no value.
    NoValue(String),
}

impl SubstitutionFault {
    /// What is wrong in an object, and what to write instead.
    pub(super) fn in_words(&self, object: &str) -> (String, String) {
        match self {
            SubstitutionFault::Form(form) => (
                format!("{object} has `{form}`, which is no variable of `postBuild`"),
                format!("write `${form}` if it is not for Flux"),
            ),
            SubstitutionFault::NoValue(name) => (
                format!("{object} has the variable `{name}`, and the Kustomization no value for it"),
                format!(
                    "add `{name}` to `postBuild.substitute`, or write `$${{{name}}}` if it is not for Flux"
                ),
            ),
        }
    }
}
