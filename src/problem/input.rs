//! What can be wrong with something that is to be read: it is no file, lies outside, or is too large.

use crate::problem::{Code, Finding, FindingHead};

/// Why something that stands where a file is looked for is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputFault {
    /// It is a directory.
    Directory,
    /// It is a named pipe.
    Pipe,
    /// It is a device.
    Device,
    /// It is a socket.
    Socket,
    /// It is a link, and nothing stands where that points.
    DanglingLink,
    /// It is a link that leads back to itself, or through too many others.
    LinkLoop,
    /// A link on the way leads out of the repository.
    LeadsOutside,
    /// It has more bytes than are read of one file.
    TooLarge {
        /// How many are, in bytes.
        limit: u64,
    },
    /// With it, all inputs of the run together have more bytes than are read.
    TooMuch {
        /// How many are, in bytes.
        limit: u64,
    },
}

impl InputFault {
    /// What it is, as a sentence about it.
    pub fn cause(self) -> String {
        match self {
            InputFault::Directory => "it is a directory".to_owned(),
            InputFault::Pipe => "it is a named pipe".to_owned(),
            InputFault::Device => "it is a device".to_owned(),
            InputFault::Socket => "it is a socket".to_owned(),
            InputFault::DanglingLink => "it is a link that points to nothing".to_owned(),
            InputFault::LinkLoop => "its links lead in a circle or too far".to_owned(),
            InputFault::LeadsOutside => "a link leads out of the repository".to_owned(),
            InputFault::TooLarge { limit } => format!("it is larger than {}", size(limit)),
            InputFault::TooMuch { limit } => {
                format!("all that is read for one run is larger than {}", size(limit))
            }
        }
    }

    pub(super) fn code(self) -> Code {
        match self {
            InputFault::Directory
            | InputFault::Pipe
            | InputFault::Device
            | InputFault::Socket
            | InputFault::DanglingLink
            | InputFault::LinkLoop => Code::NoRegularFile,
            InputFault::LeadsOutside => Code::LeadsOutside,
            InputFault::TooLarge { .. } => Code::LargeInput,
            InputFault::TooMuch { .. } => Code::MuchInput,
        }
    }

    pub(super) fn finding(self, head: FindingHead<'_>) -> Finding {
        let finding = head.with_message(format!("this file is not read: {}", self.cause()));
        match self {
            InputFault::Directory
            | InputFault::Pipe
            | InputFault::Device
            | InputFault::Socket
            | InputFault::DanglingLink
            | InputFault::LinkLoop => finding.help("put a regular file here, or remove what is here"),
            InputFault::LeadsOutside => finding
                .help("put here what the link points to, or point it to a file in the repository")
                .note("what lies outside of the repository is not read"),
            InputFault::TooLarge { .. } => {
                finding.help("see what wrote it; files of manifests are far smaller")
            }
            InputFault::TooMuch { .. } => finding
                .help("divide the fleet among several sources")
                .note("the same bytes in several files count once"),
        }
    }
}

/// A number of bytes for people.
fn size(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    match bytes.checked_div(MIB).unwrap_or_default() {
        0 => format!("{bytes} bytes"),
        mib if mib % 1024 == 0 => format!("{} GiB", mib.checked_div(1024).unwrap_or_default()),
        mib => format!("{mib} MiB"),
    }
}
