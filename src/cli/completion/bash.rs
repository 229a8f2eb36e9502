//! The script for Bash, the line that it asks about, and the replies that Bash puts into that line.
//!
//! Bash cuts a line at the characters of `COMP_WORDBREAKS`, such as the `=` of `--option=value`, leaves quotes and
//! backslashes in its words, and replaces only what is behind the last cut. So the script hands over the line itself.

use std::ffi::OsString;

pub const SCRIPT: &str = r#"_flux_identity() {
    local candidate
    COMPREPLY=()
    # Bash 3 has no compopt: there, no space follows.
    compopt +o nospace 2> /dev/null
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <(flux-identity __complete_bash "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2> /dev/null)
    # Bash itself completes files behind a redirection, and words that it expands.
    if [[ ${#COMPREPLY[@]} -eq 0 && ${COMP_WORDS[COMP_CWORD - 1]}${COMP_WORDS[COMP_CWORD]} == *[\<\>\$*?[]* ]]; then
        compopt -o default 2> /dev/null
    fi
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]]; then
        compopt -o nospace 2> /dev/null
    fi
}
if [[ ${BASH_VERSINFO[0]} -eq 4 && ${BASH_VERSINFO[1]} -ge 4 || ${BASH_VERSINFO[0]} -gt 4 ]]; then
    complete -o nospace -o bashdefault -o nosort -F _flux_identity flux-identity
else
    complete -o nospace -o bashdefault -F _flux_identity flux-identity
fi
"#;

/// A command line up to the cursor.
pub struct Line {
    /// The words without quotes and backslashes. The last one is completed, and may be empty.
    pub words: Vec<OsString>,
    /// What the last word starts with that a reply does not repeat.
    before: String,
    /// The quote that the last word leaves open.
    quote: Option<char>,
}

impl Line {
    pub fn read(line: &str, breaks: &str) -> Line {
        let mut words: Vec<OsString> = Vec::new();
        let (mut word, mut is_begun, mut quote, mut kept, mut opened) = (String::new(), false, None, 0, 0);
        let mut characters = line.chars();
        while let Some(character) = characters.next() {
            match (quote, character) {
                (None, ' ' | '\t' | '\n') => {
                    if is_begun {
                        words.push(std::mem::take(&mut word).into());
                    }
                    (is_begun, kept) = (false, 0);
                    continue;
                }
                (None, '"' | '\'') => (quote, opened) = (Some(character), word.len()),
                (Some(open), _) if open == character => quote = None,
                (None | Some('"'), '\\') => word.extend(characters.next()),
                (None, _) if breaks.contains(character) => {
                    word.push(character);
                    kept = word.len();
                }
                _ => word.push(character),
            }
            is_begun = true;
        }
        let before = word.get(..if quote.is_some() { opened } else { kept }).unwrap_or_default().to_owned();
        words.push(word.into());
        Line { words, before, quote }
    }

    /// The candidate as Bash puts it into the line, or `None` if it is not what the line goes on with.
    pub fn reply(&self, candidate: &str) -> Option<String> {
        let rest = candidate.strip_prefix(&self.before)?;
        let special = match self.quote {
            Some('\'') => "",
            Some(_) => "\"\\$`",
            None => " \t\"'\\$`&;|<>()*?[]{}!#",
        };
        let mut reply = String::new();
        for character in rest.chars() {
            if special.contains(character) {
                reply.push('\\');
            }
            reply.push(character);
        }
        Some(reply)
    }
}
