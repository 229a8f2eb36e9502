//! A first source.

/// The comment above the clusters.
const HEAD: &str = r"# Which cloud identity every Flux controller has, in every cluster.
#
# `flux-identity build` checks this file and writes one kustomization.yaml for each cluster.
# `flux-identity explain CODE` says more about whatever it finds.
";

/// Comments for a fleet without identities.
const HINTS: &str = r#"
# Who needs what, everywhere. Take the signs away, and give each cluster the two roles:
#
#   source-controller, image-reflector-controller -> registry
#   kustomize-controller                          -> decryption
#
#   role registry   = aws "arn:aws:iam::111122223333:role/flux-registry"               # on eks
#   role decryption = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"                      # on aks
#   role registry   = gcp "flux-registry@acme-prod.iam.gserviceaccount.com"            # on gke
"#;

/// One cluster, where there is none.
const EXAMPLE: &str = r#"
# One cluster as an example: its name, what it runs on, and who has which role there.
# The platforms are eks, aks, gke and kubernetes.
cluster my-cluster on eks {
  source-controller    -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-decryption"
}
"#;

/// A first source. `clusters`: the statements of existing clusters.
pub fn starter(clusters: Option<&str>) -> String {
    match clusters {
        Some(clusters) => format!("{HEAD}{HINTS}\n{clusters}"),
        None => format!("{HEAD}{EXAMPLE}"),
    }
}

#[cfg(test)]
mod tests {
    use super::starter;
    use crate::problem::Problems;
    use crate::source::{Source, Sources};
    use crate::syntax;

    #[test]
    fn a_first_source_is_in_the_one_style() {
        for clusters in [None, Some("cluster a, b on eks {}\n")] {
            let text = starter(clusters);
            let mut sources = Sources::default();
            let file = sources.add(Source { name: String::new(), text: text.clone() });
            let mut problems = Problems::default();
            let tree = syntax::parse(&sources, file, &mut problems);
            assert_eq!(syntax::format(&tree), Some(text));
        }
    }
}
