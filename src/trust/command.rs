//! A command for the shell: its words quoted, and a line for each of its options.

use serde_json::Value;

/// A command that is being written.
#[derive(Clone, Debug)]
pub struct Command(String);

impl Command {
    /// A command without options. `words`: the program, its subcommands and its positional arguments.
    pub fn new(words: &[&str]) -> Command {
        let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
        Command(words.join(" "))
    }

    /// Adds an option with one value.
    ///
    /// A value that begins with `-` is joined to its option by `=`: argparse, which `aws`, `az` and `gcloud` use, would
    /// take it for another option.
    pub fn option(mut self, name: &str, value: &str) -> Command {
        let separator = if value.starts_with('-') { "=" } else { " " };
        self.0.extend([" \\\n  ", name, separator, &quote(value)]);
        self
    }

    /// Adds an option without a value.
    pub fn flag(mut self, name: &str) -> Command {
        self.0.extend([" \\\n  ", name]);
        self
    }

    /// Adds an option of `aws` that takes a list of strings. The values follow the option, each as a word.
    ///
    /// `aws` reads the file or the page that a single `file://…` or `https://…` names, takes what begins with `[` for JSON,
    /// and what begins with `-` for another option. If one of the values is not plain, all are written as one JSON list,
    /// in which `aws` takes every string literally.
    /// Sources: `awscli/paramfile.py` and `awscli/argprocess.py` of aws/aws-cli.
    pub fn aws_list<'v>(mut self, name: &str, values: impl Iterator<Item = &'v str> + Clone) -> Command {
        let is_plain = |value: &str| {
            value.starts_with(|first: char| first.is_ascii_alphanumeric()) && !value.contains("://")
        };
        self.0.extend([" \\\n  ", name]);
        if values.clone().all(is_plain) {
            for value in values {
                self.0.extend([" ", &quote(value)]);
            }
        } else {
            self.0.extend([" ", &quote(&values.collect::<Value>().to_string())]);
        }
        self
    }

    /// The command, with a line break at its end.
    pub fn text(mut self) -> String {
        self.0.push('\n');
        self.0
    }
}

/// A text as a comment. It stays one if the text has several lines.
pub fn comment(text: &str) -> String {
    let lines = text.trim_end_matches('\n').split('\n');
    lines.flat_map(|line| ["# ", line, "\n"]).collect::<String>()
}

/// A word that the shell takes literally. Source: "Quoting" in the Shell Command Language of POSIX.
fn quote(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@+".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
