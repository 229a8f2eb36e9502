//! Why pods will not use an identity, in words.

use crate::effect::Obstacle;
use crate::model::{MANAGER, aws};
use crate::problem::effective_identity::words::{describe_field, describe_identity};
use crate::problem::{all_of, nearest};

/// Why the pods of a controller will not use an identity, and what to do. `name`: the controller; `trusted`: the
/// ServiceAccount that the cloud trusts, with its namespace.
pub fn describe_obstacle(name: &str, trusted: &str, obstacle: &Obstacle) -> (String, String) {
    match obstacle {
        // Every namespace has one.
        Obstacle::NoAccount(account) if account == "default" => (
            "they run as the ServiceAccount `default`, which has no identity".to_owned(),
            format!("set `serviceAccountName: {name}` in the pods, or remove what removes it"),
        ),
        Obstacle::NoAccount(account) => (
            format!("they run as the ServiceAccount `{account}`, which the overlay does not build"),
            if account == name {
                format!("remove what deletes or moves the ServiceAccount `{name}`")
            } else {
                format!("remove `serviceAccountName: {account}` or what sets it; the pods then run as `{name}`")
            },
        ),
        Obstacle::OtherAccount(account, namespace) => (
            format!("they run as the ServiceAccount `{namespace}/{account}`, but the cloud trusts only `{trusted}`"),
            format!("remove what renames the ServiceAccount `{name}`, moves it to another namespace, or sets `serviceAccountName`"),
        ),
        Obstacle::NothingGiven(account) => (
            format!("they run as the ServiceAccount `{account}`, which has no identity"),
            format!("remove what changes the ServiceAccount `{name}`, or `serviceAccountName`"),
        ),
        Obstacle::NoManager => (
            format!("they have no container `{MANAGER}`"),
            format!("name the container of the controller `{MANAGER}`"),
        ),
        Obstacle::Skipped(key) => (
            format!("the annotation `{key}` of the pods names `{MANAGER}`"),
            format!("remove `{MANAGER}` from the annotation"),
        ),
        Obstacle::SkippedPods(key) => (
            format!("the webhook of EKS leaves pods alone that have the label `{key}`"),
            "remove the label, whatever its value".to_owned(),
        ),
        Obstacle::NoMetadataServer(value) => (
            format!("they select nodes with `iam.gke.io/gke-metadata-server-enabled: \"{value}\"`, which have no metadata server of GKE"),
            "write `\"true\"`, or remove the node selector".to_owned(),
        ),
        Obstacle::ExcludedMetadataServer => (
            "their node affinity excludes the nodes that have the metadata server of GKE".to_owned(),
            "remove the expressions about `iam.gke.io/gke-metadata-server-enabled`, or require the value `\"true\"`".to_owned(),
        ),
        Obstacle::OtherMetadataServer(host) => (
            format!("`GCE_METADATA_HOST` sends their requests for tokens to `{host}`, not to the metadata server of GKE"),
            "remove the variable `GCE_METADATA_HOST`".to_owned(),
        ),
        Obstacle::SessionName(name) => (
            format!("`AWS_ROLE_SESSION_NAME` is `{name}`, and AWS STS refuses a session of that name"),
            "write 2 to 64 letters, digits, `_`, `+`, `=`, `,`, `.`, `@` and `-`".to_owned(),
        ),
        Obstacle::NoProfile(profile) => (
            format!("`AWS_PROFILE` names the profile `{profile}`, and no file that could have it is mounted: the library of AWS fails"),
            "remove the variable `AWS_PROFILE`".to_owned(),
        ),
        Obstacle::OtherPartition { variable, region, partition } => (
            format!("`{variable}` is `{region}`, which is not in the partition `{partition}` of the role"),
            "set the variable to a region of the partition of the role, or remove it".to_owned(),
        ),
        Obstacle::NoRegion { variable, region } => (
            format!("`{variable}` is `{region}`, which is no region of AWS"),
            match nearest(region, aws::REGIONS) {
                Some(near) => format!("write `{near}`, or remove the variable"),
                None => "write a region such as `eu-west-1`, or remove the variable".to_owned(),
            },
        ),
        Obstacle::ReservedVolume(volume) => (
            format!("they have a volume `{volume}` of their own, so the webhook of EKS adds no token"),
            "give the volume another name".to_owned(),
        ),
        Obstacle::MountedTwice(path) => (
            format!("a volume is mounted at `{path}`, where the webhook of EKS mounts its token: the API server refuses the pods"),
            "mount the volume at another path".to_owned(),
        ),
        Obstacle::OtherAuthority(host, _) => (
            format!("`AZURE_AUTHORITY_HOST` is `{host}`, which is not the host of the cloud of the identity"),
            "remove what sets the variable, or write `azure-cloud` for the cloud of that host".to_owned(),
        ),
        Obstacle::NoToken(variable, path) => (
            format!("`{variable}` is `{path}`, where no token of the ServiceAccount is mounted"),
            format!("remove what changes `{variable}`, the volume or its mount"),
        ),
        Obstacle::Missing(variables) => (
            format!("the container `{MANAGER}` lacks {}", all_of(variables)),
            "remove the variables that a patch sets, so that the webhook or the overlay sets all of them".to_owned(),
        ),
        Obstacle::NoLabel(None) => (
            "the pods lack the label `azure.workload.identity/use`".to_owned(),
            "remove the patch that deletes the label `azure.workload.identity/use: \"true\"`".to_owned(),
        ),
        Obstacle::NoLabel(Some(value)) => (
            format!("the label `azure.workload.identity/use` of the pods is `{value}`, not `true`"),
            "write `\"true\"`, or remove what sets the label".to_owned(),
        ),
        Obstacle::NoClientId => (
            "the ServiceAccount lacks the annotation `azure.workload.identity/client-id`".to_owned(),
            "remove the patch that deletes the annotation; an operation that adds `/metadata/annotations` replaces all of them, and one that adds `/metadata/annotations/KEY` keeps the others".to_owned(),
        ),
        Obstacle::Expiration(field, value) => (
            format!("the webhook refuses the pods, because {} is `{value}`", describe_field(field)),
            "write a number of seconds from 3600 to 86400".to_owned(),
        ),
        Obstacle::IdentityBinding => (
            "the annotation `azure.workload.identity/use-identity-binding` asks for a token of another audience".to_owned(),
            "remove the annotation; Flux does not support identity bindings".to_owned(),
        ),
        Obstacle::NoCredentialsFile(path) => (
            format!("`GOOGLE_APPLICATION_CREDENTIALS` is `{path}`, where no volume has a file"),
            "remove what changes the variable, the volume of the credential configuration or its mount".to_owned(),
        ),
        Obstacle::NoTokenOfConfiguration(path) => (
            format!("their credential configuration reads the token from `{path}`, where no token of the ServiceAccount is mounted"),
            "remove what changes the credential configuration, or the volume of the token or its mount".to_owned(),
        ),
        Obstacle::TokenOfOtherProvider(audience) => (
            format!("the token of their credential configuration has the audience `{audience}`, which is not that of its provider"),
            "remove what changes the volume of the token".to_owned(),
        ),
        Obstacle::AccountAudience(audience) => (
            format!("the ServiceAccount asks for a token of the audience `{audience}`, which is not that of the source"),
            format!("remove what changes the annotation `{}`, or write `audience` in the options of the identity", aws::AUDIENCE_ANNOTATION),
        ),
        Obstacle::OtherAudience(variable, audience) => (
            format!("the token in the file of `{variable}` has the audience `{audience}`"),
            "remove what changes the volume of the token".to_owned(),
        ),
        Obstacle::OtherCredentials(found, field) => (
            format!("{} gives them {}, which comes before EKS Pod Identity", describe_field(field), describe_identity(found)),
            format!("remove {}", describe_field(field)),
        ),
        Obstacle::HostNetwork => (
            "pods with `hostNetwork: true` use the metadata server of Compute Engine, and have the identity of their node".to_owned(),
            "remove `hostNetwork`; GKE gives an identity only to pods on the network of pods".to_owned(),
        ),
    }
}

/// The same of several controllers, where that is another sentence. `trusted`: the ServiceAccount of the first.
pub(super) fn describe_obstacle_of_many(trusted: &str, obstacle: &Obstacle) -> Option<(String, String)> {
    let (why, help) = if let Obstacle::NoAccount(account) = obstacle {
        if account == "default" {
            (
                "they run as the ServiceAccount `default`, which has no identity".to_owned(),
                "remove what removes `serviceAccountName` from the pods",
            )
        } else {
            (
                format!("they run as ServiceAccounts such as `{account}`, which the overlay does not build"),
                "remove what deletes or moves these ServiceAccounts, or sets `serviceAccountName`",
            )
        }
    } else if let Obstacle::OtherAccount(account, namespace) = obstacle {
        (
            format!(
                "they run as ServiceAccounts such as `{namespace}/{account}`, but the cloud trusts only those such as `{trusted}`"
            ),
            "remove what renames these ServiceAccounts, moves them to another namespace, or sets `serviceAccountName`",
        )
    } else if let Obstacle::NothingGiven(account) = obstacle {
        (
            format!("they run as ServiceAccounts such as `{account}`, which have no identity"),
            "remove what changes these ServiceAccounts, or `serviceAccountName`",
        )
    } else {
        return None;
    };
    Some((why, help.to_owned()))
}

/// What is done to the field that an obstacle is about, as a clause in the passive.
pub(super) fn describe_change(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::NoAccount(_) | Obstacle::OtherAccount(..) | Obstacle::NothingGiven(_) => {
            "the ServiceAccount of the pods is changed".to_owned()
        }
        Obstacle::NoClientId => "the ServiceAccount is changed".to_owned(),
        Obstacle::NoManager => format!("the container `{MANAGER}` is changed"),
        Obstacle::Skipped(key) => format!("the annotation `{key}` of the pods is set"),
        Obstacle::SkippedPods(key) => format!("the label `{key}` of the pods is set"),
        Obstacle::NoLabel(_) => "the label `azure.workload.identity/use` of the pods is changed".to_owned(),
        Obstacle::Expiration(field, _)
        | Obstacle::OtherCredentials(_, field)
        | Obstacle::OtherAuthority(_, field) => format!("{} is set", describe_field(field)),
        Obstacle::OtherMetadataServer(_)
        | Obstacle::NoProfile(_)
        | Obstacle::SessionName(_)
        | Obstacle::NoRegion { .. }
        | Obstacle::OtherPartition { .. } => "the variable is set".to_owned(),
        Obstacle::ExcludedMetadataServer => "the node affinity is set".to_owned(),
        Obstacle::IdentityBinding => {
            "the annotation `azure.workload.identity/use-identity-binding` of the pods is set".to_owned()
        }
        Obstacle::AccountAudience(_) => "the annotation is set".to_owned(),
        Obstacle::NoCredentialsFile(_)
        | Obstacle::NoTokenOfConfiguration(_)
        | Obstacle::ReservedVolume(_)
        | Obstacle::MountedTwice(_)
        | Obstacle::TokenOfOtherProvider(_) => "a volume of the pods or its mount is changed".to_owned(),
        Obstacle::NoToken(variable, _) | Obstacle::OtherAudience(variable, _) => {
            format!("`{variable}`, the volume or its mount is changed")
        }
        Obstacle::Missing(_) => "the variables of this provider are changed".to_owned(),
        Obstacle::NoMetadataServer(_) => "the node selector is set".to_owned(),
        Obstacle::HostNetwork => "`hostNetwork` of the pods is set".to_owned(),
    }
}
