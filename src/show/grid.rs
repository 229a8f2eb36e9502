//! Cells in columns, as wide as there is room.

use crate::show::Screen;
use crate::show::paint::{Paint, Tone};

/// What stands between two columns.
const GAP: &str = "  ";
/// The least characters that a column is narrowed to.
const LEAST: usize = 14;

/// Texts below each other, each in its tone.
pub type Cell = Vec<(Tone, String)>;

/// Cells in columns. Every row has as many as the head.
pub struct Grid {
    /// What stands above the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Grid {
    /// The text; where the columns do not fit, all cells below each other.
    pub fn text_or_list(&self, screen: Screen) -> String {
        self.text(screen.width, Paint(screen.colors)).unwrap_or_else(|| {
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
        })
    }

    /// The text; nothing if it does not fit into that width.
    pub fn text(&self, width: Option<usize>, paint: Paint) -> Option<String> {
        let widths = self.widths(width)?;
        let mut text = String::new();
        let head: Vec<Cell> = self.head.iter().map(|name| vec![(Tone::Strong, name.clone())]).collect();
        write_row(&head, &widths, paint, &mut text);
        for row in &self.rows {
            write_row(row, &widths, paint, &mut text);
        }
        Some(text)
    }

    /// How wide each column is.
    fn widths(&self, width: Option<usize>) -> Option<Vec<usize>> {
        let natural: Vec<usize> = (0..self.head.len())
            .map(|at| {
                let cells = self.rows.iter().filter_map(|row| row.get(at)).flatten();
                let head = self.head.get(at).map_or(0, |name| length(name));
                cells.map(|(_, text)| length(text)).chain([head]).max().unwrap_or(0)
            })
            .collect();
        let Some(width) = width else { return Some(natural) };
        let gaps = GAP.len().saturating_mul(natural.len().saturating_sub(1));
        let narrowed = |most: usize| natural.iter().map(|one| *one.min(&most)).collect::<Vec<usize>>();
        let most = natural.iter().copied().max().unwrap_or(0);
        // All columns are narrowed to the same, those that are narrower stay as they are.
        let fits = |widths: &Vec<usize>| widths.iter().sum::<usize>().saturating_add(gaps) <= width;
        (LEAST..=most.max(LEAST)).rev().map(narrowed).find(fits)
    }
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

/// A text in lines of at most that many characters, broken where a part of it ends if one does. What is broken stands in.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest: Vec<char> = text.chars().collect();
    while rest.len() > width {
        let ends = |letter: &char| matches!(letter, ' ' | '/' | ':' | '-' | '@' | '.' | ',');
        let end = rest.iter().take(width).rposition(ends).map_or(width, |at| at.saturating_add(1));
        // A part that is hardly begun does not pay for a line.
        let end = if end < width / 3 { width } else { end };
        let tail = rest.split_off(end.clamp(1, rest.len()));
        lines.push(rest.iter().collect::<String>().trim_end().to_owned());
        rest = "  ".chars().chain(tail).collect();
    }
    lines.push(rest.into_iter().collect());
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn a_text_is_broken_where_a_part_of_it_ends() {
        assert_eq!(wrap("role/flux-registry", 14), ["role/flux-", "  registry"]);
        assert_eq!(wrap("abcdefghijklmnopqrst", 14), ["abcdefghijklmn", "  opqrst"]);
        assert_eq!(wrap("short", 14), ["short"]);
    }
}
