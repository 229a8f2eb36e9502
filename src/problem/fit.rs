//! Problems of statements that are valid alone and do not fit together.

use std::fmt;

use crate::kustomize::Feature;
use crate::model::flux::FluxVersion;
use crate::model::integration::{Support, support};
use crate::model::{Controller, GOTK_COMPONENTS, Provider};
use crate::problem::integration::{describe_other_purposes, describe_purpose, often_meant};
use crate::problem::{
    Code, Finding, FindingHead, GeneratedDirectory, PrimaryPlace, ProblemKind, all_of, coded,
    describe_feature, listed, more, problems, with, worded,
};
use crate::span::Span;

/// Why the installed manifests of a cluster are unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unverified {
    /// There is no `gotk-components.yaml`.
    NoComponents,
    /// The `gotk-components.yaml` is blank, as it is before `flux bootstrap`.
    BlankComponents,
    /// The files of `resource` install no controller, or cannot all be read.
    NoController,
    /// The overlay has something that may change any object, and that is not modelled.
    NotModelled(Feature),
    /// kustomize cannot build what builds on the overlay. `place`: the file with the cause, and its line.
    AboveNotBuilt { place: String, cause: String },
    /// `postBuild` of Flux's Kustomization puts values in place of variables in this object.
    Substituted(String),
    /// A controller that is given a feature gate runs this image, of which no version is known.
    Image(String),
}

/// What the manifests of a controller lack that a patch is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingPart {
    ServiceAccount,
    Deployment,
    /// The container `manager`.
    Manager,
    /// The container `manager` as the first one.
    FirstContainer,
    /// The list `args` of the container `manager`.
    Arguments,
}

impl MissingPart {
    const fn describe(self) -> &'static str {
        match self {
            MissingPart::ServiceAccount => "ServiceAccount",
            MissingPart::Deployment => "Deployment",
            MissingPart::Manager => "container `manager`",
            MissingPart::FirstContainer => "`manager` as its first container",
            MissingPart::Arguments => "list `args`",
        }
    }

    /// What kustomize does with the patch.
    const fn consequence(self) -> &'static str {
        match self {
            MissingPart::ServiceAccount | MissingPart::Deployment => {
                "kustomize ignores a patch whose target matches nothing"
            }
            MissingPart::Manager => "a patch of a container that does not exist adds one without an image",
            MissingPart::FirstContainer | MissingPart::Arguments => {
                "kustomize fails on the patch of the feature gate, which adds to the `args` of the first container"
            }
        }
    }
}

/// How to write a `gotk-components.yaml` again.
pub const REGENERATE: &str = "regenerate it with the version and the components of the cluster: `flux install \
    --version=VERSION --components=COMPONENTS --export > PATH`";

/// Where it is known from what is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstallationPlace {
    /// This `gotk-components.yaml`, as the user would type it.
    Components(String),
    /// The files that the source names.
    Resources,
}

impl fmt::Display for InstallationPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstallationPlace::Components(path) => write!(formatter, "`{path}`"),
            InstallationPlace::Resources => formatter.write_str("the files of `resource`"),
        }
    }
}

problems! {
    (head, at)
    /// Statements that are valid alone and do not fit together.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum FitProblem {
        OtherCloudsIdentity {
            /// The text after interpolation, if it differs.
            value: Option<String>,
            written: Provider, looks: Provider,
        } => OtherCloudsIdentity, {
            let (written, name, looks, looks_name) =
                (written.identity_noun(), written.name(), looks.identity_noun(), looks.name());
            let message = format!("this is {looks} (`{looks_name}`), not {written} (`{name}`)");
            let finding = head.with_message(message)
                .help(format!("write `{looks_name}` before it, or replace it with {written}"));
            match value {
                Some(value) => finding.reason(format!("becomes `{value}`")),
                None => finding.reason(looks),
            }
        };
        NeverUsed { controller: Controller } => NeverUsed:
            "`{}` uses no identity of any cloud" (controller.name())
            .reason("this controller calls no cloud API")
            .help("remove it from the mapping")
            .note("it works on artifacts that other controllers have fetched");
        NoIntegration {
            controller: Controller, provider: Provider,
            /// The first version that supports it, and the version of the cluster, if a later version does.
            since: Option<(FluxVersion, FluxVersion)>,
        } => NoIntegration, {
            let (name, identity) = (controller.name(), provider.identity_noun());
            let message = format!("`{name}` does not support {identity} (`{}`)", provider.name());
            let finding = describe_other_purposes(*controller, *provider)
                .into_iter()
                .fold(head.with_message(message), Finding::note);
            let finding = match since {
                Some((since, version)) => {
                    finding.reason(format!("supported since Flux {since}, and Flux {version} is installed"))
                }
                None => finding.reason("not supported by any version of Flux"),
            };
            let finding = match often_meant(*controller) {
                Some((meant, task)) if support(meant, *provider) == Support::Always => {
                    finding.help(format!("to {task}, map `{}` instead", meant.name()))
                }
                _ => finding.help("remove it from the mapping, and map the controller that is to use it"),
            };
            match (since, describe_purpose(*controller, *provider)) {
                (Some((since, _)), Some(purpose)) => {
                    finding.note(format!("`{name}` {purpose} since Flux {since}"))
                }
                _ => finding,
            }
        };
        Required { who: String } => Required: "required mapping of `{who}` is missing"
            .reason("required here")
            .help("add `{who} -> ROLE`, or `{who} -> none` if it needs no identity");
        NotInstalled {
            controller: &'static str, installed: Vec<&'static str>, place: InstallationPlace,
        } => NotInstalled, {
            let message = format!("`{controller}` is not installed");
            let finding = head.with_message(message).reason(format!("not found in {place}"));
            let finding = if installed.is_empty() {
                finding
            } else {
                finding.note(format!("installed: {}", all_of(installed)))
            };
            finding
                .help(
                    "remove the mapping, set `-> none` in the cluster, or install the controller: `flux \
                     bootstrap … --components-extra=…`",
                )
                .help(format!("to map it only where it is installed, write `{controller}? -> …`"))
                .note("kustomize ignores a patch whose target matches nothing")
        };
        /// `deleted_by`: the place of the patch that deletes it.
        NothingToPatch {
            controller: &'static str, missing: MissingPart, place: InstallationPlace, deleted_by: Option<String>,
        } => NothingToPatch, {
            let finding = head
                .with_message(format!("`{controller}` has no {}", missing.describe()))
                .reason(format!("not found in {place}"));
            let finding = match deleted_by {
                Some(patch) => finding
                    .help("remove the patch that deletes it, or the mapping")
                    .note(format!("it is deleted by the patch in {patch}")),
                None => finding.help(REGENERATE),
            };
            finding.note(missing.consequence())
        };
        OtherNamespace { set: String, found: String } => OtherNamespace:
            "the namespace of Flux is `{found}`, not `{set}`"
            .reason("not the installed namespace")
            .help("set `namespace = \"{found}\"`");
        Elsewhere { kind: &'static str, name: &'static str, other: String, file: String } => OtherNamespace:
            "the patch also matches the {kind} `{name}` in namespace `{other}`"
            .reason("the patch selects objects by name only")
            .help("rename the {kind} in `{other}`, or move it out of `{file}`");
        AlreadyThere {
            controller: &'static str, what: &'static str, name: &'static str, place: InstallationPlace,
        } => AlreadyThere: "`{controller}` already has a {what} `{name}`"
            .reason("found in {place}")
            .help("remove it there; the overlay adds it")
            .note("kustomize merges items of the same name or path without a message");
        LostComponents { file: String, is_blank: bool, sync: String } => LostComponents:
            "`{file}` {}" (if *is_blank { "is blank" } else { "does not exist" })
            .reason("its overlay lists the file")
            .help("restore it from git, or {REGENERATE}")
            .help("if another file installs Flux, set `install = none`, and name both by `resource`")
            .note("`{sync}` is there, so Flux was installed in this directory; it applies nothing without the \
                other file, or removes itself");
        /// `objects`: the kind and the name of each that is missing.
        Incomplete { file: String, objects: Vec<String> } => IncompleteManifests, {
            head.with_message(format!("`{file}` lacks {}", listed(objects, "and")))
                .reason("Flux is installed in part")
                .help(format!("restore the file from git, or {REGENERATE}"))
                .note("the components of the file have these objects; with `prune: true` Flux deletes in the \
                    cluster what it no longer builds")
        };
        OtherDirectory { directory: String, found: String, template: String } => OtherDirectory:
            "Flux is in `{found}`, and the overlay would be written to `{directory}`"
            .reason("the default of `output` ends with the namespace")
            .help("set `output = \"{template}\"`, or move `{found}` to `{directory}`")
            .note("`flux bootstrap --namespace` writes to a directory of that name; an overlay beside no manifests \
                of Flux changes nothing");
        OtherVersion { set: FluxVersion, found: FluxVersion } => OtherVersion:
            "the installed version of Flux is {found}, not {set}"
            .reason("not the installed version")
            .help("write `\"{found}\"`, or remove the setting and use the version in `{GOTK_COMPONENTS}`");
        NewerFlux { version: FluxVersion, newest: FluxVersion } => NewerFlux:
            "version {version} of Flux is newer than {newest}, the newest that flux-identity supports"
            .reason("Flux {version}")
            .help("upgrade flux-identity, or allow this warning");
        NotProved {
            clusters: Vec<String>,
            cause: Unverified,
        } => NotProved, {
            let whose = match clusters.as_slice() {
                [only] => format!("`{only}`"),
                [first, ..] => format!("`{first}` and {}", more(clusters.len().saturating_sub(1), "cluster")),
                [] => String::new(),
            };
            let (why, help) = match cause {
                Unverified::NoComponents => (
                    format!("no `{GOTK_COMPONENTS}` in the directory of the overlay"),
                    format!("commit `{GOTK_COMPONENTS}` to the directory of each overlay, as `flux bootstrap` does"),
                ),
                Unverified::BlankComponents => (
                    format!("the `{GOTK_COMPONENTS}` in the directory of the overlay is blank"),
                    "run `flux bootstrap`, or write the file with `flux install --export`".to_owned(),
                ),
                Unverified::NoController => (
                    "the files of `resource` have no Flux controller, or cannot all be read".to_owned(),
                    "name the manifests in `resource`, as written by `flux install --export`".to_owned(),
                ),
                Unverified::NotModelled(feature) => (
                    format!("flux-identity does not follow `{}`, which may change any object", describe_feature(feature)),
                    "compare the output of `kubectl kustomize` with the source by hand".to_owned(),
                ),
                Unverified::Substituted(object) => (
                    format!("{object} has variables for which Flux writes values of `postBuild`"),
                    "write the values that the identity depends on without `${…}`".to_owned(),
                ),
                Unverified::AboveNotBuilt { place, cause } => (
                    format!("kustomize cannot build what includes this overlay: {cause}, at {place}"),
                    "correct what the label names; the overlay alone was verified".to_owned(),
                ),
                Unverified::Image(image) => (
                    format!("the tag of the image `{image}` does not say which version of Flux it belongs to"),
                    "make sure that the image supports the feature gate, or use a tag such as `v1.9.3`".to_owned(),
                ),
            };
            let message = match (cause, clusters.len()) {
                (Unverified::NotModelled(_) | Unverified::AboveNotBuilt { .. }, 1) => format!("the overlay of {whose} is not verified"),
                (Unverified::NotModelled(_) | Unverified::AboveNotBuilt { .. }, _) => format!("the overlays of {whose} are not verified"),
                (Unverified::Image(_), _) => format!("the feature gate of {whose} is not verified"),
                (Unverified::Substituted(_), _) => format!("identities of {whose} are not verified"),
                _ => format!("the patches of {whose} are not verified against installed manifests"),
            };
            head.with_message(message)
                .reason(why)
                .help(help)
        };
        SameOutput {
            first: Span, directory: GeneratedDirectory,
            /// True if both directories are overlays, or both contain ServiceAccounts.
            of_one_kind: bool,
            /// True if the directories differ only in case.
            by_case: bool,
        } => SameOutput, {
            let (path, setting) = (&directory.path, directory.setting());
            let case = if *by_case { ", except for case" } else { "" };
            let message = match (of_one_kind, directory.holds_accounts) {
                (true, false) => format!("two clusters write `{path}`{case}"),
                (true, true) => format!("two clusters write their ServiceAccounts to `{path}`{case}"),
                (false, _) => {
                    format!("an overlay and ServiceAccounts are both written to `{path}`{case}")
                }
            };
            let finding = head.with_message(message);
            let finding = if at == first {
                finding.reason("both belong to this cluster")
            } else {
                finding.reason("second cluster").label(*first, "first cluster")
            };
            finding.help(if *of_one_kind {
                format!("add `${{cluster}}` to `{setting}`, or set another `{setting}` for one of them")
            } else {
                "set another path for `output` or `service-accounts`".to_owned()
            })
        };
    }
}
