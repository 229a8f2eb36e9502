//! What each controller uses the identities of a provider for, and what selects them in the objects of Flux.

use crate::model::flux::FluxVersion;
use crate::model::named::named;
use crate::model::{Controller, Provider};

/// The newest version of Flux whose integrations are known here.
pub const NEWEST: FluxVersion = minor(10);

named! {
    /// Something that Flux does with an identity.
    pub enum Task {
        Charts = "charts",
        Artifacts = "OCI artifacts",
        Buckets = "buckets",
        Git = "Git repositories",
        ImageScanning = "image scanning",
        GitPush = "image updates",
        Decryption = "decryption (SOPS)",
        RemoteClusters = "other clusters",
        Notifications = "notifications",
    }
}

/// What selects the identity in an object of Flux.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `spec.provider` of an object of this kind, `generic` unless it is set.
    Provider(&'static str),
    /// The same of a kind that must have `type: oci`.
    OciProvider(&'static str),
    /// `provider` in the ConfigMap that `spec.kubeConfig.configMapRef` names.
    KubeConfig(&'static str),
    /// `spec.decryption.provider: sops`. The encrypted file names the key.
    Decryption(&'static str),
    /// This value of `spec.type`.
    Type(&'static str, &'static str),
}

/// One service of a provider that a controller has an integration with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integration {
    pub controller: Controller,
    pub task: Task,
    pub provider: Provider,
    /// The service of the provider.
    pub service: &'static str,
    /// The first version of Flux 2 with it; nothing for all.
    pub since: Option<FluxVersion>,
    /// The first version in which the object can name a ServiceAccount for it; nothing if none can.
    pub object_level: Option<FluxVersion>,
    pub selector: Selector,
}

const fn minor(minor: u16) -> FluxVersion {
    FluxVersion { major: 2, minor }
}

/// The integrations of a task with several providers. `object_level`: the minor version.
macro_rules! integrations {
    ($($controller:ident, $task:ident, $selector:expr, [
        $($provider:ident $service:literal since $since:expr, object_level $object_level:expr;)+
    ];)+) => {
        &[$($(Integration {
            controller: Controller::$controller,
            task: Task::$task,
            provider: Provider::$provider,
            service: $service,
            since: version($since),
            object_level: version($object_level),
            selector: $selector,
        },)+)+]
    };
}

const fn version(number: Option<u16>) -> Option<FluxVersion> {
    match number {
        Some(number) => Some(minor(number)),
        None => None,
    }
}

/// All of them, by controller.
///
/// Sources: "AWS", "Azure" and "GCP" under "Integrations" of the Flux documentation; the enumerations of `provider` and `type` in
/// the API of each controller; the announcements of Flux 2.4 (Azure DevOps), 2.6 (object level, Event Hubs), 2.7 (the rest of
/// object level, remote clusters, status of Azure DevOps) and 2.9 (`CodeCommit`). The release notes of Flux 2.10 add none.
pub const INTEGRATIONS: &[Integration] = integrations! {
    // `docs/spec/v1/helmrepositories.md` of fluxcd/source-controller: no `serviceAccountName`.
    Source, Charts, Selector::OciProvider("HelmRepository"), [
        Aws "ECR" since None, object_level None;
        Azure "ACR" since None, object_level None;
        Gcp "Artifact Registry" since None, object_level None;
    ];
    // `docs/spec/v1/ocirepositories.md`.
    Source, Artifacts, Selector::Provider("OCIRepository"), [
        Aws "ECR" since None, object_level Some(6);
        Azure "ACR" since None, object_level Some(6);
        Gcp "Artifact Registry" since None, object_level Some(6);
    ];
    // `docs/spec/v1/buckets.md`; 1.7.0 in the changelog of source-controller.
    Source, Buckets, Selector::Provider("Bucket"), [
        Aws "S3" since None, object_level Some(7);
        Azure "Blob Storage" since None, object_level Some(7);
        Gcp "Cloud Storage" since None, object_level Some(7);
    ];
    // `docs/spec/v1/gitrepositories.md`; 1.4.0 and 1.7.0 in the changelog of source-controller.
    Source, Git, Selector::Provider("GitRepository"), [
        Aws "CodeCommit" since Some(9), object_level Some(9);
        Azure "Azure DevOps" since Some(4), object_level Some(7);
    ];
    // "Key Management Services" under "Integrations"; the announcement of Flux 2.6.
    Kustomize, Decryption, Selector::Decryption("Kustomization"), [
        Aws "KMS" since None, object_level Some(6);
        Azure "Key Vault" since None, object_level Some(6);
        Gcp "Cloud KMS" since None, object_level Some(6);
    ];
    // `docs/spec/v1/kustomizations.md` of fluxcd/kustomize-controller.
    Kustomize, RemoteClusters, Selector::KubeConfig("Kustomization"), [
        Aws "EKS" since Some(7), object_level Some(7);
        Azure "AKS" since Some(7), object_level Some(7);
        Gcp "GKE" since Some(7), object_level Some(7);
    ];
    // `docs/spec/v2/helmreleases.md` of fluxcd/helm-controller.
    Helm, RemoteClusters, Selector::KubeConfig("HelmRelease"), [
        Aws "EKS" since Some(7), object_level Some(7);
        Azure "AKS" since Some(7), object_level Some(7);
        Gcp "GKE" since Some(7), object_level Some(7);
    ];
    // 1.6.0 in the changelog of notification-controller.
    Notification, Notifications, Selector::Type("Provider", "azureeventhub"), [
        Azure "Event Hubs" since Some(6), object_level Some(6);
    ];
    // 1.7.0 in the same changelog.
    Notification, Notifications, Selector::Type("Provider", "azuredevops"), [
        Azure "Azure DevOps" since Some(7), object_level Some(7);
    ];
    Notification, Notifications, Selector::Type("Provider", "googlepubsub"), [
        Gcp "Pub/Sub" since None, object_level Some(7);
    ];
    // `docs/spec/v1/imagerepositories.md` of fluxcd/image-reflector-controller.
    ImageReflector, ImageScanning, Selector::Provider("ImageRepository"), [
        Aws "ECR" since None, object_level Some(6);
        Azure "ACR" since None, object_level Some(6);
        Gcp "Artifact Registry" since None, object_level Some(6);
    ];
    // `docs/spec/v1/imageupdateautomations.md` of fluxcd/image-automation-controller, which pushes to the `GitRepository`.
    ImageAutomation, GitPush, Selector::Provider("GitRepository"), [
        Aws "CodeCommit" since Some(9), object_level Some(9);
        Azure "Azure DevOps" since Some(4), object_level Some(7);
    ];
};

/// Whether a controller can use an identity of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It can, in every version of Flux 2 that is about.
    Always,
    Since(FluxVersion),
    /// It cannot in any version that is known.
    Never,
}

/// The integrations of a controller with a provider, in the order of the table.
pub fn integrations(
    controller: Controller,
    provider: Provider,
) -> impl Iterator<Item = &'static Integration> + Clone {
    INTEGRATIONS.iter().filter(move |it| it.controller == controller && it.provider == provider)
}

/// Whether the controller can use an identity of the provider for anything.
pub fn support(controller: Controller, provider: Provider) -> Support {
    match integrations(controller, provider).map(|it| it.since).min() {
        None => Support::Never,
        Some(None) => Support::Always,
        Some(Some(version)) => Support::Since(version),
    }
}

/// True if the controller talks to any cloud at all.
/// Source: "Source Watcher" of the Flux documentation; it works on what others fetched.
pub fn uses_identities(controller: Controller) -> bool {
    INTEGRATIONS.iter().any(|it| it.controller == controller)
}

impl Selector {
    /// The kind of the object.
    pub const fn kind(self) -> &'static str {
        match self {
            Selector::Provider(kind)
            | Selector::OciProvider(kind)
            | Selector::KubeConfig(kind)
            | Selector::Decryption(kind)
            | Selector::Type(kind, _) => kind,
        }
    }

    /// True for `spec.provider` of the object.
    pub const fn is_provider(self) -> bool {
        matches!(self, Selector::Provider(_) | Selector::OciProvider(_))
    }
}

/// The provider whose private registry or repository an address is in, which answers nobody without its identity or a secret.
///
/// Sources: "Private registry authentication" of the ECR User Guide; "Regions and Git connection endpoints" of the `CodeCommit`
/// User Guide. Registries of Azure and of Google Cloud can be public.
pub fn private_provider(address: &str) -> Option<Provider> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let is_ssh = address.starts_with("ssh://");
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    let amazon = host.strip_suffix(".cn").unwrap_or(host).strip_suffix(".amazonaws.com")?;
    let mut labels = amazon.split('.');
    let is_private = match (labels.next()?, labels.next()) {
        ("git-codecommit" | "git-codecommit-fips", Some(_)) => !is_ssh,
        (account, Some("dkr")) => {
            let is_registry = matches!(labels.next(), Some("ecr" | "ecr-fips"));
            is_registry && account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    };
    is_private.then_some(Provider::Aws)
}

/// The names of the controllers that talk to a cloud.
pub fn controllers_with_identities() -> impl Iterator<Item = &'static str> {
    Controller::ALL.into_iter().filter(|controller| uses_identities(*controller)).map(Controller::name)
}

#[cfg(test)]
mod tests {
    use super::{INTEGRATIONS, NEWEST, private_provider};
    use crate::model::Provider;

    #[test]
    fn registries_of_accounts_and_code_commit_are_private() {
        for (address, expected) in [
            ("oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/charts", Some(Provider::Aws)),
            ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/app", Some(Provider::Aws)),
            ("111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app", Some(Provider::Aws)),
            ("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet", Some(Provider::Aws)),
            ("ssh://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet", None),
            ("oci://public.ecr.aws/aws-controllers-k8s/iam-chart", None),
            ("${account}.dkr.ecr.eu-west-1.amazonaws.com/app", None),
            ("https://charts.s3.eu-west-1.amazonaws.com", None),
            ("oci://acme.azurecr.io/charts", None),
            ("oci://europe-docker.pkg.dev/acme/charts", None),
            ("https://111122223333.dkr.ecr.eu-west-1.amazonaws.com.evil.test/app", None),
            ("", None),
        ] {
            assert_eq!(private_provider(address), expected, "{address}");
        }
    }

    #[test]
    fn object_level_comes_with_the_controller_or_later_and_no_version_is_unknown() {
        for it in INTEGRATIONS {
            let versions = [it.since, it.object_level];
            assert!(versions.into_iter().flatten().all(|version| version <= NEWEST), "{it:?}");
            assert!(it.object_level.is_none_or(|version| Some(version) >= it.since), "{it:?}");
        }
    }
}
