//! kustomize, PyYAML and `serde_yaml` judge what is written, beside real Flux manifests.
