//! Converts IAM roles to credentials.

use crate::check::credentials::{ControllerAccount, parse_option, required_setting};
use crate::check::scope::Scope;
use crate::model::aws::{
    CredentialSource, FederatedRole, IamRole, MAX_SESSION_NAME, PodIdentityRole, Region, RoleArn, TargetRole,
    session_name,
};
use crate::model::setting::IdentityOption;
use crate::model::{Platform, Provider};
use crate::problem::{CredentialProblem, ErrorGuaranteed};
use crate::resolve::{Evaluated, Located, settings, values};
use crate::resolve::{ResolvedIdentity, ResolvedValue};
use crate::span::Span;
use crate::syntax::tree::Name;

/// The credential source of an IAM role on the platform of a cluster.
pub fn resolve(
    identity: &ResolvedIdentity<'_>,
    arn: &Evaluated<'_>,
    own: ControllerAccount<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<CredentialSource, ErrorGuaranteed> {
    match (scope.names.platform, via(identity)) {
        (Platform::Eks, None) => role(identity, arn, scope).map(CredentialSource::Irsa),
        (Platform::Eks, Some(via)) => {
            pod_identity(identity, arn, via, scope).map(CredentialSource::PodIdentity)
        }
        (Platform::Aks | Platform::Gke | Platform::Kubernetes, Some(via)) => {
            let (at, platform, named) = (via.span, scope.names.platform, scope.platform_at);
            Err(scope.refuse(CredentialProblem::PodIdentityElsewhere { at, platform, named }))
        }
        (Platform::Aks | Platform::Gke | Platform::Kubernetes, None) => {
            federated(identity, arn, own, scope).map(CredentialSource::Federated)
        }
    }
}

/// The value of `via`, if the identity has one. The only value is `pod-identity`.
pub fn via<'t>(identity: &ResolvedIdentity<'t>) -> Option<Name<'t>> {
    match identity.options.get(&IdentityOption::Via) {
        Some(ResolvedValue::Word(word)) => Some(*word),
        Some(ResolvedValue::Text(_)) | None => None,
    }
}

fn role(
    identity: &ResolvedIdentity<'_>,
    arn: &Evaluated<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<IamRole, ErrorGuaranteed> {
    let no_target = refuse_target(identity, scope);
    let arn = role_arn(arn, scope);
    let audience = parse_option(identity, IdentityOption::Audience, values::parse_audience, scope);
    let seconds = |value: &_| values::parse_token_expiration(Provider::Aws, value);
    let token_expiration = parse_option(identity, IdentityOption::TokenExpiration, seconds, scope);
    no_target?;
    Ok(IamRole { arn: arn?, audience: audience?, token_expiration: token_expiration? })
}

/// The ARN of a role. Its partition must contain the region of the cluster, if set.
pub fn role_arn(written_arn: &Evaluated<'_>, scope: &mut Scope<'_, '_>) -> Result<RoleArn, ErrorGuaranteed> {
    let arn = scope.valid(values::parse_role_arn(written_arn))?;
    if arn.is_reserved() {
        return Err(scope.refuse(CredentialProblem::ReservedRole { at: written_arn.at }));
    }
    let Some(Located { value: region, at: region_at }) = scope.setting(&settings::REGION)? else {
        return Ok(arn);
    };
    let (partition, of_region) = (arn.partition(), region.partition());
    if partition == of_region {
        return Ok(arn);
    }
    let (at, region) = (written_arn.at, region.as_str().to_owned());
    Err(scope.refuse(CredentialProblem::OtherPartition { at, partition, region, region_at, of_region }))
}

/// Refuses the options of a target role, which only EKS Pod Identity assumes.
fn refuse_target(identity: &ResolvedIdentity<'_>, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
    let chosen = [IdentityOption::TargetRole, IdentityOption::ExternalId]
        .into_iter()
        .find_map(|option| Some((option, identity.options.get(&option)?)));
    let Some((option, chosen)) = chosen else { return Ok(()) };
    let (at, option) = (chosen.span(), option.name());
    Err(scope.refuse(CredentialProblem::TargetWithoutPodIdentity { at, option }))
}

/// The agent of EKS Pod Identity reads no annotation, and associates roles of the cluster's own account alone.
fn pod_identity(
    identity: &ResolvedIdentity<'_>,
    written_arn: &Evaluated<'_>,
    via: Name<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<PodIdentityRole, ErrorGuaranteed> {
    let mut outcome = Ok(());
    for (option, chosen) in &identity.options {
        if matches!(option, IdentityOption::Audience | IdentityOption::TokenExpiration) {
            let (at, option) = (chosen.span(), option.name());
            outcome = Err(scope.refuse(CredentialProblem::OptionOfPodIdentity { at, option, via: via.span }));
        }
    }
    let arn = role_arn(written_arn, scope);
    let target = target_role(identity, arn.as_ref().ok().map(|arn| (arn, written_arn.at)), scope);
    let account = scope.setting(&settings::ACCOUNT);
    outcome?;
    let (arn, target, account) = (arn?, target?, account?);
    match account.filter(|account| account.value.as_str() != arn.account()) {
        Some(Located { value: account, at: account_at }) => {
            let offered = target.is_none().then(|| arn.as_str().to_owned());
            let (at, account) = (written_arn.at, account.as_str().to_owned());
            Err(scope.refuse(CredentialProblem::PodIdentityAccount { at, account, account_at, offered }))
        }
        None => Ok(PodIdentityRole { arn, target }),
    }
}

/// The role that EKS Pod Identity assumes next. `source`: the role that it assumes first, and where it is written.
fn target_role(
    identity: &ResolvedIdentity<'_>,
    source: Option<(&RoleArn, Span)>,
    scope: &mut Scope<'_, '_>,
) -> Result<Option<TargetRole>, ErrorGuaranteed> {
    let external_id = parse_option(identity, IdentityOption::ExternalId, values::parse_external_id, scope);
    let Some(ResolvedValue::Text(written)) = identity.options.get(&IdentityOption::TargetRole) else {
        let external_id = identity.options.get(&IdentityOption::ExternalId);
        return external_id.map_or(Ok(None), |chosen| {
            Err(scope.refuse(CredentialProblem::ExternalIdWithoutTarget { at: chosen.span() }))
        });
    };
    let (arn, external_id, at) = (role_arn(written, scope)?, external_id?, written.at);
    let Some((source, role_at)) = source else { return Ok(Some(TargetRole { arn, external_id })) };
    let (target, partition) = (arn.partition(), source.partition());
    if target != partition {
        return Err(scope.refuse(CredentialProblem::TargetPartition { at, target, role_at, partition }));
    }
    if arn.is_same_role(source) {
        return Err(scope.refuse(CredentialProblem::TargetIsRole { at, role_at }));
    }
    Ok(Some(TargetRole { arn, external_id }))
}

fn federated(
    identity: &ResolvedIdentity<'_>,
    arn: &Evaluated<'_>,
    own: ControllerAccount<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<FederatedRole, ErrorGuaranteed> {
    let role = role(identity, arn, scope);
    let region = region(identity, scope);
    if let (Ok(region), Some(namespace)) = (&region, own.namespace) {
        let name = session_name(own.controller.name(), namespace, region.as_str());
        if name.len() > MAX_SESSION_NAME {
            return Err(scope.refuse(CredentialProblem::SessionName { at: identity.asked_at, name }));
        }
    }
    Ok(FederatedRole { role: role?, region: region? })
}

fn region(identity: &ResolvedIdentity<'_>, scope: &mut Scope<'_, '_>) -> Result<Region, ErrorGuaranteed> {
    required_setting(&settings::REGION, identity, scope)
}
