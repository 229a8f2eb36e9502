//! `man DIR`: the manual pages of the command and of each of its commands.

use std::path::PathBuf;

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::cli::Cli;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::output::{create_directories, write_file};
use crate::problem::{FileProblem, count};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Directory of the pages, such as ~/.local/share/man/man1; created if it does not exist
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    into: PathBuf,
}

pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    let pages = pages();
    write(arguments, &pages).map_err(|problem| session.fail(problem))?;
    session.terminal.print(&format!("{} written\n", count(pages.len(), "page")));
    Ok(Exit::Right)
}

fn write(arguments: &Arguments, pages: &[(String, String)]) -> Result<(), FileProblem> {
    create_directories(&arguments.into)?;
    pages.iter().try_for_each(|(name, text)| write_file(&arguments.into.join(name), text))
}

/// The pages by the names of their files.
fn pages() -> Vec<(String, String)> {
    let mut whole = Cli::command().disable_help_subcommand(true);
    whole.build();
    let visible = whole.get_subcommands().filter(|command| !command.is_hide_set());
    std::iter::once(&whole).chain(visible).map(|command| page(command, &whole)).collect()
}

fn page(command: &clap::Command, whole: &clap::Command) -> (String, String) {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    // What a command does not say of its statuses is said of all commands.
    let statuses = command.get_after_help().or_else(|| whole.get_after_help());
    let statuses = statuses.map(ToString::to_string).unwrap_or_default();
    let statuses = statuses.trim_start_matches("Exit status: ").to_owned();
    let shown = command.clone().override_usage(synopsis(command)).after_help(statuses);
    let source = format!("{} {}", whole.get_name(), whole.get_version().unwrap_or_default());
    let mut text = Vec::new();
    // Without a date, what follows would be read as one. Nothing fails that is written to memory.
    let _written = Man::new(shown).date(" ").source(source).render(&mut text);
    let text = String::from_utf8_lossy(&text).replace(".SH EXTRA\n", ".SH \"EXIT STATUS\"\n");
    (format!("{name}.1"), text)
}

/// The command with its options and the names of their values, which a synopsis of the library leaves out.
fn synopsis(command: &clap::Command) -> String {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    let options = command.get_arguments().filter(|argument| !argument.is_positional());
    let options = options
        .filter(|argument| !argument.is_hide_set())
        .map(|option| if option.is_required_set() { option.to_string() } else { format!("[{option}]") });
    let positionals = command.get_positionals().filter(|argument| !argument.is_hide_set());
    let subcommand = command.has_subcommands().then(|| "<COMMAND>".to_owned());
    let rest = positionals.map(ToString::to_string).chain(subcommand);
    std::iter::once(name).chain(options).chain(rest).collect::<Vec<_>>().join(" ")
}
