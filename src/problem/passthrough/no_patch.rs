//! Files that contain no valid patch.

use crate::problem::{Finding, FindingHead, all_of};
use crate::spanned::Excess;

/// Why a file contains no valid patch. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPatch {
    NotText,
    Empty,
    /// Not valid YAML from this line.
    NotYaml(Option<usize>),
    /// A document that exceeds a limit on this line.
    OutOfBounds(Excess, usize),
    /// A document that is neither a partial object nor a list.
    Neither(usize),
    /// A partial object without these fields.
    Lacks(Vec<&'static str>, usize),
    /// A list with an invalid operation.
    NotOperation(usize),
}

/// The help for a document that exceeds a limit.
pub const fn fewer(excess: Excess) -> &'static str {
    match excess {
        Excess::Bytes => "split it into several documents",
        Excess::Depth => "write it with fewer levels",
        Excess::Repeats => "repeat less with `*`, and write the rest in full",
        Excess::Directives => "remove the lines that start with `%`",
    }
}

impl NoPatch {
    pub(super) fn finding(&self, path: &str, head: FindingHead<'_>) -> Finding {
        let finding = |message: String| head.with_message(message);
        match self {
            NoPatch::NotText => {
                finding(format!("`{path}` is not UTF-8 text")).reason("not UTF-8").help("save it as UTF-8")
            }
            NoPatch::Empty => finding(format!("`{path}` contains only comments"))
                .reason("no patch in this file")
                .help("remove the line, or write a patch in the file"),
            NoPatch::NotYaml(line) => {
                let message = match line {
                    Some(line) => format!("`{path}` is not valid YAML at line {line}"),
                    None => format!("`{path}` is not valid YAML"),
                };
                finding(message)
                    .reason("not valid YAML")
                    .help("check the indentation, and that each key is unique")
            }
            NoPatch::OutOfBounds(excess, line) => {
                finding(format!("a patch {}, at line {line} of `{path}`", excess.words()))
                    .reason("limit exceeded")
                    .help(fewer(*excess))
            }
            NoPatch::Neither(line) => finding(format!("line {line} of `{path}` is not a patch"))
                .reason("neither a partial object nor a list of operations")
                .help("write the fields to change, with `apiVersion`, `kind` and `metadata.name`"),
            NoPatch::Lacks(missing, line) => {
                finding(format!("the patch on line {line} of `{path}` lacks {}", all_of(missing)))
                    .reason("kustomize rejects this patch")
                    .help("add it; if the patch has a target, any name is valid")
            }
            NoPatch::NotOperation(line) => {
                finding(format!("the list on line {line} of `{path}` is not a list of operations"))
                    .reason("kustomize rejects this patch")
                    .help(
                        "give each operation an `op` such as `add`, a `path` that starts with `/`, and a \
                        `value`",
                    )
                    .note("a patch is a partial object, or a list of JSON patch operations (RFC 6902)")
            }
        }
    }
}
