//! `render CLUSTER`: one overlay on standard output.

use crate::cli::Exit;
use crate::cli::session::Session;
use crate::emit;
use crate::problem::nearest;

/// What the command wants.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The cluster's name
    cluster: String,
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Exit {
    let fleet = match session.compile_or_show(true) {
        Ok((fleet, _)) => fleet,
        Err(exit) => return exit,
    };
    let name = arguments.cluster.as_str();
    if let Some(cluster) = fleet.clusters.iter().find(|cluster| cluster.name == name) {
        session.terminal.print(&emit::overlay(&fleet, cluster));
        return Exit::Right;
    }
    let help = match nearest(name, fleet.clusters.iter().map(|cluster| cluster.name.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "the source declares its clusters with `cluster NAME on PLATFORM { … }`".to_owned(),
    };
    session.terminal.error(&format!("there is no cluster `{name}`"), Some(&help));
    Exit::Usage
}
