//! What the URL of an OIDC issuer says of its cluster.

use crate::model::azure::Guid;
use crate::model::kubernetes::Issuer;

/// The cloud that runs a cluster, by the URL of its issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerKind<'i> {
    /// An EKS cluster, and its region. Source: "Create an IAM OIDC provider for your cluster" of the EKS User Guide.
    Eks {
        region: &'i str,
    },
    /// An AKS cluster, and the tenant of its subscription.
    /// Source: "Create an OpenID Connect provider on AKS" of the AKS documentation.
    Aks {
        tenant: &'i str,
    },
    /// A GKE cluster, and its project. Source: `issuer` in the configuration of a GKE cluster.
    Gke {
        project: &'i str,
    },
    Other,
}

/// Why a URL is not the issuer that clouds know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UselessUrl {
    /// The endpoint of the API of an EKS cluster.
    EksEndpoint,
    /// No cloud reaches it.
    Internal,
    /// An issuer of EKS without the id of a cluster at its end.
    EksId,
}

const AMAZON: [&str; 2] = ["amazonaws.com", "amazonaws.com.cn"];
const EKS_ID: usize = 32;

impl Issuer {
    pub fn kind(&self) -> IssuerKind<'_> {
        let (host, path) = parts(self.as_str());
        let mut segments = path.split('/');
        if let Some(region) = eks_region(host) {
            IssuerKind::Eks { region }
        } else if host.ends_with(".oic.prod-aks.azure.com") {
            let tenant = segments.next().filter(|tenant| Guid::parse(tenant).is_ok());
            tenant.map_or(IssuerKind::Other, |tenant| IssuerKind::Aks { tenant })
        } else if host == "container.googleapis.com" {
            segments.nth(2).map_or(IssuerKind::Other, |project| IssuerKind::Gke { project })
        } else {
            IssuerKind::Other
        }
    }
}

/// Why a URL is not the issuer that clouds know, if it certainly is not.
pub fn useless_url(url: &str) -> Option<UselessUrl> {
    let (host, path) = parts(url);
    let host = host.split(':').next().unwrap_or_default();
    let is_endpoint = AMAZON.iter().any(|domain| host.ends_with(&format!(".eks.{domain}")));
    let is_internal =
        host.starts_with("kubernetes.default") || host.ends_with(".cluster.local") || host == "localhost";
    // Examples of the EKS User Guide have ids that are no hexadecimal numbers.
    let is_id = |id: &str| id.len() == EKS_ID && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_endpoint {
        Some(UselessUrl::EksEndpoint)
    } else if is_internal {
        Some(UselessUrl::Internal)
    } else {
        let lacks_id = eks_region(host).is_some() && !path.strip_prefix("id/").is_some_and(is_id);
        lacks_id.then_some(UselessUrl::EksId)
    }
}

fn eks_region(host: &str) -> Option<&str> {
    let rest = host.strip_prefix("oidc.eks.")?;
    AMAZON.iter().find_map(|domain| rest.strip_suffix(domain)?.strip_suffix('.'))
}

/// The host of a URL, and its path without the first `/`.
fn parts(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    rest.split_once('/').unwrap_or((rest, ""))
}
