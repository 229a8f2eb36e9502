//! What is wrong with a file that holds no patch.

use crate::problem::{Finding, FindingHead, all_of};
use crate::spanned::Excess;

/// Why a file holds no patch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPatch {
    /// It is not text in UTF-8.
    NotText,
    /// Nothing but comments.
    Empty,
    /// It is no YAML, from that line on.
    NotYaml(Option<usize>),
    /// A document says more than can be read safely, on that line.
    OutOfBounds(Excess, usize),
    /// A document is neither a part of an object nor a list.
    Neither(usize),
    /// A part of an object that does not say which.
    Lacks(Vec<&'static str>, usize),
    /// An operation that is none.
    NotOperation(usize),
}

impl NoPatch {
    pub(super) fn finding(&self, path: &str, head: FindingHead<'_>) -> Finding {
        let finding = |message: String| head.with_message(message);
        match self {
            NoPatch::NotText => {
                finding(format!("`{path}` is not text in UTF-8")).reason("not text").help("save it as UTF-8")
            }
            NoPatch::Empty => finding(format!("`{path}` holds nothing but comments"))
                .reason("changes nothing")
                .help("remove the line, or write the patch into the file"),
            NoPatch::NotYaml(line) => {
                let message = match line {
                    Some(line) => format!("`{path}` is not YAML on line {line}"),
                    None => format!("`{path}` is not YAML"),
                };
                finding(message).reason("cannot be read").help(
                    "see that its lines stand in by blanks as they should, and that each key is there once",
                )
            }
            NoPatch::OutOfBounds(excess, line) => {
                let finding = finding(format!("a patch {}, on line {line} of `{path}`", excess.words()))
                    .reason("more than can be read safely");
                match excess {
                    Excess::Bytes => finding.help("divide it into several"),
                    Excess::Depth => finding.help("write it with fewer levels"),
                    Excess::Repeats => finding.help("write out what differs, and repeat less with `*`"),
                    Excess::Directives => finding.help("remove the lines that begin with `%`"),
                }
            }
            NoPatch::Neither(line) => finding(format!("there is no patch on line {line} of `{path}`"))
                .reason("neither a part of an object nor a list of operations")
                .help("write the part that changes, with `apiVersion`, `kind` and `metadata.name`"),
            NoPatch::Lacks(missing, line) => {
                finding(format!("the patch on line {line} of `{path}` lacks {}", all_of(missing)))
                    .reason("kustomize would refuse it")
                    .help("write it there; where there is a target, any name does")
            }
            NoPatch::NotOperation(line) => {
                finding(format!("the list on line {line} of `{path}` is no list of operations"))
                    .reason("kustomize would refuse it")
                    .help("give each an `op`, such as `add`, a `path` that begins with `/`, and a `value`")
                    .note("a patch is a part of an object, or a list of operations of RFC 6902")
            }
        }
    }
}
