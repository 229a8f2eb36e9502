//! Problems of the comparison of builds before and after an import.

use crate::kustomize::Feature;
use crate::problem::{Code, Finding, FindingHead, coded, count, describe_feature, with, worded};

coded! {
    (head)
    /// Why the builds before and after an import cannot be compared, or how they differ.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum VerificationFault {
        Explained {
            why: &'static str,
            /// The lines of a diff.
            lines: Vec<String>,
        } => ExplainedDifference: "the build output differs, but {why}"
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
            /// The end of a sentence, such as "is a symbolic link".
            why: &'static str,
            overlays: usize,
        } => NotCopied: "cannot verify the import: `{entry}` {why}"
            .help("replace it with a regular file in the directory of the source, or import without \
                `--verify`")
            .note(format!("needed by {}", count(*overlays, "overlay")));
    }
}
