//! What a controller's objects get, so that it comes by its identities.

use std::borrow::Cow;

use crate::model::aws::IamRole;
use crate::model::azure::{FederatedIdentity, ManagedIdentity, Tenant};
use crate::model::gcp::FederatedAccess;
use crate::model::kubernetes::DnsLabel;
use crate::model::{Controller, Credentials, Restart, aws, azure, gcp};

/// Annotation of pods that holds a digest of their controller's identities, so that pods change when those do.
pub const DIGEST_ANNOTATION: &str = "flux-identity/digest";

/// The file of a token, in the directory of its volume.
pub const TOKEN_FILE: &str = "token";
/// The file of a credential configuration, in the directory of its volume.
pub const CREDENTIALS_FILE: &str = "credentials.json";

/// Where volumes are mounted. No two clouds share a directory, so that one controller can have identities of all.
const AWS_TOKEN: &str = "/var/run/secrets/flux-identity/aws";
const AZURE_TOKEN: &str = "/var/run/secrets/flux-identity/azure";
const GCP_TOKEN: &str = "/var/run/secrets/flux-identity/gcp";
const GCP_CREDENTIALS: &str = "/etc/flux-identity/gcp";

/// The volumes that controllers get, and where they are mounted.
pub const MOUNTS: [(&str, &str); 4] = [
    ("flux-identity-aws", AWS_TOKEN),
    ("flux-identity-azure", AZURE_TOKEN),
    ("flux-identity-gcp", GCP_TOKEN),
    ("flux-identity-gcp-config", GCP_CREDENTIALS),
];

/// What a controller's ServiceAccount and Deployment get, so that it comes by its identities. Checks and patches read
/// one and the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Additions<'g> {
    /// Annotations of the ServiceAccount.
    pub annotations: Vec<Entry<'g>>,
    /// Labels of the Deployment and of its pods.
    pub labels: Vec<Entry<'g>>,
    pub pod_annotations: Vec<Entry<'g>>,
    /// Variables of the environment of the container `manager`.
    pub variables: Vec<Entry<'g>>,
    /// Volumes of the pods, each mounted in the container `manager`.
    pub volumes: Vec<Volume<'g>>,
    /// What a volume of them holds, besides.
    pub config_map: Option<ConfigMap<'g>>,
}

/// A key and its value.
pub type Entry<'g> = (&'static str, Cow<'g, str>);

/// A volume of a pod, and where the container `manager` mounts it, read-only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume<'g> {
    /// Its name. Names and paths stay as they are for good: another would roll every pod.
    pub name: &'static str,
    /// The directory that it is mounted at.
    pub mount_path: &'static str,
    pub source: VolumeSource<'g>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeSource<'g> {
    /// A token of the ServiceAccount, in the file `token`.
    Token {
        audience: Cow<'g, str>,
        /// How long it lives, in seconds.
        expiration: u32,
    },
    /// A `ConfigMap` that the overlay generates; its name before kustomize puts a hash behind it.
    ConfigMap(String),
}

/// A `ConfigMap` that holds a credential configuration, in the file `credentials.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigMap<'g> {
    /// Its name before kustomize puts a hash behind it.
    pub name: String,
    /// What the configuration gives access to.
    pub access: &'g FederatedAccess,
    /// Where the token is that it exchanges.
    pub token_file: Cow<'g, str>,
}

impl<'g> Additions<'g> {
    /// What the objects of a controller get for these identities. `namespace`: that of Flux.
    pub fn new(
        controller: Controller,
        credentials: &'g Credentials,
        namespace: &DnsLabel,
        restart: Restart,
    ) -> Additions<'g> {
        let mut additions = Additions::default();
        match &credentials.aws {
            Some(aws::CredentialSource::Irsa(role)) => additions.annotate_for_aws(role),
            Some(aws::CredentialSource::Federated(federated)) => {
                additions.federate_with_aws(federated, controller, namespace);
            }
            Some(aws::CredentialSource::PodIdentity(_)) | None => {}
        }
        match &credentials.azure {
            Some(azure::CredentialSource::Webhook(identity)) => additions.annotate_for_azure(identity),
            Some(azure::CredentialSource::Federated(identity)) => additions.federate_with_azure(identity),
            None => {}
        }
        match &credentials.gcp {
            Some(gcp::CredentialSource::Impersonation(email)) => {
                additions.annotations.push((gcp::SERVICE_ACCOUNT_ANNOTATION, email.as_str().into()));
            }
            Some(gcp::CredentialSource::Federated(access)) => additions.federate_with_gcp(access, controller),
            Some(gcp::CredentialSource::Direct) | None => {}
        }
        match restart {
            Restart::OnChange => {
                additions.pod_annotations.push((DIGEST_ANNOTATION, credentials.digest().into()));
            }
            Restart::ByHand => {}
        }
        additions
    }

    /// True if the Deployment gets anything.
    pub fn has_deployment(&self) -> bool {
        !(self.labels.is_empty()
            && self.pod_annotations.is_empty()
            && self.variables.is_empty()
            && self.volumes.is_empty())
    }

    fn annotate_for_aws(&mut self, role: &'g IamRole) {
        let annotations = &mut self.annotations;
        annotations.push((aws::ROLE_ARN_ANNOTATION, role.arn.as_str().into()));
        annotations
            .extend(role.audience.as_deref().map(|audience| (aws::AUDIENCE_ANNOTATION, audience.into())));
        annotations.extend(seconds(aws::TOKEN_EXPIRATION_ANNOTATION, role.token_expiration));
    }

    fn annotate_for_azure(&mut self, identity: &'g ManagedIdentity) {
        let annotations = &mut self.annotations;
        annotations.push((azure::CLIENT_ID_ANNOTATION, identity.client_id.as_str().into()));
        if let Tenant::Id(tenant) = &identity.tenant {
            annotations.push((azure::TENANT_ID_ANNOTATION, tenant.as_str().into()));
        }
        annotations.extend(seconds(azure::TOKEN_EXPIRATION_ANNOTATION, identity.token_expiration));
        self.labels.push((azure::USE_LABEL, "true".into()));
        // The webhook leaves a variable alone that the container has.
        let host =
            identity.cloud.map(|cloud| (azure::AUTHORITY_HOST_VARIABLE, cloud.authority_host().into()));
        self.variables.extend(host);
    }

    fn federate_with_aws(
        &mut self,
        federated: &'g aws::FederatedRole,
        controller: Controller,
        namespace: &DnsLabel,
    ) {
        let (role, region) = (&federated.role, &federated.region);
        let session = aws::session_name(controller.name(), namespace, region.as_str());
        self.variables.extend([
            (aws::REGION_VARIABLE, region.as_str().into()),
            (aws::ROLE_ARN_VARIABLE, role.arn.as_str().into()),
            (aws::ROLE_SESSION_NAME_VARIABLE, session.into()),
            (aws::TOKEN_FILE_VARIABLE, token_file(AWS_TOKEN)),
        ]);
        self.volumes.push(Volume {
            name: "flux-identity-aws",
            mount_path: AWS_TOKEN,
            source: VolumeSource::Token {
                audience: role.audience.as_deref().unwrap_or(aws::DEFAULT_AUDIENCE).into(),
                expiration: role.token_expiration.unwrap_or(aws::DEFAULT_TOKEN_EXPIRATION),
            },
        });
    }

    fn federate_with_azure(&mut self, identity: &'g FederatedIdentity) {
        self.variables.extend([
            (azure::AUTHORITY_HOST_VARIABLE, identity.cloud.authority_host().into()),
            (azure::CLIENT_ID_VARIABLE, identity.client_id.as_str().into()),
            (azure::TOKEN_FILE_VARIABLE, token_file(AZURE_TOKEN)),
            (azure::TENANT_ID_VARIABLE, identity.tenant.as_str().into()),
        ]);
        self.volumes.push(Volume {
            name: "flux-identity-azure",
            mount_path: AZURE_TOKEN,
            source: VolumeSource::Token {
                audience: azure::AUDIENCE.into(),
                expiration: identity.token_expiration.unwrap_or(azure::DEFAULT_TOKEN_EXPIRATION),
            },
        });
    }

    fn federate_with_gcp(&mut self, access: &'g FederatedAccess, controller: Controller) {
        let config_map = format!("{}-gcp-credentials", controller.name());
        let file = format!("{GCP_CREDENTIALS}/{CREDENTIALS_FILE}");
        self.variables.push((gcp::CREDENTIALS_VARIABLE, file.into()));
        self.volumes.extend([
            Volume {
                name: "flux-identity-gcp",
                mount_path: GCP_TOKEN,
                source: VolumeSource::Token {
                    audience: access.provider.audience().into(),
                    expiration: gcp::TOKEN_EXPIRATION,
                },
            },
            Volume {
                name: "flux-identity-gcp-config",
                mount_path: GCP_CREDENTIALS,
                source: VolumeSource::ConfigMap(config_map.clone()),
            },
        ]);
        self.config_map = Some(ConfigMap { name: config_map, access, token_file: token_file(GCP_TOKEN) });
    }
}

fn token_file(mount_path: &str) -> Cow<'static, str> {
    format!("{mount_path}/{TOKEN_FILE}").into()
}

fn seconds(key: &'static str, seconds: Option<u32>) -> Option<Entry<'static>> {
    seconds.map(|seconds| (key, seconds.to_string().into()))
}
