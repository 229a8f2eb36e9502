//! What can be wrong with what an overlay passes through.

mod form;
mod no_patch;
mod target;

pub use form::PassedForm;
pub use no_patch::NoPatch;

use crate::kustomize::target::{PatternFault, SelectorFault};
use crate::model::{LocalPathFault, PathFault};
use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind};
use crate::span::Span;

/// Something is wrong with a `resource`, a `component` or a `patch`, or with the form of an overlay that has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedProblem {
    /// The place in the source.
    pub at: Span,
    /// The text there after interpolation, where it is another and what is wrong is the text.
    pub becomes: Option<String>,
    /// What is wrong.
    pub fault: PassedFault,
}

/// What is wrong with what is passed through. Paths are as the user would type them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassedFault {
    /// The path leads elsewhere.
    Path(LocalPathFault),
    /// A link on the way leads out of where it belongs: the directory of the source, or that of the overlay.
    Link {
        /// The path.
        path: String,
    },
    /// There is nothing.
    Missing {
        /// The path.
        path: String,
    },
    /// There is no directory to look for it in.
    NoDirectory,
    /// It cannot be read.
    Unreadable {
        /// The path.
        path: String,
        /// Why.
        cause: String,
    },
    /// kustomize would refuse it.
    Form(PassedForm),
    /// A target that has no field, or only empty ones.
    TargetOfEverything,
    /// A field of a target that is no regular expression.
    Pattern {
        /// What is wrong with it.
        fault: PatternFault,
        /// The part of it that is wrong.
        part: String,
    },
    /// A field of a target that is no selector.
    Selector {
        /// What is wrong with it.
        fault: SelectorFault,
        /// The part of it that is wrong.
        part: String,
    },
    /// A file that holds no patch.
    NoPatch {
        /// The file.
        path: String,
        /// What is wrong with it.
        fault: NoPatch,
    },
    /// Operations without a target.
    OperationsWithoutTarget {
        /// The file.
        path: String,
        /// The line that they begin on.
        line: usize,
    },
    /// A patch that sets what an identity sets.
    SetTwice {
        /// The controller.
        controller: &'static str,
        /// What it is.
        what: &'static str,
        /// What it is called.
        name: String,
        /// Where the controller is mapped.
        mapped: Span,
        /// The file, and the line that the patch begins on.
        patch: (String, usize),
    },
    /// A patch that names an object that is not there.
    NoObject {
        /// The kind of the object.
        kind: &'static str,
        /// Its name.
        name: String,
        /// Its namespace; empty if the patch says none.
        namespace: String,
        /// The namespace that the object stands in, if it is there.
        meant: Option<String>,
        /// The file, and the line that the patch begins on.
        patch: (String, usize),
    },
    /// A patch whose target matches nothing.
    HitsNothing {
        /// The kind of the objects.
        kind: &'static str,
        /// The file, and the line that the patch begins on.
        patch: (String, usize),
    },
    /// A patch that takes away what has an identity.
    Deletes {
        /// The controller.
        controller: &'static str,
        /// The kind of the object.
        kind: &'static str,
        /// Where the controller is mapped.
        mapped: Span,
        /// The file, and the line that the patch begins on.
        patch: (String, usize),
    },
    /// Nothing is installed.
    NothingInstalled,
    /// A component that no kustomization names.
    Unnamed {
        /// The nearest kustomization and the entry that it lacks.
        nearest: Option<(String, String)>,
    },
    /// A component that is listed as a resource.
    AsResource {
        /// The kustomization.
        path: String,
        /// The entry.
        entry: String,
    },
}

impl ProblemKind for PassedProblem {
    fn code(&self) -> Code {
        self.fault.code()
    }

    fn place(&self) -> PrimaryPlace<'_> {
        PrimaryPlace::Source(self.at)
    }

    fn finding(&self) -> Finding {
        let finding = self.fault.finding(self.head());
        match &self.becomes {
            Some(value) => finding.reason(format!("becomes `{value}`")),
            None => finding,
        }
    }
}

impl PassedFault {
    fn code(&self) -> Code {
        match self {
            PassedFault::Path(_) | PassedFault::Link { .. } => Code::LocalPath,
            PassedFault::Missing { .. } | PassedFault::NoDirectory | PassedFault::Unreadable { .. } => {
                Code::PassedMissing
            }
            PassedFault::Form(_) => Code::PassedForm,
            PassedFault::TargetOfEverything
            | PassedFault::Pattern { .. }
            | PassedFault::Selector { .. }
            | PassedFault::OperationsWithoutTarget { .. } => Code::PatchTarget,
            PassedFault::NoPatch { .. } => Code::NoPatch,
            PassedFault::SetTwice { .. } | PassedFault::Deletes { .. } => Code::SetTwice,
            PassedFault::NoObject { .. } => Code::NoObject,
            PassedFault::HitsNothing { .. } => Code::PassedHitsNothing,
            PassedFault::NothingInstalled => Code::NothingInstalled,
            PassedFault::Unnamed { .. } => Code::UnnamedComponent,
            PassedFault::AsResource { .. } => Code::ComponentAsResource,
        }
    }

    fn finding(&self, head: FindingHead<'_>) -> Finding {
        let finding = |message: String| head.with_message(message);
        match self {
            PassedFault::Path(fault) => path(*fault, head),
            PassedFault::Link { path } => {
                finding(format!("a symbolic link on the way to `{path}` leads outside"))
                    .reason("outside of the overlay, or of the directory of the source")
                    .help("put there what the link points to")
                    .note("kustomize follows such a link no more than we do")
            }
            PassedFault::Missing { path } => finding(format!("`{path}` is not there"))
                .reason("not there")
                .help("write the path from the directory of the source, or from that of the overlay with `./` before it"),
            PassedFault::NoDirectory => {
                finding("a patch is read from a file, and here is no directory".to_owned())
                    .reason("looked for beside the source")
                    .help("name the source by its file: `--file FILE`")
            }
            PassedFault::Unreadable { path, cause } => {
                finding(format!("`{path}` cannot be read: {cause}"))
                    .reason("cannot be read")
                    .help("see that it is a file and may be read")
            }
            PassedFault::NoPatch { path, fault } => fault.finding(path, head),
            PassedFault::OperationsWithoutTarget { path, line } => {
                finding(format!("the operations of `{path}` have no target"))
                    .reason("without a target")
                    .help("say what they are for, such as `{ kind = \"Deployment\", name = \"source-controller\" }`")
                    .note(format!("they begin on line {line} of the file; a list does not name its object"))
            }
            PassedFault::TargetOfEverything => {
                finding("this target is everything there is".to_owned())
                    .reason("names nothing")
                    .help("say what the patch is for, such as `{ kind = \"Deployment\" }`, or remove the braces")
                    .note("without braces, a patch is for the object that it names itself")
            }
            PassedFault::Pattern { fault, part } => target::pattern(*fault, part, head),
            PassedFault::Selector { fault, part } => target::selector(*fault, part, head),
            PassedFault::SetTwice { controller, what, name, mapped, patch: (path, line) } => {
                finding(format!("`{path}` sets the {what} `{name}` of `{controller}`, which the overlay sets too"),
                )
                .reason("this patch")
                .label(*mapped, "this mapping sets it")
                .help(format!("remove the {what} from the patch; the mapping says it"))
                .note(format!("the patch begins on line {line} of the file"))
            }
            PassedFault::NoObject { kind, name, namespace, meant, patch: (path, line) } => {
                let there = if namespace.is_empty() { "without a namespace" } else { "in that namespace" };
                let message = format!("`{path}` changes a {kind} `{name}` {there}, and there is none");
                let finding = finding(message)
                    .reason("this patch")
                    .note(format!("the patch begins on line {line} of the file"))
                    .note("kustomize fails where a patch without a target finds no object");
                match meant {
                    Some(meant) => finding.help(format!("write `namespace: {meant}` in its `metadata`")),
                    None => finding.help("write the name of an object that is there, or a target in braces"),
                }
            }
            PassedFault::HitsNothing { kind, patch: (path, line) } => {
                finding(format!("`{path}` hits no {kind}"))
                    .reason("nothing matches this target")
                    .help("write the name of what is installed, or allow this warning")
                    .note(format!("the patch begins on line {line} of the file"))
                    .note("kustomize says nothing when a target matches nothing")
            }
            PassedFault::Deletes { controller, kind, mapped, patch: (path, line) } => finding(format!("`{path}` removes the {kind} `{controller}`, which has an identity"),
            )
            .reason("this patch")
            .label(*mapped, "mapped here")
            .help("remove the mapping, say `-> none` in the cluster, or let the patch spare it")
            .note(format!("the patch begins on line {line} of the file")),
            PassedFault::NothingInstalled => {
                finding("nothing is installed here".to_owned())
                    .reason("nothing but what `resource` adds")
                    .help("add `resource \"PATH\"`, or remove the setting: `flux bootstrap` is what is meant without it")
            }
            PassedFault::Unnamed { nearest } => {
                let unnamed =
                    finding("no kustomization above names this component".to_owned())
                        .reason("no kustomization in a directory above names it");
                match nearest {
                    Some((path, entry)) => unnamed.help(format!("add to `components` of `{path}`: `- {entry}`")),
                    None => unnamed.help("write a `kustomization.yaml` that has it under `components`"),
                }
            }
            PassedFault::AsResource { path, entry } => {
                finding(format!("`{path}` has this component under `resources`"))
                    .reason("the component of this cluster")
                    .help(format!("move `- {entry}` from `resources` to `components`"))
                    .note("kustomize refuses a component that is a resource")
            }
            PassedFault::Form(form) => form.finding(head),
        }
    }
}

fn path(fault: LocalPathFault, head: FindingHead<'_>) -> Finding {
    let (message, why, help) = match fault {
        LocalPathFault::Remote => (
            "what an overlay holds is in its repository",
            "kustomize would fetch this",
            "commit the file, and name it by its path",
        ),
        LocalPathFault::Path(fault) => match fault {
            PathFault::Empty => ("this path is empty", "nothing", "write a path such as `\"infra/extras\"`"),
            PathFault::Absolute => (
                "what is passed through stands in the directory of the source",
                "an absolute path",
                "write the path from the directory of the source",
            ),
            PathFault::Parent => (
                "what is passed through stands in the directory of the source",
                "leads out of it, or goes a way that is not needed",
                "write the path from the directory of the source, without `..`",
            ),
            PathFault::EmptyPart => (
                "a part of this path is empty",
                "empty, or `.`",
                "write each `/` once, and `./` only at the beginning",
            ),
            PathFault::Character => (
                "a path has none of the characters `\\:*?<>|`",
                "one of them is in this part",
                "rename the file; parts of a path have `/` between them",
            ),
            PathFault::TrailingDot => (
                "a part of a path ends with no dot, and begins and ends with no blank",
                "Windows would drop it",
                "rename it",
            ),
            PathFault::Git => ("nothing is read from `.git`", "the directory of Git", "write another path"),
            PathFault::TooLong => ("this path is too long", "255 bytes a part, 1,024 in all", "shorten it"),
            PathFault::Reserved | PathFault::Kustomization => {
                ("a path cannot be called so", "this part", "rename it")
            }
        },
    };
    head.with_message(message).reason(why).help(help)
}
