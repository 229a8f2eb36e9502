//! Object-level identity: objects of Flux name ServiceAccounts of their own namespaces, and Flux takes on the identities
//! that those are annotated with.
//!
//! Sources: RFC-0010, "Multi-Tenant Workload Identity", of fluxcd/flux2; "AWS", "Azure" and "GCP" under "Integrations" of
//! the Flux documentation; the package `auth` of fluxcd/pkg.

use std::ops::RangeInclusive;

use crate::model::azure::{Guid, ResourceId};
use crate::model::flux::FluxVersion;
use crate::model::{Account, Controller, Entry, OutputPath, aws, azure, gcp};

/// The feature gate without which a controller refuses objects that name a ServiceAccount for a cloud.
/// Source: `auth/feature_gates.go` of fluxcd/pkg.
pub const FEATURE_GATE: &str = "ObjectLevelWorkloadIdentity";
/// The argument that opens it. Gates of several such arguments add up.
/// Sources: "AWS", "Azure" and "GCP" under "Integrations" of the Flux documentation; `runtime/features` of fluxcd/pkg.
pub const GATE_ARGUMENT: &str = "--feature-gates=ObjectLevelWorkloadIdentity=true";

/// The first version of Flux that has object-level identity. Source: the announcement of Flux 2.6.
pub const SINCE: FluxVersion = FluxVersion { major: 2, minor: 6 };

/// The most characters behind `role/` in the ARN of a role.
/// Source: the pattern of the role's ARN in `auth/aws/options.go` of fluxcd/pkg.
pub const MAX_ROLE: usize = 200;

/// The versions of Flux in which a controller has the gate; nothing if it never has it. A controller that is given a gate
/// which it does not know ends at once: `SupportedFeatures` in `runtime/features` of fluxcd/pkg, and each `main.go`.
///
/// The last version that has the gate. Source: the release notes of Flux 2.10, by which it is retired.
pub const LAST_WITH_GATE: FluxVersion = FluxVersion { major: 2, minor: 9 };

/// The versions in which a controller has the gate.
pub const fn gated(controller: Controller) -> Option<RangeInclusive<FluxVersion>> {
    let first = match controller {
        // Source: the announcement of Flux 2.6 (`OCIRepository`).
        Controller::Source => 6,
        // Source: the announcement of Flux 2.6 (decryption).
        Controller::Kustomize => 6,
        // Source: 1.6.0 in the changelog of notification-controller, that of Flux 2.6 (Event Hubs).
        Controller::Notification => 6,
        // Sources: fluxcd/image-reflector-controller#762; the announcement of Flux 2.6 (`ImageRepository`).
        Controller::ImageReflector => 6,
        // Sources: fluxcd/image-automation-controller#907, merged before Flux 2.6, though what uses the gate came with 2.7;
        // `internal/builder` of controlplaneio-fluxcd/flux-operator, which sets it there for 2.6.
        Controller::ImageAutomation => 6,
        // Sources: fluxcd/helm-controller#1249; the announcement of Flux 2.7 (remote clusters).
        Controller::Helm => 7,
        // Source: `internal/features/features.go` of fluxcd/source-watcher, which does not have it.
        Controller::SourceWatcher => return None,
    };
    Some(FluxVersion { major: 2, minor: first }..=LAST_WITH_GATE)
}

/// The controllers that have the gate in a version of Flux, in canonical order.
pub fn gated_controllers(version: FluxVersion) -> Vec<Controller> {
    let has_gate = |controller: &Controller| gated(*controller).is_some_and(|all| all.contains(&version));
    Controller::ALL.into_iter().filter(has_gate).collect()
}

/// What the ServiceAccounts of one cluster get that objects of Flux name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectLevel {
    /// The directory that they are written to, relative to that of the source.
    pub directory: OutputPath,
    /// What each of them gets, in the order of their names. Never empty. Most clusters have few, and a map would reserve
    /// memory for eleven.
    pub accounts: Box<[(Account, AccountCredentials)]>,
    /// The controllers that must be given the gate, in canonical order; none in a version that needs none.
    pub gated: Vec<Controller>,
}

/// The identities of a ServiceAccount for Flux: at most one of each provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountCredentials {
    pub aws: Option<aws::RoleArn>,
    pub azure: Option<TenantIdentity>,
    /// Access to Google Cloud.
    pub gcp: Option<gcp::CredentialSource>,
}

/// A managed identity and the tenant that it is in. Flux wants both.
/// Source: `auth/azure/options.go` of fluxcd/pkg.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TenantIdentity {
    pub client_id: Guid,
    pub tenant: Guid,
    /// The id in Azure Resource Manager, if set.
    pub resource_id: Option<ResourceId>,
}

impl AccountCredentials {
    /// The annotations of the ServiceAccount: the same on every platform, except for that of Flux itself, which a GKE cluster
    /// does not need.
    pub fn annotations(&self) -> Vec<Entry<'_>> {
        let mut annotations = Vec::new();
        annotations.extend(self.aws.as_ref().map(|arn| (aws::ROLE_ARN_ANNOTATION, arn.as_str().into())));
        if let Some(identity) = &self.azure {
            annotations.push((azure::CLIENT_ID_ANNOTATION, identity.client_id.as_str().into()));
            annotations.push((azure::TENANT_ID_ANNOTATION, identity.tenant.as_str().into()));
        }
        let (email, provider) = match &self.gcp {
            Some(gcp::CredentialSource::Impersonation(email)) => (Some(email), None),
            Some(gcp::CredentialSource::Federated(access)) => {
                (access.impersonates.as_ref(), Some(&access.provider))
            }
            Some(gcp::CredentialSource::Direct) | None => (None, None),
        };
        annotations.extend(email.map(|email| (gcp::SERVICE_ACCOUNT_ANNOTATION, email.as_str().into())));
        let key = gcp::WORKLOAD_IDENTITY_PROVIDER_ANNOTATION;
        annotations.extend(provider.map(|provider| (key, provider.as_str().into())));
        annotations
    }
}
