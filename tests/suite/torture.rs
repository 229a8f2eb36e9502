//! What is promised of files, proved by breaking it. Short in the normal suite; as long as it takes where
//! `FLUX_IDENTITY_TORTURE` is set.

mod determinism; // The same bytes, whatever surrounds a run.
mod faults; // Every system call that meets the disk fails once, in several ways.
mod hostile; // Nothing leads out of the directory of the source.
mod kill; // Builds that are killed at any moment.
mod sequences; // Clusters that come, go and change at random.
mod together; // Several builds at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// How often: a little in the normal suite, much where it was asked for.
fn times(little: usize, much: usize) -> usize {
    if std::env::var_os("FLUX_IDENTITY_TORTURE").is_some() { much } else { little }
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        // The generator is splitmix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let end = u64::try_from(end).expect("it fits");
        usize::try_from((mixed ^ (mixed >> 31)) % end).expect("it is smaller")
    }
}

/// Everything below a directory, but for what git keeps: files with their bytes, links with what they point to.
fn everything(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).expect("it is read") {
            let path = entry.expect("it is read").path();
            let name = path.strip_prefix(root).expect("it is below").display().to_string();
            if path.is_symlink() {
                let target = fs::read_link(&path).expect("it is read").into_os_string().into_encoded_bytes();
                let _new = found.insert(name, [b"-> ", target.as_slice()].concat());
            } else if path.is_dir() {
                open.push(path);
            } else if path.is_file() {
                let _new = found.insert(name, fs::read(&path).expect("it is read"));
            }
        }
    }
    found
}

/// Copies everything below a directory into another.
fn copy(from: &Path, to: &Path) {
    for (name, bytes) in everything(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
        fs::write(path, bytes).expect("it is written");
    }
}

/// Whether a file is one that a build makes for the moment, or stands in a directory that is.
fn is_temporary(path: &str) -> bool {
    path.split('/')
        .any(|name| name.starts_with(".flux-identity-build-") && name.as_bytes().ends_with(b".tmp"))
}
