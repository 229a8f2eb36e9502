//! The examples compile, and their committed output is what the source says.
