//! Where identities stand in objects, as pointers of JSON.

use crate::import::identity::IdentityKey;

/// Where identities stand in a ServiceAccount.
pub const ANNOTATIONS: &str = "/metadata/annotations";

/// Where they stand in a Deployment.
pub const POD_LABELS: &str = "/spec/template/metadata/labels";
pub const POD_ANNOTATIONS: &str = "/spec/template/metadata/annotations";
pub const VOLUMES: &str = "/spec/template/spec/volumes";
pub const VARIABLES: &str = "/spec/template/spec/containers/0/env";
pub const MOUNTS: &str = "/spec/template/spec/containers/0/volumeMounts";

/// Where something that tells an identity stands.
pub fn place_of(key: IdentityKey) -> Option<&'static str> {
    match key {
        IdentityKey::Annotation(_) | IdentityKey::AllAnnotations | IdentityKey::Removed(_) => {
            Some(ANNOTATIONS)
        }
        IdentityKey::PodLabel => Some(POD_LABELS),
        IdentityKey::Digest => Some(POD_ANNOTATIONS),
        IdentityKey::Volume(..) => Some(VOLUMES),
        IdentityKey::Variable(..) => Some(VARIABLES),
        IdentityKey::Mount(..) => Some(MOUNTS),
        IdentityKey::Label(_) | IdentityKey::Gate | IdentityKey::Selector => None,
    }
}
