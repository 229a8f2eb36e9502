//! What can be wrong with how things fit together.

use crate::model::flux::FluxVersion;
use crate::model::{Controller, GOTK_COMPONENTS, Provider};
use crate::problem::{Code, Finding, GeneratedDirectory, PrimaryPlace, ProblemKind, all_of, more};
use crate::span::Span;

/// Things that are right by themselves do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FitProblem {
    /// An identity of one provider is written as one of another.
    OtherCloudsIdentity {
        /// The text.
        at: Span,
        /// The text after interpolation, where it is another.
        value: Option<String>,
        /// The provider that is written before it.
        written: Provider,
        /// The provider whose identities look like this.
        looks: Provider,
    },
    /// An identity for a controller that talks to no cloud.
    NeverUsed {
        /// Where it is mapped.
        at: Span,
        /// The controller.
        controller: Controller,
    },
    /// An identity that nothing in a controller uses.
    NoIntegration {
        /// Where the controller is mapped.
        at: Span,
        /// The controller.
        controller: Controller,
        /// The identity's provider.
        provider: Provider,
        /// The version that can, and the one that is here, if a later one can.
        since: Option<(FluxVersion, FluxVersion)>,
    },
    /// A cluster does not map what it must.
    Required {
        /// Where it is required.
        at: Span,
        /// What must be mapped, as it is written.
        who: String,
    },
    /// A controller is not installed.
    NotInstalled {
        /// Where it is mapped.
        at: Span,
        /// Its name.
        controller: &'static str,
        /// Those that are.
        installed: Vec<&'static str>,
        /// What says so.
        place: String,
    },
    /// A controller is installed otherwise than Flux installs it.
    NothingToPatch {
        /// Where it is mapped.
        at: Span,
        /// Its name.
        controller: &'static str,
        /// What it lacks.
        missing: &'static str,
        /// What says so.
        place: String,
    },
    /// Flux is installed in another namespace.
    OtherNamespace {
        /// The cluster.
        at: Span,
        /// The namespace that the source says.
        said: String,
        /// The one that is installed.
        found: String,
    },
    /// A second ServiceAccount or Deployment of a controller's name, in another namespace.
    Elsewhere {
        /// Where the controller is mapped.
        at: Span,
        /// What it is.
        kind: &'static str,
        /// The name.
        name: &'static str,
        /// The other namespace.
        other: String,
        /// The file that it stands in.
        file: String,
    },
    /// Something that the overlay would add to a controller is there already.
    AlreadyThere {
        /// Where the controller is mapped.
        at: Span,
        /// Its name.
        controller: &'static str,
        /// What it is.
        what: &'static str,
        /// What it is called.
        name: &'static str,
        /// What says so.
        place: String,
    },
    /// Another version of Flux is installed.
    OtherVersion {
        /// Where the source says it.
        at: Span,
        /// What it says.
        said: FluxVersion,
        /// What is installed.
        found: FluxVersion,
    },
    /// A version of Flux that is newer than what is known here.
    NewerFlux {
        /// The setting, or the cluster.
        at: Span,
        /// The version.
        version: FluxVersion,
        /// The newest that is known.
        newest: FluxVersion,
    },
    /// Nothing is known of what is installed.
    NotProved {
        /// The first cluster.
        at: Span,
        /// All of them.
        clusters: Vec<String>,
        /// Whether the first one has what `flux bootstrap` writes.
        is_bootstrapped: bool,
    },
    /// Two directories of generated files are one.
    SameOutput {
        /// The cluster of the second.
        at: Span,
        /// That of the first one.
        first: Span,
        /// The second.
        directory: GeneratedDirectory,
        /// Whether the first holds the same kind of files.
        of_one_kind: bool,
        /// Whether the two differ in the case of letters only.
        by_case: bool,
    },
}

impl ProblemKind for FitProblem {
    fn code(&self) -> Code {
        match self {
            FitProblem::OtherCloudsIdentity { .. } => Code::OtherCloudsIdentity,
            FitProblem::NeverUsed { .. } => Code::NeverUsed,
            FitProblem::NoIntegration { .. } => Code::NoIntegration,
            FitProblem::Required { .. } => Code::Required,
            FitProblem::NotInstalled { .. } => Code::NotInstalled,
            FitProblem::NothingToPatch { .. } => Code::NothingToPatch,
            FitProblem::OtherNamespace { .. } | FitProblem::Elsewhere { .. } => Code::OtherNamespace,
            FitProblem::AlreadyThere { .. } => Code::AlreadyThere,
            FitProblem::OtherVersion { .. } => Code::OtherVersion,
            FitProblem::NewerFlux { .. } => Code::NewerFlux,
            FitProblem::NotProved { .. } => Code::NotProved,
            FitProblem::SameOutput { .. } => Code::SameOutput,
        }
    }

    fn place(&self) -> PrimaryPlace<'_> {
        match self {
            FitProblem::OtherCloudsIdentity { at, .. }
            | FitProblem::NeverUsed { at, .. }
            | FitProblem::NoIntegration { at, .. }
            | FitProblem::Required { at, .. }
            | FitProblem::NotInstalled { at, .. }
            | FitProblem::NothingToPatch { at, .. }
            | FitProblem::OtherNamespace { at, .. }
            | FitProblem::Elsewhere { at, .. }
            | FitProblem::AlreadyThere { at, .. }
            | FitProblem::OtherVersion { at, .. }
            | FitProblem::NewerFlux { at, .. }
            | FitProblem::NotProved { at, .. }
            | FitProblem::SameOutput { at, .. } => PrimaryPlace::Source(*at),
        }
    }

    fn finding(&self) -> Finding {
        match self {
            FitProblem::OtherCloudsIdentity { value, written, looks, .. } => {
                let (written, name, looks, looks_name) =
                    (written.identity_noun(), written.name(), looks.identity_noun(), looks.name());
                let message = format!("this is {looks} (`{looks_name}`), not {written} (`{name}`)");
                let finding = self
                    .with_message(message)
                    .help(format!("write `{looks_name}` before it, or {written} in its place"));
                match value {
                    Some(value) => finding.reason(format!("becomes `{value}`")),
                    None => finding.reason(looks),
                }
            }
            FitProblem::NeverUsed { controller, .. } => {
                let name = controller.name();
                self.with_message(format!("`{name}` uses no identity of any cloud"))
                    .reason("this controller talks to no cloud")
                    .help("remove it from the mapping")
                    .note("it works on what the other controllers have fetched")
            }
            FitProblem::NoIntegration { controller, provider, since, .. } => {
                let (name, identity, provider) =
                    (controller.name(), provider.identity_noun(), provider.name());
                let message = format!("nothing in `{name}` uses {identity} (`{provider}`)");
                let finding = self.with_message(message);
                match since {
                    Some((since, version)) => finding
                        .reason(format!("this is Flux {version}, and it does since {since}"))
                        .help(format!("remove it, or upgrade Flux to {since}")),
                    None => {
                        finding.reason("not used by any version of Flux").help("remove it from the mapping")
                    }
                }
            }
            FitProblem::Required { who, .. } => self
                .with_message(format!("`{who}` is required, and not mapped"))
                .reason("required here")
                .help(format!("write `{who} -> ROLE`, or `{who} -> none` if it needs none")),
            FitProblem::NotInstalled { controller, installed, place, .. } => {
                let message = format!("`{controller}` is not installed");
                let finding = self.with_message(message).reason(format!("{place} does not have it"));
                let finding = if installed.is_empty() {
                    finding
                } else {
                    finding.note(format!("it has {}", all_of(installed)))
                };
                finding
                    .help(
                        "remove the mapping, say `-> none` in the cluster, or install the controller: \
                           `flux bootstrap … --components-extra=…`",
                    )
                    .note("kustomize says nothing when a patch hits nothing")
            }
            FitProblem::NothingToPatch { controller, missing, place, .. } => {
                let message = format!("`{controller}` has no {missing}");
                self.with_message(message)
                    .reason(format!("{place} does not have it"))
                    .help("write the file again: `flux install --export`")
                    .note("kustomize says nothing when a patch hits nothing")
            }
            FitProblem::OtherNamespace { said, found, .. } => self
                .with_message(format!("the namespace of Flux is `{found}`, not `{said}`"))
                .reason("not what is installed")
                .help(format!("write `namespace = \"{found}\"`")),
            FitProblem::Elsewhere { kind, name, other, file, .. } => {
                let message = format!("the {kind} `{name}` of the namespace `{other}` would get this too");
                self.with_message(message)
                    .reason("the patch finds its objects by their name alone")
                    .help(format!("give the {kind} in `{other}` another name, or move it out of `{file}`"))
            }
            FitProblem::AlreadyThere { controller, what, name, place, .. } => {
                let message = format!("`{controller}` has a {what} `{name}` already");
                self.with_message(message)
                    .reason(format!("{place} has it"))
                    .help("remove it there; the overlay says it")
                    .note("what is said or mounted twice is changed in silence, or refused by the API server")
            }
            FitProblem::OtherVersion { said, found, .. } => self
                .with_message(format!("version {found} of Flux is installed, not {said}"))
                .reason("not what is installed")
                .help(format!("write `\"{found}\"`, or remove the setting: `{GOTK_COMPONENTS}` says it")),
            FitProblem::NewerFlux { version, newest, .. } => {
                let message = format!(
                    "version {version} of Flux is newer than {newest}, the newest that is known here"
                );
                self.with_message(message)
                    .reason(format!("Flux {version}"))
                    .help("use a later version of flux-identity, or allow this warning")
            }
            FitProblem::NotProved { clusters, is_bootstrapped, .. } => {
                let whose = match clusters.as_slice() {
                    [only] => format!("of `{only}`"),
                    [first, ..] => {
                        format!("of `{first}` and {}", more(clusters.len().saturating_sub(1), "cluster"))
                    }
                    [] => String::new(),
                };
                let (why, help) = if *is_bootstrapped {
                    (
                        format!("no `{GOTK_COMPONENTS}` beside the overlay"),
                        format!("commit `{GOTK_COMPONENTS}` beside each overlay, as `flux bootstrap` does"),
                    )
                } else {
                    (
                        "no controller of Flux in what `resource` adds".to_owned(),
                        "name the manifests themselves, as `flux install --export` writes them".to_owned(),
                    )
                };
                self.with_message(format!("nothing proves that the patches {whose} hit"))
                    .reason(why)
                    .help(help)
            }
            FitProblem::SameOutput { at, first, directory, of_one_kind, by_case } => {
                let (path, setting) = (&directory.path, directory.setting());
                let case = if *by_case { ", but for the case of letters" } else { "" };
                let message = match (of_one_kind, directory.holds_accounts) {
                    (true, false) => format!("two clusters write `{path}`{case}"),
                    (true, true) => format!("two clusters write their ServiceAccounts to `{path}`{case}"),
                    (false, _) => {
                        format!("an overlay and ServiceAccounts are both written to `{path}`{case}")
                    }
                };
                let finding = self.with_message(message);
                let finding = if at == first {
                    finding.reason("both by this cluster")
                } else {
                    finding.reason("this one").label(*first, "and this one")
                };
                finding.help(if *of_one_kind {
                    format!("put `${{cluster}}` into `{setting}`, or give one of them another `{setting}`")
                } else {
                    "give `output` or `service-accounts` another path".to_owned()
                })
            }
        }
    }
}
