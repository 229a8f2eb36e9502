//! What kustomize reads of a workspace.

use std::path::Path;

use crate::kustomize::{FileText, Files, Found, ReadFault};
use crate::model::LocalPath;
use crate::problem::InputFault;
use crate::workspace::{Entry, Inputs, Unread};

impl Files for Inputs<'_> {
    fn found(&self, path: &LocalPath) -> Found {
        match self.entry(Path::new(path.as_str())) {
            Entry::File(_) => Found::File,
            Entry::Directory(_) => Found::Directory,
            // kustomize looks for what it can open.
            Entry::Missing | Entry::Refused(InputFault::DanglingLink | InputFault::LinkLoop) => {
                Found::Missing
            }
            Entry::Unseen | Entry::Refused(_) | Entry::Unreadable { .. } => Found::Unknown,
        }
    }

    fn read(&self, path: &LocalPath) -> Result<FileText, ReadFault> {
        let read = self.text(Path::new(path.as_str()));
        let read = read.map_err(|unread| match unread {
            Unread::Missing => ReadFault::Missing,
            Unread::NotText => ReadFault::NotText,
            Unread::Unseen | Unread::Refused(_) | Unread::Unreadable { .. } => ReadFault::Unknown,
        })?;
        Ok(FileText { text: read.text, digest: read.digest })
    }
}
