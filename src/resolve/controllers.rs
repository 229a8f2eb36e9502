//! What is written for controllers and means something else.

use crate::model::Controller;
use crate::model::integration::controllers_with_identities;
use crate::model::setting::Setting;
use crate::problem::{
    ErrorGuaranteed, ForeignProblem, NameProblem, Noun, Problems, list_of_controllers, nearest,
};
use crate::syntax::tree::{Mapping, MappingSubject, Name, Target};

/// Reports an unknown controller, and suggests a similar name.
pub fn report_unknown_controller(
    name: Name<'_>,
    problems: &mut Problems,
) -> (ErrorGuaranteed, Option<Controller>) {
    let at = name.span;
    if Setting::from_name(name.text).is_some() {
        let name = name.text.to_owned();
        return (problems.refuse(NameProblem::SettingAsController { at, name }), None);
    }
    if is_wildcard(name.text) {
        let advice = list_of_controllers(&controllers_with_identities().collect::<Vec<_>>());
        return (problems.refuse(ForeignProblem::Wildcard { at, advice }), None);
    }
    let controllers = Controller::ALL.map(Controller::name);
    let short = name.text.to_ascii_lowercase().replace('_', "-");
    let completed =
        controllers.into_iter().find(|known| known.strip_suffix("-controller") == Some(short.as_str()));
    let near = completed.or_else(|| nearest(name.text, controllers));
    let refused = problems.refuse(NameProblem::unknown(Noun::Controller, at, name.text, near, &controllers));
    (refused, near.and_then(Controller::from_name))
}

/// True for a word that means all controllers.
pub fn is_wildcard(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "all" | "any" | "every" | "everything" | "controllers" | "flux"
    )
}

/// The mapping as it is meant, if its roles are left of the arrow and its controllers right of it.
pub fn reversed(mapping: &Mapping<'_>) -> Option<String> {
    let targets = mapping.targets.as_ref().ok()?;
    let mut controllers = Vec::new();
    for target in targets.nodes() {
        let Target::Role(name) = target else { return None };
        controllers.push(Controller::from_name(name.text)?.name());
    }
    let mut roles = Vec::new();
    for who in mapping.who.nodes() {
        let MappingSubject::Controller(name) = who else { return None };
        if Controller::from_name(name.name.text).is_some() {
            return None;
        }
        roles.push(name.name.text);
    }
    Some(format!("{} -> {}", controllers.join(", "), roles.join(", ")))
}
