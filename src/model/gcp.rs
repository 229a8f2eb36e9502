//! What Google Cloud calls things, and what it accepts.

use crate::model::kubernetes::Subject;
use crate::model::{Fault, placeholder};

/// Annotation of a ServiceAccount that names the Google service account it impersonates.
/// Source: "Authenticate to Google Cloud APIs from GKE workloads" of the GKE documentation.
pub const SERVICE_ACCOUNT_ANNOTATION: &str = "iam.gke.io/gcp-service-account";
/// The label of the nodes of GKE that have the metadata server; its value is `true`.
/// Source: "Authenticate to Google Cloud APIs from GKE workloads".
pub const METADATA_SERVER_LABEL: &str = "iam.gke.io/gke-metadata-server-enabled";

/// Annotation of a ServiceAccount for the provider that trusts its cluster. Flux reads it at object level, on a cluster
/// that is no GKE cluster. Source: "GCP" under "Integrations" of the Flux documentation; `auth/gcp/options.go` of
/// fluxcd/pkg.
pub const WORKLOAD_IDENTITY_PROVIDER_ANNOTATION: &str = "gcp.auth.fluxcd.io/workload-identity-provider";

/// The variable of the environment from which Google's libraries take the file of a credential configuration.
/// Source: "GCP" under "Integrations" of the Flux documentation.
pub const CREDENTIALS_VARIABLE: &str = "GOOGLE_APPLICATION_CREDENTIALS";
/// The variable that names another host than the metadata server, which Google's libraries then ask.
/// Source: `compute/metadata/metadata.go` of googleapis/google-cloud-go.
pub const METADATA_HOST_VARIABLE: &str = "GCE_METADATA_HOST";
/// The names of the metadata server. Source: as above.
pub const METADATA_HOSTS: [&str; 3] = ["169.254.169.254", "metadata.google.internal", "metadata"];
/// The lifetime of a projected token, in seconds. Source: "GCP" under "Integrations" of the Flux documentation.
pub const TOKEN_EXPIRATION: u32 = 3_600;

/// The role that lets a principal impersonate a Google service account.
/// Source: "Authenticate to Google Cloud APIs from GKE workloads" of the GKE documentation.
pub const WORKLOAD_IDENTITY_USER: &str = "roles/iam.workloadIdentityUser";
/// The most bytes of a subject in a pool. Source: `attributeMapping` of `WorkloadIdentityPoolProvider` in the IAM API.
pub const MAX_SUBJECT: usize = 127;

/// How a controller comes by access to Google Cloud.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CredentialSource {
    /// GKE: the metadata server gives pods tokens of the Google service account that their ServiceAccount names.
    Impersonation(ServiceAccountEmail),
    /// GKE: the metadata server gives pods tokens of the Kubernetes ServiceAccount itself.
    Direct,
    /// Elsewhere: the pod exchanges a token of its cluster.
    Federated(FederatedAccess),
}

/// Access with a token of a cluster that is no GKE cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FederatedAccess {
    /// The provider that trusts the cluster.
    pub provider: WorkloadIdentityProvider,
    /// The Google service account that is impersonated; without one the Kubernetes ServiceAccount itself has access.
    pub impersonates: Option<ServiceAccountEmail>,
}

/// The e-mail address of a Google service account, such as `flux-gar@acme.iam.gserviceaccount.com`.
///
/// Sources: `CreateServiceAccountRequest` of the IAM API for the id; "Service account types" of the IAM documentation
/// for the addresses of default service accounts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceAccountEmail(String);

/// What is wrong with the e-mail address of a service account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailFault {
    Placeholder,
    NoAt,
    /// It does not end like the address of a service account.
    Domain,
    /// The text before `@` is not the id of a service account.
    Id,
    /// The text after `@` is not the domain of a project.
    Project,
}

impl ServiceAccountEmail {
    /// Takes the address of a service account that somebody made, or of a default one of Compute Engine or App Engine.
    /// Those that Google's own services run as, such as Cloud Build's, are for nobody to impersonate.
    ///
    /// # Errors
    /// The fault and its location in the text.
    pub fn parse(text: &str) -> Result<ServiceAccountEmail, Fault<EmailFault>> {
        if placeholder::has_placeholder(text) {
            return Err(Fault::whole(EmailFault::Placeholder, text));
        }
        let Some((id, domain)) = text.split_once('@') else {
            return Err(Fault::whole(EmailFault::NoAt, text));
        };
        if let Some(project) = domain.strip_suffix(".iam.gserviceaccount.com") {
            if !is_service_account_id(id) {
                return Err(Fault::part(EmailFault::Id, text, id));
            }
            if !is_project_in_email(project) {
                return Err(Fault::part(EmailFault::Project, text, project));
            }
        } else if domain == "developer.gserviceaccount.com" {
            let number = id.strip_suffix("-compute").unwrap_or_default();
            if !is_project_number(number) {
                return Err(Fault::part(EmailFault::Id, text, id));
            }
        } else if domain == "appspot.gserviceaccount.com" {
            if !is_project_id(id) {
                return Err(Fault::part(EmailFault::Id, text, id));
            }
        } else {
            return Err(Fault::part(EmailFault::Domain, text, domain));
        }
        Ok(ServiceAccountEmail(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the project; `None` if the address has only its number.
    pub fn project(&self) -> Option<String> {
        let (id, domain) = self.0.split_once('@')?;
        if domain == "appspot.gserviceaccount.com" {
            return Some(id.to_owned());
        }
        let project = domain.strip_suffix(".iam.gserviceaccount.com")?;
        Some(match project.split_once('.') {
            Some((id, domain)) => format!("{domain}:{id}"),
            None => project.to_owned(),
        })
    }

    /// True if it is `ID@PROJECT.iam.gserviceaccount.com` with a project that is not scoped to a domain.
    pub fn is_of_plain_project(&self) -> bool {
        let domain = self.0.split_once('@').map_or("", |(_, domain)| domain);
        domain.strip_suffix(".iam.gserviceaccount.com").is_some_and(|project| !project.contains('.'))
    }
}

/// The id of a service account: 6 to 30 lower-case letters, digits and `-`, a letter first, no `-` last.
/// Source: `CreateServiceAccountRequest.accountId` of the IAM API.
fn is_service_account_id(text: &str) -> bool {
    (6..=30).contains(&text.len()) && is_label(text)
}

/// The id of a project: 6 to 30 lower-case letters, digits and `-`, a letter first, no `-` last; perhaps scoped to a
/// domain, as in `example.com:acme`. Source: `Project.projectId` of the Resource Manager API.
pub fn is_project_id(text: &str) -> bool {
    match text.split_once(':') {
        Some((domain, id)) => is_domain(domain) && (1..=63).contains(&id.len()) && is_label(id),
        None => (6..=30).contains(&text.len()) && is_label(text),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectId(String);

impl ProjectId {
    /// Takes the id; for what it is, see [`is_project_id`].
    pub fn parse(text: &str) -> Option<ProjectId> {
        is_project_id(text).then(|| ProjectId(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProjectNumber(String);

impl ProjectNumber {
    /// Takes the number; for what it is, see [`is_project_number`].
    pub fn parse(text: &str) -> Option<ProjectNumber> {
        is_project_number(text).then(|| ProjectNumber(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In an address the id of a project that is scoped to a domain is written `acme.example.com`.
fn is_project_in_email(text: &str) -> bool {
    match text.split_once('.') {
        Some((id, domain)) => is_project_id(&format!("{domain}:{id}")),
        None => is_project_id(text),
    }
}

/// The number of a project. Source: `Project.name` of the Resource Manager API.
pub fn is_project_number(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')
}

/// The member of an allow policy that a ServiceAccount of the GKE clusters of a project is, when it impersonates.
/// Source: "Authenticate to Google Cloud APIs from GKE workloads" of the GKE documentation; `Binding.members` of the IAM API.
pub fn gke_member(project: &ProjectId, subject: Subject<'_>) -> String {
    format!("serviceAccount:{}.svc.id.goog[{}/{}]", project.as_str(), subject.namespace, subject.name)
}

/// The principal that a ServiceAccount of the GKE clusters of a project is. Source: as above.
pub fn gke_principal(project: &ProjectId, number: &ProjectNumber, subject: Subject<'_>) -> String {
    let (number, project) = (number.as_str(), project.as_str());
    format!(
        "principal://iam.googleapis.com/projects/{number}/locations/global/workloadIdentityPools/{project}.svc.id.goog\
         /subject/ns/{}/sa/{}",
        subject.namespace, subject.name
    )
}

/// The principal that a ServiceAccount is in a pool whose providers map `google.subject` to `assertion.sub`.
/// Sources: "GCP" under "Integrations" of the Flux documentation; `Binding.members` of the IAM API.
pub fn pool_principal(pool: &str, subject: Subject<'_>) -> String {
    format!("principal://iam.googleapis.com/{pool}/subject/{subject}")
}

/// The full name of a workload identity pool's provider, as in
/// `projects/123456789012/locations/global/workloadIdentityPools/flux/providers/prod-eu`.
/// Source: `WorkloadIdentityPoolProvider.name` of the IAM API; ids are 4 to 32 lower-case letters, digits and `-`, and
/// do not begin with `gcp-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkloadIdentityProvider(String);

/// What is wrong with the full name of a workload identity provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderNameFault {
    /// It has not the form of one.
    Form,
    /// The name has a prefix, such as `//iam.googleapis.com/`.
    Scheme,
    /// The number of the project is none; often it is the id.
    Number,
    /// The id of the pool or of the provider is none.
    Id,
}

impl WorkloadIdentityProvider {
    /// Takes the full name.
    ///
    /// # Errors
    /// The fault and its location in the text.
    pub fn parse(text: &str) -> Result<WorkloadIdentityProvider, Fault<ProviderNameFault>> {
        let part = |kind, part| Err(Fault::part(kind, text, part));
        if let Some(scheme) = text.find("projects/").and_then(|at| text.get(..at)).filter(|it| !it.is_empty())
        {
            return part(ProviderNameFault::Scheme, scheme);
        }
        let parts: Vec<&str> = text.split('/').collect();
        let ["projects", number, "locations", "global", "workloadIdentityPools", pool, "providers", provider] =
            parts.as_slice()
        else {
            return Err(Fault::whole(ProviderNameFault::Form, text));
        };
        let is_id = |id: &str| {
            (4..=32).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
                && !id.starts_with("gcp-")
        };
        if !is_project_number(number) {
            return part(ProviderNameFault::Number, number);
        }
        match [pool, provider].into_iter().find(|id| !is_id(id)) {
            Some(id) => part(ProviderNameFault::Id, id),
            None => Ok(WorkloadIdentityProvider(text.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The full name of its pool. All providers of a pool give the same rights to the same subjects.
    pub fn pool(&self) -> &str {
        self.0.split_once("/providers/").map_or(&self.0, |(pool, _)| pool)
    }

    /// The audience of the tokens that it takes.
    /// Source: `allowedAudiences` of `WorkloadIdentityPoolProvider.Oidc` in the IAM API.
    pub fn audience(&self) -> String {
        format!("https://iam.googleapis.com/{}", self.0)
    }
}

fn is_label(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && !text.ends_with('-')
}

fn is_domain(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.contains('.') && text.split('.').all(is_part)
}
