//! Documents to files: what stands there is compared first, and nothing is written unless all may be.

mod ownership;
mod plan;
mod write;

pub use plan::{Change, Plan, Planned, cause, plan};
pub use write::{write, write_file};
