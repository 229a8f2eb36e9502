//! Completion: in shells, and by the protocol of Cobra, in which `flux identity` asks its plugins.

mod bash;
mod nushell;
mod zsh;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::{CommandFactory as _, ValueEnum};
use clap_complete::engine::{self, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Elvish, EnvCompleter, Fish, Powershell};

use crate::cli::disk::Disk;
use crate::cli::exit::Exit;
use crate::cli::terminal::{ColorChoice, Terminal};
use crate::cli::{Cli, source};
use crate::load;
use crate::problem::{Code, Problems};
use crate::syntax::tree::Item;
use crate::workspace::Inputs;

const NAME: &str = "flux-identity";
/// The environment variable in which a script names its shell when it asks for completions.
const VARIABLE: &str = "FLUX_IDENTITY_COMPLETE";
/// The first arguments with which Cobra asks for completions, with descriptions and without.
const COBRA: [(&str, bool); 2] = [("__complete", true), ("__completeNoDesc", false)];
/// The first argument with which the script for Bash asks. `COMP_WORDBREAKS` and the line follow.
const BASH: &str = "__complete_bash";

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Shell that runs the script
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Nushell,
    Powershell,
    Zsh,
}

/// Prints the script that makes a shell complete the command.
pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Exit {
    match arguments.shell {
        Shell::Bash => terminal.print(bash::SCRIPT),
        Shell::Nushell => terminal.print(nushell::SCRIPT),
        Shell::Zsh => terminal.print(zsh::SCRIPT),
        Shell::Elvish => return register(&Elvish, terminal),
        Shell::Fish => return register(&Fish, terminal),
        Shell::Powershell => return register(&Powershell, terminal),
    }
    Exit::Right
}

/// Prints the script that clap has for a shell.
fn register(completer: &dyn EnvCompleter, terminal: &mut Terminal) -> Exit {
    let mut script = Vec::new();
    match completer.write_registration(VARIABLE, NAME, NAME, NAME, &mut script) {
        Ok(()) => {
            terminal.print_bytes(&script);
            Exit::Right
        }
        Err(error) => {
            terminal.error(&format!("cannot write the script: {error}"), None);
            Exit::Failed
        }
    }
}

/// Answers a shell or Cobra that asks for completions. Returns `None` if neither does.
#[expect(clippy::disallowed_methods, reason = "paths are completed below the current directory")]
pub fn answer(arguments: &[OsString]) -> Option<Exit> {
    let words = words(arguments);
    // As the command itself would: what follows is relative to that directory.
    if let Some(directory) = common(&words, "directory") {
        let _changed = std::env::set_current_dir(directory);
    }
    let here = std::env::current_dir().ok();
    if let Some((_, describe)) = COBRA.iter().find(|(name, _)| is_first(arguments, name)) {
        let mut terminal = Terminal::new(ColorChoice::Never);
        terminal.print(&cobra(words, here.as_deref(), *describe));
        return Some(terminal.finish(Exit::Right));
    }
    if let Some(line) = bash_line(arguments) {
        let mut terminal = Terminal::new(ColorChoice::Never);
        let candidates = candidates(words, here.as_deref()).unwrap_or_default();
        let values = candidates.iter().map(|candidate| candidate.get_value().to_string_lossy());
        let replies = values.filter_map(|value| line.reply(&value));
        terminal.print(&replies.map(|reply| reply + "\n").collect::<String>());
        return Some(terminal.finish(Exit::Right));
    }
    let shells = CompleteEnv::with_factory(Cli::command).var(VARIABLE);
    match shells.try_complete(arguments.iter().cloned(), here.as_deref()) {
        Ok(true) => Some(Exit::Right),
        Ok(false) => None,
        Err(_) => Some(Exit::Usage),
    }
}

fn is_first(arguments: &[OsString], name: &str) -> bool {
    arguments.get(1).is_some_and(|argument| argument == name)
}

fn bash_line(arguments: &[OsString]) -> Option<bash::Line> {
    let [_, first, breaks, line] = arguments else { return None };
    (first == BASH).then(|| bash::Line::read(&line.to_string_lossy(), &breaks.to_string_lossy()))
}

/// The words of the command line that is completed, the name of the program first: those of the line from Bash, behind
/// `--` from another shell, and behind `__complete` from Cobra. The last one is completed.
fn words(arguments: &[OsString]) -> Vec<OsString> {
    let program = || OsString::from(NAME);
    if COBRA.iter().any(|(name, _)| is_first(arguments, name)) {
        let rest: Vec<OsString> = arguments.iter().skip(2).cloned().collect();
        let completed = if rest.is_empty() { Some(OsString::new()) } else { None };
        return std::iter::once(program()).chain(rest).chain(completed).collect();
    }
    if let Some(line) = bash_line(arguments) {
        return line.words;
    }
    arguments.iter().skip_while(|argument| *argument != "--").skip(1).cloned().collect()
}

/// The value of an option of every command, in the words before the last one.
fn common(words: &[OsString], id: &str) -> Option<PathBuf> {
    let (_, before) = words.split_last()?;
    let found = Cli::command().ignore_errors(true).try_get_matches_from(before).ok()?;
    let value = found.get_one::<PathBuf>(id)?;
    // The shell has not expanded the words that it asks about.
    match value.strip_prefix("~") {
        Ok(below) => Some(std::env::home_dir()?.join(below)),
        Err(_) => Some(value.clone()),
    }
}

/// What the last word can be. Options are offered only behind a dash: their common start would be put where a value is
/// expected.
fn candidates(words: Vec<OsString>, here: Option<&Path>) -> Option<Vec<CompletionCandidate>> {
    let last = words.len().saturating_sub(1);
    let is_option = words.last().is_some_and(|word| word.as_encoded_bytes().starts_with(b"-"));
    let mut candidates = engine::complete(&mut Cli::command(), words, last, here).ok()?;
    candidates.retain(|candidate| {
        let looks_like_option = candidate.get_value().as_encoded_bytes().starts_with(b"-");
        // Options and commands have an id. A hidden file has none, and is a candidate only if nothing else is.
        let is_secret = candidate.is_hide_set() && candidate.get_id().is_some();
        !is_secret && (is_option || !looks_like_option)
    });
    Some(candidates)
}

/// The candidates as Cobra reads them, one per line, and the directive for the shell.
fn cobra(words: Vec<OsString>, here: Option<&Path>, describe: bool) -> String {
    const ERROR: u8 = 1;
    const NO_SPACE: u8 = 2;
    const NO_FILES: u8 = 4;

    let current = words.last().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(candidates) = candidates(words, here) else {
        return format!(":{ERROR}\n");
    };
    // Cobra's scripts put the option before the values of `--option=value` themselves.
    let option = current.split_once('=').filter(|(option, _)| option.starts_with('-'));
    let prefix = option.map(|(option, _)| format!("{option}=")).unwrap_or_default();
    let mut text = String::new();
    let mut is_in_directory = false;
    for candidate in candidates {
        let value = candidate.get_value().to_string_lossy();
        let value = value.strip_prefix(&prefix).unwrap_or(&value);
        is_in_directory |= value.ends_with(std::path::is_separator);
        text.push_str(value);
        let help = candidate.get_help().filter(|_| describe).map(ToString::to_string);
        if let Some(line) = help.as_deref().and_then(|help| help.lines().next()) {
            text.push('\t');
            text.push_str(line);
        }
        text.push('\n');
    }
    let directive = if is_in_directory { NO_FILES | NO_SPACE } else { NO_FILES };
    format!("{text}:{directive}\n")
}

/// Completes the name of a cluster of the source.
pub fn clusters(current: &OsStr) -> Vec<CompletionCandidate> {
    let declared = declared_clusters().into_iter();
    declared.filter_map(|(name, platform)| candidate(current, name, format!("on {platform}"))).collect()
}

/// Completes a code of findings, whose letter can be a small one.
pub fn codes(current: &OsStr) -> Vec<CompletionCandidate> {
    let is_small = current.as_encoded_bytes().starts_with(b"f");
    let name = |code: &Code| if is_small { code.as_str().to_lowercase() } else { code.to_string() };
    let codes = Code::ALL.iter();
    codes.filter_map(|code| candidate(current, name(code), code.title().to_owned())).collect()
}

fn candidate(current: &OsStr, name: String, help: String) -> Option<CompletionCandidate> {
    let is_begun = current.to_str().is_some_and(|current| name.starts_with(current));
    is_begun.then(|| CompletionCandidate::new(name).help(Some(help.into())))
}

/// The clusters that the source and its included files declare, and their platforms. Findings are for other commands.
fn declared_clusters() -> Vec<(String, String)> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let file = common(&words(&arguments), "file");
    let Ok(located) = source::locate(file.as_deref(), false) else { return Vec::new() };
    let disk = Disk::open(&located.root);
    let mut problems = Problems::default();
    let sources = load::load(&Inputs::new(&disk), Path::new(&located.name), &mut problems);
    let trees = crate::parse(&sources, &mut problems);
    let items = trees.iter().flat_map(|(_, tree)| &tree.lines).filter_map(|line| line.node.as_ref());
    let clusters = items.filter_map(|item| match item {
        Item::Cluster(cluster) => Some(cluster),
        Item::Profile(_)
        | Item::Include(_)
        | Item::Require(_)
        | Item::Isolate(_)
        | Item::Values(_)
        | Item::Statement(_)
        | Item::Broken(_) => None,
    });
    let named = clusters.flat_map(|cluster| {
        let names = cluster.names.nodes();
        names.map(|name| (name.text.to_owned(), cluster.platform.text.to_owned()))
    });
    named.collect()
}
