//! Neovim as a client: its own configuration of `editors/neovim`, in a process without a window.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use crate::real::prove;
use crate::{harness, tree_sitter};

/// Neovim, if it is installed in a version that has `vim.lsp.enable`.
pub fn neovim() -> Option<PathBuf> {
    let named = std::env::var_os("FLUX_IDENTITY_NVIM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|directory| directory.join("nvim")).find(|file| file.is_file());
    named.or(found).filter(|neovim| {
        let ask = "if !has('nvim-0.11') | cquit | endif";
        let asked = Command::new(neovim).args(["--headless", "--clean", "--cmd", ask, "+qall"]).status();
        asked.is_ok_and(|status| status.success())
    })
}

#[test]
fn neovim_shows_findings_fixes_formats_hovers_highlights_and_knows_included_files() {
    let (Some(neovim), Some(parser)) = (neovim(), tree_sitter::parser()) else {
        println!("Neovim 0.11 or a C compiler is not installed");
        return;
    };
    let source = "role pull = aws \"arn:aws:iam::111122223333:role/pull\"\ncluster prod on esk {\n    source-controller -> pull\n}\ninclude \"teams/*.flux\"\n";
    let other = "teams/a/b.flux";
    let files = [("identity.flux", source), (".git/HEAD", ""), ("teams/a.flux", ""), (other, "")];
    let directory = harness::directory(&files);
    let editors = harness::project().join("editors/neovim");
    let grammar = directory.path().join("grammar");
    for folder in ["parser", "queries"] {
        fs::create_dir_all(grammar.join(folder)).expect("the directory is made");
    }
    let queries = harness::project().join("editors/tree-sitter-flux-identity/queries");
    symlink(parser, grammar.join("parser/flux_identity.so")).expect("the link is made");
    symlink(queries, grammar.join("queries/flux_identity")).expect("the link is made");
    let script = harness::project().join("tests/suite/lsp/neovim.lua");
    let mut command = Command::new(neovim);
    let _command = command
        .current_dir(directory.path())
        .args(["--headless", "--clean", "--cmd"])
        .arg(format!("set runtimepath^={},{}", editors.display(), grammar.display()))
        .arg("-S")
        .arg(script)
        .env("HOME", directory.path())
        .env("XDG_STATE_HOME", directory.path())
        .env("FLUX_IDENTITY", env!("CARGO_BIN_EXE_flux-identity"));
    let output = command.output().expect("Neovim runs");
    let said = fs::read_to_string(directory.path().join("said")).unwrap_or_default();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}{said}");
    assert_eq!(
        said,
        "filetype flux_identity\n\
         diagnostic F0106\n\
         completion aks\n\
         fixed cluster prod on eks {\n\
         formatted   source-controller -> pull\n\
         hover **role** `pull`\n\
         definition 1\n\
         highlight function\n\
         teams/a.flux flux_identity\n\
         teams/a/b.flux \n"
    );
    prove("Neovim");
}
