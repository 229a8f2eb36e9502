//! Files of `build` for make: a stamp, and the rules with its dependencies.

use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::native_path;
use crate::output;
use crate::workspace::Reads;

/// The content of a stamp; only its modification time counts.
const STAMP: &str = "All overlays are built.\n";

/// The rule of the stamp, and an empty rule for each prerequisite, so that make does not fail if one was removed. Reports
/// paths that a makefile cannot express.
pub fn rules(stamp: &Path, reads: &Reads, session: &mut Session<'_>) -> Result<String, Exit> {
    let escaped = |path: &Path| escaped(path).ok_or_else(|| native_path::shown(path));
    let names = || -> Result<(String, Vec<String>), String> {
        Ok((escaped(stamp)?, reads.paths().map(escaped).collect::<Result<Vec<String>, String>>()?))
    };
    let (target, prerequisites) = names().map_err(|path| {
        let message = format!("`{path}` cannot be written in a makefile");
        session.terminal.error(&message, Some("rename it, or build without `--depfile`"));
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

/// Writes the rules, then touches the stamp, unless an input changed during the build, so that make builds again.
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
            format!("`{}` changed during the build: the stamp is not updated\n", native_path::shown(changed));
        session.terminal.tell(&message);
        return Ok(());
    }
    output::touch(stamp, STAMP).map_err(|problem| session.fail(problem))
}

/// A path with the escapes of GNU make; `None` if no escape works both as a target and as a prerequisite.
fn escaped(path: &Path) -> Option<String> {
    let text = path.to_str().map(|_| native_path::shown(path)).filter(|text| !text.ends_with(' '))?;
    // make expands a leading tilde.
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
