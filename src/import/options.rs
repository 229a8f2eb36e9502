//! What is wanted of an import.

/// What is wanted of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Whether every overlay stays in hand, and only its identities leave it.
    pub components: bool,
}
