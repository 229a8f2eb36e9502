//! Resources, components and patches that kustomize rejects.

use crate::problem::passthrough::no_patch::fewer;
use crate::problem::{Finding, FindingHead, all_of};
use crate::spanned::Excess;

/// A `resource`, a `component` or a `patch` with a form that kustomize rejects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassedForm {
    PatchIsDirectory,
    ComponentIsFile,
    FileOutside {
        /// The directory of the file, if it can be named instead.
        directory: Option<String>,
    },
    KustomizationFile {
        directory: String,
    },
    NoManifests {
        path: String,
    },
    NoKustomization {
        path: String,
    },
    SeveralKustomizations {
        path: String,
        names: [&'static str; 2],
    },
    UnreadableKustomization {
        path: String,
    },
    /// A document of a file exceeds a limit.
    OutOfBounds {
        path: String,
        excess: Excess,
        /// Counted from 1.
        line: usize,
    },
    ResourceIsComponent {
        path: String,
    },
    ComponentIsKustomization {
        path: String,
    },
    Circle,
    Bootstrapped {
        name: String,
    },
}

impl PassedForm {
    pub(super) fn finding(&self, head: FindingHead<'_>) -> Finding {
        let finding = |message: String| head.with_message(message);
        match self {
            PassedForm::PatchIsDirectory => finding("a patch must be a file, not a directory".to_owned())
                .reason("this is a directory")
                .help("write one `patch \"FILE\"` for each file"),
            PassedForm::ComponentIsFile => finding("a component must be a directory, not a file".to_owned())
                .reason("this is a file")
                .help("write the directory of its `kustomization.yaml`"),
            PassedForm::FileOutside { directory } => {
                let help = match directory {
                    Some(directory) => format!(
                        "write its directory, `resource \"{directory}\"`, and add a `kustomization.yaml` \
                         there that lists the file"
                    ),
                    None => {
                        "move it to its own directory with a `kustomization.yaml` that lists it, and write \
                        that directory"
                            .to_owned()
                    }
                };
                finding("kustomize rejects files outside of the overlay".to_owned())
                    .reason("outside of the overlay")
                    .help(help)
            }
            PassedForm::KustomizationFile { directory } => {
                finding("a kustomization is referenced by its directory".to_owned())
                    .reason("this is the kustomization file")
                    .help(format!("write `{directory}`"))
            }
            PassedForm::NoManifests { path } => finding(format!("`{path}` contains no Kubernetes manifests"))
                .reason("not a manifest")
                .help("check that it is valid YAML"),
            PassedForm::NoKustomization { path } => finding(format!("`{path}` has no kustomization file"))
                .reason("this directory has no kustomization file")
                .help("add a `kustomization.yaml` that lists its files"),
            PassedForm::SeveralKustomizations { path, names } => {
                finding(format!("`{path}` has two kustomization files, {}", all_of(names)))
                    .reason("kustomize rejects this directory")
                    .help("remove one of them")
            }
            PassedForm::UnreadableKustomization { path } => {
                finding(format!("`{path}` is not a valid kustomization"))
                    .reason("its entries cannot be read")
                    .help("check that it is valid YAML with fields such as `resources`")
            }
            PassedForm::OutOfBounds { path, excess, line } => {
                finding(format!("a document {}, at line {line} of `{path}`", excess.words()))
                    .reason("limit exceeded")
                    .help(fewer(*excess))
            }
            PassedForm::ResourceIsComponent { path } => {
                finding(format!("`{path}` is a component, not a resource"))
                    .reason("its kind is `Component`")
                    .help("write `component` instead of `resource`")
            }
            PassedForm::ComponentIsKustomization { path } => {
                finding(format!("`{path}` is a resource, not a component"))
                    .reason("its kind is not `Component`")
                    .help("write `resource` instead of `component`")
            }
            PassedForm::Circle => finding("an overlay cannot include itself".to_owned())
                .reason("the overlay, or a parent directory of it")
                .help("write a directory in the overlay, as in `\"./extras\"`, or next to it"),
            PassedForm::Bootstrapped { name } => finding(format!("`{name}` is already part of the overlay"))
                .reason("included twice")
                .help("remove the line, or set `install = none` and list all installed files")
                .note(
                    "with `install = bootstrap`, an overlay includes the files that `flux bootstrap` \
                    writes",
                ),
        }
    }
}
