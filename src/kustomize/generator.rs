//! The texts of generators. kustomize checks no key of them.
//!
//! Source: `api/kv/kv.go`, `api/internal/generators/utils.go` and `kyaml/yaml/datamap.go` of kubernetes-sigs/kustomize.

/// The key and the value of a literal.
pub(crate) fn literal(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty())?;
    let quoted = ['"', '\''].iter().find_map(|quote| {
        let inner = value.strip_prefix(*quote)?;
        if inner.is_empty() { Some("") } else { inner.strip_suffix(*quote) }
    });
    Some((key, quoted.unwrap_or(value)))
}

/// The key and the path of a file.
pub(crate) fn named(text: &str) -> Option<(&str, &str)> {
    match text.split_once('=') {
        None => Some((text.trim_end_matches('/').rsplit('/').next().unwrap_or(text), text)),
        Some((key, path)) => {
            let is_right = !key.is_empty() && !path.is_empty() && !path.contains('=');
            is_right.then_some((key, path))
        }
    }
}

/// Base64, in lines of 70 letters if it needs several.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const LINE: usize = 70;
    let letter = |bits: u32| LETTERS.get((bits & 63) as usize).map_or('=', |letter| char::from(*letter));
    let mut encoded = String::with_capacity(bytes.len().saturating_mul(4).div_euclid(3).saturating_add(4));
    for part in bytes.chunks(3) {
        let byte = |at: usize| u32::from(part.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        encoded.push(letter(bits >> 18));
        encoded.push(letter(bits >> 12));
        encoded.push(if part.len() > 1 { letter(bits >> 6) } else { '=' });
        encoded.push(if part.len() > 2 { letter(bits) } else { '=' });
    }
    if encoded.len() < LINE {
        return encoded;
    }
    let lines = encoded.as_bytes().chunks(LINE).map(|line| String::from_utf8_lossy(line) + "\n");
    lines.collect()
}
