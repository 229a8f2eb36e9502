//! The pages of codes as documents with addresses. A language server serves them; elsewhere an address names its page.

use crate::problem::Code;

/// The scheme of the addresses.
pub const PAGE_SCHEME: &str = "flux-identity";

/// The address of the page of a code.
pub fn page_uri(code: Code) -> String {
    format!("{PAGE_SCHEME}:/explain/{code}.md")
}

/// The document at an address.
pub fn page_at(uri: &str) -> Option<String> {
    let name = uri.strip_prefix(PAGE_SCHEME)?.strip_prefix(":/explain/")?.strip_suffix(".md")?;
    Code::from_name(name).map(titled_page)
}

/// The page of a code in Markdown, with its title.
pub fn titled_page(code: Code) -> String {
    format!("# {code}: {}\n\n{}", code.title(), code.page())
}
