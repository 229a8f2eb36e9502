//! Names that nothing uses. Variables may be there for `--where`, so that none of them is reported.

use crate::problem::{NameProblem, Noun, Problems};
use crate::resolve::Declarations;
use crate::span::Span;

/// Reports roles that no mapping names, and profiles that nothing uses, of a fleet without errors.
pub fn report_unused(declarations: &Declarations<'_>, problems: &mut Problems) {
    let mut report = |noun, name: &str, at: Span| {
        problems.report(NameProblem::Unused { noun, at, name: name.to_owned() });
    };
    let references = &declarations.references;
    for (name, at) in references.defined.iter().filter(|(name, _)| !references.roles.contains(name)) {
        report(Noun::Role, name, *at);
    }
    for name in declarations.profiles.names().filter(|name| !references.profiles.contains(name.text)) {
        report(Noun::Profile, name.text, name.span);
    }
}
