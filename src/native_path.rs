//! Paths as texts. They have `/` between their parts there, on every system.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// A path for people, and for files that are read on other systems.
pub fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    if cfg!(windows) { with_slashes(&text) } else { text }
}

/// The bytes of a path, as git has them.
#[cfg(unix)]
pub fn to_bytes(path: &Path) -> Cow<'_, [u8]> {
    use std::os::unix::ffi::OsStrExt as _;
    Cow::Borrowed(path.as_os_str().as_bytes())
}

/// The bytes of a path, as git has them; names that are not Unicode are not there for git.
#[cfg(not(unix))]
pub fn to_bytes(path: &Path) -> Cow<'_, [u8]> {
    Cow::Owned(shown(path).into_bytes())
}

/// The path with these bytes.
#[cfg(unix)]
pub fn from_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

/// The path with these bytes, as far as they are UTF-8.
#[cfg(not(unix))]
pub fn from_bytes(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// A canonical path as other programs can read it: on Windows, without the `\\?\` that some do not know.
pub fn for_programs(path: &Path) -> PathBuf {
    if cfg!(windows) { PathBuf::from(shown(path)) } else { path.to_path_buf() }
}

/// A path of Windows with `/`. A canonical one starts with `\\?\`, which nobody types.
fn with_slashes(path: &str) -> String {
    let plain = match path.strip_prefix(r"\\?\") {
        Some(rest) => rest.strip_prefix(r"UNC\").map_or_else(|| rest.to_owned(), |rest| format!(r"\\{rest}")),
        None => path.to_owned(),
    };
    plain.replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::with_slashes;

    #[test]
    fn a_path_of_windows_is_shown_as_people_type_it() {
        for (path, shown) in [
            (r"..\clusters/prod\a.yaml", "../clusters/prod/a.yaml"),
            (r"\\?\C:\fleet\identity.flux", "C:/fleet/identity.flux"),
            (r"\\?\UNC\server\share\fleet", "//server/share/fleet"),
            (r"\\server\share", "//server/share"),
        ] {
            assert_eq!(with_slashes(path), shown, "{path}");
        }
    }
}
