//! `--cluster` and `--where`: selection of clusters. It limits what is written and shown, never what is checked.

use clap_complete::ArgValueCompleter;

use crate::cli::completion;
use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;
use crate::model::{Cluster, Fleet};
use crate::problem::nearest;

/// The selected clusters.
#[derive(Debug, clap::Args)]
pub struct Selection {
    /// Select this cluster; can be repeated
    #[arg(long = "cluster", value_name = "NAME", add = ArgValueCompleter::new(completion::clusters))]
    names: Vec<String>,

    /// Select clusters where a variable or text setting has this value; can be repeated, all must hold
    #[arg(long = "where", value_name = "VARIABLE=VALUE")]
    conditions: Vec<String>,
}

impl Selection {
    /// True if every cluster is selected.
    pub fn is_all(&self) -> bool {
        self.names.is_empty() && self.conditions.is_empty()
    }

    /// The name of the option in use.
    pub fn option(&self) -> &'static str {
        if self.names.is_empty() { "--where" } else { "--cluster" }
    }

    /// The names in `--where`. Reports invalid conditions.
    pub fn condition_variables(&self, terminal: &mut Terminal) -> Result<Vec<String>, Exit> {
        let mut asked = Vec::new();
        for condition in &self.conditions {
            match condition.split_once('=') {
                Some((name, _)) if !name.is_empty() => asked.push(name.to_owned()),
                Some(_) | None => {
                    let message =
                        format!("invalid condition `{condition}` in `--where`: expected `VARIABLE=VALUE`");
                    terminal.error(&message, Some("for example `--where env=prod`"));
                    return Err(Exit::Usage);
                }
            }
        }
        Ok(asked)
    }

    /// The selected clusters in the order of the fleet; `None` for all. Reports an empty selection.
    pub fn select<'f>(
        &self,
        fleet: &'f Fleet,
        terminal: &mut Terminal,
    ) -> Result<Option<Vec<&'f Cluster>>, Exit> {
        self.select_in_any(&[fleet], terminal)
    }

    /// Selects from several fleets; a name is valid if one of them has it.
    pub fn select_in_any<'f>(
        &self,
        fleets: &[&'f Fleet],
        terminal: &mut Terminal,
    ) -> Result<Option<Vec<&'f Cluster>>, Exit> {
        if self.is_all() {
            return Ok(None);
        }
        for name in &self.names {
            find_in(fleets, name, terminal)?;
        }
        let all: Vec<&Cluster> = fleets.iter().flat_map(|fleet| &fleet.clusters).collect();
        let mut selected = all.clone();
        if !self.names.is_empty() {
            selected.retain(|cluster| self.names.contains(&cluster.name));
        }
        for (name, wanted) in self.conditions.iter().filter_map(|condition| condition.split_once('=')) {
            if !all.iter().any(|cluster| cluster.values.contains_key(name)) {
                let help = "`--where` accepts variables, text settings, `cluster` and `platform`";
                terminal.error(&format!("no cluster has a value for `{name}`"), Some(help));
                return Err(Exit::Usage);
            }
            selected.retain(|cluster| cluster.values.get(name).is_some_and(|value| value == wanted));
        }
        if selected.is_empty() {
            terminal.error("no cluster matches", Some("every `--where` condition must hold"));
            return Err(Exit::Usage);
        }
        Ok(Some(selected))
    }
}

/// The cluster of a name. Reports an unknown name.
pub fn find<'f>(fleet: &'f Fleet, name: &str, terminal: &mut Terminal) -> Result<&'f Cluster, Exit> {
    find_in(&[fleet], name, terminal)
}

fn find_in<'f>(fleets: &[&'f Fleet], name: &str, terminal: &mut Terminal) -> Result<&'f Cluster, Exit> {
    let clusters = || fleets.iter().flat_map(|fleet| &fleet.clusters);
    if let Some(cluster) = clusters().find(|cluster| cluster.name == name) {
        return Ok(cluster);
    }
    let help = match nearest(name, clusters().map(|cluster| cluster.name.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "declare a cluster with `cluster NAME on PLATFORM { … }`".to_owned(),
    };
    terminal.error(&format!("unknown cluster `{name}`"), Some(&help));
    Err(Exit::Usage)
}
