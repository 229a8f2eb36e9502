//! Clusters that come, go and change at random.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Random, times};
use crate::harness::run;
use crate::place::repository;
use crate::trees;

/// What a sequence has come to.
struct State {
    clusters: BTreeMap<String, Cluster>,
    /// Files that are not ours, with what they say.
    foreign: BTreeMap<String, Vec<u8>>,
}

#[derive(Clone)]
struct Cluster {
    role: usize,
    output: usize,
}

/// Where overlays may stand. The first is where they stand if nothing is said.
const OUTPUTS: [&str; 4] = [
    "clusters/${cluster}/flux-system",
    "fleet/${cluster}",
    "clusters/${cluster}",
    "by-region/x-${cluster}/a/b",
];

impl Cluster {
    fn path(&self, name: &str) -> String {
        format!("{}/kustomization.yaml", OUTPUTS[self.output].replace("${cluster}", name))
    }
}

impl State {
    fn source(&self) -> String {
        // The templates stay in the source when no cluster uses them any more.
        let mut source: String =
            OUTPUTS.iter().enumerate().skip(1).fold(String::new(), |all, (at, output)| {
                all + &format!("profile at-{at} {{\n  output = \"{output}\"\n}}\n")
            });
        for (name, Cluster { role, output }) in &self.clusters {
            let at = if *output == 0 { String::new() } else { format!("  use at-{output}\n") };
            let block = format!(
                "cluster {name} on eks {{\n{at}  source-controller -> aws \"arn:aws:iam::111122223333:role/r{role}\"\n}}\n"
            );
            source.push_str(&block);
        }
        source
    }

    fn is_free(&self, path: &str) -> bool {
        let is_ours = self.clusters.iter().any(|(name, cluster)| cluster.path(name) == path);
        !is_ours && !self.foreign.contains_key(path)
    }

    fn any(&self, random: &mut Random) -> Option<String> {
        let names: Vec<&String> = self.clusters.keys().collect();
        (!names.is_empty()).then(|| names[random.below(names.len())].clone())
    }

    /// Changes something. What comes back is a file that somebody edited.
    fn step(&mut self, place: &Path, random: &mut Random) -> Option<String> {
        let new = format!("c{}", random.below(12));
        let cluster = Cluster { role: random.below(5), output: random.below(OUTPUTS.len()) };
        let fits = !self.clusters.contains_key(&new) && self.is_free(&cluster.path(&new));
        match random.below(8) {
            0 | 1 if fits => {
                let _new = self.clusters.insert(new, cluster);
            }
            2 => {
                let name = self.any(random)?;
                let _gone = self.clusters.remove(&name);
            }
            3 => {
                let old = self.any(random)?;
                let moved = self.clusters[&old].clone();
                if !self.clusters.contains_key(&new) && self.is_free(&moved.path(&new)) {
                    let _gone = self.clusters.remove(&old);
                    let _new = self.clusters.insert(new, moved);
                }
            }
            4 => {
                let name = self.any(random)?;
                self.clusters.get_mut(&name).expect("it is there").role = cluster.role;
            }
            5 => {
                let name = self.any(random)?;
                if self.is_free(&cluster.path(&name)) {
                    self.clusters.get_mut(&name).expect("it is there").output = cluster.output;
                }
            }
            6 => {
                // A file of somebody, perhaps where an overlay of ours may stand one day.
                let mut path = cluster.path(&new);
                if random.below(2) == 0 || !self.is_free(&path) {
                    path = path.replace("kustomization.yaml", &format!("mine-{}.yaml", cluster.role));
                }
                let text = format!("resources:\n- {}.yaml\n", cluster.role);
                write(place, &path, text.as_bytes());
                let _old = self.foreign.insert(path, text.into_bytes());
            }
            _ => {
                let name = self.any(random)?;
                let path = self.clusters[&name].path(&name);
                let mut text = fs::read(place.join(&path)).unwrap_or_default();
                if !text.is_empty() {
                    text.extend(b"images: []\n");
                    write(place, &path, &text);
                    return Some(path);
                }
            }
        }
        None
    }
}

fn write(place: &Path, path: &str, bytes: &[u8]) {
    let path = place.join(path);
    fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
    fs::write(path, bytes).expect("it is written");
}

#[test]
fn after_any_sequence_a_pruning_build_is_a_fresh_one_and_no_file_of_others_changed() {
    let mut builds = 0;
    for sequence in 0..times(25, 1_000) {
        let mut random = Random(u64::try_from(sequence).expect("it fits"));
        let place = repository(&[]);
        let mut state = State { clusters: BTreeMap::new(), foreign: BTreeMap::new() };
        for step in 0..8 {
            let what = format!("sequence {sequence}, step {step}");
            let edited = state.step(place.path(), &mut random);
            fs::write(place.path().join("identity.flux"), state.source()).expect("it is written");
            if let Some(edited) = edited {
                let before = trees::nodes(place.path());
                let refused = run(place.path(), &["build", "--prune"]);
                assert_eq!(refused.status, 1, "{what}: {}{}", refused.stdout, refused.stderr);
                assert!(
                    refused.stderr.contains(&format!("error[F0402]: {edited}")),
                    "{what}: {}",
                    refused.stderr
                );
                assert_eq!(trees::nodes(place.path()), before, "{what}");
                assert_eq!(run(place.path(), &["build", "--prune", "--force"]).status, 0, "{what}");
            }
            let prune = ["build", "--prune", "--force"];
            // Who removes the last cluster is asked whether that is meant.
            let prune = if state.clusters.is_empty() { &prune[..] } else { &prune[..2] };
            let built = run(place.path(), prune);
            assert_eq!(built.status, 0, "{what}: {}\n{}", built.stderr, state.source());
            builds += 1;

            let fresh = repository(&[("identity.flux", &state.source())]);
            for (path, bytes) in &state.foreign {
                write(fresh.path(), path, bytes);
            }
            assert_eq!(run(fresh.path(), &["build"]).status, 0, "{what}");
            assert_eq!(trees::nodes(place.path()), trees::nodes(fresh.path()), "{what}\n{}", state.source());
        }
    }
    println!("{builds} builds");
}
