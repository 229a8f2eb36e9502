//! `fmt`: formats sources.

use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::source;
use crate::diff;
use crate::load;
use crate::output;
use crate::problem::{Problems, count};
use crate::source::{Source, Sources};
use crate::syntax;
use crate::workspace::{Disk, Inputs};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Files to format, or `-` to format standard input to standard output [default: the source and all that it includes]
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,

    /// Print the names of unformatted files and exit with 1 if there are any; write nothing
    #[arg(long)]
    check: bool,

    /// Print the changes as a diff and exit with 1 if there are any; write nothing
    #[arg(long)]
    diff: bool,

    /// Name to show for standard input
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<String>,
}

/// A source and its formatted text.
struct Formatted {
    /// The file; `None` for standard input.
    path: Option<PathBuf>,
    source: Source,
    text: String,
}

/// Runs the command. Nothing is written unless every source can be parsed.
pub fn run(arguments: &Arguments, session: &mut Session<'_>) -> Exit {
    if arguments.stdin_filename.is_some() && !arguments.files.iter().any(|file| file.as_os_str() == "-") {
        let help = "add `-` to format standard input";
        session.terminal.error("`--stdin-filename` requires `-`", Some(help));
        return Exit::Usage;
    }
    let read = match arguments.files.as_slice() {
        [] => match read_fleet(session) {
            Ok(sources) => sources,
            Err(exit) => return exit,
        },
        files => {
            files.iter().map(|file| read_one(file, arguments.stdin_filename.as_deref(), session)).collect()
        }
    };
    let mut formatted = Vec::new();
    let mut worst = Exit::Right;
    for one in read {
        match one.and_then(|(path, source)| format(path, source, session)) {
            Ok(one) => formatted.push(one),
            Err(exit) => worst = if worst as u8 > exit as u8 { worst } else { exit },
        }
    }
    if worst != Exit::Right {
        return worst;
    }
    if arguments.check || arguments.diff {
        compare(arguments, &formatted, session)
    } else {
        write(&formatted, session)
    }
}

/// A source, with its file unless it is standard input.
type Read = Result<(Option<PathBuf>, Source), Exit>;

/// Reads the root source and all that it includes.
fn read_fleet(session: &mut Session<'_>) -> Result<Vec<Read>, Exit> {
    let file = session.file.take();
    let located =
        source::locate(file.as_deref(), true).map_err(|unlocated| session.not_located(unlocated))?;
    if located.path.is_none() {
        return Ok(vec![read_one(Path::new("-"), None, session)]);
    }
    let mut problems = Problems::default();
    let disk = Disk::open(&located.root);
    let sources = load::load(&Inputs::new(&disk), Path::new(&located.name), &mut problems);
    if !problems.is_empty() {
        return Err(session.show(&problems, &sources));
    }
    let read = |(_, source): (_, &Source)| Ok((Some(PathBuf::from(&source.name)), source.clone()));
    Ok(sources.in_language().map(read).collect())
}

fn read_one(file: &Path, stdin_filename: Option<&str>, session: &mut Session<'_>) -> Read {
    let located = source::locate(Some(file), true).map_err(|unlocated| session.not_located(unlocated))?;
    let read = if located.path.is_some() {
        load::read(&Inputs::new(&Disk::open(&located.root)), Path::new(&located.name))
    } else {
        source::read_stdin()
    };
    let mut source = read.map_err(|problem| session.fail(problem))?;
    if let Some(name) = stdin_filename.filter(|_| located.path.is_none()) {
        name.clone_into(&mut source.name);
    }
    Ok((located.path, source))
}

fn format(path: Option<PathBuf>, source: Source, session: &mut Session<'_>) -> Result<Formatted, Exit> {
    let mut sources = Sources::default();
    let file = sources.add(source.clone());
    let mut problems = Problems::default();
    let tree = syntax::parse(&sources, file, &mut problems);
    match syntax::format(&tree).filter(|_| problems.is_empty()) {
        Some(text) => Ok(Formatted { path, source, text }),
        None => Err(session.show(&problems, &sources)),
    }
}

fn compare(arguments: &Arguments, formatted: &[Formatted], session: &mut Session<'_>) -> Exit {
    let others: Vec<&Formatted> = formatted.iter().filter(|one| one.source.text != one.text).collect();
    for one in &others {
        let name = &one.source.name;
        if arguments.diff {
            session.terminal.print(&diff::unified(&one.source.text, &one.text, 3, Some(name)));
        } else {
            session.terminal.print(&format!("{name}\n"));
        }
    }
    if others.is_empty() {
        session.terminal.tell(&format!("{} already formatted\n", count(formatted.len(), "source")));
        return Exit::Right;
    }
    session.terminal.tell(&format!("{} would be reformatted\n", count(others.len(), "source")));
    Exit::Wrong
}

fn write(formatted: &[Formatted], session: &mut Session<'_>) -> Exit {
    for one in formatted {
        let Some(path) = &one.path else {
            session.terminal.print(&one.text);
            continue;
        };
        if one.source.text == one.text {
            continue;
        }
        match output::write_file(path, &one.text) {
            Ok(()) => session.terminal.print(&format!("formatted {}\n", one.source.name)),
            Err(problem) => return session.fail(problem),
        }
    }
    Exit::Right
}
