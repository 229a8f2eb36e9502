//! The fields of objects through which controllers get their identities.

use crate::effect::keys::is_account_key;
use crate::kustomize::{Id, PathPart};
use crate::model::object_level::GATE_ARGUMENT;
use crate::model::{Controller, DIGEST_ANNOTATION, MANAGER, MOUNTS, aws, azure, gcp};

/// The variables that an identity of another provider than the platform's has.
const VARIABLES: [&str; 9] = [
    aws::REGION_VARIABLE,
    aws::ROLE_ARN_VARIABLE,
    aws::ROLE_SESSION_NAME_VARIABLE,
    aws::TOKEN_FILE_VARIABLE,
    azure::AUTHORITY_HOST_VARIABLE,
    azure::CLIENT_ID_VARIABLE,
    azure::TOKEN_FILE_VARIABLE,
    azure::TENANT_ID_VARIABLE,
    gcp::CREDENTIALS_VARIABLE,
];

/// True if an object belongs to an identity of a controller: the credential configuration for Google Cloud.
pub fn is_identity_object(id: &Id) -> bool {
    let is_own = |controller: &Controller| {
        id.name.strip_prefix(controller.name()).is_some_and(|rest| rest.starts_with("-gcp-credentials"))
    };
    id.kind == "ConfigMap" && Controller::ALL.iter().any(is_own)
}

/// True if a field of an object gives a controller its identity.
pub fn is_identity_field(id: &Id, path: &[PathPart]) -> bool {
    let is_of = |controller: &Controller| {
        // Shards have names that go on with a `-`.
        let rest = id.name.strip_prefix(controller.name());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    if !Controller::ALL.iter().any(is_of) {
        return false;
    }
    let names: Vec<_> = path.iter().map(PathPart::name).collect();
    let path: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match (id.kind.as_str(), path.as_slice()) {
        ("ServiceAccount", ["metadata", "annotations", key]) => is_account_key(key),
        ("Deployment", ["spec", "template", rest @ ..]) => is_pod_field(rest),
        _ => false,
    }
}

fn is_pod_field(path: &[&str]) -> bool {
    let is_volume = |name: &str| MOUNTS.iter().any(|(volume, _)| *volume == name);
    let is_mount = |directory: &str| MOUNTS.iter().any(|(_, mount)| *mount == directory);
    match path {
        ["metadata", "labels", key] => *key == azure::USE_LABEL,
        ["metadata", "annotations", key] => *key == DIGEST_ANNOTATION,
        ["spec", "volumes", name, ..] => is_volume(name),
        ["spec", "containers", name, rest @ ..] if *name == MANAGER => match rest {
            ["env", variable, ..] => VARIABLES.contains(variable),
            ["volumeMounts", directory, ..] => is_mount(directory),
            ["args", argument] => *argument == GATE_ARGUMENT,
            _ => false,
        },
        _ => false,
    }
}
