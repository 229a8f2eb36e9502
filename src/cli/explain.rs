//! `explain CODE`: the page of a code. `explain --list`: all codes.

use clap_complete::ArgValueCompleter;

use crate::cli::completion;
use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;
use crate::problem::{Code, nearest};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Code of a finding, such as F0101
    #[arg(value_name = "CODE", add = ArgValueCompleter::new(completion::codes))]
    code: Option<String>,

    /// List all codes with their levels and titles
    #[arg(long)]
    list: bool,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Exit {
    match (&arguments.code, arguments.list) {
        (None, true) => {
            terminal.print(&list());
            Exit::Right
        }
        (Some(name), false) => match Code::from_name(name) {
            Some(code) => {
                terminal.print(&page(code));
                Exit::Right
            }
            None => unknown(name, terminal),
        },
        (Some(_), true) => wrong("a code cannot be used with `--list`", terminal),
        (None, false) => wrong("`explain` requires a code", terminal),
    }
}

fn wrong(message: &str, terminal: &mut Terminal) -> Exit {
    terminal.error(
        message,
        Some("run `flux-identity explain F0101` for one code, or `flux-identity explain --list` for all"),
    );
    Exit::Usage
}

fn unknown(name: &str, terminal: &mut Terminal) -> Exit {
    let help = match nearest(name, Code::ALL.iter().map(|code| code.as_str())) {
        Some(near) => format!("did you mean `{near}`? `flux-identity explain --list` lists all codes"),
        None => "`flux-identity explain --list` lists all codes".to_owned(),
    };
    terminal.error(&format!("unknown code `{name}`"), Some(&help));
    Exit::Usage
}

/// The page of a code, below the first line of its findings.
fn page(code: Code) -> String {
    format!("{}[{code}]: {}\n\n{}", code.level().as_str(), code.title(), code.page())
}

/// One line for each code: code, level and title in columns.
fn list() -> String {
    let line = |code: &Code| format!("{code}  {:7}  {}\n", code.level().as_str(), code.title());
    Code::ALL.iter().map(line).collect()
}
