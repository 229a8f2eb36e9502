//! What each cloud must be told, so that the identities of a fleet can be had.

mod json;
mod policy;

pub use json::Json;
pub use policy::{TrustPolicy, oidc_provider};
