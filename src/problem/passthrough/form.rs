//! What kustomize would refuse to take in.

use crate::problem::{Finding, FindingHead, all_of};

/// A `resource`, a `component` or a `patch` names something of another form than kustomize takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassedForm {
    /// A patch that is a directory.
    PatchIsDirectory,
    /// A component that is a file.
    ComponentIsFile,
    /// A file outside of the overlay.
    FileOutside {
        /// The directory that it stands in, if that could be named in its place.
        directory: Option<String>,
    },
    /// A kustomization file, which is named by its directory.
    KustomizationFile {
        /// The directory that it stands in, as the source would write it.
        directory: String,
    },
    /// A file that holds no manifests.
    NoManifests {
        /// The file.
        path: String,
    },
    /// A directory without a kustomization.
    NoKustomization {
        /// The directory.
        path: String,
    },
    /// A directory with two.
    SeveralKustomizations {
        /// The directory.
        path: String,
        /// Their names.
        names: [&'static str; 2],
    },
    /// A kustomization that cannot be read.
    UnreadableKustomization {
        /// The file.
        path: String,
    },
    /// A `resource` that is a component.
    ResourceIsComponent {
        /// The kustomization file.
        path: String,
    },
    /// A `component` that is none.
    ComponentIsKustomization {
        /// The kustomization file.
        path: String,
    },
    /// The overlay, or a directory that it is in.
    Circle,
    /// What is there already under `install = bootstrap`.
    Bootstrapped {
        /// The name of the file.
        name: String,
    },
}

impl PassedForm {
    pub(super) fn finding(&self, head: FindingHead<'_>) -> Finding {
        let finding = |message: String| head.with_message(message);
        match self {
            PassedForm::PatchIsDirectory => finding("a patch is a file, and this is a directory".to_owned())
                .reason("a directory")
                .help("name each file: `patch \"FILE\"`"),
            PassedForm::ComponentIsFile => {
                finding("a component is a directory, and this is a file".to_owned())
                    .reason("a file")
                    .help("name the directory of its `kustomization.yaml`")
            }
            PassedForm::FileOutside { directory } => {
                let help = match directory {
                    Some(directory) => format!(
                        "name its directory, `resource \"{directory}\"`, with a `kustomization.yaml` there that has the file"
                    ),
                    None => "move it to a directory of its own, with a `kustomization.yaml` that has it, and name that"
                        .to_owned(),
                };
                finding("kustomize takes no file from outside of the overlay".to_owned())
                    .reason("outside of the overlay")
                    .help(help)
            }
            PassedForm::KustomizationFile { directory } => {
                finding("a kustomization is named by its directory".to_owned())
                    .reason("the file of one")
                    .help(format!("write `{directory}`"))
            }
            PassedForm::NoManifests { path } => {
                finding(format!("`{path}` does not hold manifests of Kubernetes"))
                    .reason("cannot be read as manifests")
                    .help("see that it is YAML")
            }
            PassedForm::NoKustomization { path } => finding(format!("`{path}` has no kustomization file"))
                .reason("a directory without one")
                .help("write a `kustomization.yaml` there that lists what it adds"),
            PassedForm::SeveralKustomizations { path, names } => {
                finding(format!("`{path}` has two kustomization files, {}", all_of(names)))
                    .reason("kustomize refuses both")
                    .help("remove one of them")
            }
            PassedForm::UnreadableKustomization { path } => finding(format!("`{path}` is no kustomization"))
                .reason("what it names cannot be read")
                .help("see that it is YAML, and has entries such as `resources`"),
            PassedForm::ResourceIsComponent { path } => {
                finding(format!("`{path}` is a component, not a resource"))
                    .reason("of the kind `Component`")
                    .help("write `component` in place of `resource`")
            }
            PassedForm::ComponentIsKustomization { path } => {
                finding(format!("`{path}` is a resource, not a component"))
                    .reason("not of the kind `Component`")
                    .help("write `resource` in place of `component`")
            }
            PassedForm::Circle => finding("the overlay cannot hold itself".to_owned())
                .reason("the overlay, or a directory that it is in")
                .help("name something in the overlay, as in `\"./extras\"`, or beside it"),
            PassedForm::Bootstrapped { name } => finding(format!("`{name}` is in the overlay already"))
                .reason("here a second time")
                .help("remove the line, or say `install = none` and name all that is installed")
                .note("under `install = bootstrap` an overlay has what `flux bootstrap` writes"),
        }
    }
}
