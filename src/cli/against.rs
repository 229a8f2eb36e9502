//! `diff --against REV`: changes in meaning since a git revision, independent of generated files.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use clap::ValueEnum;

use crate::check::Request;
use crate::cli::exit::Exit;
use crate::cli::history::{
    self, Git, GitFault, Missing, Origin, Revision, RevisionFault, RevisionKind, RevisionTree,
};
use crate::cli::select::Selection;
use crate::cli::session::Session;
use crate::cli::verify;
use crate::load;
use crate::model::Fleet;
use crate::native_path::{self, shown};
use crate::problem::{
    FileFault, FileProblem, History, Level, Problems, all_of, count, is_visible, nearest, number, render,
};
use crate::review::{self, ComparedRevisions, Review, Side};
use crate::source::Sources;
use crate::workspace::{Inputs, Workspace, cause, is_file};

/// Output format of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Plain text
    Text,
    /// JSON
    Json,
    /// Markdown, for a pull request comment
    Markdown,
}

/// What is done with the two fleets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Their meanings are compared.
    Review(Format),
    /// What they build is compared.
    Verify,
}

impl Purpose {
    const fn option(self) -> &'static str {
        match self {
            Purpose::Review(_) => "--against",
            Purpose::Verify => "--verify",
        }
    }
}

pub fn run(
    against: &str,
    purpose: Purpose,
    selection: &Selection,
    session: &mut Session<'_>,
) -> Result<Exit, Exit> {
    let option = purpose.option();
    session.asked.names = selection.condition_variables(session.terminal)?;
    session.asked.values = true;
    let revision = Revision::parse(against).map_err(|fault| no_revision(against, fault, purpose, session))?;
    let located = session.locate(false)?;
    let (root, name) = (located.root.clone(), located.name.clone());
    let here_root = root.clone();
    let (after, _) = session.compile_or_show(located)?;
    let request = session.asked.clone();
    let git = Git::open(&root).map_err(|fault| failed(fault, &root, &revision.name, session))?;
    let mut of_git = |fault| git_failed(fault, &git, &root, &revision.name, session);
    let alternates = git.alternates().map_err(&mut of_git)?;
    let commit = match git.named(&revision.name).map_err(&mut of_git)? {
        RevisionKind::Commit(commit) => commit,
        RevisionKind::Directory => return Err(no_commit(&revision.name, "a directory", purpose, session)),
        RevisionKind::File => return Err(no_commit(&revision.name, "a file", purpose, session)),
        RevisionKind::Nothing => return Err(unknown(&revision.name, &git, purpose, session)),
        RevisionKind::Missing(object) => {
            let missing = Missing { path: None, object };
            return Err(of_git(GitFault::Missing(vec![missing])));
        }
    };
    let named = revision.path.as_deref().map(from_root).transpose().map_err(&mut of_git)?;
    let wanted = (revision.name.as_str(), commit.as_str());
    let origin = history::find(&git, wanted, name.as_bytes(), named.as_deref()).map_err(&mut of_git)?;
    for objects in alternates {
        let message = format!("git also reads objects from `{}`\n", shown(&objects));
        session.terminal.tell(&render::sanitized(&message));
    }
    let here = directory(git.prefix());
    let (before, past, root, source) = match origin {
        Origin::Found(past, path) => {
            let source = [past.root.as_slice(), &path].concat();
            let is_elsewhere = source != [git.prefix(), name.as_bytes()].concat();
            let source = String::from_utf8_lossy(&source).into_owned();
            if is_elsewhere {
                let message = format!("the source at `{}` is `{source}`\n", revision.name);
                session.terminal.tell(&render::sanitized(&message));
            }
            let root = directory(&past.root);
            let fleet = earlier(&past, &path, (&revision, &request), &git, session)?;
            (fleet, Some(past), root, Some(source))
        }
        Origin::None if matches!(purpose, Purpose::Verify) => {
            return Err(verify::refuse_without_source(&revision.name, session));
        }
        Origin::None => {
            let shown = render::sanitized(&revision.name);
            session.terminal.tell(&format!("no source exists at `{shown}`, so everything is new\n"));
            let nothing = Fleet {
                source: name,
                clusters: Vec::new(),
                output_roots: BTreeSet::new(),
                trust_output: None,
                policies: BTreeSet::new(),
            };
            (nothing, None, here.clone(), None)
        }
        Origin::OneOf(paths) => {
            let message = format!("several sources exist at `{}`: {}", revision.name, few(&paths));
            let help = format!("name one of them: `{option} {}:PATH`", revision.name);
            session.terminal.error(&message, Some(&help));
            return Err(Exit::Usage);
        }
        Origin::Within(paths) => {
            let path = revision.path.as_deref().unwrap_or_default();
            let help = match paths.as_slice() {
                [] => "name a source; the directory has none".to_owned(),
                [source] => format!("name the source in it: `{option} {}:{source}`", revision.name),
                several => format!("name one of the sources in it: {}", few(several)),
            };
            let message = format!("`{path}` is a directory at `{}`", revision.name);
            session.terminal.error(&message, Some(&help));
            return Err(Exit::Usage);
        }
        Origin::NotThere(paths) => {
            let path = revision.path.as_deref().unwrap_or_default();
            let help = match nearest(path, paths.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if paths.is_empty() => "no source exists at this revision".to_owned(),
                None => {
                    format!("the sources are {}; a path starts at the root of the repository", few(&paths))
                }
            };
            session.terminal.error(&format!("`{path}` does not exist at `{}`", revision.name), Some(&help));
            return Err(Exit::Usage);
        }
    };
    let selected = selection.select_in_any(&[&before, &after], session.terminal)?;
    let shown: Option<BTreeSet<String>> =
        selected.map(|clusters| clusters.into_iter().map(|cluster| cluster.name.clone()).collect());
    let Purpose::Review(format) = purpose else {
        let past = past.as_ref().map(|past| past as &dyn Workspace);
        let fleets = [&before, &after];
        return verify::verify_revision(fleets, past, &here_root, shown.as_ref(), session);
    };
    let (before, after) = (Side { fleet: &before, root: &root }, Side { fleet: &after, root: &here });
    let review = review::review(before, after, shown.as_ref());
    let compared = ComparedRevisions { revision: revision.name, commit, source };
    Ok(show(&review, &compared, format, session))
}

/// The fleet at the revision. Its warnings are not reported.
fn earlier(
    past: &RevisionTree,
    path: &[u8],
    (revision, request): (&Revision, &Request),
    git: &Git,
    session: &mut Session<'_>,
) -> Result<Fleet, Exit> {
    let mut problems = Problems::default();
    let inputs = Inputs::new(past);
    let sources = load::load(&inputs, &native_path::from_bytes(path), &mut problems);
    let name = String::from_utf8_lossy(path);
    let fleet = crate::compile(&sources, &name, &inputs, request, &mut problems)
        .filter(|_| problems.refused().is_none());
    // Other findings follow from the missing objects.
    let missing = past.missing();
    if !missing.is_empty() {
        return Err(lacks(&missing, git, &revision.name, session));
    }
    if let Some(fleet) = fleet {
        return Ok(fleet);
    }
    let mut findings = problems.findings();
    findings.retain(|finding| finding.code.level() == Level::Error);
    let exit = session.exit(&problems, &findings);
    // A past source cannot be corrected, so one error is enough.
    let errors = number(&findings);
    findings.truncate(1);
    session.terminal.tell(&render::human(&findings, &sources, session.terminal.colors_errors()));
    let rest = match errors.saturating_sub(1) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let source = String::from_utf8_lossy(&[past.root.as_slice(), path].concat()).into_owned();
    let message = format!("cannot compare with `{source}` at `{}`: it has this error{rest}", past.revision);
    let help = match revision.path {
        Some(_) => "name another source, or a revision at which this one is valid",
        None => "name a revision with a valid source; the current source is valid",
    };
    session.terminal.error(&message, Some(help));
    Err(exit)
}

fn show(review: &Review, compared: &ComparedRevisions, format: Format, session: &mut Session<'_>) -> Exit {
    match format {
        Format::Text => session.terminal.print_bytes(review::text(review).as_bytes()),
        Format::Json => session.terminal.stream_bytes(|text| review::document(review, compared, text)),
        Format::Markdown => session.terminal.print_bytes(review::markdown(review, compared).as_bytes()),
    }
    let all = count(review.clusters, "cluster");
    let revision = render::sanitized(&compared.revision);
    let whole = match review.changed {
        _ if review.is_empty() => format!("{all}, no changes since `{revision}`\n"),
        0 => format!("{all}, none changed since `{revision}`, except for `require`, `isolate` or `allow`\n"),
        changed => format!("{all}, {changed} changed since `{revision}`\n"),
    };
    session.terminal.tell(&whole);
    if review.is_empty() { Exit::Right } else { Exit::Wrong }
}

/// The path of a directory without control characters.
fn directory(path: &[u8]) -> String {
    let visible = |letter: char| if is_visible(letter) { letter } else { '?' };
    String::from_utf8_lossy(path).chars().map(visible).collect()
}

/// The path of a source from the root of the repository. As in git, a path that starts with `./` or `../` is relative to
/// the current directory.
fn from_root(path: &str) -> Result<Vec<u8>, GitFault> {
    let path = shown(Path::new(path));
    if !path.starts_with("./") && !path.starts_with("../") {
        return Ok(path.as_bytes().to_vec());
    }
    let here = Git::open(Path::new("."))?;
    let mut parts: Vec<&[u8]> = Vec::new();
    let whole = [here.prefix(), path.as_bytes()].concat();
    for part in whole.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join(&b'/'))
}

fn no_revision(against: &str, fault: RevisionFault, purpose: Purpose, session: &mut Session<'_>) -> Exit {
    let option = purpose.option();
    let (message, help) = match fault {
        RevisionFault::Empty => {
            (format!("`{option}` has no revision"), format!("write a revision, such as `{option} main`"))
        }
        RevisionFault::NoPath => {
            let revision = against.strip_suffix(':').unwrap_or(against);
            (
                format!("`{against}` has no path after `:`"),
                format!("remove `:`, or add the path of the source: `{option} {revision}:identity.flux`"),
            )
        }
        RevisionFault::Range => {
            let first = against.split("..").next().filter(|first| !first.is_empty()).unwrap_or("main");
            (
                format!("`{against}` is a range, not a revision"),
                format!(
                    "name one revision; to compare with where this branch left `{first}`, use \
                     `{option} \"$(git merge-base {first} HEAD)\"`"
                ),
            )
        }
    };
    session.terminal.error(&message, Some(&help));
    Exit::Usage
}

fn no_commit(revision: &str, is: &str, purpose: Purpose, session: &mut Session<'_>) -> Exit {
    let option = purpose.option();
    let help =
        format!("name a commit, a branch or a tag, followed by the path of the source: `{option} main:PATH`");
    session.terminal.error(&format!("`{revision}` is {is}, not a commit"), Some(&help));
    Exit::Usage
}

fn unknown(revision: &str, git: &Git, purpose: Purpose, session: &mut Session<'_>) -> Exit {
    let option = purpose.option();
    let names = git.names();
    let of_remote = names.iter().find(|name| name.split_once('/').is_some_and(|(_, rest)| rest == revision));
    let near = of_remote.map(String::as_str).or_else(|| nearest(revision, names.iter().map(String::as_str)));
    let help = match near {
        _ if is_file(Path::new(revision)) => {
            format!("it is a file; add a revision: `{option} main:{revision}`")
        }
        Some(near) => format!("did you mean `{near}`?"),
        None if git.is_shallow() => "this clone is shallow; run `git fetch --unshallow`".to_owned(),
        None => "name a branch, a tag or a commit; `git fetch` updates remote branches".to_owned(),
    };
    session.terminal.error(&format!("unknown revision `{revision}`"), Some(&help));
    Exit::Usage
}

fn lacks(missing: &[Missing], git: &Git, revision: &str, session: &mut Session<'_>) -> Exit {
    let history = match git.promisor() {
        Some(remote) => History::Partial(remote),
        None if git.is_shallow() => History::Shallow,
        None => History::Whole,
    };
    let mut problems = Problems::default();
    for Missing { path, object } in missing {
        let path = match path {
            Some(path) => format!("{revision}:{}", String::from_utf8_lossy(path)),
            None => revision.to_owned(),
        };
        let fault = FileFault::MissingObject { object: object.clone(), history: history.clone() };
        problems.report(FileProblem { path, fault });
    }
    session.show(&problems, &Sources::default())
}

/// Reports a fault of git in a repository that was opened.
fn git_failed(
    fault: GitFault,
    git: &Git,
    directory: &Path,
    revision: &str,
    session: &mut Session<'_>,
) -> Exit {
    if let GitFault::Missing(missing) = &fault {
        return lacks(missing, git, revision, session);
    }
    failed(fault, directory, revision, session)
}

fn failed(fault: GitFault, directory: &Path, revision: &str, session: &mut Session<'_>) -> Exit {
    let here = shown(if directory.as_os_str().is_empty() { Path::new(".") } else { directory });
    let (message, help, exit) = match fault {
        GitFault::NotRun(error) if error.kind() == ErrorKind::TimedOut => (
            format!("git timed out in the repository of `{here}`"),
            "check that `git log` finishes there, and which files the git configuration includes".to_owned(),
            Exit::Failed,
        ),
        GitFault::NotRun(error) => (
            format!("cannot run `git`: {}", cause(&error)),
            "a comparison with a revision needs git; install it".to_owned(),
            Exit::Failed,
        ),
        GitFault::InCheckout(file) => (
            format!(
                "the only `git` in `PATH` is `{}`, and programs in the checkout are not run",
                shown(&file)
            ),
            "install git outside of the checkout".to_owned(),
            Exit::Failed,
        ),
        GitFault::OtherWorkTree(root) => (
            format!("the working tree of the repository of `{here}` is elsewhere, in `{}`", shown(&root)),
            "run `git config --unset core.worktree` to move it back".to_owned(),
            Exit::Failed,
        ),
        GitFault::Alternates(list, error) => (
            format!("cannot read `{}`: {}", shown(&list), cause(&error)),
            "it lists the repositories that git reads objects from; remove it, or make it a regular file"
                .to_owned(),
            Exit::Failed,
        ),
        GitFault::NoRepository => (
            format!("`{here}` is not in a git repository"),
            "without a revision, `diff` compares with the files on disk".to_owned(),
            Exit::Usage,
        ),
        GitFault::NotTrusted => (
            format!("git does not trust the repository of `{here}`: another user owns it"),
            "to trust it, run `git config --global --add safe.directory DIR`".to_owned(),
            Exit::Failed,
        ),
        GitFault::Missing(missing) => (
            format!("{} of `{revision}` are missing from the repository", count(missing.len(), "object")),
            "`git fsck` lists missing objects, and `git fetch` downloads them".to_owned(),
            Exit::Failed,
        ),
        GitFault::Failed(message) => (
            format!("git cannot read `{revision}`: {message}"),
            "check that `git ls-tree` can read it, and fetch missing objects".to_owned(),
            Exit::Failed,
        ),
    };
    session.terminal.error(&message, Some(&help));
    exit
}

/// The first five paths and the number of the others.
fn few(paths: &[String]) -> String {
    let shown: Vec<&String> = paths.iter().take(5).collect();
    let more = paths.len().saturating_sub(shown.len());
    if more == 0 { all_of(&shown) } else { format!("{} and {more} more", all_of(&shown)) }
}
