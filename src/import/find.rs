//! Which directories are overlays of Flux.

use crate::emit;
use crate::import::file::Reader;
use crate::import::overlay::Overlay;
use crate::import::{accounts, identity, instance, path, read};
use crate::model::GOTK_COMPONENTS;
use crate::problem::{AdoptionProblem, Problems};
use crate::yaml;

/// The names that kustomize knows its file by.
pub const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The overlays of Flux.
    pub overlays: Vec<Overlay>,
    /// The directories of ServiceAccounts that this compiler wrote.
    pub accounts: Vec<Overlay>,
    /// The paths of those that cannot be read.
    pub left_alone: Vec<String>,
}

/// Whether a file says what kustomize is to build.
pub fn is_kustomization(path: &str) -> bool {
    NAMES.contains(&path::name(path))
}

/// Finds the overlays of Flux among these files.
pub fn find(files: &[String], reader: &mut Reader<'_>, problems: &mut Problems) -> Found {
    let mut found = Found::default();
    for path in files {
        if is_kustomization(path) {
            look(path, reader, &mut found, problems);
        } else if path::is_yaml(path) && instance::report(path, reader, problems) {
            found.left_alone.push(path.clone());
        }
    }
    found
}

fn look(path: &str, reader: &mut Reader<'_>, found: &mut Found, problems: &mut Problems) {
    let file = match reader.file(path) {
        // It stands there before somebody writes it.
        Ok(file) if yaml::is_blank(&file.text) => return,
        Ok(file) => file,
        Err(unread) => {
            let fault = read::unread_part(path.to_owned(), unread);
            problems.push(AdoptionProblem::of_file(reader.shown(path), fault));
            found.left_alone.push(path.to_owned());
            return;
        }
    };
    // Most kustomizations of a repository have nothing to do with Flux; what is wrong with those is not our business.
    let concerns = file.text.starts_with(emit::BANNER)
        || file.text.contains("gotk-components")
        || file.text.contains("fluxcd/flux2")
        || identity::KEYS.iter().any(|key| file.text.contains(key));
    let mut said = Problems::default();
    let overlay = read::read(&file, reader, &mut said);
    let is_flux = match &overlay {
        Some(overlay) => concerns || holds_identity(overlay) || installs(overlay, reader),
        None => concerns,
    };
    if is_flux {
        problems.append(said);
        match overlay {
            Some(overlay) if accounts::is_directory(&overlay) => found.accounts.push(overlay),
            Some(overlay) => found.overlays.push(overlay),
            None => found.left_alone.push(path.to_owned()),
        }
    }
}

/// Whether a patch of an overlay speaks of an identity.
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
                path::is_yaml(&path) && reader.text(&path).is_ok_and(|text| is_installation(&text))
            })
    })
}

/// Whether a text is what `flux install --export` writes.
fn is_installation(text: &str) -> bool {
    text.contains("name: source-controller\n") && text.contains("app.kubernetes.io/part-of: flux\n")
}
