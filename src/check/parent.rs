//! Reports components that the kustomization above does not include.

use crate::check::passthrough::{self, ParentReference, UnreadKustomization};
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::emit;
use crate::kustomize::Cause;
use crate::model::{LocalPath, OutputPath};
use crate::problem::{ErrorGuaranteed, PassedFault, PassedProblem, UnnamedCause, nearest};
use crate::spanned::{self, Fault};
use crate::workspace::Entry;

/// Reports a component that no kustomization includes. Returns whether one above does.
///
/// # Errors
/// kustomize cannot build the kustomization above.
pub fn check_parent(
    output: &OutputPath,
    scope: &mut Scope<'_, '_>,
    readings: &Readings<'_>,
) -> Result<bool, ErrorGuaranteed> {
    let at = scope.names.name.span;
    let problem = |fault| PassedProblem::new(at, fault);
    match passthrough::find_parent_reference(output, readings) {
        ParentReference::AsComponent | ParentReference::Unchecked => Ok(true),
        ParentReference::Nowhere { nearest, unread } => {
            let is_built = readings.builder().builds_component(output);
            if is_built == Some(true) {
                // A kustomization elsewhere includes it, which is not followed.
                return Ok(false);
            }
            let cause = match (&nearest, &unread) {
                (Some((file, entry)), None) => find_cause(file, entry, readings),
                (None, Some(unread)) => describe_unread(unread, readings),
                (Some(_), Some(_)) | (None, None) => None,
            };
            let cause = cause.or((is_built == Some(false)).then_some(UnnamedCause::NotApplied));
            let nearest = nearest.map(|(file, entry)| (readings.shown(&file), entry));
            let unread = unread.map(|unread| (readings.shown(&unread.file), unread.why));
            match scope.report_on_cluster(problem(PassedFault::Unnamed { nearest, unread, cause })) {
                Some(error) => Err(error),
                None => Ok(false),
            }
        }
        ParentReference::AsResource(file, entry) => {
            let fault = PassedFault::AsResource { path: readings.shown(&file), entry };
            Err(scope.refuse_on_cluster(problem(fault)))
        }
    }
}

/// Why a kustomization does not include a component, if that is known. `entry`: what it lacks.
fn find_cause(file: &LocalPath, entry: &str, readings: &Readings<'_>) -> Option<UnnamedCause> {
    let directory = file.parent()?;
    let listed = readings.kustomization(&directory).ok()??;
    let is_missing = |path: &str| {
        let there = directory.join(path).map(|path| readings.entry(&path, &LocalPath::default()));
        there.is_some_and(|there| there == Entry::Missing)
    };
    // One that is like no other may be that of a cluster that was not built yet.
    let misspelt = listed.components.iter().map(|path| path.value.as_str()).find(|path| {
        is_missing(path) && nearest(path.trim_start_matches("./").trim_end_matches('/'), [entry]).is_some()
    });
    if let Some(written) = misspelt {
        return Some(UnnamedCause::Misspelt(written.to_owned()));
    }
    let is_generated = readings.text(file).is_ok_and(|text| text.starts_with(emit::BANNER));
    is_generated.then_some(UnnamedCause::Generated)
}

/// Why kustomize cannot build a kustomization above a component; nothing if it may be able to.
fn describe_unread(unread: &UnreadKustomization, readings: &Readings<'_>) -> Option<UnnamedCause> {
    if let Cause::Unreadable(fault) = &unread.cause {
        let is_certain = fault.is_fault();
        return broken_line(&unread.file, readings).filter(|_| is_certain).map(UnnamedCause::NotYaml);
    }
    Some(UnnamedCause::NotBuilt(Box::new(unread.cause.clone())))
}

/// The line from which on a file is no YAML.
fn broken_line(file: &LocalPath, readings: &Readings<'_>) -> Option<usize> {
    let text = readings.text(file).ok()?;
    match spanned::read(&text) {
        Err(Fault::NotYaml(at)) => {
            Some(text.get(..at).unwrap_or(&text).matches('\n').count().saturating_add(1))
        }
        Ok(_) | Err(Fault::OutOfBounds(..) | Fault::Tag(_) | Fault::LineBreak(_)) => None,
    }
}
