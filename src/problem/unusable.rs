//! What is said of a value with which a controller of Flux does nothing.

/// Why a controller does nothing with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// A branch with the name of its reference.
    Branch,
    /// A repository of Helm in a registry, without its type.
    HelmWithoutType,
    /// A scheme before the name of an image or of a host, in that field.
    Scheme(&'static str),
    /// A URL that Go does not parse.
    Url(UrlFault),
}

/// Why Go does not parse a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlFault {
    /// The port, which begins there, is no number.
    Port(usize),
    /// The host has this character.
    Host(char),
    /// The user or the password has a character that needs an escape.
    User,
    /// A `%` begins no escape.
    Escape,
    /// It has a control character.
    Control,
}

impl Unusable {
    /// The field, why its value is of no use, and what to write instead.
    pub(super) fn in_words(self, value: &str) -> (&'static str, &'static str, String) {
        let after = value.split_once("://").map_or(value, |(_, rest)| rest);
        match self {
            Unusable::Branch => (
                "ref.branch",
                "is no branch",
                format!("write `branch: {}`, or `name: {value}`", value.trim_start_matches("refs/heads/")),
            ),
            Unusable::HelmWithoutType => {
                ("url", "is fetched only with `type: oci`", "add `type: oci` to `spec`".to_owned())
            }
            Unusable::Scheme(field) => (field, "begins with a scheme", format!("write `{after}`")),
            Unusable::Url(fault) => {
                let (why, help) = fault.in_words(value);
                ("url", why, help)
            }
        }
    }
}

impl UrlFault {
    /// Why the URL is of no use, and what to write instead.
    fn in_words(self, url: &str) -> (&'static str, String) {
        match self {
            UrlFault::Port(at) => {
                let (host, port) = url.split_at_checked(at).unwrap_or((url, ""));
                let host = host.trim_end_matches(':');
                let help = if port.starts_with(|letter: char| letter.is_ascii_digit()) {
                    "write a number after the last `:`, or `/` in place of it".to_owned()
                } else {
                    format!("write `{host}/{port}`")
                };
                ("has a port that is no number", help)
            }
            UrlFault::Host(' ') => ("has a space in its host", "remove the space".to_owned()),
            UrlFault::Host(letter) => {
                ("has a host that is no name", format!("remove `{letter}` from the host"))
            }
            UrlFault::User => (
                "has a character in its user or password that needs an escape",
                "remove them from the URL: the Secret of `secretRef` has what is needed to log in".to_owned(),
            ),
            UrlFault::Escape => {
                ("has a `%` without two digits of an escape", "write `%25` in place of the `%`".to_owned())
            }
            UrlFault::Control => ("has a line break or another control character", "remove it".to_owned()),
        }
    }
}
