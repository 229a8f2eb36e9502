//! The command line.

mod against;
mod build;
mod check;
mod completion;
mod diff;
mod disk;
mod exit;
mod explain;
mod fix;
mod fmt;
mod history;
mod import;
mod init;
mod kustomize_program;
mod lsp;
mod make;
mod man;
mod outputs;
mod programs;
mod render;
mod report;
mod select;
mod session;
mod show;
mod source;
mod terminal;
mod together;
mod trust;
mod usage;
mod verify;

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::check::Request;
use crate::cli::exit::Exit;
use crate::cli::session::{Denied, Session};
use crate::cli::terminal::{ColorChoice, Terminal};
use crate::native_path;

/// Compiles identity.flux, which declares the cloud identities of Flux controllers, to the kustomization.yaml of each
/// cluster.
#[derive(Debug, Parser)]
#[command(name = "flux-identity", version, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0 success; 1 errors, drift or differences; 2 usage error; 3 system failure."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    common: Common,
}

/// Options of every command.
#[derive(Debug, Args)]
struct Common {
    /// Source file [default: identity.flux in this directory or a parent, up to the root of the repository]
    #[arg(long, value_name = "FILE", global = true, value_hint = clap::ValueHint::FilePath)]
    file: Option<PathBuf>,

    /// Change to this directory first
    #[arg(short = 'C', value_name = "DIR", global = true, value_hint = clap::ValueHint::DirPath)]
    directory: Option<PathBuf>,

    /// Treat warnings as errors
    #[arg(long, value_name = "LEVEL", value_enum, global = true)]
    deny: Option<Denied>,

    /// When to color the output
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = ColorChoice::Auto, global = true)]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the fleet and write the overlays that changed
    Build(build::Arguments),
    /// Check the fleet and report drift of its overlays; write nothing
    Check(check::Arguments),
    /// Print the changes that `build` would make as a patch; exit with 1 if there are any
    #[command(
        mut_arg("prune", |arg| arg.help("Include what `build --prune` would remove")),
        mut_arg("adopt", |arg| arg.help("Include what `build --adopt` would overwrite")),
        mut_arg("force", |arg| arg.help("Include what `build --force` would overwrite"))
    )]
    Diff(diff::Arguments),
    /// Show the identities of all clusters, or of one with the origin of each value
    Show(show::Arguments),
    /// Print the overlay of one cluster
    Render(render::Arguments),
    /// Print the paths that `build` writes, one per line
    Outputs(outputs::Arguments),
    /// Generate the trust configuration of each cloud
    Trust(trust::Arguments),
    /// Format sources
    Fmt(fmt::Arguments),
    /// Write a first source, for existing clusters or with an example cluster
    Init,
    /// Generate a source from existing overlays, and report what it leaves alone
    #[command(
        after_help = "Exit status: 0 if a cluster is imported, warnings or not; 1 if none is, or on an error."
    )]
    Import(import::Arguments),
    /// Explain a finding, with an example and its correction
    Explain(explain::Arguments),
    /// Print the script that makes a shell complete this command
    Completions(completion::Arguments),
    /// Write the manual pages
    Man(man::Arguments),
    /// Serve an editor by the Language Server Protocol, on standard input and output
    Lsp,
}

/// Runs the command with the arguments of this process.
pub fn main() -> ExitCode {
    ExitCode::from(main_with(std::env::args_os()))
}

/// Runs the command in this process and returns the exit status. `arguments` starts with the name of the command. Large
/// values are leaked, because the process is expected to exit.
pub fn main_with(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(exit) = completion::answer(&arguments) {
        return exit as u8;
    }
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
        terminal
            .error(&format!("cannot change to directory `{}`: {cause}", native_path::shown(directory)), None);
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
        Command::Completions(arguments) => Ok(completion::run(arguments, session.terminal)),
        Command::Man(arguments) => man::run(arguments, &mut session),
        Command::Lsp => Ok(lsp::run(session.terminal)),
    };
    ended.unwrap_or_else(|exit| exit)
}
