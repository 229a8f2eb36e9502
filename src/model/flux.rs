//! The versions of Flux.

use std::fmt;

/// A minor version of Flux, such as 2.9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FluxVersion {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

impl FluxVersion {
    /// Takes `2.9`, `v2.9`, `2.9.3` or `2.10.0-rc.1`; what follows the minor number is checked and let go. Version 1 was
    /// another program.
    pub fn parse(text: &str) -> Option<FluxVersion> {
        let release = text.split(['-', '+']).next().unwrap_or_default();
        let mut numbers = release.strip_prefix('v').unwrap_or(release).split('.').map(number);
        let (major, minor) = (numbers.next()??, numbers.next()??);
        let patch_is_right = numbers.next().is_none_or(|patch| patch.is_some());
        (major >= 2 && patch_is_right && numbers.next().is_none()).then_some(FluxVersion { major, minor })
    }
}

fn number(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

impl fmt::Display for FluxVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}
