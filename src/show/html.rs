//! A fleet as one page, to be looked at in a browser. It asks no network for anything, and all text in it is data.

mod data;

use std::io;

use crate::digest;
use crate::show::View;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// Writes the page.
///
/// # Errors
/// Those of the writer.
pub fn html(view: &View<'_>, page: &mut dyn io::Write) -> io::Result<()> {
    // Nothing but what is written here may run or style anything, whatever stands in a fleet.
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        source(STYLE),
        source(SCRIPT)
    );
    let parts =
        [("{{policy}}", policy.as_str()), ("{{style}}", STYLE), ("{{data}}", ""), ("{{script}}", SCRIPT)];
    // What is put in is not looked at again.
    let mut rest = PAGE;
    for (mark, part) in parts {
        let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
        page.write_all(before.as_bytes())?;
        if mark == "{{data}}" {
            data::write(view, page)?;
        } else {
            page.write_all(part.as_bytes())?;
        }
        rest = after;
    }
    page.write_all(rest.as_bytes())
}

/// What a policy names an element's text by. Source: "hash-source" of Content Security Policy Level 3.
fn source(text: &str) -> String {
    format!("sha256-{}", base64(&digest::sha256(text.as_bytes())))
}

/// Source: RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let index = bits >> (18 - 6 * at) & 63;
            let letter = usize::try_from(index).ok().and_then(|index| LETTERS.get(index)).copied();
            text.push(if at > chunk.len() { '=' } else { letter.map_or('=', char::from) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn bytes_are_written_as_base64() {
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foo"), "Zm9v");
        assert_eq!(base64(b"foobar+?"), "Zm9vYmFyKz8=");
    }
}
