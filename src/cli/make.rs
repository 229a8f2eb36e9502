//! What `build` leaves for make: a stamp, and the rules that say what the stamp depends on.

use std::path::Path;

use crate::cli::Exit;
use crate::cli::reads::Reads;
use crate::cli::session::Session;
use crate::output;

/// What a stamp holds. That it is written is what counts.
const STAMP: &str = "All overlays are built.\n";

/// Touches the stamp, after its depfile was written. Left as it is if a source changed meanwhile, so that make builds
/// again.
pub fn stamp(
    stamp: &Path,
    depfile: Option<&Path>,
    reads: &Reads,
    session: &mut Session<'_>,
) -> Result<(), Exit> {
    if let Some(depfile) = depfile {
        let rules = rules(stamp, reads).map_err(|path| {
            let message = format!("`{path}` cannot be named in a makefile");
            session.terminal.error(&message, Some("give it another name, or build without `--depfile`"));
            Exit::Usage
        })?;
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

/// The rule of the stamp, and one without a recipe for each of its prerequisites, so that make does not stop where one
/// is gone. A path that make cannot read comes back as what is wrong.
fn rules(stamp: &Path, reads: &Reads) -> Result<String, String> {
    let target = escaped(stamp)?;
    let prerequisites = reads.paths().map(escaped).collect::<Result<Vec<String>, String>>()?;
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

/// A path as make reads it in a rule.
fn escaped(path: &Path) -> Result<String, String> {
    let shown = path.display().to_string();
    let text = path.to_str().ok_or_else(|| shown.clone())?;
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '$' => escaped.push_str("$$"),
            ' ' | '#' | '%' | ':' | '*' | '?' | '[' | ']' | '\\' => escaped.extend(['\\', letter]),
            letter if letter.is_control() => return Err(shown),
            letter => escaped.push(letter),
        }
    }
    Ok(escaped)
}
