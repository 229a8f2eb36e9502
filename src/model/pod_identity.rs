//! What EKS Pod Identity calls things, and what it accepts.

/// The service principal that assumes a role for EKS Pod Identity. Source: "How EKS Pod Identity works" of the EKS User Guide.
pub const POD_IDENTITY_PRINCIPAL: &str = "pods.eks.amazonaws.com";

/// The name of a cluster in EKS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EksName(String);

impl EksName {
    /// Takes the name of a cluster. Source: the shape `ClusterName` of the EKS API.
    pub fn parse(text: &str) -> Option<EksName> {
        let is_name = (1..=100).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        is_name.then(|| EksName(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// True if it may be an external id. Source: the shape `externalIdType` of the STS API.
pub fn is_external_id(text: &str) -> bool {
    (2..=1_224).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte))
}
