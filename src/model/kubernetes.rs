//! The names of Kubernetes.

use crate::model::useless_url;
use std::fmt;

use crate::model::Fault;

/// A DNS label, as the names of namespaces are.
///
/// Source: `IsDNS1123Label` in `k8s.io/apimachinery/pkg/util/validation`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DnsLabel(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DnsLabelFault {
    /// It has no character.
    Empty,
    /// It has more than 63 characters.
    TooLong,
    /// A character that is no lower-case letter, digit or `-`.
    Character,
    /// It begins or ends with `-`.
    Edge,
}

impl DnsLabel {
    /// The default namespace of Flux.
    pub fn flux_system() -> DnsLabel {
        DnsLabel("flux-system".to_owned())
    }

    /// Takes a DNS label: 1 to 63 lower-case letters, digits and `-`, no `-` at either end.
    ///
    /// # Errors
    /// The fault and its location in the text.
    pub fn parse(text: &str) -> Result<DnsLabel, Fault<DnsLabelFault>> {
        let other = |letter: char| !(letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
        if text.is_empty() {
            Err(Fault::whole(DnsLabelFault::Empty, text))
        } else if let Some(at) = text.find(other) {
            let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            Err(Fault { kind: DnsLabelFault::Character, at: at..at.saturating_add(length) })
        } else if text.starts_with('-') || text.ends_with('-') {
            Err(Fault::whole(DnsLabelFault::Edge, text))
        } else if text.len() > 63 {
            Err(Fault::whole(DnsLabelFault::TooLong, text))
        } else {
            Ok(DnsLabel(text.to_owned()))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A DNS subdomain, as the names of ServiceAccounts are: names that `.` parts, each of them like a DNS label.
///
/// Sources: `IsDNS1123Subdomain` in `k8s.io/apimachinery/pkg/util/validation`, which limits the whole and no part of it;
/// `ValidateServiceAccountName` in `k8s.io/kubernetes/pkg/apis/core/validation`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DnsSubdomain(String);

impl DnsSubdomain {
    /// Takes a DNS subdomain: 1 to 253 lower-case letters, digits, `-` and `.`, each part with a letter or a digit first
    /// and last.
    ///
    /// # Errors
    /// Says what is wrong, and where. A part that is empty begins and ends with nothing, which is a fault of its edge.
    pub fn parse(text: &str) -> Result<DnsSubdomain, Fault<DnsLabelFault>> {
        if text.is_empty() {
            return Err(Fault::whole(DnsLabelFault::Empty, text));
        }
        for part in text.split('.') {
            match DnsLabel::parse(part) {
                Ok(_) => {}
                Err(Fault { kind: DnsLabelFault::TooLong, .. }) => {}
                Err(Fault { kind: DnsLabelFault::Empty, .. }) => {
                    return Err(Fault::whole(DnsLabelFault::Edge, text));
                }
                Err(fault) => {
                    let begin = Fault::part(fault.kind, text, part).at.start;
                    let at = begin.saturating_add(fault.at.start)..begin.saturating_add(fault.at.end);
                    return Err(Fault { kind: fault.kind, at });
                }
            }
        }
        if text.len() > 253 {
            return Err(Fault::whole(DnsLabelFault::TooLong, text));
        }
        Ok(DnsSubdomain(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The subject of the tokens of a ServiceAccount. It is written as tokens say it: `system:serviceaccount:NAMESPACE:NAME`.
///
/// Source: `MakeUsername` in `k8s.io/apiserver/pkg/authentication/serviceaccount`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject<'f> {
    /// The namespace of the ServiceAccount.
    pub namespace: &'f str,
    pub name: &'f str,
}

/// What stands for every name in a pattern of a trust policy. No ServiceAccount has this name.
/// Source: "IAM JSON policy elements: Condition operators" of the IAM User Guide.
const ANY_NAME: &str = "*";

impl Subject<'_> {
    /// The pattern of all ServiceAccounts of its namespace.
    #[must_use]
    pub const fn of_namespace(self) -> Self {
        Subject { name: ANY_NAME, ..self }
    }

    /// True if it is the pattern of all ServiceAccounts of a namespace.
    pub fn is_pattern(&self) -> bool {
        self.name == ANY_NAME
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "system:serviceaccount:{}:{}", self.namespace, self.name)
    }
}

/// The URL of the OIDC issuer of a cluster, byte for byte as its tokens have it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Issuer(String);

impl Issuer {
    /// Takes the URL; for what it is, see [`is_issuer`], [`lacks_slash_of_aks`] and [`issuer_of_configuration`].
    pub fn parse(text: &str) -> Option<Issuer> {
        let is_right = is_issuer(text)
            && !lacks_slash_of_aks(text)
            && issuer_of_configuration(text).is_none()
            && useless_url(text).is_none();
        is_right.then(|| Issuer(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL without `https://`, as AWS names issuers.
    pub fn without_scheme(&self) -> &str {
        self.0.strip_prefix("https://").unwrap_or(&self.0)
    }

    /// True if it names a port.
    pub fn has_port(&self) -> bool {
        self.without_scheme().split('/').next().is_some_and(|host| host.contains(':'))
    }
}

/// True if this is the issuer of an AKS cluster without the `/` at its end, which its tokens have.
/// Source: "Create an OpenID Connect provider on AKS" of the AKS documentation.
pub fn lacks_slash_of_aks(text: &str) -> bool {
    let host = text.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let of_aks = host.ends_with(".oic.prod-aks.azure.com") || host == "oidc.prod-aks.azure.com";
    of_aks && !text.ends_with('/')
}

/// The path of an issuer's configuration, relative to its URL.
/// Source: OpenID Connect Discovery 1.0, section 4.
pub const CONFIGURATION: &str = "/.well-known/openid-configuration";

/// The issuer whose configuration is at this URL, if it is the URL of a configuration.
pub fn issuer_of_configuration(text: &str) -> Option<String> {
    let issuer = text.strip_suffix('/').unwrap_or(text).strip_suffix(CONFIGURATION)?;
    // Of two slashes one is the issuer's; that of AKS has one even where the configuration's URL has none for it.
    let slash = if lacks_slash_of_aks(issuer) { "/" } else { "" };
    Some(format!("{issuer}{slash}"))
}

/// True if this can be the URL of an OIDC issuer: https, a host, perhaps a port and a path, nothing else.
/// It is compared byte for byte everywhere, so nothing is made of it here; that of AKS ends with `/`.
/// Sources: OpenID Connect Discovery 1.0, section 3; `CreateOpenIDConnectProvider` of the IAM API for the 255 characters.
/// AWS takes none with a port; other clouds do.
pub fn is_issuer(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    text.len() <= 255
        && name.split('.').all(is_part)
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && port.parse::<u16>().is_ok_and(|port| port > 0)
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/%+@,;=!&'()*".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{DnsLabelFault, DnsSubdomain};

    fn fault(text: &str) -> Option<DnsLabelFault> {
        DnsSubdomain::parse(text).err().map(|fault| fault.kind)
    }

    #[test]
    fn a_subdomain_limits_the_whole_and_no_part_of_it() {
        assert_eq!(fault(&"a".repeat(253)), None);
        assert_eq!(fault(&"a".repeat(254)), Some(DnsLabelFault::TooLong));
        assert_eq!(fault(&format!("{}.b", "a".repeat(64))), None);
    }

    #[test]
    fn each_part_of_a_subdomain_has_a_letter_or_a_digit_first_and_last() {
        for text in ["a", "0", "a.b", "a-b.c-d", "a.0"] {
            assert_eq!(fault(text), None, "{text}");
        }
        for text in [".a", "a.", "a..b", "a.-b", "a-.b", "-"] {
            assert_eq!(fault(text), Some(DnsLabelFault::Edge), "{text}");
        }
        assert_eq!(fault(""), Some(DnsLabelFault::Empty));
    }

    #[test]
    fn the_place_of_a_character_is_that_in_the_whole() {
        let fault = DnsSubdomain::parse("web.v_2").expect_err("it has a `_`");
        assert_eq!((fault.kind, fault.at), (DnsLabelFault::Character, 5..6));
    }
}
