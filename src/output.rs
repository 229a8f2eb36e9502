//! Writes documents to files. Existing files are compared first, and nothing is written unless everything can be.

mod copy;
mod directory;
mod fleet_files;
mod listings;
mod location;
mod orphans;
mod ownership;
mod plan;
mod replace;
mod staging;
mod together;
mod tree;
mod write;

pub use copy::copy_tree;
pub use directory::Locking;
pub use fleet_files::{FleetFiles, GeneratedFile};
pub use listings::{Listed, Listings};
pub use location::Location;
pub use orphans::Orphan;
pub use ownership::OverwritePolicy;
pub use plan::patch;
pub use plan::{Change, Plan, PlanRequest, Planned, plan, plan_files};
pub use replace::{create_directories, touch, write_file};
pub use together::{NewFile, write_together};
pub use tree::Tree;
pub use write::write;
