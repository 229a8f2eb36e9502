//! Whether the issuer, the region, the tenant and the project of a cluster agree with one another and with its platform.

use crate::check::scope::Scope;
use crate::model::aws::{REGIONS, Region, RoleArn};
use crate::model::azure::Tenant;
use crate::model::gcp::ProjectId;
use crate::model::kubernetes::Issuer;
use crate::model::{IssuerKind, Platform};
use crate::problem::{ContextProblem, ErrorGuaranteed, nearest};
use crate::resolve::{Located, settings};

/// What is set of the location of a cluster, and used by its identities.
pub struct LocatedContext<'l> {
    pub issuer: Option<&'l Located<Issuer>>,
    pub region: Option<&'l Located<Region>>,
    pub project: Option<&'l Located<ProjectId>>,
}

/// Reports what does not agree. `roles`: those that are assumed by tokens of the issuer.
///
/// # Errors
/// It cannot be right.
pub fn check(
    context: &LocatedContext<'_>,
    roles: &[&RoleArn],
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    if let Some(region) = context.region.filter(|region| !region.value.is_known()) {
        let name = region.value.as_str().to_owned();
        let nearest = nearest(&name, REGIONS).map(str::to_owned);
        scope.warn(ContextProblem::UnknownRegion { at: region.at, name, nearest });
    }
    let Some(issuer) = context.issuer else { return Ok(()) };
    let kind = issuer.value.kind();
    check_platform(issuer, kind, scope)?;
    if let IssuerKind::Eks { region } = kind
        && context.region.is_none_or(|own| own.value.as_str() != region)
        && Region::parse(region).is_none_or(|region| !region.is_known())
    {
        let nearest = nearest(region, REGIONS).map(str::to_owned);
        scope.warn(ContextProblem::UnknownIssuerRegion { at: issuer.at, name: region.to_owned(), nearest });
    }
    match kind {
        IssuerKind::Eks { region } => check_region(issuer, region, context.region, roles, scope),
        IssuerKind::Aks { tenant } => {
            check_tenant(issuer, tenant, scope);
            Ok(())
        }
        IssuerKind::Gke { project } => {
            if let Some(own) = context.project.filter(|own| own.value.as_str() != project) {
                scope.warn(ContextProblem::IssuerProject {
                    at: issuer.at,
                    of_issuer: project.to_owned(),
                    project: own.value.as_str().to_owned(),
                    project_at: own.at,
                });
            }
            Ok(())
        }
        IssuerKind::Other => Ok(()),
    }
}

/// The issuer of a managed cluster belongs to its platform. Any cluster may be `on kubernetes`.
fn check_platform(
    issuer: &Located<Issuer>,
    kind: IssuerKind<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    let platform = scope.names.platform;
    let of_issuer = match kind {
        IssuerKind::Eks { .. } => Platform::Eks,
        IssuerKind::Aks { .. } => Platform::Aks,
        IssuerKind::Gke { .. } => Platform::Gke,
        IssuerKind::Other => return Ok(()),
    };
    if platform == of_issuer || platform == Platform::Kubernetes {
        return Ok(());
    }
    let (kind, named) = (of_issuer.name(), scope.platform_at);
    Err(scope.refuse(ContextProblem::IssuerElsewhere { at: issuer.at, kind, platform, named }))
}

fn check_region(
    issuer: &Located<Issuer>,
    of_issuer: &str,
    region: Option<&Located<Region>>,
    roles: &[&RoleArn],
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    // Elsewhere than on EKS the region is that of the STS endpoint.
    if scope.names.platform != Platform::Eks {
        return Ok(());
    }
    if let Some(region) = region {
        if region.value.as_str() == of_issuer {
            return Ok(());
        }
        return Err(scope.refuse(ContextProblem::IssuerRegion {
            at: issuer.at,
            of_issuer: of_issuer.to_owned(),
            region: region.value.as_str().to_owned(),
            region_at: region.at,
        }));
    }
    let Some(of_issuer) = Region::parse(of_issuer).map(|region| region.partition()) else { return Ok(()) };
    let other = roles.iter().find(|role| role.partition() != of_issuer);
    other.map_or(Ok(()), |role| {
        let (partition, role) = (role.partition(), role.as_str().to_owned());
        Err(scope.refuse(ContextProblem::IssuerPartition { at: issuer.at, of_issuer, role, partition }))
    })
}

fn check_tenant(issuer: &Located<Issuer>, of_issuer: &str, scope: &mut Scope<'_, '_>) {
    let Ok(Some(tenant)) = scope.names.typed(&settings::TENANT) else { return };
    let Tenant::Id(id) = &tenant.value else { return };
    if !id.as_str().eq_ignore_ascii_case(of_issuer) {
        scope.warn(ContextProblem::IssuerTenant {
            at: issuer.at,
            of_issuer: of_issuer.to_owned(),
            tenant: id.as_str().to_owned(),
            tenant_at: tenant.at,
        });
    }
}
