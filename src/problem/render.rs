//! The formats of findings.

mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod grouped;
mod human;
mod json;
mod junit;
mod located;
mod rest;
mod sanitize;
mod sarif;
mod short;

pub use github::github;
pub use gitlab::gitlab;
pub use human::human;
pub use json::json;
pub use junit::junit;
pub use located::Located;
pub use sanitize::{sanitized, shortened};
pub use sarif::sarif;
pub use short::short;
