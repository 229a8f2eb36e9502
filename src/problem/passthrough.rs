//! Problems of passthrough: `resource`, `component` and `patch`.

mod form;
mod no_patch;
mod target;

pub use form::PassedForm;
pub use no_patch::NoPatch;

use crate::kustomize::target::{PatternFault, SelectorFault};
use crate::model::{LocalPathFault, PathFault};
use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, coded};
use crate::span::Span;

/// A problem of a `resource`, a `component` or a `patch`, or of the form of an overlay that has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedProblem {
    pub at: Span,
    /// The text after interpolation, if it differs and the text itself is wrong.
    pub becomes: Option<String>,
    pub fault: PassedFault,
}

coded! {
    /// What is wrong with passthrough. Paths are relative to the working directory.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum PassedFault {
        Path(LocalPathFault) => LocalPath,
        Link { path: String } => LocalPath,
        Missing { path: String } => PassedMissing,
        NoDirectory => PassedMissing,
        Unreadable { path: String, cause: String } => PassedMissing,
        Form(PassedForm) => PassedForm,
        TargetOfEverything => PatchTarget,
        Pattern { fault: PatternFault, part: String } => PatchTarget,
        Selector { fault: SelectorFault, part: String } => PatchTarget,
        NoPatch { path: String, fault: NoPatch } => NoPatch,
        OperationsWithoutTarget { path: String, line: usize } => PatchTarget,
        SetTwice {
            controller: &'static str, what: &'static str, name: String, mapped: Span, patch: (String, usize),
        } => SetTwice,
        NoObject {
            kind: &'static str, name: String,
            /// Empty if the patch has no namespace.
            namespace: String,
            /// The namespace in which the object exists, if any.
            meant: Option<String>,
            patch: (String, usize),
        } => NoObject,
        HitsNothing { kind: &'static str, patch: (String, usize) } => PassedHitsNothing,
        /// No object has the kind of a target.
        NoKind { kind: String, near: Option<String>, patch: (String, usize) } => PassedHitsNothing,
        Deletes {
            controller: &'static str, kind: &'static str, mapped: Span, patch: (String, usize),
        } => SetTwice,
        NothingInstalled => NothingInstalled,
        Unnamed {
            /// The nearest kustomization above, and the entry that it lacks.
            nearest: Option<(String, String)>,
            /// The nearest kustomization above that is not read, and why, as the rest of a sentence.
            unread: Option<(String, String)>,
        } => UnnamedComponent,
        AsResource { path: String, entry: String } => ComponentAsResource,
    }
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
    fn finding(&self, head: FindingHead<'_>) -> Finding {
        let finding = |message: String| head.with_message(message);
        match self {
            PassedFault::Path(fault) => path(*fault, head),
            PassedFault::Link { path } => finding(format!("a symbolic link in `{path}` points outside"))
                .reason("outside of the overlay or of the directory of the source")
                .help("replace the link with the file or directory")
                .note("kustomize does not follow such a link either"),
            PassedFault::Missing { path } => {
                finding(format!("`{path}` does not exist")).reason("no such file or directory").help(
                    "write the path relative to the source, or relative to the overlay with a leading \
                    `./`",
                )
            }
            PassedFault::NoDirectory => {
                finding("a patch is read from a file, but the source has no directory".to_owned())
                    .reason("looked up in the directory of the source")
                    .help("pass the source as a file: `--file FILE`")
            }
            PassedFault::Unreadable { path, cause } => finding(format!("cannot read `{path}`: {cause}"))
                .reason("not readable")
                .help("check that it is a file and is readable"),
            PassedFault::NoPatch { path, fault } => fault.finding(path, head),
            PassedFault::OperationsWithoutTarget { path, line } => {
                finding(format!("the operations in `{path}` have no target"))
                    .reason("no target")
                    .help("add a target, such as `{ kind = \"Deployment\", name = \"source-controller\" }`")
                    .note(format!(
                        "they start on line {line} of the file; a list of operations does not name its \
                        object"
                    ))
            }
            PassedFault::TargetOfEverything => finding("this target matches every object".to_owned())
                .reason("no field is set")
                .help("add a field, such as `{ kind = \"Deployment\" }`, or remove the braces")
                .note("without braces, a patch applies to the object that it names"),
            PassedFault::Pattern { fault, part } => target::pattern(*fault, part, head),
            PassedFault::Selector { fault, part } => target::selector(*fault, part, head),
            PassedFault::SetTwice { controller, what, name, mapped, patch: (path, line) } => finding(
                format!("`{path}` sets the {what} `{name}` of `{controller}`, which the overlay also sets"),
            )
            .reason("this patch")
            .label(*mapped, "set by this mapping")
            .help(format!("remove the {what} from the patch, or remove the mapping"))
            .note(format!("the patch starts on line {line} of the file")),
            PassedFault::NoObject { kind, name, namespace, meant, patch: (path, line) } => {
                let there = if namespace.is_empty() {
                    "without a namespace".to_owned()
                } else {
                    format!("in namespace `{namespace}`")
                };
                let message = format!("`{path}` patches the {kind} `{name}` {there}, which does not exist");
                let finding = finding(message)
                    .reason("this patch")
                    .note(format!("the patch starts on line {line} of the file"))
                    .note("kustomize fails if a patch without a target matches no object");
                match meant {
                    Some(meant) => finding.help(format!("add `namespace: {meant}` to its `metadata`")),
                    None => finding.help("correct the name, or add a target in braces"),
                }
            }
            PassedFault::HitsNothing { kind, patch: (path, line) } => {
                finding(format!("`{path}` matches no {kind}"))
                    .reason("this target matches nothing")
                    .help("use the name of an installed object, or allow this warning")
                    .note(format!("the patch starts on line {line} of the file"))
                    .note("kustomize ignores a patch whose target matches nothing")
            }
            PassedFault::NoKind { kind, near, patch: (path, line) } => {
                let finding = finding(format!("`{path}` matches nothing: no object has the kind `{kind}`"))
                    .reason("this target matches nothing")
                    .note(format!("the patch starts on line {line} of the file"))
                    .note("kustomize ignores a patch whose target matches nothing");
                match near {
                    Some(near) => finding.help(format!("write `{near}`")),
                    None => finding.help("use the kind of an installed object, or allow this warning"),
                }
            }
            PassedFault::Deletes { controller, kind, mapped, patch: (path, line) } => {
                finding(format!("`{path}` deletes the {kind} `{controller}`, which has an identity"))
                    .reason("this patch")
                    .label(*mapped, "mapped here")
                    .help(
                        "remove the mapping, set `-> none` in the cluster, or remove the deletion from the \
                patch",
                    )
                    .note(format!("the patch starts on line {line} of the file"))
            }
            PassedFault::NothingInstalled => finding("this overlay installs nothing".to_owned())
                .reason("only the files of `resource` are included")
                .help(
                    "add `resource \"PATH\"`, or remove the setting to use the files of `flux \
                        bootstrap`",
                ),
            PassedFault::Unnamed { nearest, unread } => {
                let unnamed = match unread {
                    Some((path, why)) => {
                        finding("no kustomization that can be read includes this component".to_owned())
                            .reason("not included by any parent directory that can be read")
                            .note(format!("`{path}` {why}"))
                    }
                    None => finding("no kustomization includes this component".to_owned())
                        .reason("not included by any parent directory"),
                };
                match nearest {
                    Some((path, entry)) => {
                        unnamed.help(format!("add `- {entry}` to `components` in `{path}`"))
                    }
                    None if unread.is_some() => {
                        unnamed.help("correct it, and list the component under its `components`")
                    }
                    None => unnamed.help("create a `kustomization.yaml` that lists it under `components`"),
                }
            }
            PassedFault::AsResource { path, entry } => {
                finding(format!("`{path}` lists this component under `resources`"))
                    .reason("component of this cluster")
                    .help(format!("move `- {entry}` from `resources` to `components`"))
                    .note("kustomize rejects a component under `resources`")
            }
            PassedFault::Form(form) => form.finding(head),
        }
    }
}

fn path(fault: LocalPathFault, head: FindingHead<'_>) -> Finding {
    let (message, why, help) = match fault {
        LocalPathFault::Remote => (
            "an overlay can include only files in its repository",
            "kustomize would fetch this",
            "commit the file, and write its path",
        ),
        LocalPathFault::Path(fault) => match fault {
            PathFault::Empty => {
                ("this path is empty", "empty path", "write a path such as `\"infra/extras\"`")
            }
            PathFault::Absolute => (
                "this path is outside of the directory of the source",
                "absolute path",
                "write a path relative to the source",
            ),
            PathFault::Parent => (
                "this path is outside of the directory of the source, or not in its shortest form",
                "`..` is not allowed here",
                "write a path relative to the source, without `..`",
            ),
            PathFault::EmptyPart => (
                "this path has an empty segment",
                "empty, or `.`",
                "write single slashes, and `./` only at the beginning",
            ),
            PathFault::Character => (
                "this path contains one of the characters `\\:*?<>|`",
                "not allowed in this segment",
                "rename the file, and separate directories with `/`",
            ),
            PathFault::TrailingDot => (
                "a path segment cannot end with `.`, or start or end with a space",
                "Windows drops it",
                "rename it",
            ),
            PathFault::Git => {
                ("files in `.git` cannot be included", "the directory of Git", "write another path")
            }
            PathFault::TooLong => {
                ("this path is too long", "limit: 255 bytes per segment, 1,024 in total", "shorten it")
            }
            PathFault::Reserved | PathFault::Kustomization => {
                ("this name is reserved", "reserved name", "rename it")
            }
        },
    };
    head.with_message(message).reason(why).help(help)
}
