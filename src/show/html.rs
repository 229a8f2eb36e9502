//! A fleet as one page, to be looked at in a browser. It asks no network for anything, and all text in it is data.

mod data;

use std::fmt::{self, Write};

use crate::digest;
use crate::show::View;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// The page.
///
/// # Errors
/// That of the writer.
pub fn html(view: &View<'_>, page: &mut dyn Write) -> fmt::Result {
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
        page.write_str(before)?;
        if mark == "{{data}}" {
            data::write(view, &mut ForScript(page))?;
        } else {
            page.write_str(part)?;
        }
        rest = after;
    }
    page.write_str(rest)
}

/// JSON as it may stand in a `script` element. These characters stand in its texts alone.
/// Source: "Restrictions for contents of script elements" of the HTML Standard.
struct ForScript<'w>(&'w mut dyn Write);

impl Write for ForScript<'_> {
    fn write_str(&mut self, json: &str) -> fmt::Result {
        let mut rest = json;
        while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let (plain, tail) = rest.split_at(at);
            self.0.write_str(plain)?;
            let mut letters = tail.chars();
            if let Some(letter) = letters.next() {
                write!(self.0, "\\u{:04x}", u32::from(letter))?;
            }
            rest = letters.as_str();
        }
        self.0.write_str(rest)
    }
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
    use std::fmt::Write as _;

    use super::{ForScript, base64};

    #[test]
    fn bytes_are_written_as_base64() {
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foo"), "Zm9v");
        assert_eq!(base64(b"foobar+?"), "Zm9vYmFyKz8=");
    }

    #[test]
    fn no_text_ends_the_element_that_it_stands_in() {
        let mut safe = String::new();
        let _ = ForScript(&mut safe).write_str("\"</script><!--&\u{2028}\"");
        assert_eq!(safe, "\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\"");
    }
}
