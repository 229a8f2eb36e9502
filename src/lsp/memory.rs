//! What is known of the files beside the sources of a fleet, from one check to the next.

#![expect(clippy::disallowed_types, reason = "files that nobody watches are looked at again after a time")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::lsp::capabilities::Client;
use crate::workspace::Known;

/// What is known of the files beside the sources of a fleet. It stays true while sources change.
#[derive(Default)]
pub struct Memory(Option<(Arc<Known>, Instant)>);

impl Memory {
    /// What is known, if that is not too old.
    pub fn known(&mut self, client: Client) -> Arc<Known> {
        let known = self.0.take().filter(|(_, since)| since.elapsed() < longest(client));
        let (known, _) = self.0.insert(known.unwrap_or_else(|| (Arc::new(Known::kept()), Instant::now())));
        Arc::clone(known)
    }
}

/// How long files are taken to be as they were read. Even a client that watches files does not watch all: a kustomization
/// can name any file.
const fn longest(client: Client) -> Duration {
    Duration::from_secs(if client.watches_files { 30 } else { 2 })
}
