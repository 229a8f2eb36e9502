//! The messages about imported overlays.

use crate::problem::adoption::AdoptionFault;
use crate::problem::{Finding, FindingHead, all_of};
use crate::spanned::Fault;

impl AdoptionFault {
    pub(super) fn finding(&self, head: FindingHead<'_>) -> Finding {
        let say = |message: String| head.with_message(message);
        match self {
            AdoptionFault::Nothing => say("no overlay installs Flux in these directories".to_owned())
                .help("pass the directory that contains the clusters of the fleet")
                .note(
                    "an overlay is a `kustomization.yaml` that lists `gotk-components.yaml` or gives a \
                    controller an identity",
                ),
            AdoptionFault::Yaml(Fault::OutOfBounds(excess, _)) => {
                unread(head, &format!("this YAML {}", excess.words()))
                    .note("limits: 1 MiB, 64 nested levels, and 100,000 nodes after aliases are expanded")
            }
            AdoptionFault::Yaml(Fault::NotYaml(_)) => unread(head, "invalid YAML")
                .help("correct it until `kustomize build` succeeds, and import again"),
            AdoptionFault::Yaml(Fault::Tag(_)) => {
                unread(head, "this YAML contains a tag").help("remove the `!` tag, and import again")
            }
            AdoptionFault::Yaml(Fault::LineBreak(_)) => {
                unread(head, "this YAML contains a character that only some parsers read as a line break")
                    .help("write it as `\\N`, `\\L` or `\\P` in double quotes, and import again")
                    .note("U+0085, U+2028 and U+2029 are line breaks in YAML 1.1, but not in YAML 1.2")
            }
            AdoptionFault::NotOneDocument => {
                unread(head, "a kustomization file must contain exactly one document")
                    .help("merge the documents, and import again")
            }
            AdoptionFault::NotText { path } => {
                missing(head, format!("`{path}` is not UTF-8 text, or is too large"))
            }
            AdoptionFault::Missing { path } => {
                missing(head, format!("`{path}` does not exist, or has no kustomization file"))
                    .help("add it, or remove its entry; kustomize cannot build this overlay")
            }
            AdoptionFault::Unreadable { path, cause } => {
                missing(head, format!("cannot read `{path}`: {cause}"))
            }
            AdoptionFault::NotRead { cause } => {
                say(format!("cannot read this file: {cause}")).help("replace it, or remove it")
            }
            AdoptionFault::Outside { path } => {
                missing(head, format!("`{path}` is outside of the directory of the source"))
                    .help("import from the root of the repository")
            }
            AdoptionFault::NoPatch => unbuildable(head, "this entry has no patch")
                .help("add `patch` or `path`, or remove the entry"),
            AdoptionFault::NoObject => unbuildable(head, "this patch does not name an object")
                .help("add `apiVersion`, `kind` and `metadata.name`"),
            AdoptionFault::NoTarget => {
                unbuildable(head, "these operations have no target").help("add a `target` next to them")
            }
            AdoptionFault::InvalidTarget { field, value } => unbuildable(
                head,
                &format!("kustomize rejects `{field}: {value}` in the target of this patch"),
            )
            .help("fix the target; a `patch` with it in a source shows the faulty character"),
            AdoptionFault::Unescaped => unbuildable(head, "unescaped `/` in a key of this JSON pointer")
                .help("write `~1` instead, as in `/metadata/annotations/eks.amazonaws.com~1role-arn`"),
            AdoptionFault::Twice { name } => unbuildable(
                head,
                &format!("`{name}` is added here, but `gotk-components.yaml` already installs it"),
            )
            .help("list the file under `patches` instead of `resources`"),
            AdoptionFault::NotThere { kind, name, namespace } => {
                let (whose, help) = if namespace.is_empty() {
                    (
                        "without a namespace".to_owned(),
                        "add `namespace: flux-system` to its metadata, or add a `target` next to it",
                    )
                } else {
                    (
                        format!("in namespace `{namespace}`"),
                        "use the name and the namespace of the installed object",
                    )
                };
                unbuildable(head, &format!("no {kind} `{name}` {whose}")).help(help)
            }
            AdoptionFault::OtherApi { kind, name, read, expected } => unbuildable(
                head,
                &format!(
                    "the patch of the {kind} `{name}` has `apiVersion: {read}`, which matches no object"
                ),
            )
            .help(format!("write `apiVersion: {expected}`"))
            .note(
                "without a target, kustomize compares the API version, the kind, the name and the namespace",
            ),
            AdoptionFault::TargetWithin => say("`target` is inside of the patch".to_owned())
                .reason("the API server rejects an object with this field")
                .help("move `target` next to `patch`"),
            AdoptionFault::HitsNothing => say("this patch of an identity matches nothing".to_owned())
                .reason("it matches no ServiceAccount or Deployment of Flux")
                .help("correct the name of the controller, or remove the patch")
                .note("kustomize ignores a patch whose target matches nothing"),
            AdoptionFault::OfAnotherCloud { provider, platform } => {
                let (identity, platform) = (provider.identity_noun(), platform.name());
                say(format!("nothing on `{platform}` reads {identity} from here"))
                    .reason("kept as a passthrough patch")
                    .help("remove it, or use an identity that works on this platform")
            }
            AdoptionFault::NeverUsed { controller } => {
                say(format!("`{controller}` uses no identity of any cloud"))
                    .reason("kept as a passthrough patch")
                    .help("remove it")
            }
            AdoptionFault::NoIdentity { key, value, is_placeholder } => {
                let message = if *is_placeholder {
                    format!("`{value}` is a placeholder")
                } else {
                    format!("`{value}` is not a valid value of `{key}`")
                };
                say(message)
                    .reason("kept as a passthrough patch")
                    .help("write the identity in the source, and remove the patch")
            }
            AdoptionFault::NoPodLabel { controller } => {
                let message =
                    format!("the pods of `{controller}` lack the label, so the identity has no effect");
                say(message)
                    .reason("kept as a passthrough patch")
                    .help("write the identity in the source, which adds the label, and remove the patch")
            }
            AdoptionFault::OtherFederation => {
                say("this federated identity differs from what a source generates".to_owned())
                    .reason("kept as a passthrough patch")
                    .help("write the identity in the source and remove the patch when the pods may restart")
                    .note("overlays generated from a source use their own names for token volumes")
            }
            AdoptionFault::AadPodIdentity => say("AAD Pod Identity is deprecated".to_owned())
                .reason("kept as a passthrough patch")
                .help("create a federated credential for the managed identity, and write it in the source")
                .note("the project was archived in 2023 and is replaced by Azure Workload Identity"),
            AdoptionFault::Shared { controller, other } => {
                let message = format!(
                    "this patch also matches `{other}`, which cannot have the same identity as \
                        `{controller}` in a source"
                );
                say(message)
                    .reason("kept as a passthrough patch")
                    .help(format!("exclude `{other}` from the patch, or give both an identity"))
            }
            AdoptionFault::UnreadLabel => say("this label has no effect and is dropped".to_owned())
                .reason("the webhook reads this label on pods only"),
            AdoptionFault::NoTenant => say("this managed identity has no tenant".to_owned())
                .reason("the webhook of the cluster sets its own tenant")
                .help("replace `tenant = webhook` with `tenant = \"…\"` if the tenant id is known"),
            AdoptionFault::OtherPlatform { taken, other } => {
                let message = format!("{}, but {}", taken.0.says(taken.1), other.0.says(other.1));
                let (taken, other) = (taken.1.name(), other.1.name());
                say(message).reason(format!("imported as `{taken}`")).help(format!(
                    "if it runs on `{other}`, use that word in the name of the directory and import \
                        again"
                ))
            }
            AdoptionFault::NoPlatform => say("cannot determine the platform of this cluster".to_owned())
                .reason("imported as `kubernetes`")
                .help("correct the platform after `on` in the source"),
            AdoptionFault::Unsayable { what } => {
                say(format!("{what} cannot be expressed in a source, so this overlay stays hand-written"))
                    .reason("not imported")
                    .note("its identities become a component next to it: `emit = component`")
            }
            AdoptionFault::UnsayableComponent { what } => {
                say(format!("{what} cannot be expressed in a source, so this component is not imported"))
                    .reason("not imported")
                    .help("move it to the overlay that lists the component, and import again")
            }
            AdoptionFault::Uncertain { what } => {
                say(format!("{what} cannot be expressed in a source, so this overlay is not imported"))
                    .reason("not imported")
                    .help("write the resulting value where the identity is set, and import again")
                    .note("import reads an identity only if the combined effect of all patches is certain")
            }
            AdoptionFault::NoNamespace { namespace } => {
                say(format!("`{namespace}` is not a valid namespace, so this overlay is not imported"))
                    .reason("not imported")
                    .help("write the namespace in which Flux is installed, and import again")
            }
            AdoptionFault::NoOutput { path } => {
                say(format!("a source cannot write to the directory `{path}`"))
                    .reason("not imported")
                    .help("rename it with letters, digits and `-_.+@=,~`, and import again")
            }
            AdoptionFault::NotEditable => {
                say("the identities cannot be removed from this overlay line by line".to_owned())
                    .reason("not imported; the identities stay in the overlay")
                    .help(
                        "write its lists with one item per line, without a directory `identity` next to it, \
                        and import again",
                    )
                    .note(
                        "by hand: declare the cluster in the source with `emit = component`, remove the \
                         identity patches from the overlay, and add `components: [identity]` to it",
                    )
            }
            AdoptionFault::Overridden { value, by } => {
                say(format!("`{value}` is overridden by a later patch"))
                    .reason("no effect; not imported")
                    .label(*by, "overrides it")
            }
            AdoptionFault::Comment => say("this comment is not imported".to_owned())
                .help("copy it to the source if it is still relevant"),
            AdoptionFault::Unneeded { path } => say(format!("`{path}` is no longer needed"))
                .reason("its identity is now in the source")
                .help("remove it after the overlays are built, unless other files use it"),
            AdoptionFault::Instance { controllers, value } => {
                let names: Vec<&str> = controllers.iter().map(|controller| controller.name()).collect();
                let whose = all_of(&names);
                let verb = if names.len() == 1 { "has" } else { "have" };
                say(format!("{whose} {verb} `{value}` from a `FluxInstance`"))
                    .reason("not imported")
                    .help(
                        "keep it here, or write it in a source with `emit = component` and use the `patches` \
                        that `build` writes instead",
                    )
                    .note("a source generates kustomize overlays, which a `FluxInstance` does not read")
            }
            AdoptionFault::Renamed { controller } => {
                let message = format!("the token volume of `{controller}` is renamed");
                say(message)
                    .reason("imported; its pods restart once")
                    .note("identity, audience and lifetime do not change; only names of volumes and paths do")
            }
            AdoptionFault::Superseded { name } => say(format!("the ConfigMap `{name}` is no longer needed"))
                .reason("the source generates a replacement")
                .help("remove it after the overlays are built, unless other files use it"),
            AdoptionFault::Unseen { controller } => {
                let message = format!("the identity of `{controller}` is not in this overlay");
                say(message)
                    .reason("only its digest; kept as a passthrough patch")
                    .help(
                        "write it in the source with `via = pod-identity` or as `gcp direct`, and remove the \
                        patch",
                    )
                    .note("EKS Pod Identity, and `gcp direct` on GKE, add only this digest to an overlay")
            }
            AdoptionFault::InSource => {
                say("the identities of this overlay are already in a source".to_owned())
                    .reason("`flux-identity build` generated this component; not imported")
            }
            AdoptionFault::NoCluster => {
                say("cannot determine the cluster of these ServiceAccounts".to_owned())
                    .reason("not imported")
                    .help("import them together with the overlay of their cluster")
                    .note("they belong to the overlay whose path shares the most with theirs")
            }
            AdoptionFault::EditedAccounts => {
                say("these generated ServiceAccounts were edited by hand".to_owned())
                    .reason("not imported")
                    .help("write their identities in the source, and build again")
            }
            AdoptionFault::Verification(fault) => fault.finding(head),
        }
    }
}

fn unread(head: FindingHead<'_>, message: &str) -> Finding {
    head.with_message(message.to_owned()).reason("not imported")
}

fn missing(head: FindingHead<'_>, message: String) -> Finding {
    head.with_message(message).reason("named here; this overlay is not imported")
}

fn unbuildable(head: FindingHead<'_>, message: &str) -> Finding {
    head.with_message(message.to_owned()).reason("kustomize cannot build this overlay; not imported")
}
