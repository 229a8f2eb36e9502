//! The volumes of federated identities in the Flux documentation.

use crate::model::{CREDENTIALS_FILE, Provider, TOKEN_FILE};

/// A volume of the Flux documentation, and the one of `build` that replaces it.
pub struct Recipe {
    pub provider: Provider,
    pub ours: &'static str,
    pub volume: &'static str,
    pub mount_path: &'static str,
    pub file: &'static str,
}

/// Sources: "AWS", "Azure" and "GCP" under "Integrations" of the Flux documentation, at the controller level.
pub const DOCUMENTED: [Recipe; 4] = [
    Recipe {
        provider: Provider::Aws,
        ours: "flux-identity-aws",
        volume: "aws-token",
        mount_path: "/var/run/service-account",
        file: "aws-token",
    },
    Recipe {
        provider: Provider::Azure,
        ours: "flux-identity-azure",
        volume: "azure-token",
        mount_path: "/var/run/service-account",
        file: "azure-token",
    },
    Recipe {
        provider: Provider::Gcp,
        ours: "flux-identity-gcp",
        volume: "gcp-token",
        mount_path: "/var/run/service-account",
        file: "gcp-token",
    },
    Recipe {
        provider: Provider::Gcp,
        ours: "flux-identity-gcp-config",
        volume: "workload-identity-credential-configuration",
        mount_path: "/etc/workload-identity",
        file: "credential-configuration.json",
    },
];

impl Recipe {
    /// The name that `build` gives its file.
    pub const fn our_file(&self) -> &'static str {
        match self.file.as_bytes() {
            b"credential-configuration.json" => CREDENTIALS_FILE,
            _ => TOKEN_FILE,
        }
    }
}

/// The volumes of tokens and of credential configurations, with their providers.
pub fn volumes() -> impl Iterator<Item = (&'static str, Provider)> {
    DOCUMENTED.iter().flat_map(|it| [(it.ours, it.provider), (it.volume, it.provider)])
}
