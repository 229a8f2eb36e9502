//! A source is checked beside manifests, patches and kustomizations that others wrote, and its overlays are made.
#![no_main]

use flux_identity_fuzz::{ROOT, compile, documents, files};
use libfuzzer_sys::fuzz_target;

/// A source that reads everything that a source can, for inputs without one.
const SOURCE: &str = r#"
cluster a on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
  service-account tenants/app -> aws "arn:aws:iam::111122223333:role/app"
  patch "patch.yaml"
  patch "operations.yaml" { kind = "Deployment", name = "source-controller" }
  resource "resource.yaml"
  component "component"
}

cluster b on kubernetes {
  emit = component
  kustomize-controller -> gcp "flux@acme-prod.iam.gserviceaccount.com"
  workload-identity-provider = "projects/1234/locations/global/workloadIdentityPools/acme/providers/all"
}
"#;

fuzz_target!(|data: &[u8]| {
    let input = String::from_utf8_lossy(data);
    let files = files(&input, "clusters/a/flux-system/gotk-components.yaml");
    let source = files.0.get(ROOT).map_or(SOURCE, String::as_str);
    let compiled = compile(source, &files, false);
    if let Some(fleet) = compiled.fleet {
        let _documents = documents(&fleet);
    }
});
