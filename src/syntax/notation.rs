//! The one printer of the notation of sources: values, bindings, options, identities and recipients, each on one line.
//!
//! Text in quotes has no escapes: what [`is_literal`] refuses cannot be written, and nothing here changes it.

use std::fmt;

use crate::model::Recipient;
use crate::model::setting::{IdentityOption, Setting};

/// A value as a source writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'v> {
    /// Text in double quotes.
    Text(&'v str),
    Word(&'v str),
}

impl<'v> Value<'v> {
    /// The value of the setting or option `name`: a word where that takes this one, else text.
    pub fn new(name: &str, value: &'v str) -> Value<'v> {
        let option = IdentityOption::from_name(name).map(IdentityOption::form);
        let form = option.or_else(|| Setting::from_name(name).map(Setting::form));
        if form.is_some_and(|form| form.has(value)) { Value::Word(value) } else { Value::Text(value) }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => write!(formatter, "\"{text}\""),
            Value::Word(word) => formatter.write_str(word),
        }
    }
}

/// The interpolation of a cluster's own name.
pub const CLUSTER: &str = "${cluster}";

/// True if a text in quotes can hold the character as itself: printable ASCII, but no quote and no `$`.
pub fn is_literal(character: char) -> bool {
    matches!(character, ' '..='~') && !matches!(character, '"' | '$')
}

/// `NAME = VALUE`
pub fn binding(name: &str, value: impl fmt::Display) -> String {
    format!("{name} = {value}")
}

/// `{ NAME = VALUE, NAME = VALUE }`
pub fn options(bindings: &[String]) -> String {
    if bindings.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", bindings.join(", ")) }
}

/// `PROVIDER "identifier" { NAME = VALUE }`, or `PROVIDER direct` for the principal of the ServiceAccount itself.
pub fn identity<'v>(
    provider: &str,
    identifier: Option<&str>,
    chosen: impl IntoIterator<Item = (&'v str, Value<'v>)>,
) -> String {
    let identifier = identifier.map_or(Value::Word("direct"), Value::Text);
    let bindings: Vec<String> = chosen.into_iter().map(|(name, value)| binding(name, value)).collect();
    let options = if bindings.is_empty() { String::new() } else { format!(" {}", options(&bindings)) };
    format!("{provider} {identifier}{options}")
}

/// `CONTROLLER`, or `service-account NAMESPACE/NAME`
pub fn recipient(recipient: &Recipient) -> String {
    match recipient {
        Recipient::Controller(controller) => controller.name().to_owned(),
        Recipient::Account(account) => service_account(account.namespace.as_str(), account.name.as_str()),
    }
}

/// `service-account NAMESPACE/NAME`
pub fn service_account(namespace: &str, name: &str) -> String {
    format!("service-account {namespace}/{name}")
}

/// A text with `${cluster}` wherever the name of the cluster stands as a word.
pub fn with_cluster(text: &str, cluster: &str) -> String {
    with_hole(text, cluster, CLUSTER)
}

/// A text with a `${name}` wherever a value stands as a word.
pub fn with_hole(text: &str, value: &str, hole: &str) -> String {
    if value.is_empty() {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut rest = text;
    let is_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    while let Some((before, after)) = rest.split_once(value) {
        let last = before.chars().next_back().or_else(|| out.chars().next_back());
        out.push_str(before);
        let is_hole = out.ends_with("${");
        if is_word(last) || is_word(after.chars().next()) || is_hole {
            out.push_str(value);
        } else {
            out.push_str(hole);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::with_cluster;

    #[test]
    fn a_name_is_a_word_of_its_own() {
        for (text, said) in [
            ("role/prod-flux", "role/${cluster}-flux"),
            ("role/production", "role/production"),
            ("role/nonprod", "role/nonprod"),
            ("clusters/prod/flux-system", "clusters/${cluster}/flux-system"),
            ("prod-prod", "${cluster}-${cluster}"),
        ] {
            assert_eq!(with_cluster(text, "prod"), said);
        }
        assert_eq!(with_cluster("arn:${account}", "account"), "arn:${account}");
        assert_eq!(with_cluster("arn:aws:iam::1:role/a", "a"), "arn:aws:iam::1:role/${cluster}");
        assert_eq!(with_cluster("role/prod-eu1-kms", "prod-eu"), "role/prod-eu1-kms");
    }
}
