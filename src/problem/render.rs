//! Findings as text, one file for each format.

mod human;
mod sanitize;
mod short;

pub use human::human;
pub use sanitize::sanitized;
pub use short::short;
