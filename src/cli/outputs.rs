//! `outputs`: the paths that `build` writes, one per line.

use crate::cli::exit::Exit;
use crate::cli::select::Selection;
use crate::cli::session::Session;
use crate::cli::trust;
use crate::emit;
use crate::model::Cluster;
use crate::native_path;

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
    let of_clusters = selected.into_iter().flat_map(emit::output_files);
    let mut paths: Vec<String> =
        of_clusters.map(|(directory, name)| format!("{}/{name}", directory.as_str())).collect();
    let trust = trust::fleet_files(&fleet).filter(|_| arguments.selection.is_all());
    paths.extend(trust.iter().flat_map(|trust| &trust.files).map(|file| file.place.path()));
    let shown =
        paths.iter().map(|path| format!("{}\n", native_path::shown(&compiled.located.root.join(path))));
    session.terminal.print(&shown.collect::<String>());
    Ok(Exit::Right)
}
