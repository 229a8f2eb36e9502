//! What can be wrong with how things fit together.

use crate::model::aws::MAX_SESSION_NAME;
use crate::model::flux::FluxVersion;
use crate::model::{Controller, GOTK_COMPONENTS, Platform, Provider};
use crate::problem::{Code, Finding, all_of, more};
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
    /// A controller would get two identities of one provider.
    TwoOfOneProvider {
        /// The second.
        at: Span,
        /// The first.
        first: Span,
        /// The provider.
        provider: Provider,
    },
    /// Nothing says the tenant of a managed identity.
    MissingTenant {
        /// The identity.
        at: Span,
    },
    /// The client id of a managed identity is its tenant's.
    TenantAsClient {
        /// The client id.
        at: Span,
        /// The tenant.
        tenant: Span,
    },
    /// The region of a cluster is of another partition than its role.
    OtherPartition {
        /// The ARN.
        at: Span,
        /// Its partition.
        partition: &'static str,
        /// The region.
        region: String,
        /// Where it is said.
        region_at: Span,
        /// The region's partition.
        of_region: &'static str,
    },
    /// A session name that AWS would refuse.
    SessionName {
        /// The identity.
        at: Span,
        /// The name.
        name: String,
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
        /// The controller's name.
        controller: &'static str,
    },
    /// A controller is not installed.
    NotInstalled {
        /// Where it is mapped.
        at: Span,
        /// Its name.
        controller: &'static str,
        /// Those that are.
        installed: Vec<&'static str>,
        /// The file that says so.
        file: &'static str,
    },
    /// A controller is installed otherwise than Flux installs it.
    NothingToPatch {
        /// Where it is mapped.
        at: Span,
        /// Its name.
        controller: &'static str,
        /// What it lacks.
        missing: &'static str,
        /// The file that says so.
        file: &'static str,
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
    /// A second ServiceAccount of a controller's name, in another namespace.
    AccountElsewhere {
        /// Where the controller is mapped.
        at: Span,
        /// The name.
        account: &'static str,
        /// The other namespace.
        other: String,
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
    },
    /// Two clusters write one overlay.
    SameOutput {
        /// The second cluster.
        at: Span,
        /// The first one.
        first: Span,
        /// The directory, as the second has it.
        path: String,
        /// Whether the two differ in the case of letters only.
        by_case: bool,
    },
}

impl FitProblem {
    /// The problem in words.
    pub fn finding(&self) -> Finding {
        match self {
            FitProblem::OtherCloudsIdentity { at, value, written, looks } => {
                let (written, name, looks, looks_name) =
                    (written.identity(), written.name(), looks.identity(), looks.name());
                let message = format!("this is {looks} (`{looks_name}`), not {written} (`{name}`)");
                let finding = Finding::at(Code::OtherCloudsIdentity, *at, message)
                    .help(format!("write `{looks_name}` before it, or {written} in its place"));
                match value {
                    Some(value) => finding.because(format!("becomes `{value}`")),
                    None => finding.because(looks),
                }
            }
            FitProblem::TwoOfOneProvider { at, first, provider } => {
                let message = format!("two identities of `{}` for one controller", provider.name());
                Finding::at(Code::TwoOfOneProvider, *at, message)
                    .because("the second")
                    .label(*first, "the first")
                    .help("leave one of them, with the permissions of both")
                    .note("a controller has one identity of each provider")
            }
            FitProblem::MissingTenant { at } => {
                Finding::at(Code::MissingTenant, *at, "this managed identity has no tenant")
                    .because("in which tenant is it?")
                    .help(
                        "write `tenant = \"…\"` in the cluster or in a profile that it uses, or \
                           `{ tenant = \"…\" }` behind the client id",
                    )
                    .help("write `tenant = webhook` to leave it to the webhook of the AKS cluster")
            }
            FitProblem::TenantAsClient { at, tenant } => {
                Finding::at(Code::TenantAsClient, *at, "the client id is the id of the tenant")
                    .because("the client id of the managed identity belongs here")
                    .label(*tenant, "the tenant")
                    .help("copy the client id of the managed identity: `az identity show --query clientId`")
            }
            FitProblem::OtherPartition { at, partition, region, region_at, of_region } => {
                let message = format!("a role of `{partition}` in a region of `{of_region}`");
                Finding::at(Code::OtherPartition, *at, message)
                    .because(format!("partition `{partition}`"))
                    .label(*region_at, format!("`{region}` is in `{of_region}`"))
                    .help(format!("write `arn:{of_region}:…`, or another region"))
                    .note("no session of one AWS partition is good in another")
            }
            FitProblem::SessionName { at, name } => {
                let (length, most) = (name.len(), MAX_SESSION_NAME);
                let message =
                    format!("the session name would have {length} characters, and AWS takes {most}");
                Finding::at(Code::SessionName, *at, message)
                    .because(format!("`{name}`"))
                    .help("shorten `namespace`, or take another `region`")
            }
            FitProblem::NeverUsed { at, controller } => {
                let name = controller.name();
                Finding::at(Code::NeverUsed, *at, format!("`{name}` uses no identity of any cloud"))
                    .because("this controller talks to no cloud")
                    .help("remove it from the mapping")
                    .note("it works on what the other controllers have fetched")
            }
            FitProblem::NoIntegration { at, controller, provider, since } => {
                let (name, identity, provider) = (controller.name(), provider.identity(), provider.name());
                let message = format!("nothing in `{name}` uses {identity} (`{provider}`)");
                let finding = Finding::at(Code::NoIntegration, *at, message);
                match since {
                    Some((since, version)) => finding
                        .because(format!("this is Flux {version}, and it does since {since}"))
                        .help(format!("remove it, or upgrade Flux to {since}")),
                    None => {
                        finding.because("not used by any version of Flux").help("remove it from the mapping")
                    }
                }
            }
            FitProblem::Required { at, controller } => {
                Finding::at(Code::Required, *at, format!("`{controller}` is required, and not mapped"))
                    .because("required here")
                    .help(format!("write `{controller} -> ROLE`, or `{controller} -> none` if it needs none"))
            }
            FitProblem::NotInstalled { at, controller, installed, file } => {
                let message = format!("`{controller}` is not installed");
                let finding = Finding::at(Code::NotInstalled, *at, message)
                    .because(format!("`{file}` beside the overlay does not have it"));
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
            FitProblem::NothingToPatch { at, controller, missing, file } => {
                let message = format!("`{controller}` has no {missing}");
                Finding::at(Code::NothingToPatch, *at, message)
                    .because(format!("`{file}` beside the overlay does not have it"))
                    .help("write the file again: `flux install --export`")
                    .note("kustomize says nothing when a patch hits nothing")
            }
            FitProblem::OtherNamespace { at, said, found } => Finding::at(
                Code::OtherNamespace,
                *at,
                format!("the namespace of Flux is `{found}`, not `{said}`"),
            )
            .because("in this cluster")
            .help(format!("write `namespace = \"{found}\"`")),
            FitProblem::AccountElsewhere { at, account, other } => {
                let message =
                    format!("the ServiceAccount `{account}` of the namespace `{other}` would get this too");
                Finding::at(Code::OtherNamespace, *at, message)
                    .because("the patch finds accounts by their name alone")
                    .help(format!(
                        "give the account in `{other}` another name, or move it out of `{GOTK_COMPONENTS}`"
                    ))
            }
            FitProblem::OtherVersion { at, said, found } => Finding::at(
                Code::OtherVersion,
                *at,
                format!("version {found} of Flux is installed, not {said}"),
            )
            .because("not what is installed")
            .help(format!("write `\"{found}\"`, or remove the setting: `{GOTK_COMPONENTS}` says it")),
            FitProblem::NewerFlux { at, version, newest } => {
                let message = format!(
                    "version {version} of Flux is newer than {newest}, the newest that is known here"
                );
                Finding::at(Code::NewerFlux, *at, message)
                    .because(format!("Flux {version}"))
                    .help("use a later version of flux-identity, or allow this warning")
            }
            FitProblem::NotProved { at, clusters } => {
                let whose = match clusters.as_slice() {
                    [only] => format!("of `{only}`"),
                    [first, ..] => {
                        format!("of `{first}` and {}", more(clusters.len().saturating_sub(1), "cluster"))
                    }
                    [] => String::new(),
                };
                Finding::at(Code::NotProved, *at, format!("nothing proves that the patches {whose} hit"))
                    .because(format!("no `{GOTK_COMPONENTS}` beside the overlay"))
                    .help(format!("commit `{GOTK_COMPONENTS}` beside each overlay, as `flux bootstrap` does"))
            }
            FitProblem::SameOutput { at, first, path, by_case } => {
                let message = if *by_case {
                    format!("two clusters write `{path}`, but for the case of letters")
                } else {
                    format!("two clusters write `{path}`")
                };
                Finding::at(Code::SameOutput, *at, message)
                    .because("this one")
                    .label(*first, "and this one")
                    .help("put `${cluster}` into `output`, or give one of them another `output`")
            }
        }
    }
}

/// How to give a controller an identity on a platform, for those who look for one.
pub fn native_identity(platform: Platform) -> Option<&'static str> {
    platform.native_provider().map(|provider| match provider {
        Provider::Aws => "an IAM role: `aws \"arn:aws:iam::111122223333:role/…\"`",
        Provider::Azure => "a managed identity: `azure \"CLIENT ID\"`",
        Provider::Gcp => "a Google service account: `gcp \"…@PROJECT.iam.gserviceaccount.com\"`",
    })
}
