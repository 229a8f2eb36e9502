//! Problems of how Flux applies an overlay: the Kustomization in `gotk-sync.yaml`, and the files that it sees.

use crate::effect::{Misfit, NoRoom};
use crate::model::Controller;
use crate::problem::effective_identity::with_setter;
use crate::problem::misfit::describe_misfit;
use crate::problem::{
    Code, Finding, FindingHead, PrimaryPlace, ProblemKind, SetBy, SubstitutionFault, Unusable, all_of, coded,
    listed, more, problems, worded,
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

/// An object of Flux on the way from the repository to the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FluxObject {
    Kustomization,
    GitRepository,
}

/// Why controllers lack rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LostRight {
    /// A binding names this role, which is not built.
    Role(String),
    /// A binding names this ServiceAccount, which is not built.
    Account(String),
    /// A binding does not name this ServiceAccount.
    Unnamed(String),
    /// A role has no rules about this API.
    Rules(&'static str),
}

impl FluxObject {
    fn name(self) -> &'static str {
        match self {
            FluxObject::Kustomization => "Kustomization",
            FluxObject::GitRepository => "GitRepository",
        }
    }
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
            let finding = with_setter(head.with_message(message).reason("not in what Flux builds"), "the path", by.as_ref())
                .help(format!("write `path: {right}`"));
            if path.contains("${") {
                finding.note("Flux writes values in place of `${…}` only with `postBuild` in the Kustomization")
            } else {
                finding
            }
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
            /// What sets the pattern; nothing if Flux does.
            by: Option<SetBy>,
        } => NotApplied, {
            let message = format!("Flux does not fetch `{path}`: the pattern `{pattern}` excludes it");
            let finding = with_setter(head.with_message(message).reason("not applied"), "the pattern", by.as_ref());
            let directory = matched.rsplit_once('/').map(|(directory, _)| format!("{directory}/"));
            let exception = directory.unwrap_or_else(|| matched.clone());
            finding.help(match by {
                Some(_) => format!("remove the pattern, or add `!/{exception}` after it"),
                None => format!("write `!/{exception}` in a `.sourceignore`: without one, Flux has patterns of its own"),
            })
        };
        /// Git LFS has these files, and Flux fetches pointers to them.
        Pointers { paths: Vec<String>, pattern: String, by: Option<SetBy> } => NotApplied, {
            let files = match paths.as_slice() {
                [first, rest @ ..] if rest.len() > 2 => format!("`{first}` and {}", more(rest.len(), "file")),
                few => all_of(few),
            };
            let them = if paths.len() == 1 { "it" } else { "them" };
            let message = format!("Flux does not fetch {files}: git hands {them} to Git LFS");
            with_setter(head.with_message(message).reason("not applied"), &format!("the filter of `{pattern}`"), by.as_ref())
                .help("remove `filter=lfs` from the line, and commit the files again: `git add --renormalize .`")
                .note("source-controller does not know Git LFS: it fetches the pointers, which are no manifests")
        };
        /// A sparse checkout leaves a file out.
        NotCheckedOut {
            path: String,
            /// The directories that are checked out.
            entries: Vec<String>,
            /// The directory that is missing, from the root of the repository.
            missing: String,
            by: Option<SetBy>,
        } => NotApplied, {
            let message = format!("Flux does not fetch `{path}`: `sparseCheckout` has only {}", all_of(entries));
            with_setter(head.with_message(message).reason("not applied"), "`sparseCheckout`", by.as_ref())
                .help(format!("add `- {missing}` to `sparseCheckout` of the GitRepository"))
        };
        /// Files of the build are links, or are below links.
        Linked { links: Vec<String> } => NotApplied, {
            let what = if links.len() == 1 { "it is a symbolic link" } else { "they are symbolic links" };
            let message = format!("Flux does not fetch {}: {what}", all_of(links));
            head.with_message(message)
                .reason("not applied")
                .help("replace the link with what it leads to, or name that in the kustomization instead")
                .note("the artifacts of source-controller have no links, so kustomize-controller finds nothing there")
        };
        Suspended { object: FluxObject, by: Option<SetBy> } => NotApplied, {
            let object = object.name();
            let finding = head.with_message(format!("Flux does not apply this overlay: its {object} is suspended"));
            with_setter(finding.reason("not applied"), "`suspend`", by.as_ref())
                .help("remove `suspend: true`, or allow this warning while it is intended")
        };
        /// The `GitRepository` has no key for SSH.
        NoKey { url: String, by: Option<SetBy> } => NotApplied, {
            let message = format!(
                "Flux does not apply this overlay: its GitRepository has no `secretRef`, which `{url}` needs"
            );
            with_setter(head.with_message(message).reason("not fetched"), "the URL", by.as_ref())
                .help("add `secretRef` with the name of the Secret that has the key, or write an `https://` URL")
                .note("source-controller opens no connection of SSH without the key and the known hosts of that Secret")
        };
        /// The definition of an object of Flux refuses a field of it. `object`: its kind and name.
        Misfit { object: String, path: String, misfit: Misfit, by: Option<SetBy> } => NotApplied, {
            let (what, help) = describe_misfit(path, misfit);
            let message = format!("Flux does not apply this overlay: the API server refuses {what} of {object}");
            with_setter(head.with_message(message).reason("not applied"), "it", by.as_ref()).help(help)
        };
        /// A controller does nothing with an object of Flux because of a value. `object`: its kind and name; `is_own`: whether it
        /// is the source of the overlay.
        Unusable { object: String, value: String, fault: Unusable, is_own: bool, by: Option<SetBy> }
            => (if *is_own { Code::NotApplied } else { Code::UnusableValue }), {
            let (field, why, help) = fault.in_words(value);
            let message = format!("Flux does not fetch {object}: `{value}` in `{field}` {why}");
            let message = if *is_own { message.replacen("fetch", "apply this overlay from", 1) } else { message };
            with_setter(head.with_message(message).reason("in this cluster"), "it", by.as_ref()).help(help)
        };
        /// The Kustomization is applied as a ServiceAccount that nothing gives rights. `argument`: what makes it so.
        NoRights { account: String, argument: String, by: Option<SetBy> } => NotApplied, {
            let message = format!(
                "Flux does not apply this overlay: its Kustomization uses the ServiceAccount `{account}`, which has no rights"
            );
            with_setter(head.with_message(message).reason("not applied"), &format!("`{argument}`"), by.as_ref())
                .help("write `serviceAccountName: kustomize-controller` in the `spec` of the Kustomization, by a patch")
                .note("by that argument, kustomize-controller uses this ServiceAccount for each Kustomization that names none")
        };
        /// kustomize-controller has only these roles, and applies the overlay.
        FewRights { roles: Vec<String> } => LostRights, {
            let has = match roles.as_slice() {
                [] => "no role of the cluster".to_owned(),
                roles => format!("only {}", all_of(roles)),
            };
            let message = format!("`kustomize-controller` has {has}, and cannot apply this overlay");
            head.with_message(message)
                .reason("in this cluster")
                .help("keep the ClusterRoleBinding `cluster-reconciler` of the manifests of Flux with its role, or set \
                    `serviceAccountName` of the Kustomization to an account that has the rights")
                .note("the overlay has CustomResourceDefinitions and roles, which belong to no namespace")
        };
        /// A binding or a role in the manifests of Flux gives no rights. `object`: its kind and name.
        LostRights { object: String, lost: LostRight } => LostRights, {
            let what = match lost {
                LostRight::Role(role) => format!("names the {role}, which the overlay does not build"),
                LostRight::Account(account) => {
                    format!("names the ServiceAccount `{account}`, which the overlay does not build")
                }
                LostRight::Rules(group) => format!("has no rule about `{group}`, whose objects all controllers read"),
                LostRight::Unnamed(account) => format!("does not name the ServiceAccount `{account}`"),
            };
            head.with_message(format!("{object} {what}"))
                .reason("in this cluster")
                .help("remove what changes it, or what renames or moves the other")
                .note("the controllers have their rights by the bindings in the manifests of Flux: without them they reconcile nothing")
        };
        /// Limits of the namespace of Flux exclude pods of its controllers. `object`: their kind and name.
        NoRoom { object: String, fault: NoRoom, by: Option<SetBy> } => NoRoom, {
            let (why, help) = match fault {
                NoRoom::Quota { resource, hard } => (
                    format!("the controllers need more than `{resource}: {hard}`"),
                    format!("raise `{resource}`, or lower what the controllers have"),
                ),
                NoRoom::Container { resource, bound: "max", limit } => (
                    format!("a controller has a greater limit than `{resource}: {limit}`"),
                    "raise `max`, or lower the limits of the controllers".to_owned(),
                ),
                NoRoom::Container { resource, limit, .. } => (
                    format!("a controller requests less than `{resource}: {limit}`"),
                    "lower `min`, or raise the requests of the controllers".to_owned(),
                ),
            };
            let message = format!("pods of controllers will not be made: {object} excludes them");
            with_setter(head.with_message(message).reason("in this cluster"), "the limit", by.as_ref())
                .note(why)
                .help(help)
        };
        /// Objects of Flux that wait for each other. `object`: the kind and name of the first.
        WaitsForItself { object: String, others: Vec<String>, by: Option<SetBy> } => WaitsForItself, {
            let message = match others.as_slice() {
                [] => format!("{object} waits for itself"),
                others => format!("{object} waits for itself, through {}", listed(others, "and")),
            };
            with_setter(head.with_message(message).reason("in this cluster"), "`dependsOn`", by.as_ref())
                .help("remove the name in `dependsOn` of the one that applies the others, or its `wait: true`")
                .note("Flux applies an object only when those are ready that it waits for")
        };
        /// A name in `postBuild.substitute` that kustomize-controller refuses.
        RefusedVariable { name: String, by: Option<SetBy> } => NotApplied, {
            let message = format!(
                "Flux does not apply this overlay: the Kustomization has `{name}` in `postBuild.substitute`, which is refused"
            );
            with_setter(head.with_message(message).reason("not applied"), "`postBuild.substitute`", by.as_ref())
                .help("write a name of letters, digits and `_`, without a digit first")
        };
        /// A variable in an object for which kustomize-controller refuses the build. `object`: its kind and name.
        Substitution { object: String, fault: SubstitutionFault, by: Option<SetBy> } => NotApplied, {
            let (what, help) = fault.in_words(object);
            let finding = head.with_message(format!("Flux does not apply this overlay: {what}")).reason("not applied");
            with_setter(finding, "it", by.as_ref())
                .help(help)
                .note("with `postBuild`, Flux reads the variables of all objects, but not of those with the annotation \
                    `kustomize.toolkit.fluxcd.io/substitute: disabled`")
        };
        /// The Kustomization has another name or namespace, in `field`, than Flux gave it.
        Renamed { field: &'static str, name: String, former: String, by: Option<SetBy> } => NotRunning, {
            let message = format!(
                "Flux will delete what it has applied here: its Kustomization is `{name}`, and its {field} was `{former}`"
            );
            with_setter(head.with_message(message).reason("in this cluster"), &format!("the {field}"), by.as_ref())
                .help(format!("write `{field}: {former}`, which is the {field} that `flux bootstrap` gives it"))
                .note("the former Kustomization is no longer built, so it is deleted; by `prune: true` all that \
                    it has applied is deleted with it, the controllers among it")
        };
        /// Objects without the namespace that they need. `objects`: their kinds and names.
        WithoutNamespace { objects: Vec<String>, by: Option<SetBy> } => NotApplied, {
            let (have, first) = if objects.len() == 1 { ("has", "it") } else { ("have", "the first") };
            let message = format!("Flux does not apply this overlay: {} {have} no namespace", listed(objects, "and"));
            let finding = head.with_message(message).reason("not applied");
            let finding = match by {
                Some(SetBy { place, .. }) => finding.note(format!("{first} is in {place}")),
                None => finding,
            };
            finding
                .help("add `namespace` to `metadata`")
                .note("unlike `kubectl apply`, kustomize-controller has no namespace for objects without one, and refuses \
                    all of a build with such an object")
        };
        /// An object has the label of a shard that nothing reconciles.
        OfShard { kind: String, controller: Controller, label: String, by: Option<SetBy> } => NotApplied, {
            let message = format!(
                "Flux does not apply this overlay: no {} reconciles its {kind}, which has the label `{label}`",
                controller.name()
            );
            with_setter(head.with_message(message).reason("not applied"), "the label", by.as_ref())
                .help("remove the label, or give it the value of a shard in this overlay")
                .note("`--watch-label-selector` says of each controller which objects it reconciles")
        };
        /// The Kustomization has a cluster of its own.
        OtherCluster { by: Option<SetBy> } => NotApplied, {
            let message = "Flux applies this overlay to another cluster: its Kustomization has `kubeConfig`";
            with_setter(head.with_message(message).reason("not applied to this cluster"), "`kubeConfig`", by.as_ref())
                .help("remove `kubeConfig`, or allow this warning if the source describes the other cluster")
        };
        /// Secrets that SOPS encrypted, which Flux is not to decrypt. `secrets`: their names.
        Encrypted { secrets: Vec<String>, by: Option<SetBy> } => NotApplied, {
            let what = if secrets.len() == 1 { "the Secret" } else { "the Secrets" };
            let message = format!(
                "Flux does not apply this overlay: its Kustomization does not decrypt {what} {}", all_of(secrets)
            );
            let finding = head.with_message(message).reason("not applied");
            let finding = match by {
                Some(SetBy { place, .. }) => finding.note(format!("`{}` is in {place}", secrets.first().map_or("", |first| first))),
                None => finding,
            };
            finding
                .help("add `decryption` with `provider: sops` to `spec` of the Kustomization")
                .note("Flux applies nothing of a build with an encrypted Secret that it does not decrypt")
        };
        /// The overlay does not build what its Kustomization reads. `source`: its kind, namespace and name; `near`: the name of
        /// the only one that it builds.
        MissingSource { source: String, near: Option<String>, by: Option<SetBy> } => MissingSource, {
            let message = format!("the Kustomization of this overlay reads the {source}, which the overlay does not have");
            let finding = head.with_message(message).reason("Flux may not apply it");
            let finding = with_setter(finding, "`sourceRef`", by.as_ref());
            match near {
                Some(near) => finding.help(format!("write `name: {near}` in `sourceRef`")),
                None => finding.help("add the object, or allow this warning if something else creates it"),
            }
        };
        /// The `GitRepository` does not follow a branch. `field`: that of `spec.ref` which decides.
        FixedRevision { field: &'static str, revision: String, by: Option<SetBy> } => FixedRevision, {
            let what = match *field {
                "semver" => format!("from the newest tag that matches `{revision}`"),
                "commit" => format!("from the commit `{revision}`"),
                _ => format!("from the tag `{revision}`"),
            };
            let then = match *field {
                "semver" => "with the next tag",
                _ => "when `spec.ref` is changed",
            };
            let finding = head
                .with_message(format!("Flux applies this overlay {what}, not from a branch"))
                .reason(format!("a change arrives {then}"));
            with_setter(finding, &format!("`{field}`"), by.as_ref())
                .help(format!("write `branch` instead of `{field}` in `spec.ref`, or `allow F0376` if it is intended"))
        };
        /// Objects of Flux that the cluster rejects.
        UnservedVersion {
            api_version: String,
            kind: String,
            /// Their names.
            objects: Vec<String>,
            /// The most stable version that is served instead.
            served: Option<String>,
            /// The patch that deletes their definition.
            deleted_by: Option<SetBy>,
            by: Option<SetBy>,
        } => UnservedVersion, {
            let message = format!("the manifests of Flux do not serve `{api_version}` of the {kind} {}", all_of(objects));
            let finding = head.with_message(message).reason("Flux cannot apply this overlay");
            let finding = match by {
                Some(SetBy { place, .. }) => finding.note(format!("the first is in {place}")),
                None => finding,
            };
            let group = api_version.split('/').next().unwrap_or_default();
            match (served, deleted_by) {
                (Some(version), _) => finding.help(format!("write `apiVersion: {group}/{version}`")),
                (None, Some(SetBy { place, .. })) => {
                    finding.note(format!("the definition is deleted by {place}")).help("keep the definition, or remove the objects")
                }
                (None, None) => finding.help(
                    "install the controller of their kind in a version of Flux that serves theirs, with `served: true` in its definition, or remove the objects",
                ),
            }
        };
        /// Another Kustomization applies objects of this overlay.
        AppliedTwice {
            /// Its namespace and name.
            kustomization: String,
            path: String,
            /// The kind and the name of the first such object.
            object: String,
            /// How many more there are.
            more: usize,
            by: Option<SetBy>,
        } => AppliedTwice, {
            let others = match more {
                0 => String::new(),
                more => format!(" and {more} other{} of this overlay", if *more == 1 { "" } else { "s" }),
            };
            let message = format!("the Kustomization `{kustomization}` applies the {object}{others} too");
            let finding = head.with_message(message).reason("two Kustomizations apply it");
            let finding = match by {
                Some(SetBy { place, .. }) => finding.note(format!("`{kustomization}` is in {place}")),
                None => finding,
            };
            finding
                .help(format!("change the path of `{kustomization}`, or remove these objects from `{path}`"))
                .note("each of the two reverts what the other sets, and one that is deleted deletes the objects")
        };
    }
}
