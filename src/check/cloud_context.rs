//! Where a cluster is. Nothing of that is asked for that none of its identities needs; and only those who make trust need
//! it to be right.

use std::collections::BTreeMap;

use crate::check::agreement::{self, LocatedContext};
use crate::check::scope::Scope;
use crate::model::aws::RoleArn;
use crate::model::{
    AccountCredentials, CloudContext, Controller, Credentials, ObjectLevel, Platform, TrustOnly, aws, gcp,
};
use crate::problem::ErrorGuaranteed;
use crate::resolve::{Located, Typed, settings};

/// The credentials of a cluster: of controllers, and of ServiceAccounts that objects of Flux name.
pub struct AllCredentials<'c> {
    pub controllers: Vec<&'c Credentials>,
    pub accounts: Vec<&'c AccountCredentials>,
}

impl<'c> AllCredentials<'c> {
    pub fn new(
        credentials: &'c BTreeMap<Controller, Box<Credentials>>,
        object_level: Option<&'c ObjectLevel>,
        trusted: &'c [TrustOnly],
    ) -> AllCredentials<'c> {
        let mut all = AllCredentials {
            controllers: credentials.values().map(AsRef::as_ref).collect(),
            accounts: object_level.into_iter().flat_map(|it| &it.accounts).map(|(_, own)| own).collect(),
        };
        for trusted in trusted {
            match trusted {
                TrustOnly::Controller(_, credentials) => all.controllers.push(credentials),
                TrustOnly::Account(_, credentials) => all.accounts.push(credentials),
            }
        }
        all
    }

    /// The roles that are assumed by tokens of the cluster.
    fn roles_by_token(&self) -> Vec<&'c RoleArn> {
        let of_controllers = self.controllers.iter().filter_map(|it| match it.aws.as_ref()? {
            aws::CredentialSource::Irsa(role) => Some(&role.arn),
            aws::CredentialSource::Federated(federated) => Some(&federated.role.arn),
            aws::CredentialSource::PodIdentity(_) => None,
        });
        of_controllers.chain(self.accounts.iter().filter_map(|it| it.aws.as_ref())).collect()
    }
}

/// The cloud context of a cluster with these credentials. `is_needed`: true if trust is generated.
pub fn resolve_cloud_context(
    credentials: &AllCredentials<'_>,
    is_needed: bool,
    scope: &mut Scope<'_, '_>,
) -> Result<CloudContext, ErrorGuaranteed> {
    let AllCredentials { controllers, accounts } = credentials;
    let has_azure =
        controllers.iter().any(|it| it.azure.is_some()) || accounts.iter().any(|it| it.azure.is_some());
    let of_accounts = accounts.iter().any(|it| it.aws.is_some());
    let has_aws = controllers.iter().any(|it| it.aws.is_some()) || of_accounts;
    let by_token = !credentials.roles_by_token().is_empty();
    let of_controllers = controllers.iter().filter_map(|it| it.gcp.as_ref());
    let access: Vec<&gcp::CredentialSource> =
        of_controllers.chain(accounts.iter().filter_map(|it| it.gcp.as_ref())).collect();
    let is_gke = scope.names.platform == Platform::Gke;
    let has_direct = access.contains(&&gcp::CredentialSource::Direct);
    let mut context = ContextReader { is_needed, scope };
    let issuer = context.read(has_azure || by_token, &settings::ISSUER);
    let region = context.read(has_aws, &settings::REGION);
    let project = context.read(is_gke && !access.is_empty(), &settings::PROJECT);
    let project_number = context.read(is_gke && has_direct, &settings::PROJECT_NUMBER);
    let has_association =
        controllers.iter().any(|it| matches!(it.aws, Some(aws::CredentialSource::PodIdentity(_))));
    let eks_name = context.read(has_association, &settings::EKS_NAME);
    let trust_subjects = context.read(by_token, &settings::TRUST_SUBJECTS);
    let (issuer, region, project, project_number) = (issuer?, region?, project?, project_number?);
    let (eks_name, trust_subjects) = (eks_name?, trust_subjects?);
    let located =
        LocatedContext { issuer: issuer.as_ref(), region: region.as_ref(), project: project.as_ref() };
    agreement::check(&located, &credentials.roles_by_token(), context.scope)?;
    Ok(CloudContext {
        issuer: issuer.map(|it| it.value),
        region: region.map(|it| it.value),
        project: project.map(|it| it.value),
        project_number: project_number.map(|it| it.value),
        eks_name: eks_name.map(|it| it.value),
        trust_subjects: trust_subjects.map(|it| it.value).unwrap_or_default(),
    })
}

struct ContextReader<'s, 'c, 't> {
    is_needed: bool,
    scope: &'s mut Scope<'c, 't>,
}

impl ContextReader<'_, '_, '_> {
    /// The value of a setting that an identity uses. A wrong one counts only if it is needed.
    fn read<T>(&mut self, is_used: bool, setting: &Typed<T>) -> Result<Option<Located<T>>, ErrorGuaranteed> {
        Ok(match (is_used, self.is_needed) {
            (false, _) => None,
            (true, true) => self.scope.setting(setting)?,
            (true, false) => self.scope.names.typed(setting).ok().flatten(),
        })
    }
}
