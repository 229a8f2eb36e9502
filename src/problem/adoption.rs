//! Problems of overlays that are imported.

mod verification;

pub use verification::{CopyFault, Explanation, VerificationFault};

use crate::kustomize::{Cause, OperationFault};
use crate::model::{Controller, ObjectKind, Platform, Provider};
use crate::problem::{
    Code, Finding, FindingHead, PrimaryPlace, ProblemKind, all_of, coded, count, describe_cause, with, worded,
};
use crate::span::Span;
use crate::spanned::Fault;

/// A problem of an imported overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptionProblem {
    place: AdoptionPlace,
    fault: AdoptionFault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum AdoptionPlace {
    At(Span),
    File(String),
}

const UNREAD: &str = "not imported";
const MISSING: &str = "named here; this overlay is not imported";
const UNBUILDABLE: &str = "kustomize cannot build this overlay; not imported";

coded! {
    (head)
    /// What is wrong with an imported overlay, or is not imported from it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum AdoptionFault {
        Nothing => NothingToImport: "no overlay installs Flux in these directories"
            .help("pass the directory that contains the clusters of the fleet")
            .note("an overlay is a `kustomization.yaml` that lists `gotk-components.yaml` or gives a \
                controller an identity");
        Yaml(fault: Fault) => ForeignYaml, match fault {
            Fault::OutOfBounds(excess, _) => head
                .with_message(format!("this YAML {}", excess.words()))
                .note("limits: 1 MiB, 64 nested levels, and 100,000 nodes after aliases are expanded"),
            Fault::NotYaml(_) => head
                .with_message("invalid YAML")
                .help("correct it until `kustomize build` succeeds, and import again"),
            Fault::Tag(_) => head
                .with_message("this YAML contains a tag")
                .help("remove the `!` tag, and import again"),
            Fault::LineBreak(_) => head
                .with_message("this YAML contains a character that only some parsers read as a line break")
                .help("write it as `\\N`, `\\L` or `\\P` in double quotes, and import again")
                .note("U+0085, U+2028 and U+2029 are line breaks in YAML 1.1, but not in YAML 1.2"),
        }
        .reason(UNREAD);
        NotOneDocument => ForeignYaml: "a kustomization file must contain exactly one document"
            .reason(UNREAD)
            .help("merge the documents, and import again");
        NotText { path: String } => MissingPart: "`{path}` is not UTF-8 text, or is too large"
            .reason(MISSING);
        Missing { path: String } => MissingPart: "`{path}` does not exist, or has no kustomization file"
            .reason(MISSING)
            .help("add it, or remove its entry; kustomize cannot build this overlay");
        Unreadable { path: String, cause: String } => MissingPart: "cannot read `{path}`: {cause}"
            .reason(MISSING);
        /// The file itself, and not one that it names.
        NotRead {
            /// A clause.
            cause: String,
        } => MissingPart: "cannot read this file: {cause}".help("replace it, or remove it");
        Outside { path: String } => MissingPart: "`{path}` is outside of the directory of the source"
            .reason(MISSING)
            .help("import from the root of the repository");
        NotBuilt {
            cause: Cause,
            /// The overlay, if the cause is in another file.
            overlay: Option<String>,
        } => Unbuildable, {
            let whose = overlay.as_ref().map_or("this overlay".to_owned(), |path| format!("`{path}`"));
            let finding = head
                .with_message(format!("kustomize cannot build {whose}: {}", describe_cause(cause)))
                .reason("the overlay is not imported")
                .note("`kubectl kustomize` reports it too");
            match cause_help(cause) {
                Some(help) => finding.help(help),
                None => finding.help("correct it, and import again"),
            }
        };
        FluxKustomization => Unbuildable:
            "this is a Kustomization of Flux; kustomize expects `kustomize.config.k8s.io/v1beta1`"
            .reason(UNBUILDABLE)
            .help("move it to another file, and write a `kustomization.yaml` of kustomize in its place")
            .note("both have `kind: Kustomization`; Flux applies its own, and kustomize reads the file");
        TargetWithin => TargetWithin: "`target` is inside of the patch"
            .reason("the API server rejects an object with this field")
            .help("move `target` next to `patch`");
        /// `version`: the one in its target, and that of the object that the target means.
        HitsNothing { version: Option<(String, String)> } => HitsNothing:
            "this patch of an identity matches nothing"
            .reason("it matches no ServiceAccount or Deployment of Flux")
            .help(match version {
                Some((written, right)) => format!("write `version: {right}` instead of `{written}` in the target"),
                None => "correct the name of the controller, or remove the patch".to_owned(),
            })
            .note("kustomize ignores a patch whose target matches nothing");
        OfAnotherCloud { provider: Provider, platform: Platform } => UnreadIdentity:
            "nothing on `{}` reads {} from here" (platform.name(), provider.identity_noun())
            .reason("not imported; kept as it is")
            .help("remove it, or use an identity that works on this platform");
        NeverUsed { controller: &'static str } => UnreadIdentity:
            "`{controller}` uses no identity of any cloud"
            .reason("not imported; kept as it is")
            .help("remove it");
        NoIdentity { key: &'static str, value: String, is_placeholder: bool } => NoIdentity, {
            let message = if *is_placeholder {
                format!("`{value}` is a placeholder")
            } else {
                format!("`{value}` is not a valid value of `{key}`")
            };
            let finding = head.with_message(message).reason("not imported; kept as it is");
            if value.contains("${") {
                finding
                    .help("keep the patch if Flux substitutes the value after the build; else write the identity in the source, and remove the patch")
                    .note("`build` copies the patch as it is; `allow F0353 \"…\"` in the cluster declares that this is intended")
            } else {
                finding.help("write the identity in the source, and remove the patch")
            }
        };
        /// `null` in a patch with a target.
        NullAnnotation { controller: &'static str, key: &'static str } => NoIdentity:
            "`null` does not remove `{key}` here"
            .reason("not imported; kept as it is")
            .help("exclude `{controller}` from the target of the patch that sets the identity, or write \
                `{controller} -> none` in the source; then remove this patch")
            .note("in a patch with a target, kustomize reads it as the text `null`, which is not an identity");
        Stray {
            /// True for a kustomization under a name that kustomize does not know.
            is_kustomization: bool,
        } => StrayIdentity, {
            let help = if *is_kustomization {
                "move its content to `kustomization.yaml`, or remove it"
            } else {
                "add it under `patches` or `resources` of `kustomization.yaml`, or remove it"
            };
            head.with_message("nothing reads this file, which would give a controller an identity").help(help)
        };
        UnreadLabel => UnreadLabel: "this label has no effect and is dropped"
            .reason("the webhook reads this label on pods only");
        NoPodLabel { controller: &'static str } => NoPodLabel:
            "the pods of `{controller}` lack the label, so the identity has no effect"
            .reason("not imported; kept as it is")
            .help("write the identity in the source, which adds the label, and remove the patch");
        NoTenant => TenantLeft: "this managed identity has no tenant"
            .reason("the webhook of the cluster sets its own tenant")
            .help("replace `tenant = webhook` with `tenant = \"…\"` if the tenant id is known");
        AadPodIdentity => AadPodIdentity: "AAD Pod Identity is deprecated"
            .reason("not imported; kept as it is")
            .help("create a federated credential for the managed identity, and write it in the source")
            .note("the project was archived in 2023 and is replaced by Azure Workload Identity");
        OtherFederation => OtherFederation: "this federated identity differs from what a source generates"
            .reason("not imported; kept as it is")
            .help("write the identity in the source and remove the patch when the pods may restart")
            .note("overlays generated from a source use their own names for token volumes");
        OtherPlatform { used: (Witness, Platform), other: (Witness, Platform) } => PlatformInDoubt:
            "{}, but {}" (used.0.message(used.1), other.0.message(other.1))
            .reason("imported as `{}`", used.1.name())
            .help("if it runs on `{}`, use that word in the name of the directory and import again",
                other.1.name());
        NoPlatform => PlatformInDoubt: "cannot determine the platform of this cluster"
            .reason("imported as `kubernetes`")
            .help("correct the platform after `on` in the source");
        InexpressibleOverlay { what: String } => StaysInHand:
            "{what} cannot be expressed in a source, so this overlay stays hand-written"
            .reason("not imported")
            .note("its identities become a component next to it: `emit = component`");
        InexpressibleComponent { what: String } => StaysInHand:
            "{what} cannot be expressed in a source, so this component is not imported"
            .reason("not imported")
            .help("move it to the overlay that lists the component, and import again");
        Uncertain { what: String } => StaysInHand:
            "{what} cannot be expressed in a source, so this overlay is not imported"
            .reason("not imported")
            .help("write the resulting value where the identity is set, and import again")
            .note("import reads an identity only if the combined effect of all patches is certain");
        /// What an overlay builds without its patches of identities, and with what a source generates, is something else.
        Inseparable {
            /// The lines of a diff.
            difference: String,
        } => StaysInHand:
            "what the patches of this overlay do together cannot be expressed in a source, so it is not imported"
            .reason("not imported")
            .help("write the resulting value where the identity is set, and import again")
            .note(format!("otherwise the build output would differ:\n{}", shorten(difference)));
        NoNamespace { namespace: String } => StaysInHand:
            "`{namespace}` is not a valid namespace, so this overlay is not imported"
            .reason("not imported")
            .help("write the namespace in which Flux is installed, and import again");
        NoOutput { path: String } => StaysInHand: "a source cannot write to the directory `{path}`"
            .reason("not imported")
            .help("rename it with letters, digits and `-_.+@=,~`, and import again");
        NotEditable => NotEditable: "the identities cannot be removed from this overlay line by line"
            .reason("not imported; the identities stay in the overlay")
            .help("write its lists with one item per line, without a directory `identity` next to it, and \
                import again")
            .note("by hand: declare the cluster in the source with `emit = component`, remove the identity \
                patches from the overlay, and add `components: [identity]` to it");
        Overridden { value: String, by: Span } => Overridden: "`{value}` is overridden by a later patch"
            .reason("no effect; not imported")
            .label(*by, "overrides it");
        Comment => CommentLost: "this comment is not imported"
            .help("copy it to the source if it is still relevant");
        Unneeded {
            path: String,
            /// How many imported overlays name it.
            overlays: usize,
        } => Unneeded, {
            let finding = head
                .with_message(format!("`{path}` is no longer needed"))
                .reason("its identity is now in the source")
                .help("remove it after the overlays are built, unless other files use it");
            match overlays {
                0 | 1 => finding,
                overlays => finding.note(format!("named by {}", count(*overlays, "overlay"))),
            }
        };
        Instance { controllers: Vec<Controller>, value: String } => InstanceIdentity, {
            let names: Vec<&str> = controllers.iter().map(|controller| controller.name()).collect();
            let whose = all_of(&names);
            let verb = if names.len() == 1 { "has" } else { "have" };
            head.with_message(format!("{whose} {verb} `{value}` from a `FluxInstance`"))
                .reason("not imported")
                .help(
                    "keep it here, or write it in a source with `emit = component` and use the `patches` \
                    that `build` writes instead",
                )
                .note("a source generates kustomize overlays, which a `FluxInstance` does not read")
        };
        Renamed { controller: &'static str } => VolumesRenamed:
            "the token volume of `{controller}` is renamed"
            .reason("imported; its pods restart once")
            .note("identity, audience and lifetime do not change; only names of volumes and paths do");
        Superseded { name: String } => Unneeded: "the ConfigMap `{name}` is no longer needed"
            .reason("the source generates a replacement")
            .help("remove it after the overlays are built, unless other files use it");
        Unseen { controller: &'static str } => UnseenIdentity:
            "the identity of `{controller}` is not in this overlay"
            .reason("only its digest; kept as it is")
            .help("write it in the source with `via = pod-identity` or as `gcp direct`, and remove the patch")
            .note("EKS Pod Identity, and `gcp direct` on GKE, add only this digest to an overlay");
        InSource => InSource: "the identities of this overlay are already in a source"
            .reason("`flux-identity build` generated this component; not imported");
        NoCluster => LooseAccounts: "cannot determine the cluster of these ServiceAccounts"
            .reason("not imported")
            .help("import them together with the overlay of their cluster")
            .note("they belong to the overlay whose path shares the most with theirs");
        EditedAccounts => LooseAccounts: "these generated ServiceAccounts were edited by hand"
            .reason("not imported")
            .help("write their identities in the source, and build again");
        Shared { controller: &'static str, other: &'static str } => SharedPatch:
            "this patch also matches `{other}`, which cannot have the same identity as `{controller}` in a \
            source"
            .reason("not imported; kept as it is")
            .help("exclude `{other}` from the patch, or give both an identity");
        Verification(fault: VerificationFault) => (fault.code()), fault.finding(head);
    }
}

/// The longest part of a difference that is shown.
const MOST_LINES: usize = 8;

fn shorten(difference: &str) -> String {
    let lines: Vec<&str> = difference.lines().take(MOST_LINES).collect();
    match difference.lines().count().saturating_sub(MOST_LINES) {
        0 => lines.join("\n"),
        more => format!("{}\nand {} more", lines.join("\n"), count(more, "line")),
    }
}

/// What to write instead, where a cause says.
fn cause_help(cause: &Cause) -> Option<String> {
    if let Cause::NoMatch { wanted: id, .. } = cause {
        let kind = ObjectKind::ALL.into_iter().find(|kind| kind.name() == id.kind);
        let is_controller = Controller::from_name(&id.name).is_some();
        let api = kind.filter(|_| is_controller).map(ObjectKind::api_version);
        let help = match api.filter(|api| id.api_version() != *api) {
            Some(api) => format!("write `apiVersion: {api}`"),
            None if id.namespace.is_empty() => {
                "add the namespace to its metadata, or add a `target` next to the patch".to_owned()
            }
            None => "use the name and the namespace of an existing object, or add a `target`".to_owned(),
        };
        return Some(help);
    }
    let is_path = matches!(cause, Cause::Operation(_, OperationFault::Missing));
    let helps = [
        (matches!(cause, Cause::Repeated(_)), "list the file under `patches` instead of `resources`"),
        (*cause == Cause::NoTarget, "add a `target` next to the operations"),
        (*cause == Cause::NotAPatch, "add `apiVersion`, `kind` and `metadata.name`"),
        (*cause == Cause::EmptyPatch, "add `patch` or `path`, or remove the entry"),
        (
            is_path,
            "write `~1` for a `/` in a key, as in `/metadata/annotations/eks.amazonaws.com~1role-arn`, and \
             exclude objects without that field from the target",
        ),
    ];
    helps.into_iter().find(|(is_it, _)| *is_it).map(|(_, help)| help.to_owned())
}

/// What of an overlay a source cannot express.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inexpressible {
    Target,
    Path,
    Options,
    Remote,
    Outside,
}

impl Inexpressible {
    pub const fn in_words(self) -> &'static str {
        match self {
            Inexpressible::Target => "a target with special characters",
            Inexpressible::Path => "a path with special characters",
            Inexpressible::Options => "the options of a patch",
            Inexpressible::Remote => "a resource outside of this repository",
            Inexpressible::Outside => "a file outside of its directory",
        }
    }
}

/// The evidence for the platform of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// The name of the directory.
    Name,
    /// The node labels that installed manifests select.
    Installed,
    /// The identities of the controllers.
    Identities,
}

impl Witness {
    fn message(self, platform: Platform) -> String {
        let platform = platform.name();
        match self {
            Witness::Name => format!("the directory name contains `{platform}`"),
            Witness::Installed => format!("the installed manifests select nodes of `{platform}`"),
            Witness::Identities => format!("the identities belong to `{platform}`"),
        }
    }
}

impl AdoptionProblem {
    /// A problem at a place in a file.
    pub fn at(at: Span, fault: AdoptionFault) -> AdoptionProblem {
        AdoptionProblem { place: AdoptionPlace::At(at), fault }
    }

    /// A problem of a whole file or directory.
    pub fn in_file(path: impl Into<String>, fault: impl Into<AdoptionFault>) -> AdoptionProblem {
        AdoptionProblem { place: AdoptionPlace::File(path.into()), fault: fault.into() }
    }
}

impl ProblemKind for AdoptionProblem {
    fn code(&self) -> Code {
        self.fault.code()
    }

    fn place(&self) -> PrimaryPlace<'_> {
        match &self.place {
            AdoptionPlace::At(at) => PrimaryPlace::Source(*at),
            AdoptionPlace::File(path) => PrimaryPlace::File(path),
        }
    }

    fn finding(&self) -> Finding {
        self.fault.finding(self.head())
    }
}

impl From<VerificationFault> for AdoptionFault {
    fn from(fault: VerificationFault) -> AdoptionFault {
        AdoptionFault::Verification(fault)
    }
}
