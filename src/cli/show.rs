//! `show`: the identities of a fleet.

use clap::ValueEnum;
use clap_complete::ArgValueCompleter;

use crate::cli::completion;
use crate::cli::exit::Exit;
use crate::cli::select::{self, Selection};
use crate::cli::session::Session;
use crate::show::{self, Screen, View};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Show one cluster in full, with the origin of each value and what it overrides
    #[arg(conflicts_with_all = ["names", "conditions"], add = ArgValueCompleter::new(completion::clusters))]
    cluster: Option<String>,

    #[command(flatten)]
    selection: Selection,

    /// Output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Width of the table in characters [default: the width of the terminal; unlimited in a pipe]
    #[arg(long, value_name = "CHARACTERS", value_parser = clap::value_parser!(u16).range(40..))]
    width: Option<u16>,
}

/// Output format of a fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Table of clusters and controllers
    Table,
    /// JSON
    Json,
    /// Mermaid graph
    Mermaid,
    /// Self-contained HTML page
    Html,
}

pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<Exit, Exit> {
    session.asked.names = arguments.selection.condition_variables(session.terminal)?;
    session.asked.places =
        arguments.cluster.is_some() || matches!(arguments.format, Format::Json | Format::Html);
    // A table for people may name the values in which clusters differ.
    session.asked.values = arguments.format == Format::Table && arguments.cluster.is_none();
    let located = session.locate(true)?;
    let (fleet, compiled) = session.compile_or_show(located)?;
    let clusters = if let Some(name) = &arguments.cluster {
        vec![select::find(&fleet, name, session.terminal)?]
    } else {
        let selected = arguments.selection.select(&fleet, session.terminal)?;
        selected.unwrap_or_else(|| fleet.clusters.iter().collect())
    };
    let view = View { fleet: &fleet, clusters, provenance: &compiled.provenance, sources: &compiled.sources };
    let in_full = arguments.cluster.is_some();
    match arguments.format {
        Format::Table => {
            let colors = session.terminal.colors_results();
            let width = arguments.width.map(usize::from).or_else(|| session.terminal.width());
            let screen = Screen { width, colors };
            let table = if in_full { show::cluster(&view, screen) } else { show::table(&view, screen) };
            session.terminal.print(&table);
        }
        Format::Json => session.terminal.stream(|text| show::json(&view, in_full, text)),
        Format::Mermaid => {
            let graph = show::mermaid(&view);
            session.terminal.print(&graph.text);
            if graph.edges > show::MOST_EDGES {
                let most = show::MOST_EDGES;
                let edges = graph.edges;
                session.terminal.tell(&format!(
                    "{edges} edges exceed Mermaid's default limit of {most}: raise `maxEdges`, or select clusters with `--where`\n"
                ));
            }
        }
        Format::Html => session.terminal.stream(|text| show::html(&view, text)),
    }
    Ok(Exit::Right)
}
