//! The language server: the same pipeline over the documents that are open in an editor.
//!
//! One thread reads messages, one handles them in their order. Diagnostics are computed when no message waits, and given
//! up when a change arrives meanwhile.

mod actions;
mod buffers;
mod capabilities;
mod completion;
mod connection;
mod diagnostics;
mod documents;
mod fleets;
mod formatting;
mod hints;
mod hover;
mod index;
mod keywords;
mod links;
mod memory;
mod navigation;
mod positions;
mod protocol;
mod requests;
mod scope;
mod server;
mod snapshot;
mod state;
mod symbols;
mod tokens;
mod uri;
mod view;

pub use server::serve;
