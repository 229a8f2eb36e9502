//! Which directories are overlays of Flux.

use crate::emit;
use crate::import::file::Reader;
use crate::import::overlay::Overlay;
use crate::import::{accounts, identity, instance, path, read};
use crate::model::{Controller, GOTK_COMPONENTS};
use crate::overlay_build::REPOSITORY;
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::workspace::Unread;
use crate::yaml;

#[derive(Debug)]
pub enum Found {
    Overlay(Box<Overlay>),
    /// A generated directory of ServiceAccounts.
    Accounts(Box<Overlay>),
    /// An overlay of Flux that cannot be read or imported, which is reported.
    LeftAlone,
    /// Not an overlay of Flux.
    Other,
}

/// Classifies a file. `is_overlay`: true if it is an overlay of Flux whatever its content.
pub fn classify(path: &str, is_overlay: bool, reader: &mut Reader<'_>, problems: &mut Problems) -> Found {
    if !path::is_kustomization(path) {
        let is_instance = path::is_yaml(path) && instance::report(path, reader, problems);
        return if is_instance { Found::LeftAlone } else { Found::Other };
    }
    let file = match reader.file(path) {
        // A placeholder that is not written yet.
        Ok(file) if yaml::is_blank(&file.text) => return Found::Other,
        Ok(file) => file,
        Err(unread) => {
            let cause = match unread {
                Unread::Missing | Unread::Unseen => "it does not exist".to_owned(),
                Unread::NotText => "it is not UTF-8 text".to_owned(),
                Unread::Refused(fault) => fault.cause(),
                Unread::Unreadable { cause } => cause,
            };
            let fault = AdoptionFault::NotRead { cause };
            problems.report(AdoptionProblem::in_file(reader.shown(path), fault));
            return Found::LeftAlone;
        }
    };
    // Most kustomizations of a repository are not overlays of Flux, and their faults are not reported.
    let concerns = is_overlay
        || file.text.starts_with(emit::BANNER)
        || file.text.contains("gotk-components")
        || file.text.contains(REPOSITORY)
        || identity::KEYS.iter().any(|key| file.text.contains(key))
        || file.text.contains("kustomize.toolkit.fluxcd.io/")
            && reader.exists(&path::in_directory(path::parent(path), GOTK_COMPONENTS));
    let mut found = Problems::default();
    let overlay = read::read(&file, reader, &mut found);
    let is_flux = match &overlay {
        Some(overlay) => concerns || has_identity(overlay) || installs(overlay, reader),
        None => concerns,
    };
    if !is_flux {
        return Found::Other;
    }
    problems.append(found);
    match overlay.map(Box::new) {
        Some(overlay) if accounts::is_generated_directory(&overlay) => Found::Accounts(overlay),
        Some(overlay) => Found::Overlay(overlay),
        None => Found::LeftAlone,
    }
}

fn has_identity(overlay: &Overlay) -> bool {
    let has_key = |text: &str| identity::KEYS.iter().any(|key| text.contains(key));
    // The documents of a patch have one text.
    overlay.entries.iter().filter_map(|entry| entry.documents.first()).any(|document| has_key(&document.text))
}

/// True if a resource of an overlay installs Flux.
fn installs(overlay: &Overlay, reader: &mut Reader<'_>) -> bool {
    overlay.resources.iter().any(|resource| {
        let local = path::join(&overlay.directory, &resource.text);
        path::name(&resource.text) == GOTK_COMPONENTS
            || local.is_some_and(|path| {
                path::is_yaml(&path)
                    && reader.text(&path).is_ok_and(|text| is_installation(&text) || is_stub(&text))
            })
    })
}

/// True if a text gives an identity to the ServiceAccount of a controller.
fn is_stub(text: &str) -> bool {
    let has_line = |wanted: &str| text.lines().any(|line| line.trim() == wanted);
    identity::KEYS.iter().any(|key| text.contains(key))
        && has_line("kind: ServiceAccount")
        && Controller::ALL.into_iter().any(|one| has_line(&format!("name: {}", one.name())))
}

/// True for the output of `flux install --export`.
fn is_installation(text: &str) -> bool {
    text.contains("name: source-controller\n") && text.contains("app.kubernetes.io/part-of: flux\n")
}
