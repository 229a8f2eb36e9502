//! Cells in columns, as wide as there is room.

use crate::model::Provider;
use crate::show::Screen;

/// What stands between two columns.
const GAP: &str = "  ";
/// The least characters that a column is narrowed to.
const LEAST: usize = 14;

/// The longest controller's name is not broken; what is longer is an ARN, a URL or the like.
const LONG_WORD: usize = 27;
/// How many characters of such a word people want to see in one line.
const SOME_OF_LONG_WORD: usize = 22;

/// Texts below each other, each in its tone.
pub type Cell = Vec<(Tone, String)>;

/// Cells in columns. Every row has as many as the head.
pub struct Grid {
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

impl Grid {
    /// The text; where no columns fit that leave words whole, all cells below each other.
    pub fn text_or_list(&self, screen: Screen) -> String {
        if let Some(widths) = self.widths(screen.width, Breaks::LongWords) {
            return self.in_columns(&widths, Paint(screen.colors));
        }
        let mut text = String::new();
        if let Some(head) = self.head.first() {
            write_line(0, (Tone::Strong, head), screen, &mut text);
        }
        for row in &self.rows {
            for (at, cell) in row.iter().enumerate() {
                let depth = if at == 0 { 2 } else { 4 };
                let lines = cell.iter().filter(|(_, line)| !line.is_empty());
                lines.for_each(|(tone, line)| write_line(depth, (*tone, line), screen, &mut text));
            }
        }
        text
    }

    /// The text; nothing if it does not fit into that width.
    pub fn text(&self, width: Option<usize>, paint: Paint) -> Option<String> {
        let widths =
            self.widths(width, Breaks::LongWords).or_else(|| self.widths(width, Breaks::AllWords))?;
        Some(self.in_columns(&widths, paint))
    }

    fn in_columns(&self, widths: &[usize], paint: Paint) -> String {
        let mut text = String::new();
        let head: Vec<Cell> = self.head.iter().map(|name| vec![(Tone::Strong, name.clone())]).collect();
        write_row(&head, widths, paint, &mut text);
        for row in &self.rows {
            write_row(row, widths, paint, &mut text);
        }
        text
    }

    /// How wide each column is; nothing if they do not fit.
    fn widths(&self, width: Option<usize>, breaks: Breaks) -> Option<Vec<usize>> {
        let columns: Vec<(usize, usize)> = (0..self.head.len()).map(|at| self.needs(at, breaks)).collect();
        let Some(width) = width else {
            return Some(columns.into_iter().map(|(natural, _)| natural).collect());
        };
        let gaps = GAP.len().saturating_mul(columns.len().saturating_sub(1));
        let narrowed = |most: usize| {
            columns.iter().map(|(natural, least)| *natural.min(&most.max(*least))).collect::<Vec<usize>>()
        };
        let most = columns.iter().map(|(natural, _)| *natural).max().unwrap_or(0);
        // All columns are narrowed to the same, those that are narrower stay as they are.
        let fits = |widths: &Vec<usize>| widths.iter().sum::<usize>().saturating_add(gaps) <= width;
        (0..=most).rev().map(narrowed).find(fits)
    }

    /// How wide a column is that nothing narrows, and how wide it is at least.
    fn needs(&self, at: usize, breaks: Breaks) -> (usize, usize) {
        let head = self.head.get(at).map_or("", String::as_str);
        let cells =
            || self.rows.iter().filter_map(|row| row.get(at)).flatten().map(|(_, text)| text.as_str());
        let natural = cells().chain([head]).map(length).max().unwrap_or(0);
        // What stands above a column may be broken at each `-`.
        let parts = head.split(' ').flat_map(|word| word.split_inclusive('-')).map(length);
        let least = match breaks {
            Breaks::LongWords => cells().map(room_for_words).chain(parts).max().unwrap_or(0),
            Breaks::AllWords => parts.map(|part| part.min(LEAST)).chain([LEAST]).max().unwrap_or(LEAST),
        };
        (natural, least)
    }
}

/// What may be broken to make columns fit.
#[derive(Clone, Copy)]
enum Breaks {
    /// ARNs, URLs and the like.
    LongWords,
    AllWords,
}

/// How much room a text wants if none of its words is to be broken but long ones.
fn room_for_words(text: &str) -> usize {
    let own = text.chars().take_while(|letter| *letter == ' ').count();
    let room = |(number, word): (usize, &str)| {
        let indent = if number == 0 { own } else { own.saturating_add(INDENT.len()) };
        if length(word) <= LONG_WORD {
            return length(word).saturating_add(indent);
        }
        let part = word.split_inclusive(ends_part).map(length).max().unwrap_or(0);
        part.saturating_add(indent.max(INDENT.len())).clamp(SOME_OF_LONG_WORD, LONG_WORD)
    };
    text.split_whitespace().enumerate().map(room).max().unwrap_or(0)
}

/// A line that stands in, broken where it does not fit.
pub fn write_line(depth: usize, (tone, line): (Tone, &str), screen: Screen, text: &mut String) {
    let room = screen.width.map_or(usize::MAX, |width| width.saturating_sub(depth).max(LEAST));
    for line in wrap(line, room) {
        text.extend([" ".repeat(depth).as_str(), &Paint(screen.colors).paint(tone, &line), "\n"]);
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn write_row(row: &[Cell], widths: &[usize], paint: Paint, text: &mut String) {
    let wrapped: Vec<Vec<(Tone, String)>> =
        row.iter().zip(widths).map(|(cell, width)| lines(cell, *width)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..height {
        // Nothing stands at the end of a line that nobody sees.
        let last = wrapped.iter().rposition(|lines| lines.get(at).is_some()).unwrap_or(0);
        for (column, (lines, width)) in wrapped.iter().zip(widths).enumerate().take(last.saturating_add(1)) {
            let (tone, line) = lines.get(at).map_or((Tone::Plain, ""), |(tone, line)| (*tone, line.as_str()));
            text.push_str(&paint.paint(tone, line));
            if column < last {
                text.push_str(&" ".repeat(width.saturating_sub(length(line))));
                text.push_str(GAP);
            }
        }
        text.push('\n');
    }
}

fn lines(cell: &Cell, width: usize) -> Vec<(Tone, String)> {
    let wrapped =
        cell.iter().flat_map(|(tone, text)| wrap(text, width).into_iter().map(|line| (*tone, line)));
    wrapped.collect()
}

/// A text in lines of at most that many characters, broken between words, and in a word only if no line holds it: where a
/// part of it ends if one does. What is broken stands in.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest: Vec<char> = text.chars().collect();
    let own = rest.iter().take_while(|letter| **letter == ' ').count();
    let indent = " ".repeat(own.min(width / 3)) + INDENT;
    let mut begin = own;
    while rest.len() > width {
        let end = end_of_line(&rest, (begin, indent.len()), width);
        let tail = rest.split_off(end.clamp(begin.saturating_add(1).min(rest.len()), rest.len()));
        lines.push(rest.iter().collect::<String>().trim_end().to_owned());
        let mut tail = tail.into_iter().skip_while(|letter| *letter == ' ').peekable();
        if tail.peek().is_none() {
            return lines;
        }
        rest = indent.chars().chain(tail).collect();
        begin = indent.len();
    }
    lines.push(rest.into_iter().collect());
    lines
}

/// What stands before a line that goes on.
const INDENT: &str = "  ";
/// Less of a word than this does not pay for breaking it.
const LEAST_OF_WORD: usize = 6;

fn ends_part(letter: char) -> bool {
    matches!(letter, '/' | ':' | '-' | '@' | '.' | ',')
}

/// Where a line of at most that many characters ends. `begin`: how many spaces it begins with; `indent`: how many the next
/// one does.
fn end_of_line(rest: &[char], (begin, indent): (usize, usize), width: usize) -> usize {
    let letters = || rest.iter().enumerate().skip(begin);
    let space = letters().take_while(|(at, _)| *at <= width).filter(|(_, letter)| **letter == ' ').last();
    let space = space.map(|(at, _)| at).filter(|at| *at > begin);
    let word = space.map_or(begin, |at| at.saturating_add(1));
    let length = rest.iter().skip(word).take_while(|letter| **letter != ' ').count();
    if let Some(space) = space.filter(|_| length.saturating_add(indent) <= width) {
        return space;
    }
    let mut parts =
        letters().take(width.saturating_sub(begin)).filter(|(at, letter)| *at >= word && ends_part(**letter));
    let part = parts.next_back().map(|(at, _)| at.saturating_add(1));
    let part = part.filter(|end| end.saturating_sub(word) >= LEAST_OF_WORD);
    part.or(space).unwrap_or(width)
}

/// Whether there are colors. They never say what the words do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint(pub bool);

/// How something is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Strong,
    Faint,
    Warning,
    Cloud(Provider),
}

impl Paint {
    pub fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Plain => return text.to_owned(),
            Tone::Strong => "1",
            Tone::Faint => "2",
            Tone::Warning => "1;31",
            Tone::Cloud(Provider::Aws) => "33",
            Tone::Cloud(Provider::Azure) => "36",
            Tone::Cloud(Provider::Gcp) => "32",
        };
        if self.0 && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn a_word_that_a_line_holds_is_not_broken() {
        assert_eq!(
            wrap("data, factory-north, shop", 16),
            ["data,", "  factory-north,", "  shop"].map(|it| it)
        );
        assert_eq!(wrap("profile keys-on-azure", 16), ["profile", "  keys-on-azure"]);
        assert_eq!(
            wrap("{ resource-id = \"/subscriptions/dddd1111\" }", 20),
            ["{ resource-id =", "  \"/subscriptions/", "  dddd1111\" }"]
        );
        assert_eq!(
            wrap("aws arn:aws:iam::111122223333:role", 20),
            ["aws arn:aws:iam::", "  111122223333:role"]
        );
        assert_eq!(
            wrap("  from aws arn:aws:iam::111122223333:role", 22),
            ["  from aws arn:aws:", "    iam::111122223333:", "    role"]
        );
        assert_eq!(wrap("one two", 3), ["one", "  t", "  w", "  o"]);
    }

    #[test]
    fn a_text_is_broken_where_a_part_of_it_ends() {
        assert_eq!(wrap("role/flux-registry", 14), ["role/flux-", "  registry"]);
        assert_eq!(wrap("abcdefghijklmnopqrst", 14), ["abcdefghijklmn", "  opqrst"]);
        assert_eq!(wrap("short", 14), ["short"]);
        assert_eq!(
            wrap("arn:aws:iam::111122223333:role/flux/images", 22),
            ["arn:aws:iam::", "  111122223333:role/", "  flux/images"]
        );
    }
}
