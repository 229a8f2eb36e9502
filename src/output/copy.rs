//! Copies of trees, made of nothing but regular files.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::problem::CopyFault;
use crate::workspace::{Directory, FILE_LIMIT, Kind, MOST_DEEP, Opened, RUN_LIMIT};

/// One run of copying.
struct Copy {
    left: BTreeMap<String, CopyFault>,
    /// How many bytes may still be copied.
    room: u64,
}

/// Copies a tree into an empty directory, which must not be in it. Returns the paths that were not copied; names that
/// are not UTF-8 are ignored.
///
/// # Errors
/// If something cannot be read or written, or there is more than 1 GiB.
pub fn copy_tree(from: &Path, to: &Path) -> io::Result<BTreeMap<String, CopyFault>> {
    let mut copy = Copy { left: BTreeMap::new(), room: RUN_LIMIT };
    copy.directory(&Directory::open(from)?, &Directory::open(to)?, "", MOST_DEEP)?;
    Ok(copy.left)
}

impl Copy {
    fn directory(&mut self, from: &Directory, to: &Directory, path: &str, depth: usize) -> io::Result<()> {
        let deeper = depth.checked_sub(1).ok_or_else(|| io::Error::other("its directories are too deep"))?;
        for (name, kind) in from.names()? {
            let Some(name) = name.to_str() else { continue };
            let inner = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
            let left = match kind {
                Kind::Link => Some(CopyFault::Link),
                Kind::Pipe | Kind::Device | Kind::Socket => Some(CopyFault::Special),
                Kind::Directory if name.starts_with('.') => Some(CopyFault::Hidden),
                Kind::Directory => match from.enter(name)? {
                    Opened::Open(inside) => {
                        to.create_directory(name)?;
                        let Opened::Open(target) = to.enter(name)? else { return Err(changed()) };
                        self.directory(&inside, &target, &inner, deeper)?;
                        None
                    }
                    Opened::Absent | Opened::Else(_) => return Err(changed()),
                },
                Kind::File => self.file(from, to, name)?,
            };
            if let Some(left) = left {
                self.left.insert(inner, left);
            }
        }
        Ok(())
    }

    fn file(&mut self, from: &Directory, to: &Directory, name: &str) -> io::Result<Option<CopyFault>> {
        match from.read(name, FILE_LIMIT.min(self.room))? {
            Opened::Open(Some(found)) => {
                self.room = self.room.saturating_sub(found.bytes.len() as u64);
                to.create(name, &found.bytes, None, false)?;
                Ok(None)
            }
            Opened::Open(None) if self.room < FILE_LIMIT => {
                Err(io::Error::new(io::ErrorKind::FileTooLarge, "it holds more than 1 GiB"))
            }
            Opened::Open(None) => Ok(Some(CopyFault::TooLarge)),
            Opened::Absent | Opened::Else(_) => Err(changed()),
        }
    }
}

fn changed() -> io::Error {
    io::Error::other("it changed meanwhile")
}
