//! What AWS calls things, and what it accepts.

mod region;

pub use region::{REGIONS, Region};

use crate::model::kubernetes::DnsLabel;
pub use crate::model::pod_identity::{EksName, POD_IDENTITY_PRINCIPAL, is_external_id};
use crate::model::{Fault, Platform, placeholder};

/// Annotation of a ServiceAccount that names its IAM role.
/// Source: `pkg/annotations.go` and README of aws/amazon-eks-pod-identity-webhook.
pub const ROLE_ARN_ANNOTATION: &str = "eks.amazonaws.com/role-arn";
/// Annotation of a ServiceAccount for the audience of its token; `sts.amazonaws.com` without it. Source: as above.
pub const AUDIENCE_ANNOTATION: &str = "eks.amazonaws.com/audience";
/// Annotation of a ServiceAccount for the lifetime of its token, in seconds. Source: as above.
pub const TOKEN_EXPIRATION_ANNOTATION: &str = "eks.amazonaws.com/token-expiration";

/// The lifetimes of a token, in seconds. The webhook raises what is less and lets through what is more; the API server
/// and EKS accept this range. Source: `pkg/validation.go` and `pkg/cache` of aws/amazon-eks-pod-identity-webhook.
pub const TOKEN_EXPIRATION: std::ops::RangeInclusive<u32> = 600..=86_400;

/// The most characters that the name of a session has. Source: the shape `roleSessionNameType` of the STS API.
pub const MAX_SESSION_NAME: usize = 64;

/// The name of the session of a ServiceAccount, as Flux makes it. Source: `auth/aws/options.go` of fluxcd/pkg.
pub fn session_name(service_account: &str, namespace: &DnsLabel, region: &str) -> String {
    format!("{service_account}.{}.{region}.fluxcd.io", namespace.as_str())
}

/// The variables of the environment from which the SDK of AWS takes a role and the token for it.
/// Source: "Environment variables" of the AWS SDKs and Tools Reference Guide.
pub const REGION_VARIABLE: &str = "AWS_REGION";
/// The variables of the region, in the order in which they are read. Source: as above.
pub const REGION_VARIABLES: [&str; 2] = [REGION_VARIABLE, "AWS_DEFAULT_REGION"];
/// The role. Source: as above.
pub const ROLE_ARN_VARIABLE: &str = "AWS_ROLE_ARN";
/// What the session is called. Source: as above.
pub const ROLE_SESSION_NAME_VARIABLE: &str = "AWS_ROLE_SESSION_NAME";
/// The file of the token. Source: as above.
pub const TOKEN_FILE_VARIABLE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";

/// The variable that names a profile. The SDK for Go fails if no file has it. Source: `config/config.go` of
/// aws/aws-sdk-go-v2.
pub const PROFILE_VARIABLE: &str = "AWS_PROFILE";
/// The variables that name the files of profiles: with credentials, and with settings.
/// Source: "Location of the shared config and credentials files" of the AWS SDKs and Tools Reference Guide.
pub const PROFILE_FILE_VARIABLES: [&str; 2] = ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"];

/// The audience of a token by default. Source: "AWS" under "Integrations" of the Flux documentation.
pub const DEFAULT_AUDIENCE: &str = "sts.amazonaws.com";
/// The lifetime of a projected token by default, in seconds. Source: as above.
pub const DEFAULT_TOKEN_EXPIRATION: u32 = 3_600;

/// The lengths of a trust policy, in characters: what an account takes at first, what its quota can be raised to at least,
/// and what it can be raised to at most.
/// Sources: "IAM and AWS STS quotas" of the IAM User Guide, quota `L-C07B4B0D`; "IAM roles for service accounts" of the EKS
/// User Guide.
pub const TRUST_POLICY: [usize; 3] = [2_048, 4_096, 8_192];
/// How many OIDC providers an account has at most, at first. Source: "IAM and AWS STS quotas" of the IAM User Guide.
pub const MOST_OIDC_PROVIDERS: usize = 100;
/// The region that is thought of where none is said: no name of one is shorter. Source: `endpoints.json` of botocore.
const SHORTEST_REGION: &str = "eu-west-1";

/// An issuer that is no longer than that of any cluster, without `https://`. `number`: which one.
/// Source: as for [`likely_issuer`].
pub fn shortest_issuer(platform: Platform, number: usize) -> String {
    match platform {
        Platform::Eks => format!("oidc.eks.{SHORTEST_REGION}.amazonaws.com/id/{number}"),
        Platform::Aks | Platform::Gke | Platform::Kubernetes => number.to_string(),
    }
}

/// An issuer such as EKS gives its clusters, where nothing says the one it gave, without `https://`. `number`: which one.
/// Source: "Create an IAM OIDC provider for your cluster" of the EKS User Guide.
pub fn likely_issuer(region: Option<&Region>, number: usize) -> String {
    let region = region.map_or(SHORTEST_REGION, Region::as_str);
    format!("oidc.eks.{region}.amazonaws.com/id/{number:032}")
}

/// How a controller comes by an IAM role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CredentialSource {
    /// EKS: the webhook gives pods the token for the role that their ServiceAccount names (IRSA).
    Irsa(IamRole),
    /// EKS: the agent gives pods the credentials of the role that is associated with their ServiceAccount.
    PodIdentity(PodIdentityRole),
    /// Elsewhere: the pod exchanges a token of its cluster at AWS STS.
    Federated(FederatedRole),
}

/// An IAM role that is associated with a ServiceAccount, in the account of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PodIdentityRole {
    pub arn: RoleArn,
    /// The role whose credentials the pods get in its place, in any account.
    pub target: Option<TargetRole>,
}

/// A role that EKS Pod Identity assumes with the credentials of the associated one.
/// Source: "Access AWS Resources using EKS Pod Identity Target IAM Roles" of the EKS User Guide.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetRole {
    pub arn: RoleArn,
    /// What its trust policy knows the association by. EKS sends it if the association has no session tags.
    pub external_id: Option<String>,
}

/// An IAM role that a pod assumes with a token of a cluster other than EKS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FederatedRole {
    /// The role, and the token for it.
    pub role: IamRole,
    /// The region of the STS endpoint.
    pub region: Region,
}

/// An IAM role, and what the token for it is like.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IamRole {
    pub arn: RoleArn,
    /// The audience of the token, if it is not that of AWS STS.
    pub audience: Option<String>,
    /// The lifetime of the token, in seconds.
    pub token_expiration: Option<u32>,
}

/// The ARN of an IAM role, such as `arn:aws:iam::111122223333:role/flux/registry`.
///
/// Sources: the shapes `arnType`, `pathType` and `roleNameType` of the IAM API; the partitions of botocore.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleArn(String);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleArnFault {
    /// It does not begin with `arn:`.
    NotAnArn,
    Placeholder,
    /// There is no such partition.
    Partition,
    /// It is of another service than IAM; the service is given.
    Service(String),
    /// The session of an assumed role, with the ARN of the role if it can be derived.
    AssumedRole(Option<String>),
    /// IAM is global, and yet there is a region.
    Region,
    /// The account is not 12 digits; the number of its digits, if it is digits.
    Account(Option<usize>),
    /// It is of something else than a role, such as a user; what it is of is given.
    Resource(String),
    /// Something between `role/` and the name is not a path.
    Path,
    EmptyPath,
    NoName,
    /// The name has more than 64 characters.
    LongName,
    /// The name has a character that no name has.
    NameCharacter,
}

/// An AWS partition: its id, and what the names of its regions begin with.
/// Source: `partitions.json` of botocore.
const PARTITIONS: [(&str, &[&str]); 8] = [
    ("aws", &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"]),
    ("aws-cn", &["cn"]),
    ("aws-us-gov", &["us-gov"]),
    ("aws-iso", &["us-iso"]),
    ("aws-iso-b", &["us-isob"]),
    ("aws-iso-e", &["eu-isoe"]),
    ("aws-iso-f", &["us-isof"]),
    ("aws-eusc", &["eusc-de"]),
];

impl RoleArn {
    /// Takes the ARN of an IAM role.
    ///
    /// # Errors
    /// The fault and its location in the text.
    pub fn parse(text: &str) -> Result<RoleArn, Fault<RoleArnFault>> {
        let part = |kind, part| Err(Fault::part(kind, text, part));
        let mut fields = text.splitn(6, ':');
        let mut field = || fields.next().unwrap_or_default();
        let (arn, partition, service, region, account, resource) =
            (field(), field(), field(), field(), field(), field());
        if placeholder::has_placeholder(text) {
            return Err(Fault::whole(RoleArnFault::Placeholder, text));
        }
        if arn != "arn" || resource.is_empty() {
            return Err(Fault::whole(RoleArnFault::NotAnArn, text));
        }
        if !PARTITIONS.iter().any(|(id, _)| *id == partition) {
            return part(RoleArnFault::Partition, partition);
        }
        if service == "sts" && resource.starts_with("assumed-role/") {
            return Err(Fault::whole(
                RoleArnFault::AssumedRole(role_of_session(partition, account, resource)),
                text,
            ));
        }
        if service != "iam" {
            return part(RoleArnFault::Service(service.to_owned()), service);
        }
        if !region.is_empty() {
            return part(RoleArnFault::Region, region);
        }
        if AccountId::parse(account).is_none() {
            let digits = account.bytes().all(|byte| byte.is_ascii_digit()) && !account.is_empty();
            return part(RoleArnFault::Account(digits.then_some(account.len())), account);
        }
        let Some(path_and_name) = resource.strip_prefix("role/") else {
            let kind = resource.split('/').next().unwrap_or_default();
            return part(RoleArnFault::Resource(kind.to_owned()), kind);
        };
        if path_and_name.strip_prefix('/').is_some_and(|name| !name.contains('/')) {
            return part(RoleArnFault::EmptyPath, path_and_name.get(..1).unwrap_or_default());
        }
        let (path, name) = path_and_name.rsplit_once('/').unwrap_or(("", path_and_name));
        if !path.bytes().all(|byte| matches!(byte, b'!'..=b'~')) || path.len() > 510 {
            return part(RoleArnFault::Path, path);
        }
        if name.is_empty() {
            return part(RoleArnFault::NoName, name);
        }
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)) {
            return part(RoleArnFault::NameCharacter, name);
        }
        if name.len() > 64 {
            return part(RoleArnFault::LongName, name);
        }
        Ok(RoleArn(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn account(&self) -> &str {
        self.0.split(':').nth(4).unwrap_or_default()
    }

    /// The text after `role/`: the path, if any, and the name.
    pub fn path_and_name(&self) -> &str {
        self.0.split_once(":role/").map_or("", |(_, rest)| rest)
    }

    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Its path, with a `/` at both ends.
    pub fn path(&self) -> String {
        match self.path_and_name().rsplit_once('/') {
            Some((path, _)) => format!("/{path}/"),
            None => "/".to_owned(),
        }
    }

    /// True for a role of IAM Identity Center. Nobody but AWS changes its trust policy.
    /// Source: "Permission sets" of the IAM Identity Center User Guide.
    pub fn is_reserved(&self) -> bool {
        self.path_and_name().starts_with("aws-reserved/")
    }

    /// True if both name one role: an account has no two whose names differ in their path or in the case of letters only.
    /// Source: "IAM and AWS STS quotas" of the IAM User Guide.
    pub fn is_same_role(&self, other: &RoleArn) -> bool {
        self.account() == other.account() && self.name().eq_ignore_ascii_case(other.name())
    }

    pub fn partition(&self) -> &'static str {
        let id = self.0.split(':').nth(1).unwrap_or_default();
        RoleArn::partitions().find(|known| *known == id).unwrap_or_default()
    }

    /// All partitions, by their ids.
    pub fn partitions() -> impl Iterator<Item = &'static str> {
        PARTITIONS.into_iter().map(|(id, _)| id)
    }
}

/// The ARN of the role that a session is of. The path of the role, if it has one, is not in the session's ARN.
fn role_of_session(partition: &str, account: &str, resource: &str) -> Option<String> {
    let name = resource.strip_prefix("assumed-role/")?.split('/').next()?;
    AccountId::parse(account)?;
    (!name.is_empty()).then(|| format!("arn:{partition}:iam::{account}:role/{name}"))
}

/// The number of an AWS account: 12 digits, leading zeros and all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountId(String);

impl AccountId {
    /// Takes 12 digits. Source: the shape `accountIdType` of the IAM API.
    pub fn parse(text: &str) -> Option<AccountId> {
        let is_id = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_id.then(|| AccountId(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// True if a token may be for this audience. Source: the shape `clientIDType` of the IAM API.
pub fn is_audience(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'!'..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::{RoleArn, RoleArnFault};

    #[test]
    fn a_role_has_no_empty_path() {
        let fault = RoleArn::parse("arn:aws:iam::111122223333:role//flux").expect_err("IAM has no such path");
        assert_eq!((fault.kind, fault.at), (RoleArnFault::EmptyPath, 31..32));
    }
}
