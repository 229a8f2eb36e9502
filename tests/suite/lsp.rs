//! Scripted sessions with the language server, as an editor speaks to it.

mod completing;
mod editing;
mod editor;
mod faults;
mod fixing;
mod naming;
#[cfg(unix)]
pub mod neovim;
mod reading;
