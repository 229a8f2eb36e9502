//! One fault a file, with what is said of it beside it.
