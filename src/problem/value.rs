//! Problems of values.

mod identity;

use crate::model::aws::{self, RoleArnFault};
use crate::model::azure::{self, GuidFault};
use crate::model::gcp::{EmailFault, ProviderNameFault};
use crate::model::kubernetes::DnsLabelFault;
use crate::model::{PathFault, Provider, UselessUrl};
use crate::problem::value::identity::{email, guid, role_arn};
use crate::problem::{
    Code, Finding, FindingHead, NarrowFault, PrimaryPlace, ProblemKind, coded, nearest, one_of, texts, with,
    worded,
};
use crate::span::Span;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueProblem {
    pub at: Span,
    pub all: Span,
    /// The value after interpolation, if it differs.
    pub becomes: Option<String>,
    pub fault: ValueFault,
}

coded! {
    (head, all: Span)
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum ValueFault {
        NotQuoted { word: String } => ValueForm: "expected text in double quotes, found `{word}`"
            .reason("missing quotes")
            .suggestion(all, "\"{word}\"");
        NotNamedByText { provider: Provider, word: String } => ValueForm, {
            let (name, what) = (provider.name(), provider.identity_noun());
            let message = format!("{what} (`{name}`) must be text in double quotes, not `{word}`");
            let finding = head.with_message(message).reason("expected text");
            match provider {
                Provider::Aws => {
                    finding.help("write its ARN: `aws \"arn:aws:iam::111122223333:role/flux\"`")
                }
                Provider::Azure => {
                    finding.help("write its client id: `azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\"`")
                }
                Provider::Gcp => finding
                    .help("write its address: `gcp \"flux-gar@acme-prod.iam.gserviceaccount.com\"`")
                    .help("or write `gcp direct` to use the Kubernetes ServiceAccount itself"),
            }
            .note("`-> none`, without a role, removes the mapping of a profile or of the file")
        };
        Quoted { text: String } => ValueForm: "`{text}` must be written without quotes"
            .reason("unexpected quotes")
            .suggestion(all, text);
        Word { name: &'static str, word: String, known: &'static [&'static str] } => UnknownWord, {
            let near = nearest(word, known.iter().copied());
            let finding =
                head.with_message(format!("invalid value `{word}` for `{name}`")).nearest(all, near);
            let finding = finding.reason(format!("expected {}", one_of(known)));
            // IRSA is the default and has no word.
            if *name == "via" {
                finding.help("remove `via` for IRSA, which uses the annotation of the ServiceAccount")
            } else {
                finding
            }
        };
        RoleArn(fault: RoleArnFault) => RoleArn, role_arn(fault, head, all);
        Guid { what: &'static str, fault: GuidFault } => Guid, guid(what, *fault, head);
        Email(fault: EmailFault) => ServiceAccountEmail, email(*fault, head);
        Narrow(fault: NarrowFault) => NarrowerInFlux, fault.finding(head);
        /// With the number of digits, if there are only digits.
        Account(digits: Option<usize>) => AccountId: "an AWS account id must have 12 digits"
            .reason(match digits {
                Some(digits) => format!("this has {digits}"),
                None => "not only digits".to_owned(),
            })
            .help("write all digits, with leading zeros, as in `\"012345678901\"`");
        EksName => UnknownWord: "invalid name of an EKS cluster"
            .reason("not the name of a cluster")
            .help("copy it from `aws eks list-clusters`: 1 to 100 letters, digits, `-` and `_`, a letter or digit first");
        ExternalId => UnknownWord: "invalid external id"
            .reason("expected 2 to 1,224 letters, digits and `_+=,.@:/-`")
            .help("copy it from `aws eks describe-pod-identity-association`");
        Region => RegionName: "invalid AWS region"
            .reason("not the name of a region")
            .help("write a region such as `\"eu-west-1\"`")
            .note("`region` is for AWS alone; clusters elsewhere need none");
        Project => ProjectId: "invalid Google Cloud project id"
            .reason("not a project id")
            .help("write the id of the project, such as `\"acme-prod\"`, not its name or number")
            .note("a project id has 6 to 30 lower-case letters, digits and `-`, starts with a letter and \
                does not end with `-`");
        ProjectNumber => ProjectNumber: "invalid Google Cloud project number"
            .reason("not only digits")
            .help("copy it from `gcloud projects describe PROJECT --format 'value(projectNumber)'`");
        WorkloadIdentityProvider(fault: ProviderNameFault) => ProviderName: "invalid name of a workload identity provider"
            .reason(match fault {
                ProviderNameFault::Form => "not a full resource name",
                ProviderNameFault::Scheme => "remove everything up to here",
                ProviderNameFault::Number => "expected the project number",
                ProviderNameFault::Id => "invalid id of a pool or provider",
            })
            .help("write `\"projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER\"`")
            .note("the id of a pool or provider has 4 to 32 lower-case letters, digits and `-`, and does not \
                start with `gcp-`");
        Issuer => IssuerUrl: "invalid URL of an OIDC issuer"
            .reason("not the URL of an issuer")
            .help("write the value of `iss` in the tokens of the cluster: `https://`, a host and optionally \
                a path");
        AksIssuer(url: String) => IssuerUrl: "the issuer of an AKS cluster must end with `/`"
            .reason("missing `/` at the end")
            .suggestion(all, "\"{url}/\"")
            .note("clouds compare it byte by byte with `iss` in the tokens of the cluster");
        UselessIssuer(url: UselessUrl) => IssuerUrl: "{}" (match url {
                UselessUrl::EksEndpoint => "this is the endpoint of the API of an EKS cluster, not its issuer",
                UselessUrl::Internal => "no cloud reaches this issuer",
                UselessUrl::EksId => "the issuer of an EKS cluster ends with `/id/` and the 32 digits of its id",
            })
            .reason(match url {
                UselessUrl::EksEndpoint => "not an issuer",
                UselessUrl::Internal => "known only in the cluster",
                UselessUrl::EksId => "not the issuer of a cluster",
            })
            .help(match url {
                UselessUrl::EksEndpoint | UselessUrl::EksId => "copy it: `aws eks describe-cluster --name CLUSTER \
                    --query cluster.identity.oidc.issuer`",
                UselessUrl::Internal => "give the API server a public `--service-account-issuer`, and write that",
            });
        IssuerConfiguration(issuer: String) => IssuerUrl:
            "this is the URL of the issuer's configuration, not of the issuer"
            .reason("the issuer ends before this")
            .suggestion(all, "\"{issuer}\"")
            .note("clouds compare it byte by byte with `iss` in the tokens of the cluster");
        Namespace(fault: DnsLabelFault) => NamespaceName: "invalid name of a namespace"
            .reason(match fault {
                DnsLabelFault::Empty => "the name is empty",
                DnsLabelFault::TooLong => "the name has more than 63 characters",
                DnsLabelFault::Character => "a namespace contains only lower-case letters, digits and `-`",
                DnsLabelFault::Edge => "a namespace must start and end with a letter or digit",
            })
            .help("write a name such as `\"flux-system\"`");
        FluxVersion => FluxVersion: "invalid version of Flux 2"
            .reason("not a version")
            .help("write a version such as `\"2.9\"`");
        FleetPath => OutputPath: "a path of the whole fleet cannot contain `${{…}}`"
            .reason("differs between clusters")
            .help("write the path without `${{…}}`");
        Path(fault: PathFault) => OutputPath, path(*fault, head);
        TokenExpiration(provider: Provider) => TokenExpiration, {
            let range = match provider {
                Provider::Aws | Provider::Gcp => aws::TOKEN_EXPIRATION,
                Provider::Azure => azure::TOKEN_EXPIRATION,
            };
            let (least, most) = (range.start(), range.end());
            let message = format!(
                "the lifetime of a token of `{}` must be {least} to {most} seconds",
                provider.name()
            );
            head.with_message(message)
                .reason("outside of this range")
                .help(format!("write a number of seconds, such as `\"{}\"`", least.max(&3_600)))
        };
        Audience => Audience: "invalid audience of a token"
            .reason("expected 1 to 255 characters without spaces")
            .help("write a client id of the role's OIDC provider, such as `\"sts.amazonaws.com\"`");
        ResourceId => ResourceId: "invalid resource id of a managed identity"
            .reason("not a resource id")
            .help("copy it from `az identity show --query id`");
        NoReason => ValueForm: "missing reason for an `allow`"
            .reason("the reason is empty")
            .help("write the reason for those who read this source later");
    }
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
                // The value differs between clusters, so an edit that is right in this one can be wrong in others.
                finding.helps.iter_mut().for_each(|help| help.edit = None);
                finding
            }
            None => finding,
        }
    }
}

fn path(fault: PathFault, head: FindingHead<'_>) -> Finding {
    let (message, why, help) = texts! { fault, PathFault
        Empty: "this path is empty", "empty path", "write a directory such as `\"clusters/${cluster}\"`";
        Absolute: "this path is outside of the directory of the source", "absolute path",
            "write a path relative to the source";
        Parent: "this path is outside of the directory of the source", "`..` is not allowed here",
            "remove `..`, or move the source to a parent directory of all overlays";
        EmptyPart: "this path has an empty segment", "empty, or `.`", "write single slashes, without `.`";
        Character: "a path can contain only letters, digits, `/` and `-_.+@=,~`",
            "invalid character in this segment", "rename it";
        TrailingDot: "a path segment cannot end with `.`", "Windows drops the dot", "rename it";
        Reserved: "this name is reserved on Windows", "cannot be checked out on Windows", "rename it";
        Git: "overlays cannot be written to `.git`", "the directory of Git", "write another directory";
        Kustomization: "a directory cannot have the name of a kustomization file",
            "reserved for the overlay itself",
            "write only the directory; `kustomization.yaml` is created in it";
        TooLong: "this path is too long", "limit: 255 bytes per segment, 1,024 in total", "shorten it";
    };
    head.with_message(message).reason(why).help(help)
}
