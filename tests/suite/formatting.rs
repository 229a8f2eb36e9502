//! `fmt` has one style, and keeps comments and meaning.
