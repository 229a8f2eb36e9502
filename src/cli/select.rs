//! `--cluster` and `--where`: some clusters of a fleet. They narrow what is written and shown, never what is checked.

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;
use crate::model::{Cluster, Fleet};
use crate::problem::nearest;

/// Which clusters are wanted.
#[derive(Debug, clap::Args)]
pub struct Selection {
    /// Only this cluster; may be given several times
    #[arg(long = "cluster", value_name = "NAME")]
    names: Vec<String>,

    /// Only clusters where this variable or text setting has this value; all must hold that are given
    #[arg(long = "where", value_name = "VAR=VALUE")]
    conditions: Vec<String>,
}

impl Selection {
    /// Whether all clusters are wanted.
    pub fn is_all(&self) -> bool {
        self.names.is_empty() && self.conditions.is_empty()
    }

    /// The option that was given, if one was.
    pub fn option(&self) -> &'static str {
        if self.names.is_empty() { "--where" } else { "--cluster" }
    }

    /// The names whose values decide. What is no condition is said.
    pub fn condition_variables(&self, terminal: &mut Terminal) -> Result<Vec<String>, Exit> {
        let mut asked = Vec::new();
        for condition in &self.conditions {
            match condition.split_once('=') {
                Some((name, _)) if !name.is_empty() => asked.push(name.to_owned()),
                Some(_) | None => {
                    let message = format!("`--where` has no value `{condition}`");
                    terminal.error(&message, Some("write `VAR=VALUE`, as in `--where env=prod`"));
                    return Err(Exit::Usage);
                }
            }
        }
        Ok(asked)
    }

    /// The clusters that are wanted, in the order of the fleet; nothing for all. That there are none is said.
    pub fn select<'f>(
        &self,
        fleet: &'f Fleet,
        terminal: &mut Terminal,
    ) -> Result<Option<Vec<&'f Cluster>>, Exit> {
        self.select_in_any(&[fleet], terminal)
    }

    /// The same of several fleets, where it is enough if one of them knows a name.
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
                let help = "`--where` takes a variable, a setting that is a text, `cluster` or `platform`";
                terminal.error(&format!("no cluster has a value of `{name}`"), Some(help));
                return Err(Exit::Usage);
            }
            selected.retain(|cluster| cluster.values.get(name).is_some_and(|value| value == wanted));
        }
        if selected.is_empty() {
            terminal.error("no cluster is selected", Some("all that is given with `--where` must hold"));
            return Err(Exit::Usage);
        }
        Ok(Some(selected))
    }
}

/// The cluster of a name. That there is none is said.
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
        None => "the source declares its clusters with `cluster NAME on PLATFORM { … }`".to_owned(),
    };
    terminal.error(&format!("there is no cluster `{name}`"), Some(&help));
    Err(Exit::Usage)
}
