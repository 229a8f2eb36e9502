//! Where an overlay is written.

use crate::model::Fault;

/// A directory below that of the source: relative, with `/` between its parts, none of them `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutputPath(String);

/// What is wrong with the path of an overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFault {
    /// It has no character.
    Empty,
    /// It begins with `/`, or with a drive.
    Absolute,
    /// A part of it is `..`.
    Parent,
    /// A part of it is empty or `.`.
    EmptyPart,
    /// A character that is no letter, digit or one of `-_.+@=,~`.
    Character,
    /// A part of it ends with `.`, which Windows cannot write.
    TrailingDot,
    /// A part of it is a device on Windows, such as `con`.
    Reserved,
    /// A part of it is `.git`, by its name or by the short one that Windows gives it.
    Git,
    /// A part of it is called like a file of kustomize.
    Kustomization,
    /// A part of it has more than 255 bytes, or all of it more than 1,024.
    TooLong,
}

impl OutputPath {
    /// Takes a path below the directory of the source. Names that cannot be written on every system are refused, for
    /// a fleet repository is checked out everywhere.
    ///
    /// # Errors
    /// The fault and its location in the text.
    pub fn parse(text: &str) -> Result<OutputPath, Fault<PathFault>> {
        let drive = text.as_bytes().get(1) == Some(&b':');
        if text.is_empty() {
            return Err(Fault::whole(PathFault::Empty, text));
        }
        if text.starts_with('/') || text.starts_with('\\') || drive {
            return Err(Fault::whole(PathFault::Absolute, text));
        }
        for part in text.split('/') {
            if let Some(kind) = part_fault(part) {
                return Err(Fault::part(kind, text, part));
            }
        }
        if text.len() > 1024 {
            return Err(Fault::whole(PathFault::TooLong, text));
        }
        Ok(OutputPath(text.to_owned()))
    }

    /// The path, with `/` between its parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many directories it goes down.
    pub fn depth(&self) -> usize {
        self.0.split('/').count()
    }
}

fn part_fault(part: &str) -> Option<PathFault> {
    let is_other = |byte: u8| !(byte.is_ascii_alphanumeric() || b"-_.+@=,~".contains(&byte));
    let stem = part.split('.').next().unwrap_or_default();
    match part {
        "" | "." => Some(PathFault::EmptyPart),
        ".." => Some(PathFault::Parent),
        _ if part.bytes().any(is_other) => Some(PathFault::Character),
        _ if part.ends_with('.') => Some(PathFault::TrailingDot),
        _ if part.eq_ignore_ascii_case(".git") || is_short_name_of_git(part) => Some(PathFault::Git),
        _ if stem.eq_ignore_ascii_case("kustomization") => Some(PathFault::Kustomization),
        _ if is_windows_device(stem) => Some(PathFault::Reserved),
        _ if part.len() > 255 => Some(PathFault::TooLong),
        _ => None,
    }
}

fn is_short_name_of_git(part: &str) -> bool {
    let (name, number) = part.split_once('~').unwrap_or_default();
    name.eq_ignore_ascii_case("git") && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Source: "Naming Files, Paths, and Namespaces" of the Windows documentation.
fn is_windows_device(stem: &str) -> bool {
    let is = |name: &[u8], device: &str| name.eq_ignore_ascii_case(device.as_bytes());
    match stem.as_bytes() {
        [name @ .., b'1'..=b'9'] => ["com", "lpt"].iter().any(|device| is(name, device)),
        name => ["con", "prn", "aux", "nul"].iter().any(|device| is(name, device)),
    }
}
