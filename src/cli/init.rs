//! `init`: a first source, for the clusters that are here or for one as an example.

use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::import::root::Root;
use crate::cli::import::write_together;
use crate::cli::session::Session;
use crate::import::{self, ImportOptions, starter};
use crate::output::NewFile;
use crate::problem::{Problems, count};
use crate::source::Sources;
use crate::workspace::Inputs;

/// The source that is written.
const SOURCE: &str = "identity.flux";
/// What tells git which files are generated.
const ATTRIBUTES: &str = ".gitattributes";

/// Runs the command.
pub fn run(session: &mut Session<'_>) -> Result<Exit, Exit> {
    let path = session.file.clone().unwrap_or_else(|| PathBuf::from(SOURCE));
    let root = Root::of(Some(&path));
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        session.terminal.error(&format!("`{}` is no name of a file", path.display()), Some("name another"));
        return Err(Exit::Usage);
    };
    if root.exists(name) {
        let message = format!("`{}` is there already", path.display());
        session.terminal.error(&message, Some("nothing is overwritten; go on from it, or move it away"));
        return Err(Exit::Usage);
    }
    let directory = if path.parent().is_none_or(|parent| parent.as_os_str().is_empty()) {
        Path::new(".")
    } else {
        path.parent().unwrap_or(Path::new("."))
    };
    let mut files = root.files(directory).map_err(|(message, help)| {
        session.terminal.error(&message, Some(&help));
        Exit::Usage
    })?;
    files.sort();
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let disk = root.disk();
    let inputs = Inputs::new(&disk);
    let found = import::import(&inputs, &files, ImportOptions::default(), &mut sources, &mut problems);
    if found.overlays.iter().any(|overlay| !overlay.is_fresh) || found.count_left() > 0 {
        let message = "these clusters have overlays already that say more than `flux bootstrap` writes";
        session.terminal.error(message, Some("take them in: `flux-identity import . -o identity.flux`"));
        return Err(Exit::Wrong);
    }
    let exit = session.show(&problems, &sources);
    if exit != Exit::Right {
        return Err(exit);
    }
    let clusters = (!found.overlays.is_empty()).then_some(found.text.as_str());
    let outputs: Vec<String> = match found.overlays.as_slice() {
        [] => vec!["clusters/*/flux-system/kustomization.yaml".to_owned()],
        overlays => overlays.iter().map(|overlay| overlay.file.clone()).collect(),
    };
    let attributes: String =
        outputs.iter().flat_map(|output| ["/", output.as_str(), " linguist-generated\n"]).collect();
    let text = starter(clusters);
    let mut files = vec![NewFile { path: name, text: &text, replaces: None }];
    let has_attributes = root.exists(ATTRIBUTES);
    if !has_attributes {
        files.push(NewFile { path: ATTRIBUTES, text: &attributes, replaces: None });
    }
    for path in write_together(&root.path(""), &files, session)? {
        session.terminal.print(&format!("created {path}\n"));
    }
    if has_attributes {
        session.terminal.tell(&format!("`{ATTRIBUTES}` is there already; you may want in it:\n{attributes}"));
    }
    let clusters = count(found.overlays.len().max(1), "cluster");
    session
        .terminal
        .print(&format!("{clusters}; write who has which role, then run `flux-identity build`\n"));
    Ok(Exit::Right)
}
