//! Problems of how Flux applies an overlay: the Kustomization in `gotk-sync.yaml`, and the files that it sees.

use crate::problem::effective_identity::with_setter;
use crate::problem::{
    Code, Finding, FindingHead, PrimaryPlace, ProblemKind, SetBy, all_of, coded, problems, worded,
};
use crate::span::Span;

/// What a kustomization above an overlay has in place of the directory of the overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// The kustomization, as the user would type it.
    pub file: String,
    /// The entry that it lacks.
    pub entry: String,
    /// The files of the overlay that it lists, as they are written.
    pub files: Vec<String>,
}

problems! {
    (head, at)
    /// Flux does not apply an overlay.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum AppliedProblem {
        /// The path of the Kustomization leads elsewhere.
        OtherPath {
            path: String,
            is_missing: bool,
            /// The path that leads to the overlay.
            right: String,
            by: Option<SetBy>,
        } => NotApplied, {
            let there = if *is_missing { ", which does not exist" } else { ", which does not include it" };
            let message = format!("Flux does not apply this overlay: its Kustomization has the path `{path}`{there}");
            with_setter(head.with_message(message).reason("not in what Flux builds"), "the path", by.as_ref())
                .help(format!("write `path: {right}`"))
        };
        /// The kustomization on the way to the overlay does not list it.
        NotListed { unlisted: Unlisted } => NotApplied, {
            let Unlisted { file, entry, files } = unlisted;
            let message = format!("Flux does not apply this overlay: `{file}` does not list its directory");
            let written: Vec<String> = files.iter().map(|file| format!("- {file}")).collect();
            head.with_message(message)
                .reason("not in what Flux builds")
                .help(if files.is_empty() {
                    format!("add `- {entry}` to `resources` in `{file}`")
                } else {
                    format!("replace {} with `- {entry}` in `{file}`", all_of(&written))
                })
                .note("a file that is listed by itself is built without the overlay beside it")
        };
        /// A pattern leaves a file of the overlay out of what Flux fetches.
        Ignored {
            path: String,
            pattern: String,
            /// The path that the pattern matches, from where the patterns begin.
            matched: String,
            /// The place of the pattern, in words.
            place: Option<String>,
        } => NotApplied, {
            let message = format!("Flux does not fetch `{path}`: the pattern `{pattern}` excludes it");
            let finding = head.with_message(message).reason("not applied");
            let directory = matched.rsplit_once('/').map(|(directory, _)| format!("{directory}/"));
            let exception = directory.unwrap_or_else(|| matched.clone());
            place.iter().fold(finding, |finding, place| finding.note(format!("the pattern is set by {place}")))
                .help(format!("remove the pattern, or add `!/{exception}` after it"))
        };
        Suspended { by: Option<SetBy> } => NotApplied, {
            let finding = head.with_message("Flux does not apply this overlay: its Kustomization is suspended");
            with_setter(finding.reason("not applied"), "`suspend`", by.as_ref())
                .help("remove `suspend: true`, or allow this warning while it is intended")
        };
    }
}
