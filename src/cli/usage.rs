//! Parses arguments and words usage errors. With the types of `cli.rs` the only code that knows clap.

#![expect(clippy::wildcard_enum_match_arm, reason = "clap may add kinds of errors at any time")]

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _};

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;
use crate::cli::{Cli, ColorChoice as Choice};
use crate::problem::{nearest, one_of};

/// Parses arguments, of which the first is the name of the command. Prints usage errors, help and the version.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, Exit> {
    let mut command = Cli::command();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let see_help = see_help(&command, &arguments);
    let parsed = command.try_get_matches_from_mut(arguments).and_then(|found| Cli::from_arg_matches(&found));
    parsed.map_err(|error| {
        let mut terminal = Terminal::new(Choice::Auto);
        let exit = match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                terminal.print(&error.render().to_string());
                Exit::Right
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                terminal.tell(&error.render().to_string());
                Exit::Usage
            }
            kind => {
                let (message, help) = explain(kind, &error, &see_help);
                terminal.error(&message, Some(&help));
                Exit::Usage
            }
        };
        terminal.finish(exit)
    })
}

/// Where the options are described: those of a command in its own help.
fn see_help(command: &clap::Command, arguments: &[OsString]) -> String {
    let mut words = arguments.iter().skip(1).filter_map(|argument| argument.to_str());
    match words.find_map(|word| command.find_subcommand(word)) {
        Some(command) => format!("see `flux-identity {} --help`", command.get_name()),
        None => "see `flux-identity --help`".to_owned(),
    }
}

fn explain(kind: ErrorKind, error: &clap::Error, see_help: &str) -> (String, String) {
    let argument = without_value(context(error, ContextKind::InvalidArg).unwrap_or_default());
    let value = context(error, ContextKind::InvalidValue).unwrap_or_default();
    let choices: Vec<String> = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) => values.clone(),
        _ => Vec::new(),
    };
    match kind {
        ErrorKind::InvalidSubcommand => {
            let word = context(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            let commands: Vec<String> =
                Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
            let help = match nearest(&word, commands.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("expected one of {}", one_of(&commands)),
            };
            (format!("unknown command `{word}`"), help)
        }
        ErrorKind::UnknownArgument => {
            let help = match context(error, ContextKind::SuggestedArg) {
                Some(near) => format!("did you mean `{near}`?"),
                None => see_help.to_owned(),
            };
            (format!("unexpected argument `{argument}`"), help)
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            let help = if choices.is_empty() {
                see_help.to_owned()
            } else {
                format!("expected {}", one_of(&choices))
            };
            (format!("`{argument}` requires a value"), help)
        }
        ErrorKind::ValueValidation => {
            (format!("invalid value `{value}` for `{argument}`"), see_help.to_owned())
        }
        ErrorKind::InvalidValue => {
            (format!("invalid value `{value}` for `{argument}`"), format!("expected {}", one_of(&choices)))
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = match error.get(ContextKind::InvalidArg) {
                Some(ContextValue::Strings(missing)) => one_of(missing),
                _ => "something".to_owned(),
            };
            (format!("missing argument {missing}"), see_help.to_owned())
        }
        ErrorKind::ArgumentConflict => {
            let other = without_value(context(error, ContextKind::PriorArg).unwrap_or_default());
            if other == argument {
                return (format!("`{argument}` cannot be repeated"), "use it once".to_owned());
            }
            (format!("`{argument}` cannot be used with `{other}`"), see_help.to_owned())
        }
        ErrorKind::MissingSubcommand => ("missing command".to_owned(), see_help.to_owned()),
        _ => ("invalid arguments".to_owned(), see_help.to_owned()),
    }
}

/// An option without the name of its value.
fn without_value(option: String) -> String {
    match option.split_once(" <") {
        Some((option, _)) => option.to_owned(),
        None => option,
    }
}

fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.first().cloned(),
        _ => None,
    }
}
