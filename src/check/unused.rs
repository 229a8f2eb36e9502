//! Names that nothing uses. Variables may be there for `--where`, so that none of them is reported.

use crate::check::DeclaredFleet;
use crate::problem::{NameProblem, Noun, Problems};
use crate::span::Span;

/// Reports roles that no mapping names, and profiles that nothing uses, of a fleet without errors.
pub fn report_unused(fleet: &DeclaredFleet<'_>, problems: &mut Problems) {
    let mut report = |noun, name: &str, at: Span| {
        problems.report(NameProblem::Unused { noun, at, name: name.to_owned() });
    };
    let mentions = &fleet.mentions;
    for (name, at) in mentions.defined.iter().filter(|(name, _)| !mentions.roles.contains(name)) {
        report(Noun::Role, name, *at);
    }
    for name in fleet.profiles.names().filter(|name| !mentions.profiles.contains(name.text)) {
        report(Noun::Profile, name.text, name.span);
    }
}
