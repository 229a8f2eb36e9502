//! The environment of the container `manager`, after the webhook of the platform has changed it.
//!
//! Sources: `pkg/handler/handler.go`, `pkg/cache` and `pkg/annotations.go` of aws/amazon-eks-pod-identity-webhook;
//! `pkg/webhook/webhook.go` and `consts.go` of Azure/azure-workload-identity.

use std::collections::BTreeMap;

use crate::effect::effective_identity::{Effect, Field, Obstacle};
use crate::effect::pod::{Account, Manager, Workload};
use crate::effect::volumes::{AKS_FORMER_TOKEN, AKS_TOKEN_FILE, Mounted, Token};
use crate::model::{MANAGER, Provider, aws, azure};

/// The pod annotation whose comma-separated list names containers that the webhook of EKS leaves alone.
pub(super) const EKS_SKIP_CONTAINERS: &str = "eks.amazonaws.com/skip-containers";
/// The pod label that the webhook of EKS selects against, whatever its value.
/// Source: `objectSelector` in `deploy/mutatingwebhook.yaml` of aws/amazon-eks-pod-identity-webhook.
pub(super) const EKS_SKIP: &str = "eks.amazonaws.com/skip-pod-identity-webhook";
/// The pod annotation whose list, separated by `;`, names containers that the webhook of AKS leaves alone.
pub(super) const AKS_SKIP_CONTAINERS: &str = "azure.workload.identity/skip-containers";
/// The directory of the token that the webhook of EKS projects.
const EKS_TOKEN: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount";
/// The volume, the directory and the file of a token. The webhook adds none if the pod has a volume of this name.
type Projection = [&'static str; 3];
const EKS_PROJECTION: Projection = ["aws-iam-token", EKS_TOKEN, "token"];
/// The same for the tokens of EKS Pod Identity.
const POD_IDENTITY_PROJECTION: Projection = [
    "eks-pod-identity-token",
    "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount",
    "eks-pod-identity-token",
];
/// The directory of the token that the webhook of AKS projects.
const AKS_TOKEN: &str = "/var/run/secrets/azure/wi/token";

/// A variable of the environment.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    /// Its value; `None` for one that something else holds.
    pub value: Option<String>,
    /// Where it comes from.
    pub by: Field,
}

/// What a container finds at a path.
pub(super) enum File<'e> {
    Text(&'e str),
    Missing,
    /// It is unknown what is there.
    Unknown,
}

/// The variables of the container `manager`, and the files that it can read.
pub(super) struct Environment {
    pub variables: BTreeMap<String, Variable>,
    /// What is in each directory that is mounted.
    pub mounts: BTreeMap<String, Mounted>,
}

impl Environment {
    pub(super) fn new(manager: &Manager<'_>, workload: &Workload<'_>) -> Environment {
        let variables = manager.variables.iter().map(|(name, value)| {
            let by = Field::Variable((*name).to_owned());
            ((*name).to_owned(), Variable { value: value.map(str::to_owned), by })
        });
        let mounts = manager.mounts.iter().map(|(directory, volume)| {
            (directory.trim_end_matches('/').to_owned(), workload.mounted(volume))
        });
        Environment { variables: variables.collect(), mounts: mounts.collect() }
    }

    /// The directory at or above a path at which a volume is mounted, and what is in that.
    pub(super) fn mount_of(&self, path: &str) -> Option<(&str, &Mounted)> {
        self.mounts.iter().rev().find_map(|(directory, it)| {
            below(path, directory)?;
            Some((directory.as_str(), it))
        })
    }

    /// What is at a path. Nothing but volumes has the files that variables name.
    pub(super) fn file(&self, path: &str) -> File<'_> {
        match self.mount_of(path).and_then(|(directory, it)| Some((below(path, directory)?, it))) {
            None => File::Missing,
            Some((name, Mounted { files: Some(files), .. })) if !name.is_empty() => {
                files.get(name).map_or(File::Missing, |text| File::Text(text))
            }
            Some(_) => File::Unknown,
        }
    }

    /// The token at a path.
    pub(super) fn token(&self, path: &str) -> Option<&Token> {
        let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
        self.mounts.get(directory)?.tokens.iter().find(|token| token.file == file)
    }

    /// The webhook of EKS adds its two variables unless one of them is there.
    pub(super) fn mutate_on_eks(&mut self, workload: &Workload<'_>, effect: &mut Effect) {
        effect.obstacle_to_association = self.conflict_on_eks(POD_IDENTITY_PROJECTION, workload);
        let Some(role) = workload.account_annotation(aws::ROLE_ARN_ANNOTATION).filter(|arn| !arn.is_empty())
        else {
            if let Account::Missing = workload.account {
                let name = Workload::account_name(workload.deployment).to_owned();
                effect.add_obstacle(Provider::Aws, Obstacle::NoAccount(name));
            }
            return;
        };
        let skipped = workload.pod_annotation(EKS_SKIP_CONTAINERS).unwrap_or_default();
        if skipped.split(',').any(|name| name == MANAGER) {
            effect.add_obstacle(Provider::Aws, Obstacle::Skipped(EKS_SKIP_CONTAINERS));
            return;
        }
        if workload.pod_label(EKS_SKIP).is_some() {
            effect.add_obstacle(Provider::Aws, Obstacle::SkippedPods(EKS_SKIP));
            return;
        }
        let audience = workload.account_annotation(aws::AUDIENCE_ANNOTATION).unwrap_or(aws::DEFAULT_AUDIENCE);
        let own = [aws::ROLE_ARN_VARIABLE, aws::TOKEN_FILE_VARIABLE];
        let has_own = own.iter().any(|name| self.variables.contains_key(*name));
        let obstacle = self.project_on_eks(audience, workload);
        // Variables of the container may name another file in the volume.
        let obstacle = obstacle.filter(|it| !has_own || !matches!(it, Obstacle::ReservedVolume(_)));
        if let Some(obstacle) = obstacle {
            effect.add_obstacle(Provider::Aws, obstacle);
            return;
        }
        if has_own {
            return;
        }
        self.add(aws::ROLE_ARN_VARIABLE, role, Field::AccountAnnotation(aws::ROLE_ARN_ANNOTATION.to_owned()));
        self.add(aws::TOKEN_FILE_VARIABLE, &format!("{EKS_TOKEN}/token"), Field::Platform);
    }

    /// The webhook of AKS adds each of its four variables that is not there.
    pub(super) fn mutate_on_aks(&mut self, workload: &Workload<'_>, effect: &mut Effect) {
        let client = workload.account_annotation(azure::CLIENT_ID_ANNOTATION).filter(|id| !id.is_empty());
        let label = workload.pod_label(azure::USE_LABEL);
        if label != Some("true") {
            if client.is_some() {
                effect.add_obstacle(Provider::Azure, Obstacle::NoLabel(label.map(str::to_owned)));
            }
            return;
        }
        let mut refuse = |obstacle| effect.add_obstacle(Provider::Azure, obstacle);
        if let Account::Missing = workload.account {
            refuse(Obstacle::NoAccount(Workload::account_name(workload.deployment).to_owned()));
            return;
        }
        if let Some((field, lifetime)) = token_lifetime(workload)
            && !lifetime.parse().is_ok_and(|seconds: u32| azure::TOKEN_EXPIRATION.contains(&seconds))
        {
            refuse(Obstacle::Expiration(field, lifetime.to_owned()));
        }
        let skipped = workload.pod_annotation(AKS_SKIP_CONTAINERS).unwrap_or_default();
        if skipped.split(';').any(|name| name.trim() == MANAGER) {
            refuse(Obstacle::Skipped(AKS_SKIP_CONTAINERS));
            return;
        }
        let binding = workload.pod_annotation(azure::IDENTITY_BINDING_ANNOTATION);
        if binding.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            refuse(Obstacle::IdentityBinding);
        }
        if client.is_none() && !self.variables.contains_key(azure::CLIENT_ID_VARIABLE) {
            refuse(Obstacle::NoClientId);
            return;
        }
        self.project(AKS_TOKEN, AKS_TOKEN_FILE, azure::AUDIENCE);
        if !self.mounts.contains_key(AKS_FORMER_TOKEN) {
            self.project(AKS_FORMER_TOKEN, AKS_TOKEN_FILE, azure::AUDIENCE);
        }
        let annotation = |key: &str| Field::AccountAnnotation(key.to_owned());
        if let Some(client) = client {
            self.add(azure::CLIENT_ID_VARIABLE, client, annotation(azure::CLIENT_ID_ANNOTATION));
        }
        match workload.account_annotation(azure::TENANT_ID_ANNOTATION) {
            Some(tenant) => {
                self.add(azure::TENANT_ID_VARIABLE, tenant, annotation(azure::TENANT_ID_ANNOTATION));
            }
            None => self.add(azure::TENANT_ID_VARIABLE, "", Field::Platform),
        }
        self.add(azure::TOKEN_FILE_VARIABLE, &format!("{AKS_TOKEN}/{AKS_TOKEN_FILE}"), Field::Platform);
        self.add(azure::AUTHORITY_HOST_VARIABLE, "", Field::Platform);
    }

    fn add(&mut self, name: &str, value: &str, by: Field) {
        let value = Some(value.to_owned());
        self.variables.entry(name.to_owned()).or_insert(Variable { value, by });
    }

    /// Mounts the token of the webhook of EKS, as far as nothing of the pod is in its place.
    fn project_on_eks(&mut self, audience: &str, workload: &Workload<'_>) -> Option<Obstacle> {
        let [volume, directory, file] = EKS_PROJECTION;
        let obstacle = self.conflict_on_eks(EKS_PROJECTION, workload);
        if obstacle.is_some() {
            return obstacle;
        }
        let own = self.mount_of_volume(volume).map(str::to_owned);
        if workload.volume(volume).is_none() {
            self.project(own.as_deref().unwrap_or(directory), file, audience);
        } else if own.is_none() {
            self.mounts.insert(directory.to_owned(), workload.mounted(volume));
        }
        None
    }

    /// What of the pod is in the place of a token that the webhook of EKS adds: a volume of its name, or one at its path, where
    /// the API server lets no second one be.
    fn conflict_on_eks(
        &self,
        [volume, directory, file]: Projection,
        workload: &Workload<'_>,
    ) -> Option<Obstacle> {
        if self.mount_of_volume(volume).is_none() && self.mounts.contains_key(directory) {
            return Some(Obstacle::MountedTwice(directory));
        }
        workload.volume(volume)?;
        let has_token = workload.mounted(volume).tokens.iter().any(|token| token.file == file);
        (!has_token).then_some(Obstacle::ReservedVolume(volume))
    }

    /// The directory at which a volume is mounted.
    fn mount_of_volume(&self, volume: &str) -> Option<&str> {
        self.mounts
            .iter()
            .find(|(_, mounted)| mounted.volume == volume)
            .map(|(directory, _)| directory.as_str())
    }

    fn project(&mut self, directory: &str, file: &str, audience: &str) {
        let token = Token { file: file.to_owned(), audience: audience.to_owned() };
        self.mounts.entry(directory.to_owned()).or_default().tokens.push(token);
    }
}

/// The rest of a path below a directory, which is empty for the directory itself.
fn below<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(directory)?;
    rest.strip_prefix('/').or_else(|| rest.is_empty().then_some(""))
}

/// The lifetime of the token that a pod of AKS asks for: its own annotation comes before that of its ServiceAccount.
fn token_lifetime<'o>(workload: &Workload<'o>) -> Option<(Field, &'o str)> {
    let key = azure::TOKEN_EXPIRATION_ANNOTATION;
    let own = workload.pod_annotation(key).map(|value| (Field::PodAnnotation(key.to_owned()), value));
    let of_account = || {
        let value = workload.account_annotation(key)?;
        Some((Field::AccountAnnotation(key.to_owned()), value))
    };
    let is_set = |(_, value): &(Field, &str)| !value.is_empty();
    own.filter(is_set).or_else(of_account).filter(is_set)
}
