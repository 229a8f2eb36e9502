//! Problems of passthrough: `resource`, `component` and `patch`.

mod form;
mod target;

pub use form::NoPatch;
pub use form::PassedForm;

use crate::kustomize::target::{PatternFault, SelectorFault};
use crate::kustomize::{Cause, Id};
use crate::model::{LocalPathFault, PathFault};
use crate::problem::nearest as nearest_name;
use crate::problem::{
    Code, Finding, FindingHead, PrimaryPlace, ProblemKind, all_of, coded, describe_cause, texts, with, worded,
};
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
    (head)
    /// What is wrong with passthrough. Paths are relative to the working directory.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum PassedFault {
        Path(fault: LocalPathFault) => LocalPath, path(*fault, head);
        Link { path: String } => LocalPath: "a symbolic link in `{path}` points outside"
            .reason("outside of the overlay or of the directory of the source")
            .help("replace the link with the file or directory")
            .note("kustomize does not follow such a link either");
        Missing { path: String } => PassedMissing: "`{path}` does not exist"
            .reason("no such file or directory")
            .help("write the path relative to the directory of the source, or with a leading `./` to that of the overlay");
        NoDirectory => PassedMissing: "a patch is read from a file, but the source has no directory"
            .reason("looked up in the directory of the source")
            .help("pass the source as a file: `--file FILE`");
        Unreadable { path: String, cause: String } => PassedMissing: "cannot read `{path}`: {cause}"
            .reason("not readable")
            .help("check that it is a file and is readable");
        Form(form: PassedForm) => PassedForm, form.finding(head);
        TargetOfEverything => PatchTarget: "this target matches every object"
            .reason("no field is set")
            .help("add a field, such as `{{ kind = \"Deployment\" }}`, or remove the braces")
            .note("without braces, a patch applies to the object that it names");
        Pattern { fault: PatternFault, part: String } => PatchTarget, target::pattern(*fault, part, head);
        Selector { fault: SelectorFault, part: String } => PatchTarget, target::selector(*fault, part, head);
        NoPatch { path: String, fault: NoPatch } => NoPatch, fault.finding(head, path);
        OperationsWithoutTarget { path: String, line: usize } => PatchTarget:
            "the operations in `{path}` have no target"
            .reason("no target")
            .help("add a target, such as `{{ kind = \"Deployment\", name = \"source-controller\" }}`")
            .note("they start on line {line} of the file; a list of operations does not name its object");
        SetTwice {
            controller: &'static str, what: &'static str, name: String, mapped: Span, patch: (String, usize),
        } => SetTwice:
            "`{}` sets the {what} `{name}` of `{controller}`, which the overlay also sets" (patch.0)
            .reason("this patch")
            .label(*mapped, "set by this mapping")
            .help("remove the {what} from the patch, or remove the mapping")
            .note("the patch starts on line {} of the file", patch.1);
        /// An object that a patch names does not exist. `near`: one of its name that differs in one other part.
        NoObject { wanted: Id, near: Option<Id>, patch: (String, usize) } => NoObject, {
            let there = if wanted.namespace.is_empty() {
                "without a namespace".to_owned()
            } else {
                format!("in namespace `{}`", wanted.namespace)
            };
            let (path, kind, name) = (&patch.0, &wanted.kind, &wanted.name);
            head.with_message(format!("the {kind} `{name}` {there}, which `{path}` patches, does not exist"))
                .reason("this patch")
                .help(match near {
                    Some(near) if near.kind != wanted.kind => format!("write `kind: {}`", near.kind),
                    Some(near) if near.api_version() != wanted.api_version() => {
                        format!("write `apiVersion: {}`", near.api_version())
                    }
                    Some(near) => format!("add `namespace: {}` to its `metadata`", near.effective_namespace()),
                    None => "correct the name, or add a target in braces".to_owned(),
                })
                .note(format!("the patch starts on line {} of the file", patch.1))
                .note("kustomize fails if a patch without a target matches no object")
        };
        HitsNothing { kind: String, near: Option<String>, patch: (String, usize) } => PassedHitsNothing:
            "`{}` matches no {kind}" (patch.0)
            .reason("this target matches nothing")
            .help(match near {
                Some(near) => format!("write `{near}`"),
                None => "select an installed object, or allow this warning".to_owned(),
            })
            .note("the patch starts on line {} of the file", patch.1)
            .note("kustomize ignores a patch whose target matches nothing");
        /// No object has the kind of a target.
        NoKind { kind: String, near: Option<String>, patch: (String, usize) } => PassedHitsNothing:
            "`{}` matches nothing: no object has the kind `{kind}`" (patch.0)
            .reason("this target matches nothing")
            .help(match near {
                Some(near) => format!("write `{near}`"),
                None => "use the kind of an installed object, or allow this warning".to_owned(),
            })
            .note("the patch starts on line {} of the file", patch.1)
            .note("kustomize ignores a patch whose target matches nothing");
        Deletes {
            controller: &'static str, kind: &'static str, mapped: Span, patch: (String, usize),
        } => SetTwice: "`{}` deletes the {kind} `{controller}`, which has an identity" (patch.0)
            .reason("this patch")
            .label(*mapped, "mapped here")
            .help("remove the mapping, set `-> none` in the cluster, or remove the deletion from the patch")
            .note("the patch starts on line {} of the file", patch.1);
        NothingInstalled => NothingInstalled: "this overlay installs nothing"
            .reason("only the files of `resource` are included")
            .help("add `resource \"PATH\"`, or remove the setting to use the files of `flux bootstrap`");
        Unnamed {
            /// The nearest kustomization above, and the entry that it lacks.
            nearest: Option<(String, String)>,
            /// The nearest kustomization above that is not read, and why, as the rest of a sentence.
            unread: Option<(String, String)>,
            /// Why none does, if that is known.
            cause: Option<UnnamedCause>,
        } => (match cause {
            Some(UnnamedCause::Misspelt(_) | UnnamedCause::NotYaml(_) | UnnamedCause::NotBuilt(_)) => Code::NotBuilt,
            Some(UnnamedCause::NotApplied) => Code::ComponentNotBuilt,
            Some(UnnamedCause::Generated) | None => Code::UnnamedComponent,
        }), unnamed(head, nearest.as_ref(), unread.as_ref(), cause.as_ref());
        AsResource { path: String, entry: String } => ComponentAsResource:
            "`{path}` lists this component under `resources`"
            .reason("component of this cluster")
            .help("move `- {entry}` from `resources` to `components`")
            .note("kustomize rejects a component under `resources`");
    }
}

impl PassedProblem {
    /// A problem of a text as it is written.
    pub fn new(at: Span, fault: PassedFault) -> PassedProblem {
        PassedProblem { at, becomes: None, fault }
    }
}

/// Why no kustomization includes a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnnamedCause {
    /// The nearest one lists this, which does not exist, under `components`.
    Misspelt(String),
    /// The nearest one is no YAML, from that line on.
    NotYaml(usize),
    /// kustomize cannot build the nearest one.
    NotBuilt(Box<Cause>),
    /// Flux builds a directory that has everything but the component.
    NotApplied,
    /// The nearest one is an overlay that this program generated.
    Generated,
}

/// A path, and a text about it.
type About = (String, String);

fn unnamed(
    head: FindingHead<'_>,
    nearest: Option<&About>,
    unread: Option<&About>,
    cause: Option<&UnnamedCause>,
) -> Finding {
    match (cause, nearest, unread) {
        (Some(UnnamedCause::Misspelt(written)), Some((path, entry)), _) => head
            .with_message(format!("kustomize cannot build `{path}`: the component `{written}` does not exist"))
            .reason(format!("its component is `{entry}`"))
            .help(format!("write `- {entry}` under `components` in `{path}`")),
        (Some(UnnamedCause::NotYaml(line)), _, Some((path, _))) => head
            .with_message(format!("kustomize cannot build `{path}`: it is not valid YAML at line {line}"))
            .reason("the component is below it")
            .help("correct it, and list the component under its `components`"),
        (Some(UnnamedCause::NotBuilt(cause)), _, Some((path, _))) => head
            .with_message(format!("kustomize cannot build `{path}`: {}", describe_cause(cause)))
            .reason("the component is below it")
            .help(how_to_build(cause)),
        (Some(UnnamedCause::NotApplied), Some((path, entry)), _) => head
            .with_message("no kustomization that Flux builds includes this component")
            .reason("not in what Flux builds")
            .help(format!("add `- {entry}` to `components` in `{path}`")),
        (Some(UnnamedCause::Generated), Some((path, entry)), _) => head
            .with_message("the previous overlay does not include this component")
            .reason("now a component")
            .help(format!(
                "in `{path}`, remove the first two lines and the patches of identities, and add `components: [{entry}]`; then build"
            ))
            .note("the file was generated before, and is yours with `emit = component`; `build --prune` does not remove it"),
        (_, _, Some((path, why))) => head
            .with_message("no kustomization that can be read includes this component")
            .reason("not included by any parent directory that can be read")
            .note(format!("`{path}` {why}"))
            .help(match nearest {
                Some((path, entry)) => format!("add `- {entry}` to `components` in `{path}`"),
                None => format!("correct `{path}`, and list the component under its `components`"),
            }),
        (_, _, None) => head
            .with_message("no kustomization includes this component")
            .reason("not included by any parent directory")
            .help(match nearest {
                Some((path, entry)) => format!("add `- {entry}` to `components` in `{path}`"),
                None => "create a `kustomization.yaml` that lists it under `components`".to_owned(),
            }),
    }
}

/// How to correct a kustomization above a component.
fn how_to_build(cause: &Cause) -> String {
    if let Cause::SeveralKustomizations(names) = cause {
        return format!("remove one of {}", all_of(names));
    }
    if let Cause::UnknownField(field) = cause
        && nearest_name(field, ["components"]).is_some()
    {
        return format!("write `components` instead of `{field}`");
    }
    "correct it, and list the component under its `components`".to_owned()
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

fn path(fault: LocalPathFault, head: FindingHead<'_>) -> Finding {
    let (message, why, help) = match fault {
        LocalPathFault::Remote => (
            "an overlay can include only files in its repository".to_owned(),
            "kustomize would fetch this",
            "commit the file, and write its path",
        ),
        LocalPathFault::Path(fault) => texts! { fault, PathFault
            Empty: "this path is empty", "empty path", "write a path such as `\"infra/extras\"`";
            Absolute: "this path is outside of the directory of the source", "absolute path",
                "write a path relative to the source";
            Parent: "this path is outside of the directory of the source, or not in its shortest form",
                "`..` is not allowed here", "write a path relative to the source, without `..`";
            EmptyPart: "this path has an empty segment", "empty, or `.`",
                "write single slashes, and `./` only at the beginning";
            Character: "this path contains one of the characters `\\:*?<>|`", "not allowed in this segment",
                "rename the file, and separate directories with `/`";
            TrailingDot: "a path segment cannot end with `.`, or start or end with a space",
                "Windows drops it", "rename it";
            Git: "files in `.git` cannot be included", "the directory of Git", "write another path";
            TooLong: "this path is too long", "limit: 255 bytes per segment, 1,024 in total", "shorten it";
            Reserved: "this name is reserved", "reserved name", "rename it";
            Kustomization: "this name is reserved", "reserved name", "rename it";
        },
    };
    head.with_message(message).reason(why).help(help)
}
