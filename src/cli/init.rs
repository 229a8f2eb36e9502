//! `init`: writes a first source, for existing clusters or with an example cluster.

use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::import::root::Root;
use crate::cli::session::Session;
use crate::cli::together::write_together;
use crate::import::{self, ImportOptions, starter};
use crate::native_path;
use crate::output::NewFile;
use crate::problem::{Problems, count};
use crate::source::Sources;
use crate::workspace::Inputs;

const SOURCE: &str = "identity.flux";
/// Marks generated files for git.
const ATTRIBUTES: &str = ".gitattributes";

pub fn run(session: &mut Session<'_>) -> Result<Exit, Exit> {
    let path = session.file.clone().unwrap_or_else(|| PathBuf::from(SOURCE));
    let root = Root::find(Some(&path));
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        session
            .terminal
            .error(&format!("`{}` is not a file name", native_path::shown(&path)), Some("name a file"));
        return Err(Exit::Usage);
    };
    if root.exists(name) {
        let message = format!("`{}` already exists", native_path::shown(&path));
        session.terminal.error(&message, Some("nothing is overwritten: edit this file, or move it"));
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
    let found = import::import(&inputs, &files, &ImportOptions::default(), &mut sources, &mut problems);
    if found.overlays.iter().any(|overlay| !overlay.is_fresh) || found.count_left() > 0 {
        let message = "the overlays of these clusters have more content than `flux bootstrap` writes";
        session.terminal.error(message, Some("import them with `flux-identity import . -o identity.flux`"));
        return Err(Exit::Wrong);
    }
    let exit = session.show(&problems, &sources);
    if exit != Exit::Right {
        return Err(exit);
    }
    let clusters = (!found.overlays.is_empty()).then_some(found.text.as_str());
    let outputs: Vec<&str> = match found.overlays.as_slice() {
        [] => vec!["clusters/*/flux-system/kustomization.yaml"],
        overlays => overlays.iter().map(|overlay| overlay.file.as_str()).collect(),
    };
    let mut attributes: String = patterns(&outputs)
        .iter()
        .flat_map(|pattern| ["/", pattern.as_str(), " linguist-generated\n"])
        .collect();
    attributes.extend([name, " linguist-language=HCL\n"]);
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
        session.terminal.tell(&format!("`{ATTRIBUTES}` already exists; consider adding:\n{attributes}"));
    }
    let clusters = match found.overlays.len() {
        0 => "1 example cluster".to_owned(),
        found => count(found, "cluster"),
    };
    session.terminal.print(&format!("{clusters}; add roles and mappings, then run `flux-identity build`\n"));
    Ok(Exit::Right)
}

/// Patterns for the overlays of the clusters that there are and of those to come: one for all paths that differ in one
/// name, which is that of the cluster.
fn patterns(outputs: &[&str]) -> Vec<String> {
    let parts: Vec<Vec<&str>> = outputs.iter().map(|output| output.split('/').collect()).collect();
    let patterns = parts.iter().map(|one| {
        let differing = parts.iter().find_map(|other| only_difference(one, other));
        // Without another cluster to compare with, the directory above that of Flux has its name.
        let cluster = differing.or_else(|| one.len().checked_sub(3).filter(|_| parts.len() == 1));
        let star = |(at, part): (usize, &&str)| {
            if Some(at) == cluster { "*".to_owned() } else { (*part).to_owned() }
        };
        one.iter().enumerate().map(star).collect::<Vec<_>>().join("/")
    });
    let mut patterns: Vec<String> = patterns.collect();
    patterns.sort();
    patterns.dedup();
    patterns
}

/// Where two paths differ, if that is in one name only.
fn only_difference(one: &[&str], other: &[&str]) -> Option<usize> {
    if one.len() != other.len() {
        return None;
    }
    let mut differing = one.iter().zip(other).enumerate().filter(|(_, (one, other))| one != other);
    let (at, _) = differing.next()?;
    differing.next().is_none().then_some(at)
}
