//! Unicode data of code points.

use std::sync::{Arc, OnceLock};

const DATA: &str = include_str!("unicode-15.0.txt");

/// Every so many code points, from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub first: u32,
    pub last: u32,
    pub step: u32,
}

impl Stretch {
    pub const fn whole(first: u32, last: u32) -> Stretch {
        Stretch { first, last, step: 1 }
    }

    const fn has(self, point: u32) -> bool {
        self.first <= point && point <= self.last && (point - self.first).is_multiple_of(self.step)
    }
}

/// Code points in their order.
pub type Table = Arc<[Stretch]>;

/// True if a table has the code point.
pub fn has(table: &[Stretch], point: u32) -> bool {
    let behind = table.partition_point(|stretch| stretch.first <= point);
    // Stretches with steps overlap with one neighbour at most.
    let nearest = table.get(behind.saturating_sub(2)..behind).unwrap_or_default();
    nearest.iter().any(|stretch| stretch.has(point))
}

/// The code points of a general category or a script, under the name that Go knows it by.
pub fn table(name: &str) -> Option<Table> {
    if name == "Any" {
        return Some([Stretch::whole(0, u32::from(char::MAX))].into());
    }
    let is_name = !matches!(name, "" | "#" | "fold");
    Some(line(name).filter(|_| is_name)?.filter_map(|entry| stretch(entry, '/')).collect())
}

/// All code points that are the same except for their case, the given one first.
pub fn fold(point: u32) -> impl Iterator<Item = u32> {
    let mut next = Some(point);
    std::iter::from_fn(move || {
        let this = next?;
        next = Some(folds_to(this)).filter(|folded| *folded != point);
        Some(this)
    })
}

/// The next code point that is the same except for its case; the last leads back to the first.
fn folds_to(point: u32) -> u32 {
    static FOLDS: OnceLock<Vec<(Stretch, i32)>> = OnceLock::new();
    let folds = FOLDS.get_or_init(|| line("fold").into_iter().flatten().filter_map(distance).collect());
    let behind = folds.partition_point(|(stretch, _)| stretch.first <= point);
    let nearest = folds.get(behind.saturating_sub(4)..behind).unwrap_or_default();
    let found = nearest.iter().find(|(stretch, _)| stretch.has(point));
    found.map_or(point, |(_, distance)| point.saturating_add_signed(*distance))
}

fn line(name: &str) -> Option<impl Iterator<Item = &'static str>> {
    let rest = DATA.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    Some(rest.split(' '))
}

fn stretch(entry: &str, step: char) -> Option<Stretch> {
    let number = |text: &str| u32::from_str_radix(text, 16).ok();
    let (range, step) = entry.split_once(step).unwrap_or((entry, "1"));
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    Some(Stretch { first: number(first)?, last: number(last)?, step: number(step)? })
}

fn distance(entry: &str) -> Option<(Stretch, i32)> {
    let (range, rest) = entry.split_once('/')?;
    let at = rest.find(['+', '-'])?;
    let (step, distance) = rest.split_at_checked(at)?;
    let stretch = stretch(&format!("{range}/{step}"), '/')?;
    Some((stretch, i32::from_str_radix(distance, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::{DATA, distance, folds_to, has, line, table};

    #[test]
    fn a_table_has_what_any_of_its_stretches_has() {
        for name in DATA.lines().filter_map(|line| line.split(' ').next()) {
            let table = table(name).unwrap_or_default();
            for stretch in table.iter() {
                let second = stretch.first.saturating_add(stretch.step).min(stretch.last);
                for point in [stretch.first, second, stretch.last] {
                    assert!(has(&table, point), "{name}: {point:x}");
                }
            }
        }
    }

    #[test]
    fn a_letter_folds_as_its_stretch_says() {
        for (stretch, distance) in line("fold").into_iter().flatten().filter_map(distance) {
            let second = stretch.first.saturating_add(stretch.step).min(stretch.last);
            for point in [stretch.first, second, stretch.last] {
                assert_eq!(folds_to(point), point.saturating_add_signed(distance), "{point:x}");
            }
        }
    }
}
