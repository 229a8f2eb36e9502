//! What is promised of files, proved by breaking it. Short by default, longer where `FLUX_IDENTITY_THOROUGH` is set, and as
//! long as it takes where `FLUX_IDENTITY_TORTURE` is set.

mod determinism; // The same bytes, whatever surrounds a run.
mod faults; // Every system call that meets the disk fails once, in several ways.
mod hostile; // Nothing leads out of the directory of the source.
mod kill; // Builds that are killed at any moment.
mod sequences; // Clusters that come, go and change at random.
mod together; // Several builds at once.

use crate::harness;

/// How often: `some` where the suite is to be thorough, a quarter of that by default, `much` where torture was asked for.
fn times(some: usize, much: usize) -> usize {
    let is_torture = std::env::var_os("FLUX_IDENTITY_TORTURE").is_some();
    if is_torture { much } else { harness::times(some.div_ceil(4), some) }
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

/// Whether a file is one that a build makes for the moment, or stands in a directory that is.
fn is_temporary(path: &str) -> bool {
    path.split('/')
        .any(|name| name.starts_with(".flux-identity-build-") && name.as_bytes().ends_with(b".tmp"))
}
