//! Sets of numbers that have long runs, such as the profiles that one reaches.

use std::collections::BTreeMap;
use std::ops::Range;

/// A set of numbers as ranges, in their order, none of them empty, and with a gap between each two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges(Vec<Range<usize>>);

impl Ranges {
    /// All that is in any of these ranges.
    pub fn union(mut ranges: Vec<Range<usize>>) -> Ranges {
        ranges.sort_unstable_by_key(|range| range.start);
        let mut all: Vec<Range<usize>> = Vec::new();
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            match all.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                Some(_) | None => all.push(range),
            }
        }
        Ranges(all)
    }

    pub fn iter(&self) -> impl Iterator<Item = Range<usize>> {
        self.0.iter().cloned()
    }

    /// How many ranges there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The least number that is in it, not less than `from`.
    fn next(&self, from: usize) -> Option<usize> {
        self.range_from(from).map(|range| range.start.max(from))
    }

    fn range_from(&self, number: usize) -> Option<&Range<usize>> {
        let at = self.0.partition_point(|range| range.end <= number);
        self.0.get(at)
    }

    /// The numbers of a sorted list that are in it, in their order. A step is taken for each that is, and for each range at
    /// most.
    pub fn select(&self, sorted: &[usize]) -> impl Iterator<Item = usize> {
        let mut from = 0_usize;
        std::iter::from_fn(move || {
            loop {
                let at = sorted.partition_point(|number| *number < from);
                let number = *sorted.get(at)?;
                let here = self.next(number)?;
                if here == number {
                    from = number.saturating_add(1);
                    return Some(number);
                }
                from = here;
            }
        })
    }

    /// The numbers of a sorted list that are in it, without those in the set that `hidden` tells of one before them.
    pub fn select_apart<'r>(
        &self,
        sorted: &[usize],
        hidden: impl Fn(usize) -> Option<&'r Ranges>,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        let mut covered = Covered::default();
        let mut from = 0_usize;
        loop {
            let at = sorted.partition_point(|number| *number < from);
            let Some(number) = sorted.get(at).copied() else { return found };
            let Some(here) = self.next(number) else { return found };
            from = if here > number {
                here
            } else if let Some(end) = covered.end_at(number) {
                end
            } else {
                found.push(number);
                for range in hidden(number).into_iter().flat_map(Ranges::iter) {
                    covered.add(range);
                }
                number.saturating_add(1)
            };
        }
    }
}

/// A set that grows by ranges: the end of each by its start.
#[derive(Default)]
struct Covered(BTreeMap<usize, usize>);

impl Covered {
    /// The end of the range that a number is in, if it is in one.
    fn end_at(&self, number: usize) -> Option<usize> {
        let (_, end) = self.0.range(..=number).next_back()?;
        (*end > number).then_some(*end)
    }

    fn add(&mut self, mut range: Range<usize>) {
        // Each merged range is removed, so the amortized cost is that of adding it.
        while let Some((start, end)) =
            self.0.range(..=range.end).next_back().map(|(start, end)| (*start, *end))
        {
            if end < range.start {
                break;
            }
            range = range.start.min(start)..range.end.max(end);
            self.0.remove(&start);
        }
        self.0.insert(range.start, range.end);
    }
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    #[test]
    fn a_set_has_what_is_in_any_of_its_ranges() {
        let set = Ranges::union(vec![5..7, 1..2, 7..9, 3..3, 6..8]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [1..2, 5..9]);
        assert_eq!(set.select(&[0, 1, 2, 4, 6, 8, 9]).collect::<Vec<_>>(), [1, 6, 8]);
    }

    #[test]
    fn what_those_before_hide_is_not_selected() {
        let set = Ranges::union(Vec::from([0..50, 50..100]));
        let hidden = [
            Ranges::union(vec![1..50, 60..61]),
            Ranges::default(),
            Ranges::union(Vec::from([98..98, 98..99])),
        ];
        let hides = |number: usize| match number {
            0 => hidden.first(),
            97 => hidden.last(),
            _ => hidden.get(1),
        };
        let sorted = [0, 1, 2, 49, 50, 60, 61, 97, 98, 99, 100];
        assert_eq!(set.select_apart(&sorted, hides), [0, 50, 61, 97, 99]);
    }
}
