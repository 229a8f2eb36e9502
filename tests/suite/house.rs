//! What the manifest and the sources promise of themselves.
