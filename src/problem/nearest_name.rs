//! The nearest name to a misspelt one.

/// How alike two names must be to be offered, from 0 to 1. Two letters in eight may differ.
const ALIKE: f64 = 0.6;

/// The candidate that is most like `word`, if one is. Of equals, the first.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_ascii_lowercase();
    let mut best = None;
    let mut score = ALIKE;
    for candidate in candidates {
        let likeness = strsim::normalized_damerau_levenshtein(&word, &candidate.to_ascii_lowercase());
        if likeness > score {
            score = likeness;
            best = Some(candidate);
        }
    }
    best
}
