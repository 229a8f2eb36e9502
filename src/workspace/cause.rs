//! Why the system refused, in words.

use std::io::{self, ErrorKind};

/// Why the system refused, in words of ours where we have some.
#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add kinds of errors at any time")]
pub fn cause(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it is not there".to_owned(),
        ErrorKind::PermissionDenied => "you may not".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::IsADirectory => "it is a directory".to_owned(),
        ErrorKind::NotADirectory => "a file stands where a directory belongs".to_owned(),
        ErrorKind::QuotaExceeded => "your quota is used up".to_owned(),
        _ => {
            // The system's own words, without the number that Rust puts behind them.
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}

/// True if the error says that nothing stands at a path.
pub fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
