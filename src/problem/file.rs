//! What can be wrong with a file on the disk.

use crate::problem::{Code, Finding, InputFault, PrimaryPlace, ProblemKind};

/// Something is wrong with a file on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The file, as the user would type it.
    pub path: String,
    /// What is wrong.
    pub fault: FileFault,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// Nobody's banner: somebody wrote it by hand, or another tool did.
    NotOurs {
        /// What would be lost, as a diff.
        lost: String,
    },
    /// The banner of another source.
    OfAnotherSource {
        /// That source, as its banner names it.
        source: String,
        /// What would be lost, as a diff.
        lost: String,
    },
    /// Our banner, but not our checksum.
    EditedByHand {
        /// What would be lost, as a diff.
        lost: String,
    },
    /// A second kustomization file beside the overlay.
    SecondKustomization,
    /// A symbolic link.
    Link,
    /// A directory where the overlay belongs, or a file where its directory belongs.
    InTheWay,
    /// The overlay is not there yet.
    Missing,
    /// The overlay is not what the source says.
    Stale,
    /// An overlay of a cluster that is no more.
    Orphan,
    /// The same, and somebody edited it.
    EditedOrphan,
    /// Not the manifests that it should hold.
    NotManifests,
    /// The file is not read.
    Input(InputFault),
    /// The file cannot be read.
    Unreadable {
        /// Why, as the system says.
        cause: String,
    },
    /// The file cannot be written.
    Unwritable {
        /// Why, as the system says.
        cause: String,
    },
    /// The file cannot be removed.
    Unremovable {
        /// Why, as the system says.
        cause: String,
    },
    /// The directory cannot be locked against other builds.
    Unlockable {
        /// Why, as the system says.
        cause: String,
    },
    /// The file is another one than it was when the build looked.
    ChangedMeanwhile,
    /// The directory was not there when the build looked.
    MadeMeanwhile,
    /// A git repository does not have the object of what stood there.
    MissingObject {
        /// The name of the object.
        object: String,
        /// Why it may be missing.
        history: History,
    },
}

/// How much of its history a git repository has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum History {
    /// All of it, if nothing is damaged.
    Whole,
    /// It ends before its beginning.
    Shallow,
    /// A partial clone, of this remote.
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
        let finding = |message: &str| self.with_message(message);
        match &self.fault {
            FileFault::NotOurs { lost } => finding("this file was not written by flux-identity")
                .note(format!("these lines of it would be lost:\n{lost}"))
                .help(
                    "say it in the source, its patches with `patch \"FILE\" { … }`, and build again; \
                         `build --adopt` replaces the file all the same",
                ),
            FileFault::OfAnotherSource { source, lost } => {
                finding(&format!("this file is generated from another source, `{source}`"))
                    .note(format!("these lines of it would be lost:\n{lost}"))
                    .help(
                        "give one of the two clusters another `output`; `build --adopt` takes the file over",
                    )
            }
            FileFault::EditedByHand { lost } => finding("this generated file was edited by hand")
                .note(format!("these edits would be lost:\n{lost}"))
                .help("say it in the source and build again; `build --force` drops the edits"),
            FileFault::SecondKustomization => {
                finding("kustomize refuses a directory with two kustomization files")
                    .help("remove this one; `kustomization.yaml` is written beside it")
            }
            FileFault::Link => finding("this is a symbolic link, and none is followed")
                .help("put here what it points to, or give the cluster another `output`"),
            FileFault::InTheWay => finding("something else stands where an overlay belongs")
                .help("move it away, or give the cluster another `output`"),
            FileFault::Missing => finding("this file is not there yet").help("run `flux-identity build`"),
            FileFault::Stale => {
                finding("this file is not what the source says").help("run `flux-identity build`")
            }
            FileFault::Orphan => finding("this file belongs to no cluster any more")
                .help("run `flux-identity build --prune`, which removes it"),
            FileFault::EditedOrphan => {
                finding("this file belongs to no cluster any more, and was edited by hand")
                    .help("see whether somebody needs it, and remove it by hand")
            }
            FileFault::NotManifests => finding("this file does not hold manifests of Kubernetes")
                .help("write it again: `flux install --export`")
                .note("the ServiceAccounts and Deployments in it are what the patches must hit"),
            FileFault::Input(fault) => fault.finding(self.head()),
            FileFault::Unreadable { cause } => {
                finding(&format!("cannot be read: {cause}")).help("see that it exists and may be read")
            }
            FileFault::Unwritable { cause } => finding(&format!("cannot be written: {cause}"))
                .help("see that its directory exists, may be written and has room; then try again"),
            FileFault::Unremovable { cause } => finding(&format!("cannot be removed: {cause}"))
                .help("see that its directory may be written; then try again"),
            FileFault::Unlockable { cause } => finding(&format!("cannot be locked: {cause}"))
                .help("see that no other build is at work here; then try again"),
            FileFault::ChangedMeanwhile => finding("somebody changed this file during the build")
                .help("see what became of it, and build again"),
            FileFault::MadeMeanwhile => {
                finding("somebody made this directory during the build").help("build again")
            }
            FileFault::MissingObject { object, history } => {
                let message = format!("missing from the repository: object `{object}`");
                finding(&message).help(history.help(object))
            }
        }
    }
}

impl FileProblem {
    /// Whether the machine failed, rather than the source or what stands beside it.
    pub(super) fn is_failure(&self) -> bool {
        match self.fault {
            FileFault::Unreadable { .. }
            | FileFault::Unwritable { .. }
            | FileFault::Unremovable { .. }
            | FileFault::Unlockable { .. }
            | FileFault::ChangedMeanwhile
            | FileFault::MadeMeanwhile
            | FileFault::MissingObject { .. } => true,
            FileFault::NotOurs { .. }
            | FileFault::OfAnotherSource { .. }
            | FileFault::EditedByHand { .. }
            | FileFault::SecondKustomization
            | FileFault::Link
            | FileFault::InTheWay
            | FileFault::Missing
            | FileFault::Stale
            | FileFault::Orphan
            | FileFault::EditedOrphan
            | FileFault::Input(_)
            | FileFault::NotManifests => false,
        }
    }
}

impl FileFault {
    fn code(&self) -> Code {
        match self {
            FileFault::NotOurs { .. } | FileFault::OfAnotherSource { .. } => Code::NotOurs,
            FileFault::EditedByHand { .. } => Code::EditedByHand,
            FileFault::SecondKustomization => Code::SecondKustomization,
            FileFault::Link => Code::LinkOnTheWay,
            FileFault::InTheWay => Code::InTheWay,
            FileFault::Missing => Code::Missing,
            FileFault::Stale => Code::Stale,
            FileFault::Orphan => Code::Orphan,
            FileFault::EditedOrphan => Code::EditedOrphan,
            FileFault::NotManifests => Code::NotManifests,
            FileFault::Input(fault) => fault.code(),
            FileFault::Unreadable { .. } => Code::Unreadable,
            FileFault::Unwritable { .. } | FileFault::Unremovable { .. } | FileFault::Unlockable { .. } => {
                Code::Unwritable
            }
            FileFault::ChangedMeanwhile | FileFault::MadeMeanwhile => Code::ChangedMeanwhile,
            FileFault::MissingObject { .. } => Code::MissingObject,
        }
    }
}

impl History {
    /// How to get a missing object. Nothing is fetched by this command itself.
    fn help(&self, object: &str) -> String {
        match self {
            History::Whole => "the repository is damaged: `git fsck` lists what is missing, and \
                               `git fetch --refetch` gets what a remote has of it"
                .to_owned(),
            History::Shallow => {
                "this clone does not have all of the history: `git fetch --unshallow`".to_owned()
            }
            History::Partial(remote) => format!(
                "this is a partial clone: `git fetch {remote} {object}` gets this object, \
                 `git fetch --refetch --no-filter {remote}` all that it lacks"
            ),
        }
    }
}

/// Something is wrong with a file on the disk that holds what a cloud must be told. Other commands help there than with
/// overlays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustFileProblem(pub FileProblem);

impl ProblemKind for TrustFileProblem {
    fn code(&self) -> Code {
        self.0.code()
    }

    fn place(&self) -> PrimaryPlace<'_> {
        self.0.place()
    }

    fn finding(&self) -> Finding {
        let TrustFileProblem(problem) = self;
        let finding = |message: &str| self.with_message(message);
        match &problem.fault {
            FileFault::NotOurs { lost } => finding("this file was not written by flux-identity",
            )
            .note(format!("these lines of it would be lost:\n{lost}"))
            .help(
                "name another directory with `-o`; or add `--adopt` to your command, which replaces the file",
            ),
            FileFault::OfAnotherSource { source, lost } => finding(&format!("this file is generated from another source, `{source}`"),
            )
            .note(format!("these lines of it would be lost:\n{lost}"))
            .help(
                "name another directory with `-o`; or add `--adopt` to your command, which takes the file \
                         over",
            ),
            FileFault::EditedByHand { lost } => {
                finding("this generated file was edited by hand")
                    .note(format!("these edits would be lost:\n{lost}"))
                    .help("say it in the source; or add `--force` to your command, which drops the edits")
            }
            FileFault::Link => finding("this is a symbolic link, and none is followed")
                .help("put here what it points to, or name another directory with `-o`"),
            FileFault::InTheWay => {
                finding("something else stands where a file of `trust` belongs")
                    .help("move it away, or name another directory with `-o`")
            }
            FileFault::EditedOrphan => finding("nothing in the fleet needs this Terraform module any more, and it was edited by hand",
            )
            .help("see whether somebody needs it, let Terraform destroy what it made, and remove it by hand"),
            FileFault::ChangedMeanwhile => {
                finding("somebody changed this file meanwhile")
                    .help("see what became of it, and run `flux-identity trust` again")
            }
            FileFault::MadeMeanwhile => {
                finding("somebody made this directory meanwhile")
                    .help("run `flux-identity trust` again")
            }
            // What is said of these is true of any file, or is said of overlays alone.
            FileFault::SecondKustomization
            | FileFault::Missing
            | FileFault::Stale
            | FileFault::Orphan
            | FileFault::NotManifests
            | FileFault::Input(_)
            | FileFault::Unreadable { .. }
            | FileFault::Unwritable { .. }
            | FileFault::Unremovable { .. }
            | FileFault::Unlockable { .. }
            | FileFault::MissingObject { .. } => problem.finding(),
        }
    }
}
