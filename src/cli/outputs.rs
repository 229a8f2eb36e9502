//! `outputs`: the paths that `build` writes, one per line.

use crate::cli::exit::Exit;
use crate::cli::select::Selection;
use crate::cli::session::Session;
use crate::emit;
use crate::model::Cluster;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    selection: Selection,
}

pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    session.asked.names = arguments.selection.condition_variables(session.terminal)?;
    let located = session.locate(false)?;
    let (fleet, compiled) = session.compile_or_show(located)?;
    let all: Vec<&Cluster> = fleet.clusters.iter().collect();
    let selected = arguments.selection.select(&fleet, session.terminal)?.unwrap_or(all);
    let paths = selected.into_iter().flat_map(emit::output_files).map(|(directory, name)| {
        let path = compiled.located.root.join(directory.as_str()).join(name);
        format!("{}\n", path.display())
    });
    session.terminal.print(&paths.collect::<String>());
    Ok(Exit::Right)
}
