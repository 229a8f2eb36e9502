//! What import finds in overlays that exist.

use crate::model::{Controller, Platform, Provider};
use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, all_of, count};
use crate::span::Span;
use crate::spanned::Fault;

/// Something that import finds.
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

/// What import finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdoptionFault {
    /// No overlay installs Flux.
    Nothing,
    /// The YAML cannot be read.
    Yaml(Fault),
    /// A kustomization is several documents, or none.
    NotOneDocument,
    /// A file is not text.
    NotText {
        /// Its path.
        path: String,
    },
    /// Something that an overlay names is not there.
    Missing {
        /// Its path.
        path: String,
    },
    /// Something that an overlay names cannot be read.
    Unreadable {
        /// Its path.
        path: String,
        /// Why, as the system says.
        cause: String,
    },
    /// A patch comes from outside of the directory that the source stands in.
    Outside {
        /// What was written.
        path: String,
    },
    /// An entry without a patch.
    NoPatch,
    /// A patch that names no object.
    NoObject,
    /// Operations without a target.
    NoTarget,
    /// A pointer with a `/` in a key.
    Unescaped,
    /// A resource that adds an object which is installed already.
    Twice {
        /// Its name.
        name: String,
    },
    /// A patch that names an object that is not there.
    NotThere {
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
        /// Its namespace; may be empty.
        namespace: String,
    },
    /// A target that stands within the patch.
    TargetWithin,
    /// A patch of an identity that hits nothing.
    HitsNothing,
    /// An identity of another cloud than the cluster's.
    OfAnotherCloud {
        /// Whose it is.
        provider: Provider,
        /// What the cluster runs on.
        platform: Platform,
    },
    /// An identity of a controller that uses none.
    NeverUsed {
        /// Its name.
        controller: &'static str,
    },
    /// Something that should name an identity, or say how its token is to be, does not.
    NoIdentity {
        /// The annotation.
        key: &'static str,
        /// What stands there.
        value: String,
        /// Whether somebody meant to fill it in.
        is_placeholder: bool,
    },
    /// A label that nothing reads.
    UnreadLabel,
    /// A managed identity whose pods lack the label.
    NoPodLabel {
        /// The controller.
        controller: &'static str,
    },
    /// A managed identity without a tenant.
    NoTenant,
    /// AAD Pod Identity.
    AadPodIdentity,
    /// A federated identity whose volumes are not those that this compiler makes.
    OtherFederation,
    /// Two things tell different platforms.
    OtherPlatform {
        /// What tells the one that it is taken for.
        taken: (Witness, Platform),
        /// What tells another.
        other: (Witness, Platform),
    },
    /// Nothing tells the platform.
    NoPlatform,
    /// Something that no source can say.
    Unsayable {
        /// What it is.
        what: String,
    },
    /// A component that says something that no source can.
    UnsayableComponent {
        /// What it is.
        what: String,
    },
    /// Something that an overlay does to an identity, and that an import cannot follow with certainty.
    Uncertain {
        /// What it is.
        what: String,
    },
    /// A namespace that there cannot be.
    NoNamespace {
        /// What is written for it.
        namespace: String,
    },
    /// An overlay in a directory that no source can write to.
    NoOutput {
        /// The directory.
        path: String,
    },
    /// An overlay that must stay in hand, but cannot be edited.
    NotEditable,
    /// What a patch says is said otherwise by a later one.
    Overridden {
        /// What it says.
        value: String,
        /// The later one.
        by: Span,
    },
    /// A comment that is lost.
    Comment,
    /// A file that nothing needs any more.
    Unneeded {
        /// Its path.
        path: String,
    },
    /// An identity in a `FluxInstance`.
    Instance {
        /// Who has it.
        controllers: Vec<Controller>,
        /// What names it.
        value: String,
    },
    /// A federated identity whose volumes will have other names.
    Renamed {
        /// Who has it.
        controller: &'static str,
    },
    /// A manifest of a credential configuration in whose place the source makes one.
    Superseded {
        /// Its name.
        name: String,
    },
    /// The digest of an identity that an overlay does not say.
    Unseen {
        /// Who has it.
        controller: &'static str,
    },
    /// An overlay whose component this compiler wrote.
    InSource,
    /// ServiceAccounts that this compiler wrote, and nobody knows for which cluster.
    NoCluster,
    /// ServiceAccounts that this compiler wrote, and somebody edited.
    EditedAccounts,
    /// A difference between two builds that makes none to a cluster.
    Explained {
        /// Why.
        why: &'static str,
        /// What differs, one line each.
        lines: Vec<String>,
    },
    /// The source of an import does not compile.
    NotCompiled {
        /// What is found.
        code: Code,
        /// What is wrong.
        message: String,
        /// The line of the source that it is about; may be empty.
        line: String,
    },
    /// A patch that tells others the same, who cannot have it from a source.
    Shared {
        /// The controller.
        controller: &'static str,
        /// One of the others.
        other: &'static str,
    },
    /// What is built is not what was built before.
    Differs {
        /// How, as a diff.
        diff: String,
    },
    /// An overlay cannot be built to compare it.
    NotBuilt {
        /// Whether that is how it was before.
        is_old: bool,
        /// What kustomize says.
        said: String,
    },
    /// Something that kustomize would fetch.
    WouldFetch {
        /// What is named.
        entry: String,
        /// How many overlays need it.
        overlays: usize,
    },
    /// Something that is not in the copy in which overlays are built.
    NotCopied {
        /// What is named.
        entry: String,
        /// Why it is not, as the end of a sentence.
        why: &'static str,
        /// How many overlays need it.
        overlays: usize,
    },
}

/// What tells what a cluster runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// The name of its directory.
    Name,
    /// What its overlay installs, and what of that chooses nodes.
    Installed,
    /// Its identities.
    Identities,
}

impl Witness {
    /// What it says.
    fn says(self, platform: Platform) -> String {
        let platform = platform.name();
        match self {
            Witness::Name => format!("the directory is called after `{platform}`"),
            Witness::Installed => format!("what is installed chooses nodes of `{platform}`"),
            Witness::Identities => format!("the identities are for `{platform}`"),
        }
    }
}

impl AdoptionProblem {
    /// Something at a place in a file.
    pub fn at(at: Span, fault: AdoptionFault) -> AdoptionProblem {
        AdoptionProblem { place: AdoptionPlace::At(at), fault }
    }

    /// Something about a file, or a directory, as a whole.
    pub fn in_file(path: impl Into<String>, fault: AdoptionFault) -> AdoptionProblem {
        AdoptionProblem { place: AdoptionPlace::File(path.into()), fault }
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

impl AdoptionFault {
    fn code(&self) -> Code {
        match self {
            AdoptionFault::Nothing => Code::NothingToImport,
            AdoptionFault::Yaml(_) | AdoptionFault::NotOneDocument => Code::ForeignYaml,
            AdoptionFault::NotText { .. }
            | AdoptionFault::Missing { .. }
            | AdoptionFault::Unreadable { .. }
            | AdoptionFault::Outside { .. } => Code::MissingPart,
            AdoptionFault::NoPatch
            | AdoptionFault::NoObject
            | AdoptionFault::NoTarget
            | AdoptionFault::Unescaped
            | AdoptionFault::Twice { .. }
            | AdoptionFault::NotThere { .. } => Code::Unbuildable,
            AdoptionFault::TargetWithin => Code::TargetWithin,
            AdoptionFault::HitsNothing => Code::HitsNothing,
            AdoptionFault::OfAnotherCloud { .. } | AdoptionFault::NeverUsed { .. } => Code::UnreadIdentity,
            AdoptionFault::NoIdentity { .. } => Code::NoIdentity,
            AdoptionFault::UnreadLabel => Code::UnreadLabel,
            AdoptionFault::NoPodLabel { .. } => Code::NoPodLabel,
            AdoptionFault::NoTenant => Code::TenantLeft,
            AdoptionFault::AadPodIdentity => Code::AadPodIdentity,
            AdoptionFault::OtherFederation => Code::OtherFederation,
            AdoptionFault::OtherPlatform { .. } | AdoptionFault::NoPlatform => Code::PlatformInDoubt,
            AdoptionFault::Unsayable { .. }
            | AdoptionFault::UnsayableComponent { .. }
            | AdoptionFault::Uncertain { .. }
            | AdoptionFault::NoNamespace { .. }
            | AdoptionFault::NoOutput { .. } => Code::StaysInHand,
            AdoptionFault::NotEditable => Code::NotEditable,
            AdoptionFault::Overridden { .. } => Code::Overridden,
            AdoptionFault::Comment => Code::CommentLost,
            AdoptionFault::Unneeded { .. } | AdoptionFault::Superseded { .. } => Code::Unneeded,
            AdoptionFault::Instance { .. } => Code::InstanceIdentity,
            AdoptionFault::Renamed { .. } => Code::VolumesRenamed,
            AdoptionFault::Unseen { .. } => Code::UnseenIdentity,
            AdoptionFault::InSource => Code::InSource,
            AdoptionFault::NoCluster | AdoptionFault::EditedAccounts => Code::LooseAccounts,
            AdoptionFault::Explained { .. } => Code::ExplainedDifference,
            AdoptionFault::NotCompiled { .. } => Code::NotCompiled,
            AdoptionFault::Shared { .. } => Code::SharedPatch,
            AdoptionFault::Differs { .. } | AdoptionFault::NotBuilt { .. } => Code::NotTheSame,
            AdoptionFault::WouldFetch { .. } => Code::WouldFetch,
            AdoptionFault::NotCopied { .. } => Code::NotCopied,
        }
    }

    fn finding(&self, head: FindingHead<'_>) -> Finding {
        let say = |message: String| head.with_message(message);
        match self {
            AdoptionFault::Nothing => say("no overlay here installs Flux".to_owned())
                .help("name the directory that the clusters of the fleet are in")
                .note("an overlay is a `kustomization.yaml` that names `gotk-components.yaml`, or gives a controller an identity"),
            AdoptionFault::Yaml(Fault::OutOfBounds(excess, _)) => {
                unread(head, &format!("this YAML {}", excess.words())).note(
                    "what is read has up to 1 MiB, 64 things within each other, and 100,000 in all, \
                     those that aliases repeat counted again",
                )
            }
            AdoptionFault::Yaml(Fault::NotYaml(_)) => {
                unread(head, "this is not YAML").help("correct it until kustomize builds it, and import again")
            }
            AdoptionFault::Yaml(Fault::Tag(_)) => {
                unread(head, "this YAML has a tag").help("write the value without `!`, and import again")
            }
            AdoptionFault::Yaml(Fault::LineBreak(_)) => {
                unread(head, "this YAML has a character that is a line break to kustomize, and not to others")
                    .help("write `\\N`, `\\L` or `\\P` in its place, in double quotes, and import again")
                    .note("U+0085, U+2028 and U+2029 end a line in YAML 1.1, and in YAML 1.2 they do not")
            }
            AdoptionFault::NotOneDocument => unread(head, "a kustomization is one document")
                .help("write it as one, and import again"),
            AdoptionFault::NotText { path } => {
                missing(head, format!("`{path}` is not text in UTF-8, or too large"))
            }
            AdoptionFault::Missing { path } => missing(head, format!("`{path}` is not there, or has no kustomization file"))
                .help("kustomize cannot build this overlay; add it, or remove its name"),
            AdoptionFault::Unreadable { path, cause } => {
                missing(head, format!("`{path}` cannot be read: {cause}"))
            }
            AdoptionFault::Outside { path } => {
                missing(head, format!("`{path}` is outside of the directory of the source"))
                    .help("import from the root of the repository")
            }
            AdoptionFault::NoPatch => unbuildable(head, "an entry without a patch")
                .help("write `patch` or `path` in it, or remove it"),
            AdoptionFault::NoObject => unbuildable(head, "this patch names no object")
                .help("write `apiVersion`, `kind` and `metadata.name` in it"),
            AdoptionFault::NoTarget => {
                unbuildable(head, "operations without a target").help("write `target` beside them")
            }
            AdoptionFault::Unescaped => unbuildable(head, "a `/` within a key of a pointer leads further down")
                .help("write `~1` in its place, as in `/metadata/annotations/eks.amazonaws.com~1role-arn`"),
            AdoptionFault::Twice { name } => unbuildable(head, &format!("this adds `{name}`, which `gotk-components.yaml` installs"))
                .help("name the file under `patches`, not under `resources`"),
            AdoptionFault::NotThere { kind, name, namespace } => {
                let (whose, help) = if namespace.is_empty() {
                    ("without a namespace".to_owned(), "write `namespace: flux-system` below its name, or a `target` beside it")
                } else {
                    (format!("in the namespace `{namespace}`"), "write the name and the namespace that are installed")
                };
                unbuildable(head, &format!("there is no {kind} `{name}` {whose}")).help(help)
            }
            AdoptionFault::TargetWithin => {
                say("a `target` within a patch is part of the object".to_owned())
                    .reason("the API server refuses an object that has it")
                    .help("move `target` out, beside `patch`")
            }
            AdoptionFault::HitsNothing => {
                say("this patch of an identity hits nothing".to_owned())
                    .reason("no ServiceAccount or Deployment of Flux is meant by it")
                    .help("name the controller that is meant, or remove the patch")
                    .note("kustomize says nothing when a patch hits nothing")
            }
            AdoptionFault::OfAnotherCloud { provider, platform } => {
                let (identity, platform) = (provider.identity_noun(), platform.name());
                say(format!("nothing on `{platform}` reads {identity} from here"))
                    .reason("kept as a patch that is passed through")
                    .help("remove it, or give the controller an identity that it can have")
            }
            AdoptionFault::NeverUsed { controller } => {
                say(format!("`{controller}` uses no identity of any cloud"))
                    .reason("kept as a patch that is passed through")
                    .help("remove it")
            }
            AdoptionFault::NoIdentity { key, value, is_placeholder } => {
                let message = if *is_placeholder {
                    format!("`{value}` is to be filled in still")
                } else {
                    format!("`{value}` is nothing that `{key}` can be")
                };
                say(message)
                    .reason("kept as a patch that is passed through")
                    .help("write the identity into the source, and remove the patch")
            }
            AdoptionFault::NoPodLabel { controller } => {
                let message = format!("the pods of `{controller}` lack the label, so its identity has no effect");
                say(message)
                    .reason("kept as a patch that is passed through")
                    .help("write the identity into the source, which adds the label, and remove the patch")
            }
            AdoptionFault::OtherFederation => {
                say("this federated identity stays a patch".to_owned())
                    .reason("kept as a patch that is passed through")
                    .help("write the identity into the source and remove the patch, when the pods may restart")
                    .note("a source calls the volumes of tokens by names of its own")
            }
            AdoptionFault::AadPodIdentity => {
                say("AAD Pod Identity is to be migrated".to_owned())
                    .reason("kept as a patch that is passed through")
                    .help("make a federated credential for the managed identity, and write it into the source")
                    .note("its project was archived in 2023; Azure Workload Identity takes its place")
            }
            AdoptionFault::Shared { controller, other } => {
                let message =
                    format!("this patch tells `{other}` the same as `{controller}`, and no source can");
                say(message)
                    .reason("kept as a patch that is passed through")
                    .help(format!("take `{other}` out of the patch, or give both an identity"))
            }
            AdoptionFault::UnreadLabel => {
                say("nothing reads this label here, and it goes".to_owned())
                    .reason("the webhook reads the labels of pods alone")
            }
            AdoptionFault::NoTenant => {
                say("a managed identity without a tenant".to_owned())
                    .reason("the webhook of the cluster adds its own")
                    .help("write `tenant = \"…\"` in place of `tenant = webhook` if you know it")
            }
            AdoptionFault::OtherPlatform { taken, other } => {
                let message = format!("{}, and {}", taken.0.says(taken.1), other.0.says(other.1));
                let (taken, other) = (taken.1.name(), other.1.name());
                say(message)
                    .reason(format!("taken for `{taken}`"))
                    .help(format!("if it runs on `{other}`, give the directory a name with that word and import again"))
            }
            AdoptionFault::NoPlatform => {
                say("nothing tells what this cluster runs on".to_owned())
                    .reason("taken for `kubernetes`")
                    .help("write its platform behind `on` in the source")
            }
            AdoptionFault::Unsayable { what } => {
                say(format!("no source can say {what}, so this overlay stays in hand"))
                    .reason("why it stays")
                    .note("its identities become a component beside it: `emit = component`")
            }
            AdoptionFault::UnsayableComponent { what } => {
                say(format!("no source can say {what}, so this component is left alone"))
                    .reason("why it is left alone")
                    .help("move it into the overlay that names the component, and import again")
            }
            AdoptionFault::Uncertain { what } => {
                say(format!("no source can say {what}, so this overlay is left alone"))
                    .reason("why it is left alone")
                    .help("write what comes of it where the identity is given, and import again")
                    .note("an import takes an identity only where it is sure what comes of all patches together")
            }
            AdoptionFault::NoNamespace { namespace } => {
                say(format!("no namespace is called `{namespace}`, so this overlay is left alone"))
                    .reason("why it is left alone")
                    .help("write the namespace that Flux is installed in, and import again")
            }
            AdoptionFault::NoOutput { path } => {
                say(format!("no source can write to the directory `{path}`"))
                    .reason("left alone")
                    .help("give it a name of letters, digits and `-_.+@=,~`, and import again")
            }
            AdoptionFault::NotEditable => {
                say("the identities cannot leave this overlay line by line".to_owned())
                    .reason("left alone, with its identities in it")
                    .help("write its lists with one item a line and no directory `identity` beside it, and import again")
                    .note(
                        "by hand: say its cluster in the source with `emit = component`, take the patches of its identities \
                         out of it, and write `components: [identity]` into it",
                    )
            }
            AdoptionFault::Overridden { value, by } => {
                say(format!("a later patch says otherwise than `{value}`"))
                    .reason("this has no effect, and goes")
                    .label(*by, "this counts")
            }
            AdoptionFault::Comment => say("this comment is lost".to_owned())
                .help("write it into the source if it still matters"),
            AdoptionFault::Unneeded { path } => {
                say(format!("nothing needs `{path}` any more"))
                    .reason("its identity is in the source")
                    .help("remove it once the overlays are built, unless something else names it")
            }
            AdoptionFault::Instance { controllers, value } => {
                let names: Vec<&str> = controllers.iter().map(|controller| controller.name()).collect();
                let whose = all_of(&names);
                let verb = if names.len() == 1 { "has" } else { "have" };
                say(format!("{whose} {verb} `{value}` from a `FluxInstance`"))
                    .reason("left there")
                    .help("keep it there, or write it into a source with `emit = component` and put the `patches` that `build` writes in place of these")
                    .note("what is compiled are overlays of kustomize, and a `FluxInstance` reads none")
            }
            AdoptionFault::Renamed { controller } => {
                let message = format!("the volume of the token of `{controller}` gets another name");
                say(message)
                    .reason("taken into the source; its pods restart once")
                    .note("the identity, the audience and the lifetime are the same; only names of volumes and paths differ")
            }
            AdoptionFault::Superseded { name } => {
                say(format!("nothing needs the ConfigMap `{name}` any more"))
                    .reason("the source makes one in its place")
                    .help("remove it once the overlays are built, unless something else names it")
            }
            AdoptionFault::Unseen { controller } => {
                let message = format!("`{controller}` had an identity that no overlay says");
                say(message)
                    .reason("the digest of it; kept as a patch that is passed through")
                    .help("write it into the source, with `via = pod-identity` or as `gcp direct`, and remove the patch")
                    .note("EKS Pod Identity, and `gcp direct` on GKE, leave nothing in an overlay but this")
            }
            AdoptionFault::InSource => {
                say("the identities of this overlay are in a source already".to_owned())
                    .reason("`flux-identity build` wrote this component; the overlay is left alone")
            }
            AdoptionFault::NoCluster => {
                say("nobody knows whose these ServiceAccounts are".to_owned())
                    .reason("left alone")
                    .help("import them together with the overlay of their cluster")
                    .note("they are those of the overlay whose path has most in common with theirs")
            }
            AdoptionFault::EditedAccounts => {
                say("these ServiceAccounts are not as `build` wrote them".to_owned())
                    .reason("left alone")
                    .help("write their identities into the source, and build them again")
            }
            AdoptionFault::Explained { why, lines } => {
                say(format!("kustomize builds something else, and {why}"))
                    .note(format!("the difference:\n{}", lines.join("\n")))
            }
            AdoptionFault::NotCompiled { code, message, line } => {
                let finding = say(format!("the source does not compile: {message}"))
                    .help("look at the source without `-o`, and correct the overlay that it comes from, or the source");
                let finding = if line.is_empty() { finding } else { finding.note(format!("it is about: {line}")) };
                finding.note(format!("it is {code}, of which `flux-identity explain {code}` says more"))
            }
            AdoptionFault::Differs { diff } => {
                say("kustomize builds something else than before".to_owned())
                    .note(format!("the difference:\n{diff}"))
                    .help("correct the source, or what differs in the overlay, and import again")
            }
            AdoptionFault::NotBuilt { is_old, said } => {
                let when = if *is_old { "kustomize cannot build it as it was" } else { "kustomize cannot build what came of it" };
                say(when.to_owned())
                    .note(format!("it says:\n{said}"))
                    .help("what cannot be built cannot be compared; make it build, and import again")
            }
            AdoptionFault::WouldFetch { entry, overlays } => {
                say(format!("kustomize would fetch `{entry}`, so nothing is proved"))
                    .help("put it into the repository and name the file, or import without `--verify`; what Flux installs is written by `flux install --export`")
                    .note(format!("needed by {}", count(*overlays, "overlay")))
            }
            AdoptionFault::NotCopied { entry, why, overlays } => {
                say(format!("`{entry}` {why}, so nothing is proved"))
                    .help("put a regular file in its place, in the directory of the source, or import without `--verify`")
                    .note(format!("needed by {}", count(*overlays, "overlay")))
            }
        }
    }
}

fn unread(head: FindingHead<'_>, message: &str) -> Finding {
    head.with_message(message.to_owned()).reason("left alone")
}

fn missing(head: FindingHead<'_>, message: String) -> Finding {
    head.with_message(message).reason("named here; this overlay is left alone")
}

fn unbuildable(head: FindingHead<'_>, message: &str) -> Finding {
    head.with_message(message.to_owned()).reason("kustomize cannot build this overlay, which is left alone")
}
