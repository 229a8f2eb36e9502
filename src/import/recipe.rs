//! The volumes of federated identities in the Flux documentation.

use crate::model::{CREDENTIALS_FILE, MOUNTS, Provider, TOKEN_FILE};

/// A volume of the Flux documentation, and the one of `build` that replaces it.
pub struct Recipe {
    pub provider: Provider,
    /// The name of the generated volume.
    pub generated: &'static str,
    pub volume: &'static str,
    pub mount_path: &'static str,
    pub file: &'static str,
}

/// Sources: "AWS", "Azure" and "GCP" under "Integrations" of the Flux documentation, at the controller level.
pub const DOCUMENTED: [Recipe; 4] = [
    Recipe {
        provider: Provider::Aws,
        generated: "flux-identity-aws",
        volume: "aws-token",
        mount_path: "/var/run/service-account",
        file: "aws-token",
    },
    Recipe {
        provider: Provider::Azure,
        generated: "flux-identity-azure",
        volume: "azure-token",
        mount_path: "/var/run/service-account",
        file: "azure-token",
    },
    Recipe {
        provider: Provider::Gcp,
        generated: "flux-identity-gcp",
        volume: "gcp-token",
        mount_path: "/var/run/service-account",
        file: "gcp-token",
    },
    Recipe {
        provider: Provider::Gcp,
        generated: "flux-identity-gcp-config",
        volume: "workload-identity-credential-configuration",
        mount_path: "/etc/workload-identity",
        file: "credential-configuration.json",
    },
];

impl Recipe {
    /// The name of the generated file.
    pub const fn generated_file(&self) -> &'static str {
        match self.file.as_bytes() {
            b"credential-configuration.json" => CREDENTIALS_FILE,
            _ => TOKEN_FILE,
        }
    }

    /// Where the generated volume is mounted.
    pub fn generated_mount_path(&self) -> &'static str {
        let mount = MOUNTS.into_iter().find(|(name, _)| *name == self.generated);
        mount.map_or(self.mount_path, |(_, path)| path)
    }

    /// The path of the generated file.
    pub fn generated_path(&self) -> String {
        format!("{}/{}", self.generated_mount_path(), self.generated_file())
    }

    /// The path of the file in the documentation.
    pub fn documented_path(&self) -> String {
        format!("{}/{}", self.mount_path, self.file)
    }
}

/// The volumes of tokens and of credential configurations, with their providers.
pub fn volumes() -> impl Iterator<Item = (&'static str, Provider)> {
    DOCUMENTED.iter().flat_map(|it| [(it.generated, it.provider), (it.volume, it.provider)])
}
