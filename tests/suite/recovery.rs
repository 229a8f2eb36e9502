//! Every text has a tree, and nothing makes the command panic.
