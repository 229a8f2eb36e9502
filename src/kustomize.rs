//! A model of kustomize. It knows no source, no disk and no check.

pub mod target;
