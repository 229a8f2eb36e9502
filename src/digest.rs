//! Digests of bytes. The only file that knows sha2.

use sha2::{Digest as _, Sha256};

/// The first 64 bits of the SHA-256 of some bytes, in hexadecimal digits.
pub fn short(bytes: &[u8]) -> String {
    let first = sha256(bytes).first_chunk().copied().unwrap_or_default();
    format!("{:016x}", u64::from_be_bytes(first))
}

/// The first 128 bits of the SHA-256 of some bytes, in hexadecimal digits.
pub fn fingerprint(bytes: &[u8]) -> String {
    let first = sha256(bytes).first_chunk().copied().unwrap_or_default();
    format!("{:032x}", u128::from_be_bytes(first))
}

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
