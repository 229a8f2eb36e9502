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
    /// The directory of ServiceAccounts that this compiler wrote.
    Accounts(Box<Overlay>),
    /// Something of Flux that cannot be read, or not be taken in, which is reported.
    LeftAlone,
    /// Nothing of Flux.
    Other,
}

/// What a file is. `is_overlay`: whether it is one of Flux whatever it says itself.
pub fn look(path: &str, is_overlay: bool, reader: &mut Reader<'_>, problems: &mut Problems) -> Found {
    if !path::is_kustomization(path) {
        let is_instance = path::is_yaml(path) && instance::report(path, reader, problems);
        return if is_instance { Found::LeftAlone } else { Found::Other };
    }
    let file = match reader.file(path) {
        // It stands there before somebody writes it.
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
    // Most kustomizations of a repository have nothing to do with Flux; what is wrong with those is not our business.
    let concerns = is_overlay
        || file.text.starts_with(emit::BANNER)
        || file.text.contains("gotk-components")
        || file.text.contains(REPOSITORY)
        || identity::KEYS.iter().any(|key| file.text.contains(key))
        || file.text.contains("kustomize.toolkit.fluxcd.io/")
            && reader.exists(&path::in_directory(path::parent(path), GOTK_COMPONENTS));
    let mut said = Problems::default();
    let overlay = read::read(&file, reader, &mut said);
    let is_flux = match &overlay {
        Some(overlay) => concerns || holds_identity(overlay) || installs(overlay, reader),
        None => concerns,
    };
    if !is_flux {
        return Found::Other;
    }
    problems.append(said);
    match overlay.map(Box::new) {
        Some(overlay) if accounts::is_directory(&overlay) => Found::Accounts(overlay),
        Some(overlay) => Found::Overlay(overlay),
        None => Found::LeftAlone,
    }
}

fn holds_identity(overlay: &Overlay) -> bool {
    let speaks = |text: &str| identity::KEYS.iter().any(|key| text.contains(key));
    // The documents of a patch have one text.
    overlay.entries.iter().filter_map(|entry| entry.documents.first()).any(|document| speaks(&document.text))
}

/// Whether a file that an overlay names installs Flux under another name.
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

/// Whether a text gives an identity to the ServiceAccount of a controller that something else installs.
fn is_stub(text: &str) -> bool {
    let has_line = |wanted: &str| text.lines().any(|line| line.trim() == wanted);
    identity::KEYS.iter().any(|key| text.contains(key))
        && has_line("kind: ServiceAccount")
        && Controller::ALL.into_iter().any(|one| has_line(&format!("name: {}", one.name())))
}

/// Whether a text is what `flux install --export` writes.
fn is_installation(text: &str) -> bool {
    text.contains("name: source-controller\n") && text.contains("app.kubernetes.io/part-of: flux\n")
}
