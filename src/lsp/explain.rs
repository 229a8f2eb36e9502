//! The pages of codes as documents of this server, which the client asks for by `workspace/textDocumentContent`.

use crate::problem::Code;

/// The scheme of the pages.
pub const SCHEME: &str = "flux-identity";

/// The URI of the page of a code.
pub fn uri(code: Code) -> String {
    format!("{SCHEME}:/explain/{code}.md")
}

/// The page at a URI.
pub fn content(uri: &str) -> Option<String> {
    let name = uri.strip_prefix(SCHEME)?.strip_prefix(":/explain/")?.strip_suffix(".md")?;
    Code::from_name(name).map(page)
}

/// The page of a code in Markdown, with its title.
pub fn page(code: Code) -> String {
    format!("# {code}: {}\n\n{}", code.title(), code.page())
}
