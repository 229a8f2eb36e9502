//! What controllers get, to the patches that give it to them.
//!
//! Source: "Workload Identity" of the Flux documentation, whose patches these are.

use std::borrow::Cow;

use crate::emit::kustomization::{Manifest, Patch};
use crate::model::azure::Tenant;
use crate::model::{Cluster, Controller, Grant, aws, azure, gcp};

/// The patches of a cluster. Controllers that get the same share theirs; groups are in the order of their first
/// controllers; in each the ServiceAccount comes before the Deployment.
pub fn patches(cluster: &Cluster) -> Vec<Patch<'_>> {
    let mut groups: Vec<(&Grant, Vec<Controller>)> = Vec::new();
    for (controller, grant) in &cluster.grants {
        match groups.iter_mut().find(|(known, _)| *known == grant) {
            Some((_, controllers)) => controllers.push(*controller),
            None => groups.push((grant, vec![*controller])),
        }
    }
    groups.iter().flat_map(|(grant, controllers)| group(grant, controllers)).collect()
}

fn group<'f>(grant: &'f Grant, controllers: &[Controller]) -> impl Iterator<Item = Patch<'f>> {
    let target_names: Vec<&'static str> = controllers.iter().map(|controller| controller.name()).collect();
    let deployment = deployment(grant).map(|manifest| Patch { manifest, target_names: target_names.clone() });
    [Patch { manifest: service_account(grant), target_names }].into_iter().chain(deployment)
}

fn service_account(grant: &Grant) -> Manifest<'_> {
    let mut annotations: Vec<(&'static str, Cow<'_, str>)> = Vec::new();
    match grant {
        Grant::IamRole(role) => {
            annotations.push((aws::ROLE_ARN_ANNOTATION, role.arn.as_str().into()));
            annotations
                .extend(role.audience.as_deref().map(|audience| (aws::AUDIENCE_ANNOTATION, audience.into())));
            annotations.extend(seconds(aws::TOKEN_EXPIRATION_ANNOTATION, role.token_expiration));
        }
        Grant::ManagedIdentity(identity) => {
            annotations.push((azure::CLIENT_ID_ANNOTATION, identity.client_id.as_str().into()));
            if let Tenant::Id(tenant) = &identity.tenant {
                annotations.push((azure::TENANT_ID_ANNOTATION, tenant.as_str().into()));
            }
            annotations.extend(seconds(azure::TOKEN_EXPIRATION_ANNOTATION, identity.token_expiration));
        }
        Grant::GoogleServiceAccount(email) => {
            annotations.push((gcp::SERVICE_ACCOUNT_ANNOTATION, email.as_str().into()));
        }
    }
    Manifest::ServiceAccount { annotations }
}

fn seconds(key: &'static str, seconds: Option<u32>) -> Option<(&'static str, Cow<'static, str>)> {
    seconds.map(|seconds| (key, seconds.to_string().into()))
}

/// AKS alone needs something of the pods: its webhook looks for a label.
fn deployment(grant: &Grant) -> Option<Manifest<'_>> {
    match grant {
        Grant::ManagedIdentity(_) => Some(Manifest::Deployment { labels: vec![(azure::USE_LABEL, "true")] }),
        Grant::IamRole(_) | Grant::GoogleServiceAccount(_) => None,
    }
}
