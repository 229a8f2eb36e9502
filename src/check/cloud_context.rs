//! Where a cluster is. Nothing of that is asked for that none of its identities needs; and only those who make trust need
//! it to be right.

use std::collections::BTreeMap;

use crate::check::scope::Scope;
use crate::model::aws::Region;
use crate::model::gcp::{ProjectId, ProjectNumber};
use crate::model::kubernetes::Issuer;
use crate::model::setting::Setting;
use crate::model::{CloudContext, Controller, Credentials, ObjectLevel, Platform, aws, gcp};
use crate::problem::ErrorGuaranteed;

/// Where a cluster is whose ServiceAccounts have these identities. `is_needed`: whether trust is made of it.
pub fn resolve_cloud_context(
    grants: &BTreeMap<Controller, Box<Credentials>>,
    object_level: Option<&ObjectLevel>,
    is_needed: bool,
    scope: &mut Scope<'_, '_>,
) -> Result<CloudContext, ErrorGuaranteed> {
    let accounts = || object_level.into_iter().flat_map(|it| it.accounts.values());
    let has_azure = grants.values().any(|it| it.azure.is_some()) || accounts().any(|it| it.azure.is_some());
    let has_aws = grants.values().any(|it| it.aws.is_some()) || accounts().any(|it| it.aws.is_some());
    let is_by_token = |it: &aws::CredentialSource| {
        matches!(it, aws::CredentialSource::Irsa(_) | aws::CredentialSource::Federated(_))
    };
    let by_token = grants.values().any(|it| it.aws.as_ref().is_some_and(is_by_token))
        || accounts().any(|it| it.aws.is_some());
    let of_controllers = grants.values().filter_map(|it| it.gcp.as_ref());
    let access: Vec<&gcp::CredentialSource> =
        of_controllers.chain(accounts().filter_map(|it| it.gcp.as_ref())).collect();
    let is_gke = scope.platform == Platform::Gke;
    let mut said = |is_of_use: bool, setting| match (is_of_use, is_needed) {
        (false, _) => Ok(None),
        (true, true) => scope.text_setting(setting),
        (true, false) => Ok(scope.optional_text_setting(setting)),
    };
    let issuer = said(has_azure || by_token, Setting::Issuer);
    let region = said(has_aws, Setting::Region);
    let project = said(is_gke && !access.is_empty(), Setting::Project);
    let number = said(is_gke && access.contains(&&gcp::CredentialSource::Direct), Setting::ProjectNumber);
    Ok(CloudContext {
        issuer: issuer?.and_then(|said| Issuer::parse(&said.text)),
        region: region?.and_then(|said| Region::parse(&said.text)),
        project: project?.and_then(|said| ProjectId::parse(&said.text)),
        project_number: number?.and_then(|said| ProjectNumber::parse(&said.text)),
    })
}
