//! The nearest name to a misspelt one.

use std::cmp;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The least similarity of a suggestion, from 0 to 1. Two letters in eight may differ.
const ALIKE: f64 = 0.6;

/// The limit of one search, in steps: one for each candidate and each of its letters, and for two names that are compared
/// the product of their lengths. It allows some 700 names of ten letters that have little in common with the word, or
/// 200 that have much. A search above the limit finds nothing.
const MOST_STEPS: usize = 32 * 1024;

/// The limit of many searches together, in steps. It allows each of 32 clusters a search among 40 names.
const MOST_TOGETHER: usize = 8 * MOST_STEPS;

/// The steps that are left for some searches. The names that are looked for and those that they are looked for among
/// both grow with the source, and the work with their product, unless all searches of a part of the source share a limit.
/// One thread searches at a time, so that the same is found in each run.
#[derive(Debug)]
pub struct SearchBudget(AtomicUsize);

impl Default for SearchBudget {
    fn default() -> SearchBudget {
        SearchBudget(AtomicUsize::new(MOST_TOGETHER))
    }
}

impl SearchBudget {
    /// The same as [`nearest`], within the budget. A candidate that is none is passed over, and counts as one.
    pub fn nearest<'c>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = Option<&'c str>>,
    ) -> Option<&'c str> {
        let before = self.0.load(Ordering::Relaxed);
        let mut left = before.min(MOST_STEPS);
        let found = search(word, candidates, &mut left);
        let used = before.min(MOST_STEPS).saturating_sub(left);
        self.0.store(before.saturating_sub(used), Ordering::Relaxed);
        found
    }
}

/// The candidate with the greatest similarity to `word`, if any; the first of equals. `None` above the limit of steps.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    search(word, candidates.into_iter().map(Some), &mut MOST_STEPS.clone())
}

/// The same with a name of its own.
pub fn nearest_name(word: &str, candidates: &[&str]) -> Option<String> {
    nearest(word, candidates.iter().copied()).map(str::to_owned)
}

/// The shortest names that are compared for a slip. Shorter ones differ in one letter by chance.
const LEAST_WITH_SLIP: usize = 4;

/// True if one name is the other with one letter more, less, replaced or swapped, or written with other signs between words.
pub fn is_one_slip(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.to_ascii_lowercase().replace('_', "-");
    one != other
        && one.len().min(other.len()) >= LEAST_WITH_SLIP
        && one.len().abs_diff(other.len()) <= 1
        && strsim::damerau_levenshtein(&plain(one), &plain(other)) <= 1
}

/// Takes the steps from those that are `left`: all of them, if they do not suffice.
fn search<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = Option<&'c str>>,
    left: &mut usize,
) -> Option<&'c str> {
    let word = word.to_ascii_lowercase();
    let letters = Letters::count(&word);
    let mut best = None;
    let mut score = ALIKE;
    let mut take = |steps: usize| {
        let rest = left.checked_sub(steps);
        *left = rest.unwrap_or_default();
        rest
    };
    for candidate in candidates {
        take(candidate.map_or(0, str::len).saturating_add(ENTRY))?;
        let Some(candidate) = candidate else { continue };
        if letters.most_alike_to_length(candidate) <= score
            || letters.most_alike(&Letters::count(candidate)) <= score
        {
            continue;
        }
        let lower = candidate.to_ascii_lowercase();
        take(word.len().saturating_mul(lower.len()))?;
        let likeness = strsim::normalized_damerau_levenshtein(&word, &lower);
        if likeness > score {
            score = likeness;
            best = Some(candidate);
        }
    }
    best
}

/// The steps of a candidate in addition to its length.
const ENTRY: usize = 32;

/// The number of letters of each kind in a word, ignoring case.
struct Letters {
    counts: [u16; KINDS],
    length: usize,
}

/// ASCII letters that differ only in case are this far apart.
const KINDS: usize = 32;

impl Letters {
    fn count(word: &str) -> Letters {
        let (mut counts, mut length) = ([0_u16; KINDS], 0_usize);
        for letter in word.chars() {
            length = length.saturating_add(1);
            let kind = usize::try_from(u32::from(letter)).unwrap_or_default() % KINDS;
            if let Some(count) = counts.get_mut(kind) {
                *count = count.saturating_add(1);
            }
        }
        Letters { counts, length }
    }

    /// An upper bound of the similarity to a word, from its length in bytes.
    fn most_alike_to_length(&self, other: &str) -> f64 {
        let length = other.len();
        match length.cmp(&self.length) {
            cmp::Ordering::Less => to_f64(length) / to_f64(self.length),
            cmp::Ordering::Greater if other.is_ascii() => to_f64(self.length) / to_f64(length),
            cmp::Ordering::Greater | cmp::Ordering::Equal => 1.0,
        }
    }

    /// An upper bound of the similarity of two words: each letter that only one of them has needs an edit, and one edit can
    /// replace a letter with another.
    fn most_alike(&self, other: &Letters) -> f64 {
        let both: usize =
            self.counts.iter().zip(other.counts).map(|(one, other)| usize::from(*one.min(&other))).sum();
        let longest = self.length.max(other.length);
        if longest == 0 { 1.0 } else { to_f64(both) / to_f64(longest) }
    }
}

fn to_f64(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::{MOST_STEPS, MOST_TOGETHER, SearchBudget, nearest};

    /// The same without a limit and without upper bounds.
    fn nearest_of_all<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
        let likeness = |candidate: &str| {
            strsim::normalized_damerau_levenshtein(
                &word.to_ascii_lowercase(),
                &candidate.to_ascii_lowercase(),
            )
        };
        let mut best = (0.6, None);
        for candidate in candidates {
            if likeness(candidate) > best.0 {
                best = (likeness(candidate), Some(*candidate));
            }
        }
        best.1
    }

    #[test]
    fn what_is_not_compared_could_not_have_been_nearest() {
        let names = [
            "Größe",
            "registry",
            "registri",
            "decryption",
            "kms",
            "kms-eu",
            "a",
            "",
            "ab",
            "日本語",
            "registry-of-all",
        ];
        for word in [
            "registr",
            "REGISTRY",
            "decrpytion",
            "kms-ue",
            "b",
            "",
            "ba",
            "日本",
            "Grösse",
            "x",
            "registry-of-al",
        ] {
            assert_eq!(nearest(word, names), nearest_of_all(word, &names), "{word}");
        }
    }

    #[test]
    fn hundreds_of_similar_names_are_all_looked_at() {
        let names: Vec<String> = (0..180).map(|at| format!("cluster-{at:03}")).collect();
        assert_eq!(nearest("clutser-179", names.iter().map(String::as_str)), Some("cluster-179"));
    }

    #[test]
    fn a_search_among_too_many_names_finds_nothing() {
        let names: Vec<String> = (0..100_000).map(|at| format!("cluster-{at}")).collect();
        assert_eq!(nearest("clutser-99999", names.iter().map(String::as_str)), None);
        assert_eq!(nearest(&"ab".repeat(1000), ["ba".repeat(1000).as_str()]), None);
    }

    #[test]
    fn searches_that_share_a_budget_find_nothing_once_it_is_used_up() {
        let names: Vec<String> = (0..180).map(|at| format!("cluster-{at:03}")).collect();
        let searches = SearchBudget::default();
        let find = || searches.nearest("clutser-179", names.iter().map(|name| Some(name.as_str())));
        let found = (0..100).take_while(|_| find() == Some("cluster-179")).count();
        assert!((MOST_TOGETHER / MOST_STEPS..100).contains(&found), "{found}");
        assert_eq!((find(), nearest("clutser-179", ["cluster-179"])), (None, Some("cluster-179")));
    }
}
