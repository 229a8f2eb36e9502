//! Texts and directories that grow in one way each. Time and memory must grow in proportion to them.
//!
//! The suite counts the instructions of small ones; `cargo bench --bench proportion` measures large ones.

mod broken;
mod files;
mod right;
mod syntax;
mod wrong;

/// A text, or a directory of files, of any size.
#[derive(Clone, Copy)]
pub struct Shape {
    /// The name in reports.
    pub name: &'static str,
    /// How it is made.
    pub make: Make,
    /// The commands that it is for, each with its arguments, in this order.
    pub commands: &'static [Command],
    /// The size in bytes of the smaller one whose instructions the suite counts; `None` if only the benchmark measures it.
    #[cfg_attr(not(test), expect(dead_code, reason = "the suite reads it"))]
    pub counted: Option<usize>,
    /// How much more than in proportion the suite lets it take at four times the size.
    pub more: f64,
}

/// 30 % at each doubling. An exponent of 1.38 is what that comes to; what grows by the square comes to 16 / 4 = 4 once it
/// is most of the work.
const MORE: f64 = 1.3 * 1.3;
/// For shapes of which nothing but a search among all names could grow, and whose other work hardly grows at the sizes that
/// are counted: that hides the search. An exponent of 1.06 is what that comes to.
const LITTLE_MORE: f64 = 1.04 * 1.04;

/// The arguments of one run.
pub type Command = &'static [&'static str];

/// A path from the directory, and the text of that file.
pub type File = (String, String);

/// How a shape is made of a number of repetitions.
#[derive(Clone, Copy)]
pub enum Make {
    /// An `identity.flux`, and nothing beside it.
    Text(fn(usize) -> String),
    /// Several files.
    Files(fn(usize) -> Vec<File>),
}

/// For text that is right: all that reads it and shows it.
const READ: &[Command] = &[
    &["check", "--format", "short"],
    &["show", "--format", "json"],
    &["trust", "--form", "json"],
    &["fmt", "--check"],
];
/// For text that is right, where only the checks can be out of proportion.
const CHECKED: &[Command] = &[&["check", "--format", "short"]];
/// For text with findings: they are shown with the lines that they are about.
const FOUND: &[Command] = &[&["check"]];
/// For text that cannot be read.
const UNREAD: &[Command] = &[&["check"], &["fmt", "--check"]];

impl Shape {
    const fn text(name: &'static str, make: fn(usize) -> String, commands: &'static [Command]) -> Shape {
        Shape { name, make: Make::Text(make), commands, counted: None, more: MORE }
    }

    const fn files(name: &'static str, make: fn(usize) -> Vec<File>, commands: &'static [Command]) -> Shape {
        Shape { name, make: Make::Files(make), commands, counted: None, more: MORE }
    }

    /// The same, counted in the suite, from so many bytes on: enough for what grows too fast to show, and few enough to be
    /// quick.
    const fn counted(self, bytes: usize) -> Shape {
        Shape { counted: Some(bytes), ..self }
    }

    /// The same, against a closer bound.
    const fn closely(self) -> Shape {
        Shape { more: LITTLE_MORE, ..self }
    }

    /// The files of so many repetitions.
    pub fn of(&self, repetitions: usize) -> Vec<File> {
        match self.make {
            Make::Text(make) => vec![("identity.flux".to_owned(), make(repetitions))],
            Make::Files(make) => make(repetitions),
        }
    }

    /// The files of the fewest repetitions that come to so many bytes.
    pub fn with_size(&self, bytes: usize) -> Vec<File> {
        let is_enough = |repetitions: usize| size(&self.of(repetitions)) >= bytes;
        let mut most = 1;
        while !is_enough(most) {
            most *= 2;
        }
        let mut least = most / 2;
        while most - least > 1 {
            let middle = usize::midpoint(least, most);
            if is_enough(middle) { most = middle } else { least = middle }
        }
        self.of(most)
    }
}

/// How many bytes there are in these files.
pub fn size(files: &[File]) -> usize {
    files.iter().map(|(_, text)| text.len()).sum()
}

/// All shapes.
pub fn all() -> Vec<Shape> {
    [right::SHAPES, wrong::SHAPES, broken::SHAPES, files::SHAPES, syntax::SHAPES].concat()
}

/// An identity that is right on EKS.
const ROLE: &str = r#"aws "arn:aws:iam::111122223333:role/r""#;

/// What `one` makes of each number below `count`, one behind the other.
fn each(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

/// The same with something between.
fn joined(count: usize, between: &str, one: impl Fn(usize) -> String) -> String {
    let all: Vec<String> = (0..count).map(one).collect();
    all.join(between)
}

/// A cluster in which nothing is wrong.
fn plain_cluster() -> String {
    cluster("a", &format!("source-controller -> {ROLE}"))
}

fn cluster(name: &str, statements: &str) -> String {
    format!("cluster {name} on eks {{\n  {statements}\n}}\n")
}

fn profile(name: &str, statements: &str) -> String {
    format!("profile {name} {{\n  {statements}\n}}\n")
}
