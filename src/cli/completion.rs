//! Completion: in shells, and by the protocol of Cobra, in which `flux identity` asks its plugins.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::{CommandFactory as _, ValueEnum};
use clap_complete::engine::{self, CompletionCandidate};
use clap_complete::env::{Bash, CompleteEnv, Elvish, EnvCompleter, Fish, Powershell, Zsh};
use clap_complete_nushell::Nushell;

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
    let mut script = Vec::new();
    let completer: &dyn EnvCompleter = match arguments.shell {
        Shell::Bash => &Bash,
        Shell::Elvish => &Elvish,
        Shell::Fish => &Fish,
        Shell::Powershell => &Powershell,
        Shell::Zsh => &Zsh,
        Shell::Nushell => {
            clap_complete::generate(Nushell, &mut Cli::command(), NAME, &mut script);
            terminal.print_bytes(&script);
            return Exit::Right;
        }
    };
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

/// The words of the command line that is completed, the name of the program first: behind `--` from a shell, and behind
/// `__complete` from Cobra. The last one is completed.
fn words(arguments: &[OsString]) -> Vec<OsString> {
    let program = || OsString::from(NAME);
    if COBRA.iter().any(|(name, _)| is_first(arguments, name)) {
        let rest: Vec<OsString> = arguments.iter().skip(2).cloned().collect();
        let completed = if rest.is_empty() { Some(OsString::new()) } else { None };
        return std::iter::once(program()).chain(rest).chain(completed).collect();
    }
    arguments.iter().skip_while(|argument| *argument != "--").skip(1).cloned().collect()
}

/// The value of an option of every command, in the words before the last one.
fn common(words: &[OsString], id: &str) -> Option<PathBuf> {
    let (_, before) = words.split_last()?;
    let found = Cli::command().ignore_errors(true).try_get_matches_from(before).ok()?;
    found.get_one::<PathBuf>(id).cloned()
}

/// The candidates as Cobra reads them, one per line, and the directive for the shell.
fn cobra(words: Vec<OsString>, here: Option<&Path>, describe: bool) -> String {
    const ERROR: u8 = 1;
    const NO_SPACE: u8 = 2;
    const NO_FILES: u8 = 4;

    let last = words.len().saturating_sub(1);
    let current = words.last().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
    let Ok(candidates) = engine::complete(&mut Cli::command(), words, last, here) else {
        return format!(":{ERROR}\n");
    };
    // Cobra's scripts put the option before the values of `--option=value` themselves.
    let option = current.split_once('=').filter(|(option, _)| option.starts_with('-'));
    let prefix = option.map(|(option, _)| format!("{option}=")).unwrap_or_default();
    let mut text = String::new();
    let mut is_in_directory = false;
    for candidate in candidates {
        let value = candidate.get_value().to_string_lossy();
        if candidate.is_hide_set() || (value.starts_with('-') && !current.starts_with('-')) {
            continue;
        }
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

/// Completes a code of findings.
pub fn codes(current: &OsStr) -> Vec<CompletionCandidate> {
    let codes = Code::ALL.iter();
    codes.filter_map(|code| candidate(current, code.to_string(), code.title().to_owned())).collect()
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
