//! Problems of the comparison of builds before and after an import.

use crate::kustomize::Feature;
use crate::problem::{Code, Finding, FindingHead, coded, count, describe_feature, with, worded};

coded! {
    (head)
    /// Why the builds before and after an import cannot be compared, or how they differ.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum VerificationFault {
        Explained {
            by: Explanation,
            /// The lines of a diff.
            lines: Vec<String>,
        } => ExplainedDifference: "the build output differs, but {}" (by.describe())
            .note(format!("the difference:\n{}", lines.join("\n")));
        NotCompiled {
            code: Code, message: String,
            /// The line of the generated source; may be empty.
            line: String,
            /// True if the source is printed, false if it was to be written to a file.
            is_printed: bool,
        } => NotCompiled, {
            let finding = head.with_message(format!("the imported source does not compile: {message}")).help(
                if *is_printed {
                    "correct the printed source, or the overlay that it comes from"
                } else {
                    "print the source by importing without `-o`, and correct the source or the overlay \
                        that it comes from"
                },
            );
            let finding =
                if line.is_empty() { finding } else { finding.note(format!("in this line: {line}")) };
            finding.note(format!("run `flux-identity explain {code}` for details"))
        };
        /// The overlay itself has the mistake: the source is right, and `build` rejects it.
        NotEffective { code: Code, message: String } => NotEffective: "{message}"
            .help("correct the overlay or the imported source; `build` writes nothing before")
            .note("run `flux-identity explain {code}` for details");
        /// Something that may change any object is not modelled.
        NotModelled { feature: Feature } => NotProvedSame:
            "`{}` is not modelled, so it is not proved that this overlay builds the same" (describe_feature(feature))
            .help("import with `--verify`, which asks kustomize");
        Differs { diff: String } => NotTheSame: "the build output differs"
            .note("the difference:\n{diff}")
            .help("correct the source or the overlay, and import again");
        NotBuilt {
            /// True for the build before the import.
            is_old: bool,
            message: String,
        } => NotTheSame: "kustomize cannot build the {} overlay" (if *is_old { "original" } else { "generated" })
            .note("the cause:\n{message}")
            .help("correct the overlay until it builds, and import again");
        WouldFetch { entry: String, overlays: usize } => WouldFetch:
            "cannot verify the import: kustomize would fetch `{entry}`"
            .help("commit it to the repository and name the file, or import without `--verify`; `flux \
                install --export` writes the manifests of Flux")
            .note(format!("needed by {}", count(*overlays, "overlay")));
        NotCopied {
            entry: String,
            fault: CopyFault,
            overlays: usize,
        } => NotCopied: "cannot verify the import: `{entry}` {}" (fault.describe())
            .help("replace it with a regular file in the directory of the source, or import without \
                `--verify`")
            .note(format!("needed by {}", count(*overlays, "overlay")));
    }
}

/// Why a difference between two builds makes none in a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explanation {
    UnreadLabel,
    Names,
}

impl Explanation {
    const fn describe(self) -> &'static str {
        match self {
            Explanation::UnreadLabel => "nothing reads this label",
            Explanation::Names => "only names differ",
        }
    }
}

/// Why something is not in the copy of a fleet that kustomize builds, or cannot be looked for there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CopyFault {
    /// A symbolic link, which may lead anywhere.
    Link,
    /// A pipe, a device, a socket.
    Special,
    /// A directory whose name begins with a `.`.
    Hidden,
    /// A file of more than 64 MiB.
    TooLarge,
    Outside,
    NotText,
    NotYaml,
    NotModelled,
}

impl CopyFault {
    const fn describe(self) -> &'static str {
        match self {
            CopyFault::Link => "is a symbolic link",
            CopyFault::Special => "is not a regular file",
            CopyFault::Hidden => "is in a directory whose name starts with a dot",
            CopyFault::TooLarge => "is larger than 64 MiB",
            CopyFault::Outside => "is outside of the directory of the source",
            CopyFault::NotText => "is not UTF-8 text",
            CopyFault::NotYaml => "is not plain YAML, or exceeds a limit",
            CopyFault::NotModelled => "is not modelled, so that it is not known what kustomize would read",
        }
    }
}
