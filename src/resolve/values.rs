//! Checks text against the grammar of its type.

use std::borrow::Cow;
use std::ops::Range;

use crate::kustomize::target::{self, FieldFault};
use crate::model::aws::{self, AccountId, EksName, Region, RoleArn, RoleArnFault};
use crate::model::azure::{self, Guid, ResourceId};
use crate::model::flux::FluxVersion;
use crate::model::gcp::{ProjectId, ProjectNumber, ServiceAccountEmail, WorkloadIdentityProvider};
use crate::model::kubernetes::{self, DnsLabel, Issuer};
use crate::model::object_level::MAX_ROLE;
use crate::model::setting::IdentityOption;
use crate::model::{LocalPath, OutputPath, Provider, TargetField, useless_url};
use crate::problem::{
    FitProblem, NarrowFault, PassedFault, PassedProblem, Problem, ValueFault, ValueProblem,
};
use crate::span::Span;
use crate::syntax::tree::Text;

/// A text as one cluster has it, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated<'t> {
    pub text: Cow<'t, str>,
    /// Where it was written, with its quotes.
    pub at: Span,
}

impl<'t> Evaluated<'t> {
    /// Text that holds no `${}`.
    pub fn from_literal(text: &Text<'t>) -> Evaluated<'t> {
        Evaluated { text: Cow::Borrowed(text.raw), at: text.span }
    }

    /// The span of a part: exact if the text was written without interpolation, else the whole text.
    fn place(&self, part: &Range<usize>) -> Span {
        match self.text {
            Cow::Borrowed(text) if !text.is_empty() => {
                // Text of a file of values may have no quotes.
                let quote = usize::from(self.at.range().len() > text.len());
                self.at.part(&(part.start.saturating_add(quote)..part.end.saturating_add(quote)))
            }
            Cow::Borrowed(_) | Cow::Owned(_) => self.at,
        }
    }

    fn evaluated_text(&self) -> Option<String> {
        match &self.text {
            Cow::Borrowed(_) => None,
            Cow::Owned(text) => Some(text.clone()),
        }
    }

    fn problem(&self, part: &Range<usize>, fault: ValueFault) -> Problem {
        ValueProblem { at: self.place(part), all: self.at, becomes: self.evaluated_text(), fault }.into()
    }

    fn fault(&self, fault: ValueFault) -> Problem {
        self.problem(&(0..self.text.len()), fault)
    }

    fn ensure(&self, right: bool, fault: ValueFault) -> Result<(), Problem> {
        if right { Ok(()) } else { Err(self.fault(fault)) }
    }
}

pub fn parse_account(value: &Evaluated<'_>) -> Result<AccountId, Problem> {
    AccountId::parse(&value.text).ok_or_else(|| {
        let digits = value.text.bytes().all(|byte| byte.is_ascii_digit()) && !value.text.is_empty();
        value.fault(ValueFault::Account(digits.then_some(value.text.len())))
    })
}

pub fn parse_flux_version(value: &Evaluated<'_>) -> Result<FluxVersion, Problem> {
    FluxVersion::parse(&value.text).ok_or_else(|| value.fault(ValueFault::FluxVersion))
}

/// The URL of an OIDC issuer.
pub fn parse_issuer(value: &Evaluated<'_>) -> Result<Issuer, Problem> {
    let text = value.text.as_ref();
    Issuer::parse(text).ok_or_else(|| {
        if !kubernetes::is_issuer(text) {
            return value.fault(ValueFault::Issuer);
        }
        match kubernetes::issuer_of_configuration(text) {
            Some(issuer) => {
                let begin = text.rfind(kubernetes::CONFIGURATION).unwrap_or_default();
                value.problem(&(begin..text.len()), ValueFault::IssuerConfiguration(issuer))
            }
            None => match useless_url(text) {
                Some(fault) => value.fault(ValueFault::UselessIssuer(fault)),
                None => value.fault(ValueFault::AksIssuer(text.to_owned())),
            },
        }
    })
}

/// The id of a Google Cloud project.
pub fn parse_project(value: &Evaluated<'_>) -> Result<ProjectId, Problem> {
    ProjectId::parse(&value.text).ok_or_else(|| value.fault(ValueFault::Project))
}

/// The number of a Google Cloud project.
pub fn parse_project_number(value: &Evaluated<'_>) -> Result<ProjectNumber, Problem> {
    ProjectNumber::parse(&value.text).ok_or_else(|| value.fault(ValueFault::ProjectNumber))
}

/// Checks what names an identity at its provider.
pub fn check_identity(provider: Provider, value: &Evaluated<'_>) -> Result<(), Problem> {
    match provider {
        Provider::Aws => parse_role_arn(value).map(drop),
        Provider::Azure => parse_client_id(value).map(drop),
        Provider::Gcp => parse_email(value).map(drop),
    }
}

pub fn check_option(
    provider: Provider,
    option: IdentityOption,
    value: &Evaluated<'_>,
) -> Result<(), Problem> {
    match option {
        IdentityOption::Audience => parse_audience(value).map(drop),
        IdentityOption::ExternalId => parse_external_id(value).map(drop),
        IdentityOption::ResourceId => parse_resource_id(value).map(drop),
        IdentityOption::TargetRole => parse_role_arn(value).map(drop),
        IdentityOption::Tenant => parse_guid("tenant", value).map(drop),
        IdentityOption::TokenExpiration => parse_token_expiration(provider, value).map(drop),
        IdentityOption::Via => Ok(()),
    }
}

pub fn parse_role_arn(value: &Evaluated<'_>) -> Result<RoleArn, Problem> {
    RoleArn::parse(&value.text).map_err(|fault| {
        let unlike = fault.kind == RoleArnFault::NotAnArn;
        others_identity(Provider::Aws, value)
            .filter(|_| unlike)
            .unwrap_or_else(|| value.problem(&fault.at, ValueFault::RoleArn(fault.kind)))
    })
}

/// The client id of a managed identity.
pub fn parse_client_id(value: &Evaluated<'_>) -> Result<Guid, Problem> {
    parse_guid("client id", value)
        .map_err(|problem| others_identity(Provider::Azure, value).unwrap_or(problem))
}

/// The address of a Google service account.
pub fn parse_email(value: &Evaluated<'_>) -> Result<ServiceAccountEmail, Problem> {
    if value.text == "direct" {
        return Err(value.fault(ValueFault::Quoted { text: value.text.clone().into_owned() }));
    }
    ServiceAccountEmail::parse(&value.text).map_err(|fault| {
        others_identity(Provider::Gcp, value)
            .unwrap_or_else(|| value.problem(&fault.at, ValueFault::Email(fault.kind)))
    })
}

/// The ARN of an IAM role, where Flux itself must take it.
pub fn narrow_role_arn(value: &Evaluated<'_>, arn: RoleArn) -> Result<RoleArn, Problem> {
    let behind = arn.path_and_name().len();
    if behind <= MAX_ROLE {
        return Ok(arn);
    }
    let whole = value.text.len();
    let part = whole.saturating_sub(behind)..whole;
    Err(value.problem(&part, ValueFault::Narrow(NarrowFault::Role(behind))))
}

/// The address of a Google service account, where Flux itself must take it.
pub fn narrow_email(value: &Evaluated<'_>, email: &ServiceAccountEmail) -> Result<(), Problem> {
    value.ensure(email.is_of_plain_project(), ValueFault::Narrow(NarrowFault::Email))
}

/// A GUID. `what` names it in errors.
pub fn parse_guid(what: &'static str, value: &Evaluated<'_>) -> Result<Guid, Problem> {
    if what == "tenant" && value.text == "webhook" {
        return Err(value.fault(ValueFault::Quoted { text: value.text.clone().into_owned() }));
    }
    Guid::parse(&value.text)
        .map_err(|fault| value.problem(&fault.at, ValueFault::Guid { what, fault: fault.kind }))
}

pub fn parse_region(value: &Evaluated<'_>) -> Result<Region, Problem> {
    Region::parse(&value.text).ok_or_else(|| value.fault(ValueFault::Region))
}

/// The full name of a workload identity provider.
pub fn parse_workload_identity_provider(value: &Evaluated<'_>) -> Result<WorkloadIdentityProvider, Problem> {
    WorkloadIdentityProvider::parse(&value.text)
        .map_err(|fault| value.problem(&fault.at, ValueFault::WorkloadIdentityProvider(fault.kind)))
}

/// The lifetime of a token, in seconds.
pub fn parse_token_expiration(provider: Provider, value: &Evaluated<'_>) -> Result<u32, Problem> {
    let range = match provider {
        Provider::Aws | Provider::Gcp => aws::TOKEN_EXPIRATION,
        Provider::Azure => azure::TOKEN_EXPIRATION,
    };
    let plain = value.text.bytes().all(|byte| byte.is_ascii_digit()) && !value.text.starts_with('0');
    let seconds = value.text.parse().ok().filter(|seconds| plain && range.contains(seconds));
    seconds.ok_or_else(|| value.fault(ValueFault::TokenExpiration(provider)))
}

/// The name of a cluster in EKS.
pub fn parse_eks_name(value: &Evaluated<'_>) -> Result<EksName, Problem> {
    EksName::parse(&value.text).ok_or_else(|| value.fault(ValueFault::EksName))
}

/// The external id of an association of EKS Pod Identity.
pub fn parse_external_id(value: &Evaluated<'_>) -> Result<String, Problem> {
    value
        .ensure(aws::is_external_id(&value.text), ValueFault::ExternalId)
        .map(|()| value.text.clone().into_owned())
}

pub fn parse_audience(value: &Evaluated<'_>) -> Result<String, Problem> {
    value
        .ensure(aws::is_audience(&value.text), ValueFault::Audience)
        .map(|()| value.text.clone().into_owned())
}

/// The resource id of a managed identity.
pub fn parse_resource_id(value: &Evaluated<'_>) -> Result<ResourceId, Problem> {
    ResourceId::parse(&value.text).ok_or_else(|| value.fault(ValueFault::ResourceId))
}

/// The namespace that Flux is installed in.
pub fn parse_namespace(value: &Evaluated<'_>) -> Result<DnsLabel, Problem> {
    DnsLabel::parse(&value.text).map_err(|fault| value.problem(&fault.at, ValueFault::Namespace(fault.kind)))
}

/// The directory of an overlay.
pub fn parse_output(value: &Evaluated<'_>) -> Result<OutputPath, Problem> {
    OutputPath::parse(&value.text).map_err(|fault| value.problem(&fault.at, ValueFault::Path(fault.kind)))
}

/// A path below the directory of the source. `overlay`: the directory of `./`.
pub fn parse_local_path(value: &Evaluated<'_>, overlay: &LocalPath) -> Result<LocalPath, Problem> {
    LocalPath::parse(&value.text, overlay).map_err(|fault| {
        let (at, becomes) = (value.place(&fault.at), value.evaluated_text());
        PassedProblem { at, becomes, fault: PassedFault::Path(fault.kind) }.into()
    })
}

pub fn check_target_field(field: TargetField, value: &Evaluated<'_>) -> Result<(), Problem> {
    let text = value.text.as_ref();
    let part = |at: &Range<usize>| text.get(at.clone()).unwrap_or_default().to_owned();
    let Err(fault) = target::check_field(field, text) else { return Ok(()) };
    let (at, fault) = match fault {
        FieldFault::Pattern(fault) => {
            let part = part(&fault.at);
            (fault.at, PassedFault::Pattern { fault: fault.kind, part })
        }
        FieldFault::Selector(fault) => {
            let part = part(&fault.at);
            (fault.at, PassedFault::Selector { fault: fault.kind, part })
        }
    };
    Err(PassedProblem { at: value.place(&at), becomes: value.evaluated_text(), fault }.into())
}

fn others_identity(written: Provider, value: &Evaluated<'_>) -> Option<Problem> {
    let looks = Provider::from_identity(&value.text).filter(|looks| *looks != written)?;
    let (at, value) = (value.at, value.evaluated_text());
    Some(FitProblem::OtherCloudsIdentity { at, value, written, looks }.into())
}
