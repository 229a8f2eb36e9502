//! The source of a large fleet.

use std::fmt::Write as _;

/// What a cluster says of itself.
pub struct Own {
    /// The number of its account, if it is on EKS.
    pub account: u32,
    /// More of its lines.
    pub more: &'static str,
}

/// A fleet: a third of the clusters on each cloud, each in a block of its own, with its account, tenant or project and
/// two profiles. `head`: what stands before all; `own`: what each says, by its number.
pub fn fleet(head: &str, clusters: u32, own: impl Fn(u32) -> Own) -> String {
    let mut source = format!("{head}\n{PROFILES}");
    for at in 0..clusters {
        let Own { account, more } = own(at);
        let _infallible = match at % 3 {
            0 => write!(
                source,
                "cluster eks-{at:06} on eks {{\n  use base, eks\n  account = \"1{account:011}\"\n{more}}}\n\n"
            ),
            1 => write!(
                source,
                "cluster aks-{at:06} on aks {{\n  use base, aks\n  tenant = \"72f988bf-86f1-41af-91ab-{at:012x}\"\n  \
                 let number = \"{at:012x}\"\n{more}}}\n\n"
            ),
            _ => write!(
                source,
                "cluster gke-{at:06} on gke {{\n  use base, gke\n  project = \"acme-{at:06}\"\n{more}}}\n\n"
            ),
        };
    }
    source
}

const PROFILES: &str = r#"profile base {
  source-controller, image-reflector-controller -> registry
  kustomize-controller                          -> decryption
}

profile eks {
  role registry   = aws "arn:aws:iam::${account}:role/flux-registry"
  role decryption = aws "arn:aws:iam::${account}:role/${cluster}-flux-kms"
}

profile aks {
  role registry   = azure "4a7272f9-f186-41af-9f84-${number}"
  role decryption = azure "d6e4fc00-c5b2-4a72-9f84-${number}"
}

profile gke {
  role registry   = gcp "flux-gar@${project}.iam.gserviceaccount.com"
  role decryption = gcp "flux-kms@${project}.iam.gserviceaccount.com"
}

"#;
