//! The part of a text that changed, as far as it has nothing but clusters.

use std::ops::Range;

use crate::span::Span;

/// A text, and the blocks of clusters in it.
#[derive(Clone, Copy)]
pub struct Side<'s> {
    pub text: &'s str,
    pub blocks: &'s [Range<usize>],
}

/// The part of a text that changed, in bytes. What is before it and after it did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    start: usize,
    /// Where the part ends in the earlier text, and where in the present one.
    end_before: usize,
    end_now: usize,
}

impl Change {
    /// The part that has all changes, with whole lines and whole clusters. Nothing if it has more than clusters, blank lines
    /// and comments.
    pub fn of_clusters(before: Side<'_>, now: Side<'_>) -> Option<Change> {
        let mut change = Change::new(before.text.as_bytes(), now.text.as_bytes());
        loop {
            let wider = change.with_whole_lines(before, now).with_whole_blocks(before, now);
            if wider == change {
                break;
            }
            change = wider;
        }
        let Change { start, end_before, end_now } = change;
        let is_of_clusters = before.has_only_blocks(start..end_before) && now.has_only_blocks(start..end_now);
        (is_of_clusters && change.leaves_blocks(before.blocks, now.blocks)).then_some(change)
    }

    fn new(before: &[u8], now: &[u8]) -> Change {
        let start = before.iter().zip(now).take_while(|(one, other)| one == other).count();
        let rest = before.len().min(now.len()).saturating_sub(start);
        let ends = before.iter().rev().zip(now.iter().rev());
        let same = ends.take(rest).take_while(|(one, other)| one == other).count();
        let end = |text: &[u8]| text.len().saturating_sub(same);
        Change { start, end_before: end(before), end_now: end(now) }
    }

    fn with_whole_lines(self, before: Side<'_>, now: Side<'_>) -> Change {
        let head = before.bytes(0..self.start);
        let start = head.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
        let is_whole = |side: Side<'_>, end| end == start || side.bytes(start..end).ends_with(b"\n");
        if is_whole(before, self.end_before) && is_whole(now, self.end_now) {
            return Change { start, ..self };
        }
        let tail = now.bytes(self.end_now..now.text.len());
        let more = tail.iter().position(|byte| *byte == b'\n').map_or(tail.len(), |at| at.saturating_add(1));
        self.widened(start, more)
    }

    fn with_whole_blocks(self, before: Side<'_>, now: Side<'_>) -> Change {
        let (of_before, of_now) =
            (before.around(self.start..self.end_before), now.around(self.start..self.end_now));
        let more = of_before.end.saturating_sub(self.end_before);
        self.widened(of_before.start.min(of_now.start), more.max(of_now.end.saturating_sub(self.end_now)))
    }

    fn widened(self, start: usize, more: usize) -> Change {
        let end = |end: usize| end.saturating_add(more);
        Change { start, end_before: end(self.end_before), end_now: end(self.end_now) }
    }

    /// True if the blocks outside of the part are the same on both sides: a brace within can open or close those outside.
    fn leaves_blocks(self, before: &[Range<usize>], now: &[Range<usize>]) -> bool {
        let head = |blocks: &[Range<usize>]| blocks.partition_point(|block| block.end <= self.start);
        let shifted = |at: usize| at.saturating_sub(self.end_before).saturating_add(self.end_now);
        let tail = before.iter().skip_while(|block| block.start < self.end_before);
        let tail = tail.map(|block| shifted(block.start)..shifted(block.end));
        before.get(..head(before)) == now.get(..head(now))
            && tail.eq(now.iter().skip_while(|block| block.start < self.end_now).cloned())
    }

    /// The span in the present text of one in the earlier text, if it is not in the part.
    pub fn now(self, span: Span) -> Option<Span> {
        self.moved(span, self.end_before, self.end_now)
    }

    /// The span in the earlier text of one in the present text, if it is not in the part.
    pub fn before(self, span: Span) -> Option<Span> {
        self.moved(span, self.end_now, self.end_before)
    }

    fn moved(self, span: Span, from: usize, to: usize) -> Option<Span> {
        let Range { start, end } = span.range();
        if end <= self.start {
            return Some(span);
        }
        let moved = |at: usize| u32::try_from(at.checked_sub(from)?.checked_add(to)?).ok();
        Some(Span { start: moved(start)?, end: moved(end)?, ..span })
    }
}

impl<'s> Side<'s> {
    fn bytes(self, range: Range<usize>) -> &'s [u8] {
        self.text.as_bytes().get(range).unwrap_or_default()
    }

    /// The blocks that have a part of a range.
    fn blocks_in(self, range: &Range<usize>) -> &'s [Range<usize>] {
        let first = self.blocks.partition_point(|block| block.end <= range.start);
        let end = self.blocks.partition_point(|block| block.start < range.end);
        self.blocks.get(first..end).unwrap_or_default()
    }

    /// A range with all of the blocks that it has a part of.
    fn around(self, range: Range<usize>) -> Range<usize> {
        let blocks = self.blocks_in(&range);
        let start = blocks.first().map_or(range.start, |first| first.start.min(range.start));
        start..blocks.last().map_or(range.end, |last| last.end.max(range.end))
    }

    /// True if a range, which has a part of no block, has nothing but blocks, blank lines and comments.
    fn has_only_blocks(self, range: Range<usize>) -> bool {
        let is_empty = |between: Range<usize>, is_before_block: bool| {
            let mut lines = self.bytes(between).split(|byte| *byte == b'\n').rev();
            let keyword = if is_before_block { lines.next() } else { None };
            keyword.is_none_or(|word| word.trim_ascii() == b"cluster")
                && lines.map(<[u8]>::trim_ascii).all(|line| line.is_empty() || line.starts_with(b"#"))
        };
        let mut from = range.start;
        for block in self.blocks_in(&range) {
            if !is_empty(from..block.start, true) {
                return false;
            }
            from = block.end;
        }
        is_empty(from..range.end, false)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::{Change, Side};
    use crate::source::slice;
    use crate::span::{FileId, Span};

    /// The blocks of a text: from a name behind `cluster ` to the next `}`.
    fn blocks(text: &str) -> Vec<Range<usize>> {
        let starts = text.match_indices("cluster ").map(|(at, word)| at + word.len());
        starts.filter_map(|start| Some(start..start + text.get(start..)?.find('}')? + 1)).collect()
    }

    /// The part that changed on both sides.
    fn change<'t>(before: &'t str, now: &'t str) -> Option<(&'t str, &'t str)> {
        let (of_before, of_now) = (blocks(before), blocks(now));
        let (one, other) = (Side { text: before, blocks: &of_before }, Side { text: now, blocks: &of_now });
        let Change { start, end_before, end_now } = Change::of_clusters(one, other)?;
        Some((slice(before, start..end_before), slice(now, start..end_now)))
    }

    #[test]
    fn a_change_in_a_cluster_is_a_change_of_the_whole_cluster() {
        let before = "let x\ncluster a {\n  1\n}\ncluster b {\n  1\n}\n";
        let now = "let x\ncluster a {\n  1\n}\ncluster b {\n  ü\n  1\n}\n";
        assert_eq!(change(before, now), Some(("cluster b {\n  1\n}\n", "cluster b {\n  ü\n  1\n}\n")));
    }

    #[test]
    fn a_comment_or_a_cluster_more_is_no_change_of_others() {
        let before = "let x\ncluster a {\n}\n\ncluster b {\n}\n";
        let now = "let x\ncluster a {\n}\n# é\ncluster c {\n}\ncluster b {\n}\n";
        assert_eq!(change(before, now), Some(("\n", "# é\ncluster c {\n}\n")));
        let at = |text: &str| {
            let start = u32::try_from(text.find("b {").expect("it is there")).expect("it fits");
            Span { file: FileId::ROOT, start, end: start + 1 }
        };
        let moved = Change { start: 20, end_before: 21, end_now: 39 };
        assert_eq!((moved.now(at(before)), moved.before(at(now))), (Some(at(now)), Some(at(before))));
        let within = Span { file: FileId::ROOT, start: 22, end: 24 };
        assert_eq!(
            (moved.before(within), moved.now(within)),
            (None, Some(Span { start: 40, end: 42, ..within }))
        );
    }

    #[test]
    fn a_change_beside_clusters_is_no_change_of_clusters() {
        let before = "let x\ncluster a {\n}\ncluster b {\n}\n";
        for now in [
            "let y\ncluster a {\n}\ncluster b {\n}\n",
            "let x\ncluster a {\n}\nlet y\ncluster b {\n}\n",
            "let x\ncluster a {\n} let y\ncluster b {\n}\n",
            "let x\ncluster a {\n}\n x cluster b {\n}\n",
            "",
        ] {
            assert_eq!(change(before, now), None, "{now}");
            assert_eq!(change(now, before), None, "{now}");
        }
    }

    #[test]
    fn a_line_that_a_cluster_takes_in_is_no_change_of_clusters() {
        let (before, now) =
            ("cluster a {\n}\nlet x\ncluster b {\n}\n", "cluster a {\n\nlet x\ncluster b {\n}\n");
        assert_eq!(change(before, now), None);
    }

    #[test]
    fn a_change_that_moves_other_blocks_is_no_change_of_clusters() {
        let (before, now) = ("cluster a {\n1\n}\ncluster b {\n}\n", "cluster a {\n2\n}\ncluster b {\n}\n");
        let whole = blocks(before);
        let one = Side { text: before, blocks: &whole };
        let other = Side { text: now, blocks: &whole[..1] };
        assert_eq!(Change::of_clusters(one, other), None);
    }
}
