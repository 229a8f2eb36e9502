//! What a build makes for the moment: files and directories beside the places that they are to take.

use std::io;
use std::sync::LazyLock;

use crate::output::directory::Directory;
use crate::output::location::Location;

/// What the names of temporary files and directories begin with.
const BEGIN: &str = ".flux-identity-build-";
/// What they end with.
const END: &str = ".tmp";

/// The number of this process, which the system is asked for once.
static PROCESS: LazyLock<u32> = LazyLock::new(std::process::id);

/// The temporary name of a file or a directory.
pub fn name(of: &str) -> String {
    format!("{BEGIN}{}-{of}{END}", *PROCESS)
}

/// The temporary location of a file or a directory.
pub fn beside(place: &Location) -> Location {
    Location { directory: place.directory.clone(), name: name(&place.name) }
}

/// True if something is what a build makes for the moment. Under the lock of a build there is none but what a killed
/// build left behind.
pub fn is_left_over(name: &str) -> bool {
    name.starts_with(BEGIN) && name.ends_with(END)
}

/// The temporary names of killed builds in a directory.
pub fn left_over_in(directory: &Directory) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    directory.visit(|name, _| names.extend(is_left_over(name).then(|| name.to_owned())))?;
    Ok(names)
}
