//! Problems of files that are read: not a regular file, outside of the repository, or too large.

use crate::problem::{Code, Finding, FindingHead};

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputFault {
    Directory,
    Pipe,
    Device,
    Socket,
    DanglingLink,
    LinkLoop,
    LeadsOutside,
    TooLarge {
        /// In bytes.
        limit: u64,
    },
    TooMuch {
        /// In bytes.
        limit: u64,
    },
}

impl InputFault {
    /// The cause as a clause with the subject "it".
    pub fn cause(self) -> String {
        match self {
            InputFault::Directory => "it is a directory".to_owned(),
            InputFault::Pipe => "it is a named pipe".to_owned(),
            InputFault::Device => "it is a device".to_owned(),
            InputFault::Socket => "it is a socket".to_owned(),
            InputFault::DanglingLink => "it is a symbolic link to a missing file".to_owned(),
            InputFault::LinkLoop => "its symbolic links form a cycle or are too many".to_owned(),
            InputFault::LeadsOutside => "a symbolic link points outside of the repository".to_owned(),
            InputFault::TooLarge { limit } => format!("it is larger than {}", size(limit)),
            InputFault::TooMuch { limit } => {
                format!("the files of one run are larger than {} in total", size(limit))
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
        let finding = head.with_message(if self == InputFault::LeadsOutside {
            "this symbolic link points outside of the repository".to_owned()
        } else {
            format!("cannot read this file: {}", self.cause())
        });
        match self {
            InputFault::Directory
            | InputFault::Pipe
            | InputFault::Device
            | InputFault::Socket
            | InputFault::DanglingLink
            | InputFault::LinkLoop => finding.help("replace it with a regular file, or remove it"),
            InputFault::LeadsOutside => finding
                .help("replace the link with what it points to, or point it into the repository")
                .note("files outside of the repository are not read"),
            InputFault::TooLarge { .. } => {
                finding.help("check what wrote it; files of manifests are far smaller")
            }
            InputFault::TooMuch { .. } => {
                finding.help("split the fleet into several sources").note("identical files count once")
            }
        }
    }
}

fn size(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    match bytes.checked_div(MIB).unwrap_or_default() {
        0 => format!("{bytes} bytes"),
        mib if mib % 1024 == 0 => format!("{} GiB", mib.checked_div(1024).unwrap_or_default()),
        mib => format!("{mib} MiB"),
    }
}
