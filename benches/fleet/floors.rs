//! The floors: programs that do nothing but the reading and writing, and know what is to come.

use std::fs;
use std::path::Path;

/// A file of all overlays: each behind a line with its path and its length.
pub fn read_pack(pack: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(pack).expect("the pack is there");
    let mut rest = text.as_str();
    let mut files = Vec::new();
    while let Some((head, tail)) = rest.split_once('\n') {
        let (path, length) = head.split_once(' ').expect("a path and a length");
        let (body, tail) = tail.split_at(length.parse().expect("a length"));
        files.push((path.to_owned(), body.to_owned()));
        rest = tail;
    }
    files
}

/// Floor A: makes the directories and writes the bytes, no flush.
pub fn write_all(directory: &Path, files: &[(String, String)]) {
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
        fs::write(path, text).expect("it is written");
    }
}

/// Floor B: reads all files and compares them.
pub fn compare_all(directory: &Path, files: &[(String, String)]) {
    for (path, text) in files {
        let bytes = fs::read(directory.join(path)).expect("it is read");
        assert!(bytes == text.as_bytes(), "{path}");
    }
}

/// Reads and hashes every file of that name below the clusters' directories.
pub fn digest_all(directory: &Path, file: &str) {
    use sha2::{Digest as _, Sha256};
    let mut total = 0_u64;
    for entry in fs::read_dir(directory.join("clusters")).expect("it is there") {
        let bytes = fs::read(entry.expect("it is read").path().join("flux-system").join(file));
        let digest: [u8; 32] = Sha256::digest(bytes.expect("it is read")).into();
        total = total.wrapping_add(u64::from(digest[0]));
    }
    println!("{total}");
}
