//! Several builds at once.

use std::fs;
use std::process::{Child, Stdio};

use super::times;
use crate::harness::{Run, command};
use crate::place::built;
use crate::trees;

const BUILDS: usize = 8;

fn fleet(role: usize) -> String {
    let cluster = |at| {
        format!(
            "cluster c{at} on eks {{ source-controller -> aws \"arn:aws:iam::111122223333:role/r{role}\" }}\n"
        )
    };
    (0..12).map(cluster).collect::<Vec<String>>().concat()
}

fn start(place: &std::path::Path) -> Child {
    let mut build = command(place, &["build"]);
    build.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs")
}

fn end(child: Child) -> Run {
    child.wait_with_output().expect("it ends").into()
}

#[test]
fn of_builds_at_once_one_writes_and_the_others_have_nothing_to_do() {
    let place = built(&fleet(0));
    for round in 1..=times(15, 200) {
        fs::write(place.path().join("identity.flux"), fleet(round)).expect("it is written");
        let children: Vec<Child> = (0..BUILDS).map(|_| start(place.path())).collect();
        let runs: Vec<Run> = children.into_iter().map(end).collect();
        assert!(
            runs.iter().all(|run| run.status == 0),
            "{:?}",
            runs.iter().map(|run| &run.stderr).collect::<Vec<_>>()
        );
        let idle = runs.iter().filter(|run| run.stdout == "12 overlays, nothing to do\n").count();
        assert_eq!(idle, BUILDS - 1, "round {round}");
        assert_eq!(trees::nodes(place.path()), trees::nodes(built(&fleet(round)).path()), "round {round}");
    }
}

#[test]
fn while_the_source_changes_the_tree_becomes_that_of_the_last_one() {
    let place = built(&fleet(0));
    for round in 1..=times(10, 200) {
        let mut children = Vec::new();
        for build in 0..BUILDS {
            // As editors save: the source is never half.
            let (new, source) = (place.path().join("new"), place.path().join("identity.flux"));
            fs::write(&new, fleet(round * BUILDS + build)).expect("it is written");
            fs::rename(&new, &source).expect("it is renamed");
            children.push(start(place.path()));
        }
        let runs: Vec<Run> = children.into_iter().map(end).collect();
        assert!(
            runs.iter().all(|run| run.status == 0),
            "{:?}",
            runs.iter().map(|run| &run.stderr).collect::<Vec<_>>()
        );
        assert_eq!(
            trees::nodes(place.path()),
            trees::nodes(built(&fleet(round * BUILDS + BUILDS - 1)).path()),
            "round {round}"
        );
    }
}
