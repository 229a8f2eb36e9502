//! The archives of a release, the manifest for the catalog of Flux, and the command as a plugin of Flux.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use serde_yaml::Value;
use sha2::{Digest as _, Sha256};

use crate::harness::{Run, directory, project};
use crate::trees;

const VERSION: &str = "1.2.3";
const REPOSITORY: &str = "https://example.org/flux-identity";

/// Where Debian has the sources of Cobra.
const COBRA: &str = "/usr/share/gocode/src/github.com/spf13/cobra";

fn python(script: &str, arguments: &[&str]) {
    let output = Command::new("python3")
        .arg(project().join("scripts/packaging").join(script))
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .env("REPOSITORY", REPOSITORY)
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Packages a release of three platforms into a directory.
fn package(place: &Path) {
    let text = |path: &Path| path.to_str().expect("it is text").to_owned();
    let (out, share) = (text(&place.join("out")), text(&place.join("share")));
    fs::create_dir_all(&out).expect("it is made");
    for (platform, target, program) in [
        ("linux_amd64", "x86_64-unknown-linux-musl", "flux-identity"),
        ("darwin_arm64", "aarch64-apple-darwin", "flux-identity"),
        ("windows_amd64", "x86_64-pc-windows-gnu", "flux-identity.exe"),
    ] {
        let program = text(&place.join(program));
        python("archive.py", &[&out, VERSION, platform, target, &program, &share]);
    }
    python("plugin.py", &[&out, VERSION, REPOSITORY]);
}

fn release() -> tempfile::TempDir {
    let place = directory(&[
        ("flux-identity", "a program"),
        ("flux-identity.exe", "another program"),
        ("share/completions/flux-identity.bash", "words"),
        ("share/man/flux-identity.1", "a page"),
    ]);
    package(place.path());
    place
}

fn output(command: &str, arguments: &[&str], place: &Path) -> String {
    let output = Command::new(command).args(arguments).current_dir(place).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is text")
}

#[test]
fn an_archive_begins_with_the_program_and_has_what_belongs_to_it() {
    let place = release();
    let names = output("tar", &["tzf", "out/flux-identity_1.2.3_linux_amd64.tar.gz"], place.path());
    assert_eq!(
        names.lines().collect::<Vec<_>>(),
        [
            "flux-identity",
            "CHANGELOG.md",
            "LICENSE",
            "README.md",
            "THIRD-PARTY-LICENSES",
            "completions/flux-identity.bash",
            "man/flux-identity.1",
        ]
    );
    let archive = ["-m", "zipfile", "-l", "out/flux-identity_1.2.3_windows_amd64.zip"];
    let names = output("python3", &archive, place.path());
    assert!(names.lines().nth(1).is_some_and(|line| line.starts_with("flux-identity.exe ")), "{names}");
}

/// Stands for what the lines of the README call: the archive for Windows is one that its tar reads, and GNU's does not.
const COMMANDS: &str = r#"
sudo() { "$@"; }
curl.exe() { curl "$@"; }
tar() {
  if [[ $2 == *.zip ]]; then
    python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(members=sys.argv[2:] or None)' "${@:2}"
  else
    command tar "$@"
  fi
}
"#;

#[test]
fn each_line_of_the_readme_installs_the_program_and_nothing_else() {
    let place = release();
    let readme = fs::read_to_string(project().join("README.md")).expect("it is there");
    let lines: Vec<&str> = readme.lines().collect();
    let lines = lines.windows(2).filter(|lines| lines[1].contains("$URL/flux-identity_"));
    let installed = lines.map(|lines| {
        let system = lines[0].trim_start_matches("# ").split(',').next().expect("it names a system");
        let command = lines[1].replace("/usr/local", "usr/local");
        let machine = directory(&[("x", "")]);
        // Linux has this directory, and macOS need not have it.
        if system == "Linux" {
            fs::create_dir_all(machine.path().join("usr/local/bin")).expect("it is made");
        }
        let url = format!("URL=file://{}\n", place.path().join("out").display());
        let script = url + COMMANDS + &command.replace(env!("CARGO_PKG_VERSION"), VERSION);
        let _said = output("bash", &["-e", "-o", "pipefail", "-c", &script], machine.path());
        let names = trees::nodes(machine.path()).into_keys().filter(|name| name != "x");
        (system, names.collect::<Vec<_>>().join(" "))
    });
    assert_eq!(
        installed.collect::<Vec<_>>(),
        [
            ("Linux", "usr/local/bin/flux-identity".to_owned()),
            ("macOS", "usr/local/bin/flux-identity".to_owned()),
            ("Windows", "flux-identity.exe flux-identity_1.2.3_windows_amd64.zip".to_owned()),
        ]
    );
}

/// Runs what the page says for a verified installation, as somebody pastes it, and gives what is installed then.
fn verified(place: &tempfile::TempDir) -> (bool, Vec<String>) {
    let page = fs::read_to_string(project().join("docs/installation.md")).expect("it is there");
    let mut blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let block = blocks.find(|block| block.contains("sha256sum")).expect("it is said");
    let machine = directory(&[("work/x", "")]);
    let script = format!(
        "URL=file://{}\nHOME={}\n{}",
        place.path().join("out").display(),
        machine.path().display(),
        block.replace(env!("CARGO_PKG_VERSION"), VERSION)
    );
    let run = Command::new("bash").args(["-c", &script]).current_dir(machine.path().join("work")).output();
    let names = trees::nodes(machine.path()).into_keys().filter(|name| name.starts_with(".local/"));
    (run.expect("it runs").status.success(), names.collect())
}

#[test]
fn the_verified_lines_install_the_program_without_root() {
    assert_eq!(verified(&release()), (true, vec![".local/bin/flux-identity".to_owned()]));
}

#[test]
fn the_verified_lines_install_nothing_of_another_archive() {
    let place = release();
    let other = release();
    fs::write(other.path().join("flux-identity"), "a worse program").expect("it is written");
    package(other.path());
    let archive = "out/flux-identity_1.2.3_linux_amd64.tar.gz";
    let _size = fs::copy(other.path().join(archive), place.path().join(archive)).expect("it is copied");
    assert_eq!(verified(&place), (false, vec![]));
}

#[test]
fn the_readme_of_an_archive_leads_to_the_pages_of_its_version() {
    let place = release();
    let archive = "out/flux-identity_1.2.3_linux_amd64.tar.gz";
    let readme = output("tar", &["-xzOf", archive, "README.md"], place.path());
    assert!(readme.contains("](https://example.org/flux-identity/blob/v1.2.3/docs/tutorial.md)"), "{readme}");
    assert!(!readme.contains("](docs/") && !readme.contains("](CONTRIBUTING.md"), "{readme}");
}

#[test]
fn an_archive_has_the_licences_of_what_its_platform_needs() {
    let place = release();
    let licences = |archive: &str| {
        let text = format!(
            "import sys, tarfile, zipfile; p = '{archive}'; n = 'THIRD-PARTY-LICENSES'; \
             sys.stdout.write((zipfile.ZipFile(p).read(n) if p.endswith('zip') else \
             tarfile.open(p).extractfile(n).read()).decode())"
        );
        output("python3", &["-c", &text], place.path())
    };
    let linux = licences("out/flux-identity_1.2.3_linux_amd64.tar.gz");
    assert!(linux.contains("\nrustix ") && linux.contains("Permission is hereby granted"));
    assert!(linux.contains("Microsoft"), "its allocator is a library of C within a package");
    let windows = licences("out/flux-identity_1.2.3_windows_amd64.zip");
    assert!(windows.contains("\nwindows-sys ") && !windows.contains("\nrustix "));
    assert!(!linux.contains("\ntempfile "), "it is for tests alone");
}

#[test]
fn the_same_files_give_the_same_archives() {
    let (one, other) = (release(), release());
    for name in fs::read_dir(one.path().join("out")).expect("it is there") {
        let name = Path::new("out").join(name.expect("it is read").file_name());
        let read = |place: &tempfile::TempDir| fs::read(place.path().join(&name)).expect("it is there");
        assert!(read(&one) == read(&other), "{}", name.display());
    }
}

#[test]
fn the_manifest_for_the_catalog_names_each_archive_with_its_checksum() {
    let place = release();
    let _listed =
        output("sha256sum", &["--check", "flux-identity_1.2.3_checksums.txt"], &place.path().join("out"));
    let manifest = fs::read_to_string(place.path().join("out/identity.yaml")).expect("it is there");
    let manifest: Value = serde_yaml::from_str(&manifest).expect("it is YAML");
    let text = |name: &str| manifest[name].as_str().expect("it is there");
    assert_eq!((text("apiVersion"), text("kind")), ("cli.fluxcd.io/v1beta1", "Plugin"));
    assert_eq!((text("name"), text("bin"), text("source")), ("identity", "flux-identity", REPOSITORY));
    let platforms = manifest["versions"][0]["platforms"].as_sequence().expect("it is a list");
    let named = |platform: &Value| {
        let text = |name: &str| platform[name].as_str().expect("it is there").to_owned();
        (text("os"), text("arch"), text("url"), text("checksum"))
    };
    let named: Vec<_> = platforms.iter().map(named).collect();
    let sums =
        fs::read_to_string(place.path().join("out/flux-identity_1.2.3_checksums.txt")).expect("it is there");
    assert_eq!(named.len(), sums.lines().count());
    for ((os, arch, url, checksum), line) in named.iter().zip(sums.lines()) {
        let (sum, name) = line.split_once("  ").expect("a sum and a name");
        assert_eq!(checksum, &format!("sha256:{sum}"));
        assert_eq!(url, &format!("{REPOSITORY}/releases/download/v1.2.3/{name}"));
        assert!(name.contains(&format!("_{os}_{arch}.")), "{name}");
    }
}

/// A program of macOS 11 for arm64 that needs one library, with a signature of its only page.
fn program_of_macos(library: &str) -> Vec<u8> {
    let little = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    let big = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
    let mut name = library.as_bytes().to_vec();
    name.resize(32, 0);
    let mut program = little(&[0xfeed_facf, 0x0100_000c, 0, 2, 3, 96, 0x0020_0000, 0]);
    program.extend(little(&[0xc, 56, 24, 0, 0, 0]));
    program.extend(name);
    program.extend(little(&[0x32, 24, 1, 11 << 16, 11 << 16, 0, 0x1d, 16, 128, 92]));
    let digest = Sha256::digest(&program);
    program.extend(big(&[0xfade_0cc0, 92, 1, 0, 20]));
    program.extend(big(&[0xfade_0c02, 72, 0, 2, 40, 0, 0, 1, 128, 0x2002_000c]));
    program.extend(digest);
    program
}

/// Reads a program of macOS: the status, and what is said.
fn read_by(program: &[u8], processor: &str, newest: &str) -> (i32, String) {
    let place = tempfile::tempdir().expect("there is room");
    fs::write(place.path().join("program"), program).expect("it is written");
    let output = Command::new("python3")
        .arg(project().join("scripts/packaging/macos.py"))
        .args(["program", processor, newest])
        .current_dir(place.path())
        .output()
        .expect("python3 runs");
    let run: Run = output.into();
    (run.status, run.stdout + &run.stderr)
}

#[test]
fn a_program_of_macos_is_read_where_it_does_not_run() {
    assert_eq!(
        read_by(&program_of_macos("/usr/lib/libSystem.B.dylib"), "arm64", "11.0"),
        (0, "arm64: macOS 11.0, /usr/lib/libSystem.B.dylib, 1 signed pages\n".to_owned())
    );
}

#[test]
fn a_program_that_macos_would_not_start_is_refused() {
    let right = program_of_macos("/usr/lib/libSystem.B.dylib");
    let mut changed = right.clone();
    changed[100] ^= 1;
    let mut longer = right.clone();
    longer.push(0);
    for (program, processor, newest, message) in [
        (&changed, "arm64", "11.0", "the signature has another digest of page 0"),
        (&longer, "arm64", "11.0", "the signature is not the end of the program"),
        (&right, "amd64", "11.0", "program is not for macOS on amd64"),
        (&right, "arm64", "10.15", "it needs macOS 11.0, not 10.15"),
        (&program_of_macos("/opt/lib/libz.dylib"), "arm64", "11.0", "it needs /opt/lib/libz.dylib"),
    ] {
        assert_eq!(read_by(program, processor, newest), (1, format!("error: {message}\n")));
    }
}

#[test]
fn flux_runs_the_command_as_a_plugin_and_completes_its_words() {
    if !Path::new(COBRA).is_dir() {
        eprintln!("skipped: {COBRA} is not there, so that no host of plugins is compiled");
        return;
    }
    let place = directory(&[("identity.flux", "cluster dev on gke {\n  source-controller -> none\n}\n")]);
    let plugins = tempfile::tempdir().expect("there is room");
    symlink(env!("CARGO_BIN_EXE_flux-identity"), plugins.path().join("flux-identity")).expect("it is linked");
    let host = plugins.path().join("host");
    let compiled = Command::new("go")
        .args(["build", "-o"])
        .arg(&host)
        .arg("main.go")
        .current_dir(project().join("tests/flux-host"))
        .envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode")])
        .output()
        .expect("go runs");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let flux = |arguments: &[&str]| -> Run {
        let mut flux = Command::new(&host);
        let output: Output = flux
            .args(arguments)
            .current_dir(place.path())
            .env("FLUXCD_PLUGINS", plugins.path())
            .output()
            .expect("it runs");
        output.into()
    };
    let outputs = flux(&["identity", "outputs", "--cluster", "dev"]);
    assert_eq!(
        (outputs.status, outputs.stdout.as_str()),
        (0, "clusters/dev/flux-system/kustomization.yaml\n"),
        "{}",
        outputs.stderr
    );
    // Flags of the plugin are not those of the host, and neither is its exit status.
    assert_eq!(
        flux(&["identity", "--version"]).stdout,
        concat!("flux-identity ", env!("CARGO_PKG_VERSION"), "\n")
    );
    assert_eq!(flux(&["identity", "check"]).status, 1);
    assert_eq!(flux(&["check"]).stdout, "of flux\n");
    assert_eq!(flux(&["__complete", "identity", "show", "d"]).stdout, "dev\ton gke\n:4\n");
    let flags = flux(&["__complete", "identity", "check", "--for"]).stdout;
    assert!(flags.starts_with("--format\t"), "{flags}");
}
