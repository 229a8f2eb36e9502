//! Paths as URIs.

use std::path::{Component, Path, PathBuf};

use crate::native_path;

/// The path of a `file:` URI, without `.` and `..`; `None` for another URI.
pub fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // A host is allowed before the path, and only this one is.
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let bytes = decode(path)?;
    // A path of Windows begins with the letter of its drive.
    let bytes = if cfg!(windows) { bytes.strip_prefix(b"/")? } else { &bytes };
    let path = native_path::from_bytes(bytes);
    path.is_absolute().then(|| normalized(&path))
}

/// The `file:` URI of an absolute path.
pub fn from_path(path: &Path) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/+@=,!$&'()*".contains(&byte);
    let mut uri = if cfg!(windows) { "file:///".to_owned() } else { "file://".to_owned() };
    for byte in native_path::to_bytes(path).iter() {
        if is_plain(*byte) {
            uri.push(char::from(*byte));
        } else {
            uri.extend([format!("%{byte:02X}")]);
        }
    }
    uri
}

/// The path without `.` and `..`, and without looking at the disk.
pub fn normalized(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => whole.push(component),
        }
    }
    whole
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                decoded.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            b'?' | b'#' => break,
            0 => return None,
            byte => decoded.push(byte),
        }
    }
    (!decoded.contains(&0)).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{from_path, to_path};

    #[test]
    fn a_path_with_any_character_comes_back() {
        let path = Path::new("/a b/ü/%20#?/identity.flux");
        assert_eq!(to_path(&from_path(path)).as_deref(), Some(path));
    }

    #[test]
    fn what_is_no_path_of_this_machine_is_none() {
        for uri in ["untitled:Untitled-1", "file://host/x", "file:///a%0", "file:///a%00b", "", "file://"] {
            assert_eq!(to_path(uri), None, "{uri}");
        }
    }

    #[test]
    fn a_path_has_no_parents_in_it() {
        assert_eq!(to_path("file:///a/../../b/./c").as_deref(), Some(Path::new("/b/c")));
    }
}
