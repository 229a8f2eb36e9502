//! Problems of files on the disk.

use crate::kustomize::Unreadable;
use crate::problem::{
    Code, Finding, FindingHead, InputFault, PrimaryPlace, ProblemKind, REGENERATE, all_of, coded,
    describe_unreadable, with, worded,
};
use crate::spanned::Excess;

/// What follows `NotOurs`, where it is true of all such files.
pub const ADOPTION_CHANGES_NOTHING: &str = "all of them build the same objects as what replaces them: `flux-identity build --adopt` changes no cluster\n";

/// A problem of a file on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// Relative to the working directory.
    pub path: String,
    pub fault: FileFault,
}

coded! {
    (head)
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum FileFault {
        NotOurs {
            /// A diff.
            lost: String,
        } => NotOurs: "flux-identity did not generate this file"
            .note("lines marked `-` would be lost:\n{lost}")
            .help("move its content to the source, patches as `patch \"FILE\" {{ … }}`, and build again; \
                `build --adopt` overwrites the file");
        OfAnotherSource {
            source: String,
            /// A diff.
            lost: String,
        } => NotOurs: "this file is generated from another source, `{source}`"
            .note("lines marked `-` would be lost:\n{lost}")
            .help("set another `output` for one of the two clusters; `build --adopt` overwrites the file");
        EditedByHand {
            /// A diff.
            lost: String,
        } => EditedByHand: "this generated file was edited by hand"
            .note("lines marked `-` would be lost:\n{lost}")
            .help("move the edits to the source and build again; `build --force` discards them");
        SecondKustomization => SecondKustomization: "this directory has two kustomization files"
            .help("remove this file; `build` writes `kustomization.yaml` in the same directory");
        Link => LinkOnTheWay: "this path is a symbolic link, which is not followed"
            .help("replace the link with a regular file or directory, or, for an overlay, set another \
                `output` for its cluster");
        InTheWay {
            /// What it is, with its article.
            what: &'static str,
        } => InTheWay: "{what} exists at this path"
            .help("move it, or, for an overlay, set another `output` for its cluster");
        Missing => Missing: "this file does not exist"
            .help("run `flux-identity build`");
        Stale => Stale: "this file is out of date with the source"
            .help("run `flux-identity build`");
        Orphan => Orphan: "this file belongs to no cluster"
            .help("if its cluster still exists, declare it, or set `output` to this directory; else `flux-identity \
                build --prune` removes the file");
        EditedOrphan => EditedOrphan: "this file belongs to no cluster and was edited by hand"
            .help("check whether the edits are needed, and remove the file by hand");
        NotManifests => NotManifests: "this file contains no Kubernetes manifests"
            .help(REGENERATE)
            .note("the patches are checked against its ServiceAccounts and Deployments");
        Pointer => NotManifests: "this file is a pointer of Git LFS"
            .help("remove `filter=lfs` for it from `.gitattributes`, and commit the file itself: `git lfs pull`, then \
                `git add --renormalize .`")
            .note("source-controller does not know Git LFS, and applies the pointer as it is");
        BrokenManifests { fault: Unreadable } => NotManifests: "{}, at line {}"
            (describe_unreadable(*fault).replacen("a file", "this file", 1), fault.line())
            .help("correct the line, or restore the file from git")
            .note("the patches are checked against its ServiceAccounts and Deployments");
        /// The header of the manifests lists components that they do not install.
        ManifestsLack { components: Vec<String>, has: Vec<String> } => NotManifests, {
            let deployments = if components.len() == 1 { "its Deployment does" } else { "their Deployments do" };
            let message = format!("the header of this file lists {}, and {deployments} not exist", all_of(components));
            let finding = head.with_message(message).help(REGENERATE);
            let finding = if has.is_empty() { finding } else {
                finding.note(format!("Deployments in the file: {}", all_of(has)))
            };
            finding.note("`flux install` lists on the line `# Components:` what it installs; correct the line if the \
                components were removed by hand")
        };
        /// A document of the manifests exceeds a limit.
        ManifestsOutOfBounds {
            excess: Excess,
            /// Counted from 1.
            line: usize,
        } => NotManifests: "a document {}, at line {line}" (excess.words())
            .help(REGENERATE)
            .note("the patches are checked against its ServiceAccounts and Deployments");
        SourceNotText {
            /// The line of the first invalid byte, counted from 1.
            line: usize,
            /// True if the file starts like UTF-16.
            utf16: bool,
        } => NotText, if *utf16 {
            head.with_message("this source is encoded as UTF-16, not UTF-8").help("save it as UTF-8")
        } else {
            head.with_message(format!("invalid UTF-8 in line {line}")).help("save it as UTF-8")
        };
        LargeSource {
            /// In bytes.
            limit: u64,
        } => TooLarge: "this source is larger than {} MiB" (limit / 1024 / 1024)
            .help("split the fleet into several sources");
        Input(fault: InputFault) => (fault.code()), fault.finding(head);
        Unreadable { cause: String } => Unreadable: "cannot read this file: {cause}"
            .help("check that the file exists and is readable");
        Unwritable { cause: String } => Unwritable: "cannot write this file: {cause}"
            .help("check that its directory exists, is writable and has free space, and try again");
        Unremovable { cause: String } => Unwritable: "cannot remove this file: {cause}"
            .help("check that its directory is writable, and try again");
        Unlockable { cause: String } => Unwritable: "cannot lock this directory: {cause}"
            .help("check that no other build is running here, and try again");
        ChangedMeanwhile => ChangedMeanwhile: "this file changed while the command was running"
            .help("review the change, and run the command again");
        MadeMeanwhile => ChangedMeanwhile: "this directory was created while the command was running"
            .help("run the command again");
        MissingObject { object: String, history: History } => MissingObject:
            "object `{object}` is missing from the git repository"
            .help(history.help(object));
    }
}

/// How much of its history a git repository contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum History {
    /// All of it, unless it is damaged.
    Whole,
    Shallow,
    /// A partial clone of this remote.
    Partial(String),
}

impl ProblemKind for FileProblem {
    fn code(&self) -> Code {
        self.fault.code()
    }

    fn place(&self) -> PrimaryPlace<'_> {
        PrimaryPlace::File(&self.path)
    }

    fn finding(&self) -> Finding {
        self.fault.finding(self.head())
    }
}

impl History {
    /// How to fetch a missing object. flux-identity itself fetches nothing.
    fn help(&self, object: &str) -> String {
        match self {
            History::Whole => {
                "the repository is damaged: `git fsck` lists the missing objects, and `git fetch \
                --refetch` fetches them from a remote"
                    .to_owned()
            }
            History::Shallow => "this is a shallow clone: run `git fetch --unshallow`".to_owned(),
            History::Partial(remote) => format!(
                "this is a partial clone: `git fetch {remote} {object}` fetches this object, `git \
                 fetch --refetch --no-filter {remote}` fetches all"
            ),
        }
    }
}

/// A problem of a generated file of trust, whose helps differ from those of overlays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustFileProblem {
    pub problem: FileProblem,
    pub written_by: TrustWriter,
}

/// What writes a file of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustWriter {
    /// `trust -o`.
    Trust,
    /// `build`, to `trust-output`.
    Build,
}

impl ProblemKind for TrustFileProblem {
    fn code(&self) -> Code {
        self.problem.code()
    }

    fn place(&self) -> PrimaryPlace<'_> {
        self.problem.place()
    }

    fn finding(&self) -> Finding {
        let mut finding = self.problem.finding();
        let fault = &self.problem.fault;
        if let FileFault::InTheWay { what } = fault {
            finding.message = format!("{what} exists at the path of a trust file");
        } else if *fault == FileFault::Orphan {
            "no cluster needs this file".clone_into(&mut finding.message);
        } else if *fault == FileFault::EditedOrphan {
            "no cluster needs this file, which was edited by hand".clone_into(&mut finding.message);
        }
        // The other helps are right for any file, or occur only for overlays.
        let Some(help) = self.written_by.help(fault) else { return finding };
        finding.helps.clear();
        finding.help(help)
    }
}

impl TrustWriter {
    /// What to do about a fault, where that differs from an overlay.
    const fn help(self, fault: &FileFault) -> Option<&'static str> {
        let [of_trust, of_build] = match fault {
            FileFault::NotOurs { .. } | FileFault::OfAnotherSource { .. } => [
                "write to another directory with `-o`, or add `--adopt` to overwrite the file",
                "set another `trust-output`; `flux-identity build --adopt` overwrites the file",
            ],
            FileFault::EditedByHand { .. } => [
                "move the edits to the source, or add `--force` to discard them",
                "move the edits to the source; `flux-identity build --force` discards them",
            ],
            FileFault::Missing | FileFault::Stale => {
                ["run the same command without `--check`", "run `flux-identity build`"]
            }
            FileFault::Orphan => [
                "run the same command with `--prune` and without `--check` to remove it",
                "`flux-identity build --prune` removes it, and nothing from the cloud",
            ],
            FileFault::Link => [
                "replace the link with a regular file or directory, or write to another directory with `-o`",
                "replace the link with a regular file or directory, or set another `trust-output`",
            ],
            FileFault::InTheWay { .. } => {
                ["move it, or write to another directory with `-o`", "move it, or set another `trust-output`"]
            }
            FileFault::EditedOrphan => {
                let help = "check whether the edits are needed, run `terraform destroy` if it is a module that was \
                            applied, and remove it by hand";
                [help, help]
            }
            FileFault::SecondKustomization
            | FileFault::NotManifests
            | FileFault::Pointer
            | FileFault::BrokenManifests { .. }
            | FileFault::ManifestsLack { .. }
            | FileFault::ManifestsOutOfBounds { .. }
            | FileFault::SourceNotText { .. }
            | FileFault::LargeSource { .. }
            | FileFault::Input(_)
            | FileFault::Unreadable { .. }
            | FileFault::Unwritable { .. }
            | FileFault::Unremovable { .. }
            | FileFault::Unlockable { .. }
            | FileFault::ChangedMeanwhile
            | FileFault::MadeMeanwhile
            | FileFault::MissingObject { .. } => return None,
        };
        Some(match self {
            TrustWriter::Trust => of_trust,
            TrustWriter::Build => of_build,
        })
    }
}
