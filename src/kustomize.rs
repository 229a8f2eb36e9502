//! A model of kustomize: from the directory of an overlay to the objects that it builds, in memory.
//!
//! `build` reads an overlay and all that it is built on, and returns its objects with their provenance. Where kustomize
//! fails, it fails with the same cause. What it does not follow is in [`Build::unmodelled`], with what that can touch:
//! nothing may be claimed of those objects.
//!
//! ```no_run
//! use flux_identity::kustomize::{Manifests, Options, Reach, build};
//! use flux_identity::model::LocalPath;
//! use flux_identity::workspace::{Inputs, Nowhere};
//!
//! let inputs = Inputs::new(&Nowhere);
//! // Files that hold the same are read once, for as many overlays as are built with this.
//! let manifests = Manifests::new();
//! let overlay = LocalPath::default().join("clusters/prod/flux-system").unwrap_or_default();
//! match build(&inputs, &manifests, &overlay, Options::default()) {
//!     Ok(built) if built.unmodelled.iter().any(|left| left.reach == Reach::Everything) => {}
//!     Ok(built) => {
//!         let accounts = built.objects.iter().filter(|object| object.id().kind == "ServiceAccount");
//!         for account in accounts {
//!             let role = account.value().and_then(|value| {
//!                 value.at(&["metadata", "annotations", "eks.amazonaws.com/role-arn"])?.as_str()
//!             });
//!             let by = account.last_change("/metadata/annotations/eks.amazonaws.com~1role-arn");
//!             assert_eq!(role.is_none(), by.is_none());
//!         }
//!     }
//!     Err(failure) => assert!(failure.place.line.is_some()),
//! }
//! ```

mod annotations;
mod build;
mod failure;
mod field_line;
mod files;
mod generator;
mod hash;
mod id;
mod kustomization;
mod manifest;
mod merge;
mod object;
mod objects;
mod operations;
mod patches;
mod place;
mod references;
mod remote;
mod schema;
mod selection;
pub mod target;
mod transform;
mod value;

pub(crate) use build::kustomization_in;
pub use build::{Build, Options, build};
pub use failure::{Cause, Failure, Feature, GeneratorFault, Reach, Unmodelled};
pub use field_line::line_of_field;
pub(crate) use field_line::unescape;
pub use files::{FileText, Files, Found, ReadFault};
pub use id::Id;
pub use kustomization::NAMES;
pub(crate) use kustomization::{Kustomization, Located};
pub use manifest::{ManifestFault, Manifests};
pub use merge::MergeFault;
pub use object::{Change, Object, Source, Step};
pub use objects::read_objects;
pub use operations::OperationFault;
pub use patches::AppliedPatch;
pub use place::Place;
pub use remote::{is_remote_file, is_repository};
pub use selection::{selected_by_id, selected_by_target};
pub use value::{PathPart, Scalar, Tag, Unreadable, Value, differences, escape, item_segments, read_value};
