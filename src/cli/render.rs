//! `render CLUSTER`: one overlay on standard output.

use clap_complete::ArgValueCompleter;

use crate::cli::completion;
use crate::cli::exit::Exit;
use crate::cli::select;
use crate::cli::session::Session;
use crate::emit;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Name of the cluster
    #[arg(add = ArgValueCompleter::new(completion::clusters))]
    cluster: String,
}

pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    let located = session.locate(true)?;
    let (fleet, _) = session.compile_or_show(located)?;
    let cluster = select::find(&fleet, &arguments.cluster, session.terminal)?;
    session.terminal.print(&emit::overlay(&fleet, cluster));
    Ok(Exit::Right)
}
