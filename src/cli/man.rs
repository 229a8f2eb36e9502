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
    let mut command = Cli::command();
    command.build();
    let visible = command.get_subcommands().filter(|command| !command.is_hide_set());
    let commands = std::iter::once(&command).chain(visible);
    commands.filter(|command| command.get_name() != "help").map(page).collect()
}

fn page(command: &clap::Command) -> (String, String) {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut text = Vec::new();
    // Nothing fails that is written to memory.
    let _written = Man::new(command.clone()).render(&mut text);
    (format!("{name}.1"), String::from_utf8_lossy(&text).into_owned())
}
