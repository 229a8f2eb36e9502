//! What can be wrong with a value.

use crate::model::aws::{self, RoleArn, RoleArnFault};
use crate::model::azure::{self, GuidFault};
use crate::model::gcp::{EmailFault, ProviderNameFault};
use crate::model::kubernetes::DnsLabelFault;
use crate::model::{PathFault, Provider};
use crate::problem::{
    Code, Finding, FindingHead, NarrowFault, PrimaryPlace, ProblemKind, all_of, nearest, one_of,
};
use crate::span::Span;

/// A value is not what belongs there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueProblem {
    /// The value, or the part of it that is wrong.
    pub at: Span,
    /// The whole of it, as written in the source.
    pub all: Span,
    /// The value after interpolation, where it is not as written.
    pub becomes: Option<String>,
    /// What is wrong.
    pub fault: ValueFault,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueFault {
    /// Text is bare.
    NotQuoted {
        /// The word.
        word: String,
    },
    /// A word names an identity, and text does.
    NotNamedByText {
        /// The identity's provider.
        provider: Provider,
        /// The word.
        word: String,
    },
    /// A word stands in quotes.
    Quoted {
        /// The text.
        text: String,
    },
    /// A word of another list.
    Word {
        /// The setting or option.
        name: &'static str,
        /// The word.
        word: String,
        /// The list.
        known: &'static [&'static str],
    },
    /// Not the ARN of an IAM role.
    RoleArn(RoleArnFault),
    /// Not a GUID.
    Guid {
        /// What it is to be.
        what: &'static str,
        /// What is wrong.
        fault: GuidFault,
    },
    /// Not the address of a Google service account.
    Email(EmailFault),
    /// What Flux does not take at object level, though its cloud does.
    Narrow(NarrowFault),
    /// Not an account id; the number of its digits, if it is digits.
    Account(Option<usize>),
    /// Not a region.
    Region,
    /// Not a project id.
    Project,
    /// Not a project number.
    ProjectNumber,
    /// Not the name of a workload identity provider.
    WorkloadIdentityProvider(ProviderNameFault),
    /// Not the URL of an issuer.
    Issuer,
    /// The issuer of an AKS cluster without the `/` at its end.
    AksIssuer(String),
    /// The URL of an issuer's configuration; the issuer.
    IssuerConfiguration(String),
    /// Not a namespace.
    Namespace(DnsLabelFault),
    /// Not a version of Flux.
    FluxVersion,
    /// Not a path below the source.
    Path(PathFault),
    /// Not a lifetime that the provider gives a token.
    TokenExpiration(Provider),
    /// Not an audience.
    Audience,
    /// Not the resource id of a managed identity.
    ResourceId,
    /// No reason.
    NoReason,
}

impl ProblemKind for ValueProblem {
    fn code(&self) -> Code {
        self.fault.code()
    }

    fn place(&self) -> PrimaryPlace<'_> {
        PrimaryPlace::Source(self.at)
    }

    fn finding(&self) -> Finding {
        let finding = self.fault.finding(self.head(), self.all);
        match &self.becomes {
            Some(value) => {
                let mut finding = finding.reason(format!("becomes `{value}`"));
                // It becomes something else in other clusters: no machine writes what is right in this one.
                finding.helps.iter_mut().for_each(|help| help.edit = None);
                finding
            }
            None => finding,
        }
    }
}

impl ValueFault {
    fn code(&self) -> Code {
        match self {
            ValueFault::NotQuoted { .. }
            | ValueFault::NotNamedByText { .. }
            | ValueFault::Quoted { .. }
            | ValueFault::NoReason => Code::ValueForm,
            ValueFault::Word { .. } => Code::UnknownWord,
            ValueFault::Account(_) => Code::AccountId,
            ValueFault::RoleArn(_) => Code::RoleArn,
            ValueFault::Guid { .. } => Code::Guid,
            ValueFault::Email(_) => Code::ServiceAccountEmail,
            ValueFault::Narrow(_) => Code::NarrowerInFlux,
            ValueFault::Region => Code::RegionName,
            ValueFault::Project => Code::ProjectId,
            ValueFault::ProjectNumber => Code::ProjectNumber,
            ValueFault::WorkloadIdentityProvider(_) => Code::ProviderName,
            ValueFault::Issuer | ValueFault::AksIssuer(_) | ValueFault::IssuerConfiguration(_) => {
                Code::IssuerUrl
            }
            ValueFault::Namespace(_) => Code::NamespaceName,
            ValueFault::FluxVersion => Code::FluxVersion,
            ValueFault::Path(_) => Code::OutputPath,
            ValueFault::TokenExpiration(_) => Code::TokenExpiration,
            ValueFault::Audience => Code::Audience,
            ValueFault::ResourceId => Code::ResourceId,
        }
    }

    fn finding(&self, head: FindingHead<'_>, all: Span) -> Finding {
        match self {
            ValueFault::NotQuoted { word } => {
                head.with_message(format!("text stands in double quotes, and `{word}` does not"))
                    .reason("without quotes")
                    .suggestion(all, format!("\"{word}\""))
            }
            ValueFault::NotNamedByText { provider, word } => {
                let (name, what) = (provider.name(), provider.identity_noun());
                let message = format!("{what} (`{name}`) is named by text in double quotes, not by `{word}`");
                let finding = head.with_message(message).reason("text belongs here");
                match provider {
                    Provider::Aws => finding.help("write its ARN: `aws \"arn:aws:iam::111122223333:role/flux\"`"),
                    Provider::Azure => {
                        finding.help("write its client id: `azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\"`")
                    }
                    Provider::Gcp => finding
                        .help("write its address: `gcp \"flux-gar@acme-prod.iam.gserviceaccount.com\"`")
                        .help("or write `gcp direct`: the Kubernetes service account itself"),
                }
                .note("`-> none`, alone, takes a mapping away")
            }
            ValueFault::Quoted { text } => {
                head.with_message(format!("`{text}` is a word, and stands without quotes"))
                    .reason("in quotes")
                    .suggestion(all, text)
            }
            ValueFault::Word { name, word, known } => {
                let near = nearest(word, known.iter().copied());
                let finding =
                    head.with_message(format!("`{name}` has no value `{word}`")).nearest(all, near);
                let finding = finding.reason(format!("{} belongs here", one_of(known)));
                // The other way to a role has no word, for it is the one that one gets.
                if *name == "via" {
                    finding.help("leave `via` out for IRSA: a role by the annotation of the ServiceAccount")
                } else {
                    finding
                }
            }
            ValueFault::RoleArn(fault) => role_arn(fault, head, all),
            ValueFault::Guid { what, fault } => guid(what, *fault, head),
            ValueFault::Email(fault) => email(*fault, head),
            ValueFault::Narrow(fault) => fault.finding(head),
            ValueFault::Account(digits) => {
                let finding = head.with_message("an AWS account id is 12 digits");
                match digits {
                    Some(digits) => finding.reason(format!("these are {digits}")),
                    None => finding.reason("not only digits"),
                }
                .help("write it with its leading zeros, as in `\"012345678901\"`")
            }
            ValueFault::Region => head.with_message("this is not an AWS region")
                .reason("not the name of a region")
                .help("write a region such as `\"eu-west-1\"`"),
            ValueFault::Project => head.with_message("this is not the id of a Google Cloud project")
                .reason("not a project id")
                .help("write the project's id, such as `\"acme-prod\"`, not its name or number")
                .note("a project id is 6 to 30 lower-case letters, digits and `-`; a letter is first, `-` is not last"),
            ValueFault::ProjectNumber => {
                head.with_message("this is not the number of a Google Cloud project")
                    .reason("not only digits")
                    .help("copy it: `gcloud projects describe PROJECT --format 'value(projectNumber)'`")
            }
            ValueFault::WorkloadIdentityProvider(fault) => {
                let why = match fault {
                    ProviderNameFault::Form => "not its full name",
                    ProviderNameFault::Scheme => "the name begins behind this",
                    ProviderNameFault::Number => "the number of the project belongs here",
                    ProviderNameFault::Id => "not the id of a pool or a provider",
                };
                head.with_message("this is not the full name of a workload identity provider")
                    .reason(why)
                    .help("write `\"projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER\"`")
                    .note("the ids of pools and providers are 4 to 32 lower-case letters, digits and `-`, and do not \
                           begin with `gcp-`")
            }
            ValueFault::Issuer => head.with_message("this is not the URL of an OIDC issuer")
                .reason("not such a URL")
                .help("write it as the cluster's tokens have it in `iss`: `https://`, a host and perhaps a path, \
                       nothing behind them"),
            ValueFault::AksIssuer(url) => {
                head.with_message("the issuer of an AKS cluster ends with `/`")
                    .reason("no `/` at its end")
                    .suggestion(all, format!("\"{url}/\""))
                    .note("clouds compare it byte for byte with `iss` of the cluster's tokens")
            }
            ValueFault::IssuerConfiguration(issuer) => {
                let message = "this is the URL of an issuer's configuration, not of the issuer";
                head.with_message(message)
                    .reason("the issuer ends before this")
                    .suggestion(all, format!("\"{issuer}\""))
                    .note("clouds compare it byte for byte with `iss` of the cluster's tokens")
            }
            ValueFault::Namespace(fault) => {
                let why = match fault {
                    DnsLabelFault::Empty => "it has no character",
                    DnsLabelFault::TooLong => "it has more than 63 characters",
                    DnsLabelFault::Character => "a namespace has only lower-case letters, digits and `-`",
                    DnsLabelFault::Edge => "a letter or a digit is first and last",
                };
                head.with_message("this is not the name of a namespace")
                    .reason(why)
                    .help("write a name such as `\"flux-system\"`")
            }
            ValueFault::FluxVersion => head.with_message("this is not a version of Flux 2")
                .reason("not a version")
                .help("write it as in `\"2.9\"`"),
            ValueFault::Path(fault) => path(*fault, head),
            ValueFault::TokenExpiration(provider) => {
                let range = match provider {
                    Provider::Aws | Provider::Gcp => aws::TOKEN_EXPIRATION,
                    Provider::Azure => azure::TOKEN_EXPIRATION,
                };
                let (least, most) = (range.start(), range.end());
                let message = format!("a token of `{}` lives {least} to {most} seconds", provider.name());
                head.with_message(message)
                    .reason("not such a number")
                    .help(format!("write a number of seconds such as `\"{}\"`", least.max(&3_600)))
            }
            ValueFault::Audience => head.with_message("this is not an audience of a token")
                .reason("1 to 255 characters without blanks belong here")
                .help("write what the OIDC provider of the role knows as its client id, such as `\"sts.amazonaws.com\"`"),
            ValueFault::NoReason => head.with_message("an `allow` without a reason")
                .reason("why may this be?")
                .help("write the reason, for those who read this after you"),
            ValueFault::ResourceId => {
                head.with_message("this is not the resource id of a managed identity")
                    .reason("not its resource id")
                    .help("copy it: `az identity show --query id`")
            }
        }
    }
}

fn role_arn(fault: &RoleArnFault, head: FindingHead<'_>, all: Span) -> Finding {
    let finding = |message: &str| head.with_message(message);
    let example = "write the ARN of the role, such as `\"arn:aws:iam::111122223333:role/flux-registry\"`";
    match fault {
        RoleArnFault::NotAnArn => {
            finding("this is not the ARN of an IAM role").reason("not an ARN").help(example)
        }
        RoleArnFault::Placeholder => finding("a placeholder stands where the ARN of an IAM role belongs")
            .reason("to be filled in")
            .help(example),
        RoleArnFault::Partition => finding("there is no such AWS partition")
            .reason("the partition")
            .help("write `aws`, or `aws-cn` in China, `aws-us-gov` in GovCloud")
            .note(format!("there are {}", all_of(&RoleArn::partitions().collect::<Vec<_>>()))),
        RoleArnFault::Service(service) => {
            finding(&format!("this is an ARN of `{service}`, and a role is one of `iam`"))
                .reason("the service")
                .help(example)
        }
        RoleArnFault::AssumedRole(role) => {
            let finding = finding("this is the session of a role, and the ARN of the role belongs here")
                .reason("what `aws sts get-caller-identity` prints");
            match role {
                Some(role) => finding.suggestion(all, format!("\"{role}\"")).note(
                    "a role with a path has it between `role/` and its name; a session does not show it",
                ),
                None => finding.help(example),
            }
        }
        RoleArnFault::Region => finding("the ARN of a role has no region: IAM is global")
            .reason("a region")
            .help("leave nothing between the two colons before the account"),
        RoleArnFault::Account(Some(digits)) => finding("an AWS account id is 12 digits")
            .reason(format!("these are {digits}"))
            .help("write it with its leading zeros, as in `012345678901`"),
        RoleArnFault::Account(None) => finding("an AWS account id is 12 digits")
            .reason("the account belongs here")
            .help("write the account's number, or `${account}`"),
        RoleArnFault::Resource(kind) => {
            let what = match kind.as_str() {
                "user" => "an IAM user",
                "policy" => "an IAM policy",
                "group" => "an IAM group",
                "instance-profile" => "an instance profile",
                "oidc-provider" => "an OIDC provider",
                "root" => "an account",
                _ => "no role",
            };
            finding(&format!("this is the ARN of {what}, and a role belongs here"))
                .reason("`role/` and the name of a role belong here")
                .help(example)
        }
        RoleArnFault::Path => finding("the path of a role begins and ends with `/` and has no blanks")
            .reason("the path")
            .help(example),
        RoleArnFault::EmptyPath => finding("the path of this role is empty")
            .reason("one `/` too many, or nothing where the path belongs")
            .help(example),
        RoleArnFault::NoName => finding("this ARN names no role")
            .reason("the name belongs here")
            .help("write the role's name behind the last `/`"),
        RoleArnFault::LongName => finding("the name of a role has at most 64 characters")
            .reason("this has more")
            .help("what stands before the last `/` is its path"),
        RoleArnFault::NameCharacter => finding("the name of a role has only letters, digits and `_+=,.@-`")
            .reason("the name")
            .help(example),
    }
}

fn guid(what: &str, fault: GuidFault, head: FindingHead<'_>) -> Finding {
    let message = if fault == GuidFault::Zero {
        format!("the {what} is a GUID, and one of zeros names nothing")
    } else {
        format!("the {what} is a GUID, and this is none")
    };
    let finding = head.with_message(message);
    match fault {
        GuidFault::Placeholder => finding.reason("to be filled in"),
        GuidFault::Braces => finding.reason("in braces").help("write it without the braces"),
        GuidFault::Zero => finding.reason("all zeros"),
        GuidFault::Digits(digits) => finding.reason(format!("{digits} digits, not 32")),
        GuidFault::Form => finding.reason("not a GUID"),
    }
    .note("a GUID is 8, 4, 4, 4 and 12 hexadecimal digits, as in `72f988bf-86f1-41af-91ab-2d7cd011db47`")
    .help(match what {
        "client id" => "copy it: `az identity show --query clientId`",
        _ => "copy it: `az account show --query tenantId`",
    })
}

fn email(fault: EmailFault, head: FindingHead<'_>) -> Finding {
    let finding = head.with_message("this is not the address of a Google service account");
    match fault {
        EmailFault::Placeholder => finding.reason("to be filled in"),
        EmailFault::NoAt => finding.reason("no `@` in it"),
        EmailFault::Domain => finding.reason("`PROJECT.iam.gserviceaccount.com` belongs here"),
        EmailFault::Id => finding
            .reason("not the id of a service account")
            .note("an id is 6 to 30 lower-case letters, digits and `-`; a letter is first, `-` is not last"),
        EmailFault::Project => finding.reason("not the id of a project").note(
            "a project id is 6 to 30 lower-case letters, digits and `-`; a letter is first, `-` is not last",
        ),
    }
    .help("write it as in `\"flux-gar@acme-prod.iam.gserviceaccount.com\"`")
}

fn path(fault: PathFault, head: FindingHead<'_>) -> Finding {
    let (message, why, help) = match fault {
        PathFault::Empty => {
            ("this path is empty", "nothing", "write a directory such as `\"clusters/${cluster}\"`")
        }
        PathFault::Absolute => (
            "an overlay is written below the directory of the source",
            "an absolute path",
            "write the path from the directory of the source",
        ),
        PathFault::Parent => (
            "an overlay is written below the directory of the source",
            "leads out of it",
            "write a path without `..`, or put the source where it sees all overlays",
        ),
        PathFault::EmptyPart => {
            ("a part of this path is empty", "empty, or `.`", "write each `/` once, and no `.`")
        }
        PathFault::Character => (
            "a path has only letters, digits, `/` and `-_.+@=,~`",
            "another character in this part",
            "rename it",
        ),
        PathFault::TrailingDot => {
            ("a part of a path does not end with `.`", "Windows would drop the dot", "rename it")
        }
        PathFault::Reserved => {
            ("Windows has a device of this name", "cannot be checked out on Windows", "rename it")
        }
        PathFault::Git => {
            ("nothing is written into `.git`", "the directory of Git", "write another directory")
        }
        PathFault::Kustomization => (
            "a directory is not called like a file of kustomize",
            "the overlay itself is called so",
            "write the directory alone; `kustomization.yaml` is written in it",
        ),
        PathFault::TooLong => ("this path is too long", "255 bytes a part, 1,024 in all", "shorten it"),
    };
    head.with_message(message).reason(why).help(help)
}
