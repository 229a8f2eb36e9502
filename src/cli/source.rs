//! Finding and reading the sources.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use glob::MatchOptions;

use crate::output::cause;
use crate::problem::{
    FileFault, FileProblem, IncludeFault, IncludeProblem, Problem, Problems, SyntaxProblem,
};
use crate::source::{MAX_BYTES, Source, Sources};
use crate::syntax;

/// The name of a source that nobody names.
const DEFAULT: &str = "identity.flux";

/// Where the source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The file; nothing for standard input.
    pub path: Option<PathBuf>,
    /// The file name that overlays call it by.
    pub name: String,
    /// The directory that overlays are written below; empty for the current one.
    pub root: PathBuf,
}

/// Finds the source: what `--file` says, else `identity.flux` here or in a parent up to the repository's root.
pub fn locate(file: Option<&Path>, may_be_stdin: bool) -> Result<Located, (String, String)> {
    match file {
        Some(file) if file == Path::new("-") && may_be_stdin => {
            Ok(Located { path: None, name: DEFAULT.to_owned(), root: PathBuf::new() })
        }
        Some(file) if file == Path::new("-") => {
            let message = "this command does not read standard input".to_owned();
            Err((message, "`check` and `render` do; or write the source to a file".to_owned()))
        }
        Some(file) => match file.file_name().and_then(|name| name.to_str()) {
            Some(name) => {
                let root = file.parent().map(Path::to_path_buf).unwrap_or_default();
                Ok(Located { path: Some(file.to_path_buf()), name: name.to_owned(), root })
            }
            None => {
                Err((format!("`{}` is not the name of a file", file.display()), "name the source".to_owned()))
            }
        },
        None => search().ok_or_else(|| {
            let message = format!("there is no `{DEFAULT}` here or in a directory above");
            (message, "write one, or name the source with `--file FILE`".to_owned())
        }),
    }
}

#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn search() -> Option<Located> {
    let here = std::env::current_dir().ok()?;
    // Outside of a repository only this directory is looked at: what lies above may be anybody's.
    let to_root = here.ancestors().position(|directory| directory.join(".git").exists()).unwrap_or(0);
    let mut roots = (0..=to_root).map(|up| std::iter::repeat_n("..", up).collect::<PathBuf>());
    let root = roots.find(|root| root.join(DEFAULT).is_file())?;
    Some(Located { path: Some(root.join(DEFAULT)), name: DEFAULT.to_owned(), root })
}

/// Reads a source and all that it includes, in the order of their paths, each once.
pub fn load(located: &Located, problems: &mut Problems) -> Sources {
    let mut sources = Sources::default();
    match read(located.path.as_deref()) {
        Ok(source) => {
            let root = sources.add(source);
            for path in included(&syntax::includes(&sources, root), located, problems) {
                match read(Some(&path)) {
                    Ok(source) => {
                        let _id = sources.add(source);
                    }
                    Err(problem) => problems.push(problem),
                }
            }
        }
        Err(problem) => problems.push(problem),
    }
    sources
}

/// The files that patterns match, sorted, without the root file itself.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn included(
    patterns: &[(String, crate::span::Span)],
    located: &Located,
    problems: &mut Problems,
) -> Vec<PathBuf> {
    let mut found: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for (pattern, at) in patterns {
        match matches(pattern, located) {
            Ok(paths) => {
                for path in paths {
                    let _first =
                        found.entry(fs::canonicalize(&path).unwrap_or_else(|_| path.clone())).or_insert(path);
                }
            }
            Err(fault) => problems.push(IncludeProblem { at: *at, fault }),
        }
        if found.len() > usize::from(u16::MAX) - 1 {
            problems.push(IncludeProblem { at: *at, fault: IncludeFault::TooMany });
            return Vec::new();
        }
    }
    let mut paths: Vec<PathBuf> = found.into_values().collect();
    paths.sort();
    paths
}

#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn matches(pattern: &str, located: &Located) -> Result<Vec<PathBuf>, IncludeFault> {
    let root = &located.root;
    let stays = |component: Component<'_>| matches!(component, Component::Normal(_) | Component::CurDir);
    if pattern.contains('\\') || !Path::new(pattern).components().all(stays) {
        return Err(IncludeFault::Outside);
    }
    // Directories may be linked in a circle.
    if pattern.contains("**") {
        return Err(IncludeFault::Pattern);
    }
    let here = glob::Pattern::escape(&root.display().to_string());
    let whole = if here.is_empty() { pattern.to_owned() } else { format!("{here}/{pattern}") };
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let paths = glob::glob_with(&whole, options).map_err(|_| IncludeFault::Pattern)?;
    let real_root_file = located.path.as_ref().and_then(|path| fs::canonicalize(path).ok());
    let is_root = |path: &Path| real_root_file.is_some() && fs::canonicalize(path).ok() == real_root_file;
    let files: Vec<PathBuf> =
        paths.filter_map(Result::ok).filter(|path| path.is_file() && !is_root(path)).collect();
    let real_root =
        fs::canonicalize(if root.as_os_str().is_empty() { Path::new(".") } else { root.as_path() });
    let is_inside = |path: &PathBuf| {
        let real = fs::canonicalize(path);
        real.ok().zip(real_root.as_ref().ok()).is_some_and(|(real, root)| real.starts_with(root))
    };
    match files.as_slice() {
        [] => Err(IncludeFault::Nothing),
        files if files.iter().all(is_inside) => Ok(files.to_vec()),
        _ => Err(IncludeFault::Outside),
    }
}

/// Reads one file, or standard input.
#[expect(clippy::disallowed_methods, reason = "the file system and the terminal are met here")]
pub fn read(path: Option<&Path>) -> Result<Source, Problem> {
    let name = path.map_or_else(|| "-".to_owned(), |path| path.display().to_string());
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = match path {
        Some(path) => fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)),
        None => std::io::stdin().lock().take(limit).read_to_end(&mut bytes),
    };
    if let Err(error) = read {
        let fault = FileFault::Unreadable { cause: cause(&error) };
        return Err(FileProblem { path: name, fault }.into());
    }
    text(name, bytes)
}

/// The text of a file, if it is text.
fn text(name: String, bytes: Vec<u8>) -> Result<Source, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(SyntaxProblem::TooLarge { path: name, limit: MAX_BYTES }.into());
    }
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name, text }),
        Err(error) => {
            let valid = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
            let line = valid.filter(|byte| **byte == b'\n').count().saturating_add(1);
            Err(SyntaxProblem::NotText { path: name, line, utf16 }.into())
        }
    }
}
