//! Whether a URL is one for the controllers of Flux, which read it as Go does.
//!
//! Source: `parse`, `parseAuthority`, `parseHost` and `unescape` in `src/net/url/url.go` of Go. Left out is what only some
//! versions refuse.

use crate::problem::UrlFault;

/// Characters of a user and a password that need no escape, besides letters and digits.
const OF_USER: &str = "-._:~!$&'()*+,;=%@";
/// Characters of a host besides letters, digits and escapes.
const OF_HOST: &str = "-._~!$&'()*+,;=:[]<>\"%";

/// Why Go does not parse a URL, if it certainly does not. One with variables of Flux is not known yet.
pub(super) fn url_fault(url: &str) -> Option<UrlFault> {
    let (_, rest) = url.split_once("://").filter(|_| !url.contains("${"))?;
    if url.chars().any(|letter| letter.is_ascii_control()) {
        return Some(UrlFault::Control);
    }
    let (before, _) = rest.split_once('#').unwrap_or((rest, ""));
    let (before, _) = before.split_once('?').unwrap_or((before, ""));
    let (authority, path) = before.split_at_checked(before.find('/').unwrap_or(before.len()))?;
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", authority),
    };
    let is_of = |set: &str, letter: char| letter.is_ascii_alphanumeric() || set.contains(letter);
    if user.chars().any(|letter| !is_of(OF_USER, letter)) {
        return Some(UrlFault::User);
    }
    if host.starts_with('[') {
        return None;
    }
    if let Some((name, port)) = host.rsplit_once(':')
        && port.bytes().any(|byte| !byte.is_ascii_digit())
    {
        // The `/` of a password ends the host.
        let is_password = user.is_empty() && path.contains('@');
        let after_name = host.len().saturating_sub(name.len()).saturating_sub(1);
        let after_authority = rest.len().saturating_sub(authority.len());
        let at = url.len().saturating_sub(after_authority).saturating_sub(after_name);
        return Some(if is_password { UrlFault::User } else { UrlFault::Port(at) });
    }
    if let Some(letter) = host.chars().find(|letter| letter.is_ascii() && !is_of(OF_HOST, *letter)) {
        return Some(UrlFault::Host(letter));
    }
    [user, host, path].into_iter().any(has_bad_escape).then_some(UrlFault::Escape)
}

/// True if a `%` is without two hexadecimal digits after it.
fn has_bad_escape(text: &str) -> bool {
    let is_escape = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    text.split('%').skip(1).any(|rest| !is_escape(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_the_fault_for_which_go_refuses_it() {
        for (url, fault) in [
            ("ssh://git@github.com:acme/fleet", Some(UrlFault::Port(21))),
            ("ssh://github.com:acme", Some(UrlFault::Port(17))),
            ("ssh://git@github.com:22:acme/fleet", Some(UrlFault::Port(24))),
            ("https://user:pa/ss@example.com/fleet", Some(UrlFault::User)),
            ("https://us er@example.com/fleet", Some(UrlFault::User)),
            ("https://exam ple.com/fleet", Some(UrlFault::Host(' '))),
            ("https://exam{ple.com/fleet", Some(UrlFault::Host('{'))),
            ("https://example.com/50%/fleet", Some(UrlFault::Escape)),
            ("https://example.com/fleet\t", Some(UrlFault::Control)),
            ("ssh://git@github.com:22/acme/fleet", None),
            ("ssh://git@github.com:/acme/fleet", None),
            ("ssh://git@github.com/acme/fleet", None),
            ("ssh://git@[::1]:22/acme", None),
            ("https://user:p%20ss@example.com/a b/%41?q=%", None),
            ("https://dev.azure.com/acme/My%20Fleet/_git/fleet", None),
            ("https://${host}:x/fleet", None),
            ("https://example.com/a:b", None),
        ] {
            assert_eq!(url_fault(url), fault, "{url}");
        }
    }
}
