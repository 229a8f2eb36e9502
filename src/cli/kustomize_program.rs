//! The program that builds overlays: kustomize, or kubectl with kustomize in it.

use std::path::Path;

use crate::cli::programs::{self, NotFound, Program, TIME_LIMIT, checkout_of, find_program};
use crate::native_path;
use crate::workspace::cause;

/// The commands that build an overlay.
const BUILDERS: [(&str, &str); 2] = [("kustomize", "build"), ("kubectl", "kustomize")];

/// The variables that they inherit: version managers find the right version in the home directory.
const PASSED: [&str; 1] = ["HOME"];

/// The variables that are set for them. Overlays that fetch something are not built; if one is, it reaches only this.
const ENVIRONMENT: [(&str, &str); 7] = [
    ("GIT_ALLOW_PROTOCOL", "no protocol"),
    ("HTTP_PROXY", "http://127.0.0.1:0"),
    ("HTTPS_PROXY", "http://127.0.0.1:0"),
    ("KUBECONFIG", "/dev/null"),
    ("KUBERC", "off"),
    ("KUSTOMIZE_PLUGIN_HOME", "/dev/null"),
    ("LC_ALL", "C"),
];

/// A program that builds overlays.
pub struct Builder {
    program: Program,
    name: &'static str,
    verb: &'static str,
}

/// Finds a program that builds overlays; or returns the error and its help. `root`: the directory of the source.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
pub fn find_builder(root: &Path) -> Result<Builder, (String, &'static str)> {
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let root = std::fs::canonicalize(root).map_err(|error| {
        (
            format!("cannot read directory `{}`: {}", native_path::shown(root), cause(&error)),
            "name a directory",
        )
    })?;
    let mut in_checkout = None;
    for (name, verb) in BUILDERS {
        match find_program(name, checkout_of(&root)) {
            Ok(program) => return Ok(Builder { program, name, verb }),
            Err(NotFound::Absent) => {}
            Err(NotFound::InCheckout(file)) => in_checkout = in_checkout.or(Some(file)),
        }
    }
    Err(match in_checkout {
        Some(file) => (
            format!(
                "the only builder in `PATH` is `{}`, and programs in the checkout are not run",
                native_path::shown(&file)
            ),
            "install `kustomize` or `kubectl` outside of the checkout, or remove `--verify`",
        ),
        None => (
            "neither `kustomize` nor `kubectl` is in `PATH`".to_owned(),
            "install one of them, or remove `--verify`",
        ),
    })
}

impl Builder {
    /// The build of a directory, whose path is absolute, or the message of kustomize. `is_open`: true if it may read files
    /// outside of the directory, as Flux allows.
    pub fn build(&self, directory: &Path, is_open: bool) -> Result<String, String> {
        let mut command = self.program.command(&PASSED);
        command.envs(ENVIRONMENT).arg(self.verb);
        if is_open {
            command.args(["--load-restrictor", "LoadRestrictionsNone"]);
        }
        command.arg("--").arg(directory);
        let output = programs::run(command, TIME_LIMIT).map_err(|error| cause(&error))?;
        if output.is_success {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let message = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> =
            message.lines().filter(|line| !line.starts_with("# Warning")).take(3).collect();
        Err(lines.join("\n"))
    }

    /// The command, as one writes it.
    pub fn command(&self) -> String {
        format!("{} {}", self.name, self.verb)
    }
}
