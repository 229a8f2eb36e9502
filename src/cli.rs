//! The command line.

mod against;
mod build;
mod check;
mod diff;
mod disk;
mod exit;
mod explain;
mod fmt;
mod history;
mod import;
mod include;
mod init;
mod make;
mod output_guard;
mod outputs;
mod programs;
mod render;
mod report;
mod select;
mod session;
mod show;
mod source;
mod terminal;
mod trust;
mod usage;

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::check::Request;
use crate::cli::exit::Exit;
use crate::cli::session::{Denied, Session};
use crate::cli::terminal::{ColorChoice, Terminal};

/// Compiles identity.flux, which says what cloud identity every Flux controller has in every cluster, to one
/// kustomization.yaml for each cluster overlay.
#[derive(Debug, Parser)]
#[command(name = "flux-identity", version, about, max_term_width = 100, disable_help_subcommand = true)]
#[command(
    after_help = "Exit status: 0 done, or right; 1 something is wrong with the source or with what stands \
                        beside it; 2 wrong usage; 3 the machine failed."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    common: Common,
}

/// What every command understands.
#[derive(Debug, Args)]
struct Common {
    /// The source [default: identity.flux here, or in a parent up to the repository's root]
    #[arg(long, value_name = "FILE", global = true)]
    file: Option<PathBuf>,

    /// Do everything as if started in this directory
    #[arg(short = 'C', value_name = "DIR", global = true)]
    directory: Option<PathBuf>,

    /// Treat warnings as errors
    #[arg(long, value_name = "LEVEL", value_enum, global = true)]
    deny: Option<Denied>,

    /// When to color what goes to a terminal
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = ColorChoice::Auto, global = true)]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the fleet and write the overlays that changed
    Build(build::Arguments),
    /// Check the fleet, and whether its overlays are as they should be; write nothing
    Check(check::Arguments),
    /// Print what `build` would change as a patch, and end with 1 if it would change something
    Diff(diff::Arguments),
    /// Show who has what: all clusters, or one with the place where each thing was said
    Show(show::Arguments),
    /// Print the overlay of one cluster
    Render(render::Arguments),
    /// Print the paths that `build` writes, one a line
    Outputs(outputs::Arguments),
    /// Tell what each cloud must be told to trust the fleet
    Trust(trust::Arguments),
    /// Give sources the one style
    Fmt(fmt::Arguments),
    /// Write a first source, for the clusters that are here or for one as an example
    Init,
    /// Write the source of overlays that exist, and report what it leaves alone
    Import(import::Arguments),
    /// Explain a finding, with an example and its correction
    Explain(explain::Arguments),
}

/// Runs the command with the arguments of this process.
pub fn main() -> ExitCode {
    ExitCode::from(main_with(std::env::args_os()))
}

/// Runs the command in this process, and returns the exit status. `arguments`: the name of the command first. What is
/// large is not given back at the end, for the process is expected to end too.
pub fn main_with(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match usage::parse(arguments) {
        Ok(cli) => cli,
        Err(exit) => return exit as u8,
    };
    let mut terminal = Terminal::new(cli.common.color);
    let exit = run(&cli, &mut terminal);
    terminal.finish(exit) as u8
}

fn run(cli: &Cli, terminal: &mut Terminal) -> Exit {
    if let Some(directory) = &cli.common.directory
        && let Err(error) = std::env::set_current_dir(directory)
    {
        let cause = crate::workspace::cause(&error);
        terminal.error(&format!("cannot go to the directory `{}`: {cause}", directory.display()), None);
        let is_wrong = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
        return if is_wrong { Exit::Usage } else { Exit::Failed };
    }
    let (file, deny) = (cli.common.file.clone(), cli.common.deny);
    let mut session = Session { file, deny, asked: Request::default(), terminal };
    let ended = match &cli.command {
        Command::Build(arguments) => build::run(arguments, &mut session),
        Command::Check(arguments) => check::run(arguments, &mut session),
        Command::Diff(arguments) => diff::run(arguments, &mut session),
        Command::Show(arguments) => show::run(arguments, &mut session),
        Command::Render(arguments) => render::run(arguments, &mut session),
        Command::Outputs(arguments) => outputs::run(arguments, &mut session),
        Command::Trust(arguments) => trust::run(arguments, &mut session),
        Command::Fmt(arguments) => Ok(fmt::run(arguments, &mut session)),
        Command::Init => init::run(&mut session),
        Command::Import(arguments) => import::run(arguments, &mut session),
        Command::Explain(arguments) => Ok(explain::run(arguments, session.terminal)),
    };
    ended.unwrap_or_else(|exit| exit)
}
