//! Text against the exact grammar of what it is to be.

use std::borrow::Cow;
use std::ops::Range;

use crate::kustomize::target::{LabelSelector, Pattern};
use crate::model::aws::{self, AccountId, Region, RoleArn, RoleArnFault};
use crate::model::azure::{self, Guid, ResourceId};
use crate::model::flux::FluxVersion;
use crate::model::gcp::{self, ServiceAccountEmail, WorkloadIdentityProvider};
use crate::model::kubernetes::{self, DnsLabel};
use crate::model::object_level::MAX_ROLE;
use crate::model::setting::{IdentityOption, Setting};
use crate::model::{LocalPath, OutputPath, Provider, TargetField};
use crate::problem::{
    FitProblem, NarrowFault, PassedFault, PassedProblem, Problem, ValueFault, ValueProblem,
};
use crate::span::Span;
use crate::syntax::tree::Text;

/// A text as one cluster has it, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated<'t> {
    /// The text.
    pub text: Cow<'t, str>,
    /// Where it was written, with its quotes.
    pub at: Span,
}

impl<'t> Evaluated<'t> {
    /// Text that holds no `${}`.
    pub fn verbatim(text: &Text<'t>) -> Evaluated<'t> {
        Evaluated { text: Cow::Borrowed(text.raw), at: text.span }
    }

    /// The place of a part of it: exact where it stands as it was written, else all of it.
    fn place(&self, part: &Range<usize>) -> Span {
        match self.text {
            Cow::Borrowed(text) if !text.is_empty() => {
                self.at.part(&(part.start.saturating_add(1)..part.end.saturating_add(1)))
            }
            Cow::Borrowed(_) | Cow::Owned(_) => self.at,
        }
    }

    fn becomes(&self) -> Option<String> {
        match &self.text {
            Cow::Borrowed(_) => None,
            Cow::Owned(text) => Some(text.clone()),
        }
    }

    fn problem(&self, part: &Range<usize>, fault: ValueFault) -> Problem {
        ValueProblem { at: self.place(part), all: self.at, becomes: self.becomes(), fault }.into()
    }

    fn wrong(&self, fault: ValueFault) -> Problem {
        self.problem(&(0..self.text.len()), fault)
    }

    fn unless(&self, right: bool, fault: ValueFault) -> Result<(), Problem> {
        if right { Ok(()) } else { Err(self.wrong(fault)) }
    }
}

/// Checks the value of a setting.
pub fn setting(setting: Setting, said: &Evaluated<'_>) -> Result<(), Problem> {
    let text = said.text.as_ref();
    match setting {
        Setting::Account => {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
            said.unless(AccountId::parse(text).is_some(), ValueFault::Account(digits.then_some(text.len())))
        }
        Setting::Flux => said.unless(FluxVersion::parse(text).is_some(), ValueFault::FluxVersion),
        Setting::Issuer => {
            said.unless(kubernetes::is_issuer(text), ValueFault::Issuer)?;
            if let Some(issuer) = kubernetes::issuer_of_configuration(text) {
                let begin = text.rfind(kubernetes::CONFIGURATION).unwrap_or_default();
                return Err(said.problem(&(begin..text.len()), ValueFault::IssuerConfiguration(issuer)));
            }
            said.unless(!kubernetes::lacks_slash_of_aks(text), ValueFault::AksIssuer(text.to_owned()))
        }
        Setting::Namespace => namespace(said).map(drop),
        Setting::Output | Setting::ServiceAccounts => output(said).map(drop),
        Setting::Project => said.unless(gcp::is_project_id(text), ValueFault::Project),
        Setting::ProjectNumber => said.unless(gcp::is_project_number(text), ValueFault::ProjectNumber),
        Setting::Region => region(said).map(drop),
        Setting::Tenant => guid("tenant", said).map(drop),
        Setting::WorkloadIdentityProvider => workload_identity_provider(said).map(drop),
        Setting::AzureCloud | Setting::Emit | Setting::Install | Setting::Restart => Ok(()),
    }
}

/// Checks what names an identity at its provider.
pub fn identity(provider: Provider, said: &Evaluated<'_>) -> Result<(), Problem> {
    match provider {
        Provider::Aws => role_arn(said).map(drop),
        Provider::Azure => client_id(said).map(drop),
        Provider::Gcp => email(said).map(drop),
    }
}

/// Checks an option of an identity.
pub fn option(provider: Provider, option: IdentityOption, said: &Evaluated<'_>) -> Result<(), Problem> {
    match option {
        IdentityOption::Audience => audience(said).map(drop),
        IdentityOption::ResourceId => resource_id(said).map(drop),
        IdentityOption::Tenant => guid("tenant", said).map(drop),
        IdentityOption::TokenExpiration => token_expiration(provider, said).map(drop),
        IdentityOption::Via => Ok(()),
    }
}

/// The ARN of an IAM role.
pub fn role_arn(said: &Evaluated<'_>) -> Result<RoleArn, Problem> {
    RoleArn::parse(&said.text).map_err(|fault| {
        let unlike = fault.kind == RoleArnFault::NotAnArn;
        others_identity(Provider::Aws, said)
            .filter(|_| unlike)
            .unwrap_or_else(|| said.problem(&fault.at, ValueFault::RoleArn(fault.kind)))
    })
}

/// The client id of a managed identity.
pub fn client_id(said: &Evaluated<'_>) -> Result<Guid, Problem> {
    guid("client id", said).map_err(|problem| others_identity(Provider::Azure, said).unwrap_or(problem))
}

/// The address of a Google service account.
pub fn email(said: &Evaluated<'_>) -> Result<ServiceAccountEmail, Problem> {
    if said.text == "direct" {
        return Err(said.wrong(ValueFault::Quoted { text: said.text.clone().into_owned() }));
    }
    ServiceAccountEmail::parse(&said.text).map_err(|fault| {
        others_identity(Provider::Gcp, said)
            .unwrap_or_else(|| said.problem(&fault.at, ValueFault::Email(fault.kind)))
    })
}

/// The ARN of an IAM role, where Flux itself must take it.
pub fn narrow_role_arn(said: &Evaluated<'_>, arn: RoleArn) -> Result<RoleArn, Problem> {
    let behind = arn.path_and_name().len();
    if behind <= MAX_ROLE {
        return Ok(arn);
    }
    let whole = said.text.len();
    let part = whole.saturating_sub(behind)..whole;
    Err(said.problem(&part, ValueFault::Narrow(NarrowFault::Role(behind))))
}

/// The address of a Google service account, where Flux itself must take it.
pub fn narrow_email(said: &Evaluated<'_>, email: &ServiceAccountEmail) -> Result<(), Problem> {
    said.unless(email.is_of_plain_project(), ValueFault::Narrow(NarrowFault::Email))
}

/// A GUID. `what`: what it is to be.
pub fn guid(what: &'static str, said: &Evaluated<'_>) -> Result<Guid, Problem> {
    if what == "tenant" && said.text == "webhook" {
        return Err(said.wrong(ValueFault::Quoted { text: said.text.clone().into_owned() }));
    }
    Guid::parse(&said.text)
        .map_err(|fault| said.problem(&fault.at, ValueFault::Guid { what, fault: fault.kind }))
}

/// An AWS region.
pub fn region(said: &Evaluated<'_>) -> Result<Region, Problem> {
    Region::parse(&said.text).ok_or_else(|| said.wrong(ValueFault::Region))
}

/// The full name of a workload identity provider.
pub fn workload_identity_provider(said: &Evaluated<'_>) -> Result<WorkloadIdentityProvider, Problem> {
    WorkloadIdentityProvider::parse(&said.text)
        .map_err(|fault| said.problem(&fault.at, ValueFault::WorkloadIdentityProvider(fault.kind)))
}

/// The lifetime of a token, in seconds.
pub fn token_expiration(provider: Provider, said: &Evaluated<'_>) -> Result<u32, Problem> {
    let range = match provider {
        Provider::Aws | Provider::Gcp => aws::TOKEN_EXPIRATION,
        Provider::Azure => azure::TOKEN_EXPIRATION,
    };
    let plain = said.text.bytes().all(|byte| byte.is_ascii_digit()) && !said.text.starts_with('0');
    let seconds = said.text.parse().ok().filter(|seconds| plain && range.contains(seconds));
    seconds.ok_or_else(|| said.wrong(ValueFault::TokenExpiration(provider)))
}

/// The audience of a token.
pub fn audience(said: &Evaluated<'_>) -> Result<String, Problem> {
    said.unless(aws::is_audience(&said.text), ValueFault::Audience).map(|()| said.text.clone().into_owned())
}

/// The resource id of a managed identity.
pub fn resource_id(said: &Evaluated<'_>) -> Result<ResourceId, Problem> {
    ResourceId::parse(&said.text).ok_or_else(|| said.wrong(ValueFault::ResourceId))
}

/// The namespace that Flux is installed in.
pub fn namespace(said: &Evaluated<'_>) -> Result<DnsLabel, Problem> {
    DnsLabel::parse(&said.text).map_err(|fault| said.problem(&fault.at, ValueFault::Namespace(fault.kind)))
}

/// The directory of an overlay.
pub fn output(said: &Evaluated<'_>) -> Result<OutputPath, Problem> {
    OutputPath::parse(&said.text).map_err(|fault| said.problem(&fault.at, ValueFault::Path(fault.kind)))
}

/// A file or a directory beside the source. `overlay`: the directory that `./` stands for.
pub fn local_path(said: &Evaluated<'_>, overlay: &LocalPath) -> Result<LocalPath, Problem> {
    LocalPath::parse(&said.text, overlay).map_err(|fault| {
        let (at, becomes) = (said.place(&fault.at), said.becomes());
        PassedProblem { at, becomes, fault: PassedFault::Path(fault.kind) }.into()
    })
}

/// A field of the target of a patch.
pub fn target_field(field: TargetField, said: &Evaluated<'_>) -> Result<(), Problem> {
    let text = said.text.as_ref();
    let part = |at: &Range<usize>| text.get(at.clone()).unwrap_or_default().to_owned();
    let (at, fault) = if field.is_pattern() {
        let Err(fault) = Pattern::parse(text) else { return Ok(()) };
        let part = part(&fault.at);
        (fault.at, PassedFault::Pattern { fault: fault.kind, part })
    } else {
        let Err(fault) = LabelSelector::parse(text) else { return Ok(()) };
        let part = part(&fault.at);
        (fault.at, PassedFault::Selector { fault: fault.kind, part })
    };
    Err(PassedProblem { at: said.place(&at), becomes: said.becomes(), fault }.into())
}

fn others_identity(written: Provider, said: &Evaluated<'_>) -> Option<Problem> {
    let looks = Provider::from_identity(&said.text).filter(|looks| *looks != written)?;
    let (at, value) = (said.at, said.becomes());
    Some(FitProblem::OtherCloudsIdentity { at, value, written, looks }.into())
}
