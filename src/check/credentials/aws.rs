//! How a controller comes by an IAM role.

use crate::check::credentials::{ControllerAccount, parse_option, required_setting};
use crate::check::scope::Scope;
use crate::model::aws::{
    CredentialSource, FederatedRole, IamRole, MAX_SESSION_NAME, Region, RoleArn, session_name,
};
use crate::model::setting::IdentityOption;
use crate::model::{Platform, Provider};
use crate::problem::{ErrorGuaranteed, GrantProblem};
use crate::resolve::{Evaluated, Located, settings, values};
use crate::resolve::{ResolvedIdentity, ResolvedValue};
use crate::syntax::tree::Name;

/// How a controller comes by an IAM role.
pub fn resolve(
    given: &ResolvedIdentity<'_>,
    arn: &Evaluated<'_>,
    own: ControllerAccount<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<CredentialSource, ErrorGuaranteed> {
    match (scope.names.platform, via(given)) {
        (Platform::Eks, None) => role(given, arn, scope).map(CredentialSource::Irsa),
        (Platform::Eks, Some(via)) => pod_identity(given, arn, via, scope).map(CredentialSource::PodIdentity),
        (Platform::Aks | Platform::Gke | Platform::Kubernetes, Some(via)) => {
            let (at, platform, named) = (via.span, scope.names.platform, scope.platform_at);
            Err(scope.refuse(GrantProblem::PodIdentityElsewhere { at, platform, named }))
        }
        (Platform::Aks | Platform::Gke | Platform::Kubernetes, None) => {
            federated(given, arn, own, scope).map(CredentialSource::Federated)
        }
    }
}

/// The value of `via`, if the identity has one. The only value is `pod-identity`.
pub fn via<'t>(given: &ResolvedIdentity<'t>) -> Option<Name<'t>> {
    match given.options.get(&IdentityOption::Via) {
        Some(ResolvedValue::Word(word)) => Some(*word),
        Some(ResolvedValue::Text(_)) | None => None,
    }
}

fn role(
    given: &ResolvedIdentity<'_>,
    arn: &Evaluated<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<IamRole, ErrorGuaranteed> {
    let arn = role_arn(arn, scope);
    let audience = parse_option(given, IdentityOption::Audience, values::parse_audience, scope);
    let seconds = |said: &_| values::parse_token_expiration(Provider::Aws, said);
    let token_expiration = parse_option(given, IdentityOption::TokenExpiration, seconds, scope);
    Ok(IamRole { arn: arn?, audience: audience?, token_expiration: token_expiration? })
}

/// The ARN of a role. Its partition must contain the region of the cluster, if set.
pub fn role_arn(arn_said: &Evaluated<'_>, scope: &mut Scope<'_, '_>) -> Result<RoleArn, ErrorGuaranteed> {
    let arn = scope.valid(values::parse_role_arn(arn_said))?;
    let Some(Located { value: region, at: region_at }) = scope.setting(&settings::REGION)? else {
        return Ok(arn);
    };
    let (partition, of_region) = (arn.partition(), region.partition());
    if partition == of_region {
        return Ok(arn);
    }
    let (at, region) = (arn_said.at, region.as_str().to_owned());
    Err(scope.refuse(GrantProblem::OtherPartition { at, partition, region, region_at, of_region }))
}

/// The agent of EKS Pod Identity reads no annotation, and associates roles of the cluster's own account alone.
fn pod_identity(
    given: &ResolvedIdentity<'_>,
    arn_said: &Evaluated<'_>,
    via: Name<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<RoleArn, ErrorGuaranteed> {
    let mut outcome = Ok(());
    for (option, chosen) in &given.options {
        if *option != IdentityOption::Via {
            let (at, option) = (chosen.span(), option.name());
            outcome = Err(scope.refuse(GrantProblem::OptionOfPodIdentity { at, option, via: via.span }));
        }
    }
    let arn = role_arn(arn_said, scope);
    let account = scope.setting(&settings::ACCOUNT);
    outcome?;
    let (arn, account) = (arn?, account?);
    match account.filter(|account| account.value.as_str() != arn.account()) {
        Some(Located { value: account, at: account_at }) => {
            let (at, account) = (arn_said.at, account.as_str().to_owned());
            Err(scope.refuse(GrantProblem::PodIdentityAccount { at, account, account_at }))
        }
        None => Ok(arn),
    }
}

fn federated(
    given: &ResolvedIdentity<'_>,
    arn: &Evaluated<'_>,
    own: ControllerAccount<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<FederatedRole, ErrorGuaranteed> {
    let role = role(given, arn, scope);
    let region = region(given, scope);
    if let (Ok(region), Some(namespace)) = (&region, own.namespace) {
        let name = session_name(own.controller.name(), namespace, region.as_str());
        if name.len() > MAX_SESSION_NAME {
            return Err(scope.refuse(GrantProblem::SessionName { at: given.asked_at, name }));
        }
    }
    Ok(FederatedRole { role: role?, region: region? })
}

fn region(given: &ResolvedIdentity<'_>, scope: &mut Scope<'_, '_>) -> Result<Region, ErrorGuaranteed> {
    required_setting(&settings::REGION, given, scope)
}
