//! Classes of characters.

use super::unicode::{self, Stretch, Table};

/// A bracket expression, or a named class.
#[derive(Clone, Debug)]
pub struct Class {
    pub is_negated: bool,
    pub ignores_case: bool,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub enum Item {
    Range(u32, u32),
    Table { table: Table, is_negated: bool },
}

impl Class {
    pub fn has(&self, letter: char) -> bool {
        let point = u32::from(letter);
        let is_in = |item: &Item| {
            let any_case = |is_in: &dyn Fn(u32) -> bool| {
                is_in(point) || self.ignores_case && unicode::fold(point).any(is_in)
            };
            match item {
                Item::Range(first, last) => any_case(&|point| *first <= point && point <= *last),
                Item::Table { table, is_negated } => {
                    any_case(&|point| unicode::has(table, point)) != *is_negated
                }
            }
        };
        self.items.iter().any(is_in) != self.is_negated
    }

    /// How many ends of ranges Go keeps for it.
    pub fn ends(&self) -> usize {
        let of_item = |item: &Item| match item {
            Item::Range(..) => 1,
            Item::Table { table, .. } => table.iter().map(|stretch| points(*stretch)).sum(),
        };
        self.items.iter().map(of_item).sum::<usize>().saturating_mul(2)
    }
}

/// How many ranges without steps a stretch is.
fn points(stretch: Stretch) -> usize {
    let between = stretch.last.saturating_sub(stretch.first).checked_div(stretch.step).unwrap_or_default();
    if stretch.step == 1 { 1 } else { usize::try_from(between).unwrap_or_default().saturating_add(1) }
}

/// The class of `\d`, `\s` or `\w`, and whether it is negated as `\D` is.
pub fn of_letter(letter: char) -> Option<(&'static str, bool)> {
    let name = match letter.to_ascii_lowercase() {
        'd' => "digit",
        's' => "perl space",
        'w' => "word",
        _ => return None,
    };
    Some((name, letter.is_ascii_uppercase()))
}

/// The characters of a POSIX class, by the name between `[:` and `:]`.
pub fn ascii(name: &str) -> Option<Table> {
    let ranges: &[(char, char)] = match name {
        "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => &[('A', 'Z'), ('a', 'z')],
        "ascii" => &[('\0', '\x7f')],
        "blank" => &[('\t', '\t'), (' ', ' ')],
        "cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        "digit" => &[('0', '9')],
        "graph" => &[('!', '~')],
        "lower" => &[('a', 'z')],
        "perl space" => &[('\t', '\n'), ('\x0c', '\r'), (' ', ' ')],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[('\t', '\r'), (' ', ' ')],
        "upper" => &[('A', 'Z')],
        "word" => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return None,
    };
    let stretch = |(first, last): &(char, char)| Stretch::whole(u32::from(*first), u32::from(*last));
    Some(ranges.iter().map(stretch).collect())
}
