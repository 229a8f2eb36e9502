//! Who has which cloud identity.

use std::borrow::Cow;
use std::fmt;

use crate::model::ascii::ascii_lowercase;
use crate::model::aws::{IamRole, PodIdentityRole, RoleArn, TargetRole};
use crate::model::azure::{Guid, ResourceId};
use crate::model::gcp::ServiceAccountEmail;
use crate::model::kubernetes::Subject;
use crate::model::{
    Account, AccountCredentials, Cluster, Controller, Credentials, Provider, TrustOnly, TrustSubjects, aws,
    azure, gcp,
};

/// That a ServiceAccount of a cluster has a cloud identity.
#[derive(Clone, Copy, Debug)]
pub struct Assignment<'f> {
    pub cluster: &'f Cluster,
    /// Whose ServiceAccount it is.
    pub assignee: Assignee<'f>,
    /// The ServiceAccount.
    pub subject: Subject<'f>,
    pub identity_and_source: CloudIdentity<'f>,
    /// The index in `Cluster::trusted`, if the overlay does not give the identity to the ServiceAccount.
    pub trust_only: Option<usize>,
}

/// Whose ServiceAccount it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assignee<'f> {
    Controller(Controller),
    /// One that objects of Flux name.
    Account(&'f Account),
}

/// A cloud identity, and the way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CloudIdentity<'f> {
    /// An IAM role, for tokens of the cluster's issuer.
    RoleByToken {
        role: &'f RoleArn,
        /// Whom the tokens are for.
        audience: &'f str,
    },
    /// An IAM role, by EKS Pod Identity.
    RoleByPodIdentity(&'f PodIdentityRole),
    /// An IAM role that EKS Pod Identity assumes with the credentials of another.
    RoleByRole {
        target: &'f TargetRole,
        /// The other one.
        source: &'f RoleArn,
    },
    ManagedIdentity {
        client_id: &'f Guid,
        /// The id in Azure Resource Manager, if set.
        resource_id: Option<&'f ResourceId>,
    },
    /// A Google service account, which the principal of the ServiceAccount impersonates.
    GoogleAccount(&'f ServiceAccountEmail, Pool<'f>),
    /// The principal of the ServiceAccount itself.
    Principal(Pool<'f>),
}

/// The pool of the ServiceAccounts of a cluster. Google Cloud does not distinguish two clusters of one pool.
///
/// Sources: "Identity sameness" of the GKE documentation; `google.subject` of `WorkloadIdentityPoolProvider` in the IAM API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pool<'f> {
    /// The pool of a Google Cloud project, in which all its GKE clusters are.
    OfProject(&'f gcp::ProjectId),
    /// The pool of the project of this cluster, which is not set.
    OfUnknownProject(&'f str),
    /// A user-created pool, by its full name.
    Named(&'f str),
}

/// A cloud identity, as its cloud distinguishes it, independent of the credentials.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity<'f> {
    /// An IAM role. An account has no two roles whose names differ in their path or in the case of letters only.
    /// Source: "IAM and AWS STS quotas" of the IAM User Guide.
    Role {
        account: &'f str,
        /// Its name in small letters.
        name: Cow<'f, str>,
    },
    /// A managed identity, by its client id in small letters.
    ManagedIdentity(Cow<'f, str>),
    GoogleAccount(&'f ServiceAccountEmail),
    /// The principal of a ServiceAccount.
    Principal(Pool<'f>, Subject<'f>),
}

impl<'f> Assignment<'f> {
    pub fn identity(&self) -> Identity<'f> {
        match self.identity_and_source {
            CloudIdentity::RoleByToken { role, .. }
            | CloudIdentity::RoleByPodIdentity(PodIdentityRole { arn: role, .. })
            | CloudIdentity::RoleByRole { target: TargetRole { arn: role, .. }, .. } => {
                Identity::Role { account: role.account(), name: ascii_lowercase(role.name()) }
            }
            CloudIdentity::ManagedIdentity { client_id, .. } => {
                Identity::ManagedIdentity(ascii_lowercase(client_id.as_str()))
            }
            CloudIdentity::GoogleAccount(email, _) => Identity::GoogleAccount(email),
            CloudIdentity::Principal(pool) => Identity::Principal(pool, self.subject),
        }
    }

    /// The unique name of the identity.
    pub fn name(&self) -> String {
        if let CloudIdentity::Principal(pool) = self.identity_and_source {
            format!("{}/{} in {pool}", self.subject.namespace, self.subject.name)
        } else {
            self.identity_and_source.to_string()
        }
    }

    /// Where Google Cloud knows the ServiceAccount, if it has to.
    pub const fn pool(&self) -> Option<Pool<'f>> {
        match self.identity_and_source {
            CloudIdentity::GoogleAccount(_, pool) | CloudIdentity::Principal(pool) => Some(pool),
            CloudIdentity::RoleByToken { .. }
            | CloudIdentity::RoleByPodIdentity(_)
            | CloudIdentity::RoleByRole { .. }
            | CloudIdentity::ManagedIdentity { .. } => None,
        }
    }

    /// Whom the trust policy of a role trusts: the ServiceAccount, or all of its namespace.
    pub fn trusted_subject(&self) -> Subject<'f> {
        match self.cluster.cloud_context.trust_subjects {
            TrustSubjects::Exact => self.subject,
            TrustSubjects::Namespace => self.subject.of_namespace(),
        }
    }
}

impl fmt::Display for Pool<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pool::OfProject(project) => formatter.write_str(project.as_str()),
            Pool::OfUnknownProject(cluster) => write!(formatter, "the project of {cluster}"),
            Pool::Named(name) => formatter.write_str(name),
        }
    }
}

impl fmt::Display for CloudIdentity<'_> {
    /// As it is written in a source, without options.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            CloudIdentity::RoleByToken { role, .. } => role.as_str(),
            CloudIdentity::RoleByPodIdentity(role) => role.arn.as_str(),
            CloudIdentity::RoleByRole { target, .. } => target.arn.as_str(),
            CloudIdentity::ManagedIdentity { client_id, .. } => client_id.as_str(),
            CloudIdentity::GoogleAccount(email, _) => email.as_str(),
            CloudIdentity::Principal(_) => "gcp direct",
        };
        formatter.write_str(text)
    }
}

impl<'f> CloudIdentity<'f> {
    /// The IAM role, if it is one.
    pub const fn role(self) -> Option<&'f RoleArn> {
        match self {
            CloudIdentity::RoleByToken { role, .. } => Some(role),
            CloudIdentity::RoleByPodIdentity(role) => Some(&role.arn),
            CloudIdentity::RoleByRole { target, .. } => Some(&target.arn),
            CloudIdentity::ManagedIdentity { .. }
            | CloudIdentity::GoogleAccount(..)
            | CloudIdentity::Principal(_) => None,
        }
    }

    pub const fn provider(&self) -> Provider {
        match self {
            CloudIdentity::RoleByToken { .. }
            | CloudIdentity::RoleByPodIdentity(_)
            | CloudIdentity::RoleByRole { .. } => Provider::Aws,
            CloudIdentity::ManagedIdentity { .. } => Provider::Azure,
            CloudIdentity::GoogleAccount(..) | CloudIdentity::Principal(_) => Provider::Gcp,
        }
    }
}

impl Cluster {
    /// The cloud identities that its ServiceAccounts get, and those that clouds only trust them with.
    pub fn assignments(&self) -> impl Iterator<Item = Assignment<'_>> {
        let trusted = self.trusted.iter().enumerate().flat_map(move |(index, trusted)| {
            let (assignee, controller, account) = match trusted {
                TrustOnly::Controller(controller, credentials) => {
                    (Assignee::Controller(*controller), Some(credentials), None)
                }
                TrustOnly::Account(account, credentials) => {
                    (Assignee::Account(account), None, Some(credentials))
                }
            };
            let of_controller = controller.into_iter().flat_map(|it| self.controller_identities(it));
            let of_account = account.into_iter().flat_map(|it| self.object_level_identities(it));
            of_controller.chain(of_account).map(move |identity_and_source| Assignment {
                cluster: self,
                assignee,
                subject: self.subject(assignee),
                identity_and_source,
                trust_only: Some(index),
            })
        });
        self.given_assignments().chain(trusted)
    }

    /// The ServiceAccount of an assignee.
    fn subject<'f>(&'f self, assignee: Assignee<'f>) -> Subject<'f> {
        match assignee {
            Assignee::Controller(controller) => {
                Subject { namespace: self.namespace.as_str(), name: controller.name() }
            }
            Assignee::Account(account) => {
                Subject { namespace: account.namespace.as_str(), name: account.name.as_str() }
            }
        }
    }

    /// The cloud identities that its ServiceAccounts get.
    pub fn given_assignments(&self) -> impl Iterator<Item = Assignment<'_>> {
        let of_controllers = self.credentials.iter().flat_map(move |(controller, credentials)| {
            let assignee = Assignee::Controller(*controller);
            self.controller_identities(credentials).map(move |identity_and_source| Assignment {
                cluster: self,
                assignee,
                subject: self.subject(assignee),
                identity_and_source,
                trust_only: None,
            })
        });
        let accounts = self.object_level.iter().flat_map(|object_level| &object_level.accounts);
        let of_accounts = accounts.flat_map(move |(account, credentials)| {
            let assignee = Assignee::Account(account);
            self.object_level_identities(credentials).map(move |identity_and_source| Assignment {
                cluster: self,
                assignee,
                subject: self.subject(assignee),
                identity_and_source,
                trust_only: None,
            })
        });
        of_controllers.chain(of_accounts)
    }

    /// Flux asks for the tokens by itself, and always for the same audiences.
    /// Source: `GetAudiences` in `auth/aws/provider.go` of fluxcd/pkg.
    fn object_level_identities<'f>(
        &'f self,
        credentials: &'f AccountCredentials,
    ) -> impl Iterator<Item = CloudIdentity<'f>> {
        let by_token =
            |role: &'f RoleArn| CloudIdentity::RoleByToken { role, audience: aws::DEFAULT_AUDIENCE };
        let managed_identity = credentials.azure.as_ref().map(|identity| CloudIdentity::ManagedIdentity {
            client_id: &identity.client_id,
            resource_id: identity.resource_id.as_ref(),
        });
        let access = credentials.gcp.as_ref().map(|source| self.access(source));
        [credentials.aws.as_ref().map(by_token), managed_identity, access].into_iter().flatten()
    }

    fn controller_identities<'f>(
        &'f self,
        credentials: &'f Credentials,
    ) -> impl Iterator<Item = CloudIdentity<'f>> {
        let by_token = |role: &'f IamRole| {
            let audience = role.audience.as_deref().unwrap_or(aws::DEFAULT_AUDIENCE);
            CloudIdentity::RoleByToken { role: &role.arn, audience }
        };
        let role = credentials.aws.as_ref().map(|source| match source {
            aws::CredentialSource::Irsa(role) => by_token(role),
            aws::CredentialSource::Federated(federated) => by_token(&federated.role),
            aws::CredentialSource::PodIdentity(role) => CloudIdentity::RoleByPodIdentity(role),
        });
        let target = credentials.aws.as_ref().and_then(|source| match source {
            aws::CredentialSource::PodIdentity(PodIdentityRole { arn, target }) => {
                target.as_ref().map(|target| CloudIdentity::RoleByRole { target, source: arn })
            }
            aws::CredentialSource::Irsa(_) | aws::CredentialSource::Federated(_) => None,
        });
        let managed_identity = credentials.azure.as_ref().map(|source| {
            let (client_id, resource_id) = match source {
                azure::CredentialSource::Webhook(identity) => (&identity.client_id, &identity.resource_id),
                azure::CredentialSource::Federated(identity) => (&identity.client_id, &identity.resource_id),
            };
            CloudIdentity::ManagedIdentity { client_id, resource_id: resource_id.as_ref() }
        });
        let access = credentials.gcp.as_ref().map(|source| self.access(source));
        [role, target, managed_identity, access].into_iter().flatten()
    }

    fn access<'f>(&'f self, source: &'f gcp::CredentialSource) -> CloudIdentity<'f> {
        let own = match &self.cloud_context.project {
            Some(project) => Pool::OfProject(project),
            None => Pool::OfUnknownProject(&self.name),
        };
        match source {
            gcp::CredentialSource::Impersonation(email) => CloudIdentity::GoogleAccount(email, own),
            gcp::CredentialSource::Direct => CloudIdentity::Principal(own),
            gcp::CredentialSource::Federated(access) => {
                let pool = Pool::Named(access.provider.pool());
                match &access.impersonates {
                    Some(email) => CloudIdentity::GoogleAccount(email, pool),
                    None => CloudIdentity::Principal(pool),
                }
            }
        }
    }
}

/// A controller, or a ServiceAccount that Flux objects name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    Controller(Controller),
    /// A ServiceAccount that Flux objects name.
    Account(Account),
}

impl From<Assignee<'_>> for Recipient {
    fn from(assignee: Assignee<'_>) -> Recipient {
        match assignee {
            Assignee::Controller(controller) => Recipient::Controller(controller),
            Assignee::Account(account) => Recipient::Account(account.clone()),
        }
    }
}
