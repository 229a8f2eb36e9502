//! What `build` leaves for make: a stamp, and the rules that say what the stamp depends on.

use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::output;
use crate::workspace::Reads;

/// What a stamp holds. That it is written is what counts.
const STAMP: &str = "All overlays are built.\n";

/// The rule of the stamp, and one without a recipe for each of its prerequisites, so that make does not stop where one
/// is gone. What make cannot read is said.
pub fn rules(stamp: &Path, reads: &Reads, session: &mut Session<'_>) -> Result<String, Exit> {
    let escaped = |path: &Path| escaped(path).ok_or_else(|| path.display().to_string());
    let names = || -> Result<(String, Vec<String>), String> {
        Ok((escaped(stamp)?, reads.paths().map(escaped).collect::<Result<Vec<String>, String>>()?))
    };
    let (target, prerequisites) = names().map_err(|path| {
        let message = format!("`{path}` cannot be named in a makefile");
        session.terminal.error(&message, Some("give it another name, or build without `--depfile`"));
        Exit::Usage
    })?;
    let mut rules = format!("{target}:");
    for prerequisite in &prerequisites {
        rules.extend([" \\\n ", prerequisite]);
    }
    rules.push('\n');
    for prerequisite in &prerequisites {
        rules.extend(["\n", prerequisite, ":\n"]);
    }
    Ok(rules)
}

/// Writes the rules, then touches the stamp. It is left as it was if a source changed meanwhile, so that make builds
/// again.
pub fn write(
    stamp: &Path,
    depfile: Option<(&Path, String)>,
    reads: &Reads,
    session: &mut Session<'_>,
) -> Result<(), Exit> {
    if let Some((depfile, rules)) = depfile {
        output::write_file(depfile, &rules).map_err(|problem| session.fail(problem))?;
    }
    if let Some(changed) = reads.changed() {
        let message =
            format!("`{}` changed during the build: the stamp is left as it was\n", changed.display());
        session.terminal.tell(&message);
        return Ok(());
    }
    output::touch(stamp, STAMP).map_err(|problem| session.fail(problem))
}

/// A path as GNU make reads it, as a target and as a prerequisite; nothing if there is no way to write it that is read
/// so in both.
fn escaped(path: &Path) -> Option<String> {
    let text = path.to_str().filter(|text| !text.ends_with(' '))?;
    // A tilde at the beginning is somebody's home.
    let mut escaped = if text.starts_with('~') { "./".to_owned() } else { String::new() };
    for letter in text.chars() {
        match letter {
            '%' | '&' | ';' | '\\' | '|' => return None,
            letter if letter.is_control() => return None,
            '$' => escaped.push_str("$$"),
            '=' => escaped.push_str("$(or =)"),
            ' ' | '#' | ':' | '*' | '?' | '[' => escaped.extend(['\\', letter]),
            letter => escaped.push(letter),
        }
    }
    Some(escaped)
}
