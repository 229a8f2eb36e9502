//! Reads scripts as the Shell Command Language of POSIX does, as far as the scripts of `trust` go.

/// The words of each command of a script, without quotes; nothing if it holds what those scripts do not: an expansion, an
/// operator or a redirection outside of quotes.
pub fn commands(script: &str) -> Option<Vec<Vec<String>>> {
    let mut commands = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = script.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '\'' => break,
                        letter => word.push(letter),
                    }
                }
            }
            '\\' => match letters.next()? {
                '\n' => {}
                letter => word.get_or_insert_default().push(letter),
            },
            '#' if word.is_none() => while letters.next_if(|letter| *letter != '\n').is_some() {},
            ' ' | '\t' => words.extend(word.take()),
            '\n' => {
                words.extend(word.take());
                if !words.is_empty() {
                    commands.push(std::mem::take(&mut words));
                }
            }
            '"' | '$' | '`' | '|' | '&' | ';' | '<' | '>' | '(' | ')' | '*' | '?' | '[' | ']' | '~' | '{'
            | '}' | '!' => return None,
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    commands.extend(Some(words).filter(|words| !words.is_empty()));
    Some(commands)
}

/// The lines of a script that are not those around the commands of each AWS account.
pub fn without_frame(script: &str, accounts: &[&str]) -> String {
    let mut kept = String::new();
    let frame = |line: &str| {
        line == "account=$(aws sts get-caller-identity --query Account --output text)"
            || line == "left_out="
            || line == "  left_out=yes"
            || line == "else"
            || line == "fi"
            || line == "[ -z \"$left_out\" ] || exit 1"
            || accounts.iter().any(|account| {
                line == format!("if [ \"$account\" != {account} ]; then")
                    || line
                        == format!(
                            "  echo \"left out: AWS account {account}; the credentials are of $account\" >&2"
                        )
            })
    };
    for line in script.split_inclusive('\n').filter(|line| !frame(line.trim_end_matches('\n'))) {
        kept.push_str(line);
    }
    kept
}
