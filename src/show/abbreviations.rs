//! Identities without what all of a cloud begin and end with, and what that is.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Provider;

/// What stands for what is left out. No identity has it.
const LEFT_OUT: char = '…';
/// What is shorter is not worth a legend.
const LEAST: usize = 6;

/// What the identities of each cloud begin and end with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abbreviations(BTreeMap<Provider, (String, String)>);

impl Abbreviations {
    pub fn new<'a>(texts: impl IntoIterator<Item = (Provider, &'a str)>) -> Abbreviations {
        let mut all: BTreeMap<Provider, BTreeSet<&str>> = BTreeMap::new();
        for (provider, text) in texts {
            // Words are no names of identities.
            if !text.contains(' ') {
                all.entry(provider).or_default().insert(text);
            }
        }
        let common = all.into_iter().filter_map(|(provider, texts)| {
            let begin = common(&texts);
            let rests: BTreeSet<&str> =
                texts.iter().map(|text| text.strip_prefix(begin).unwrap_or(text)).collect();
            let end = common_end(&rests);
            (!begin.is_empty() || !end.is_empty()).then(|| (provider, (begin.to_owned(), end.to_owned())))
        });
        Abbreviations(common.collect())
    }

    pub fn short(&self, provider: Provider, text: &str) -> String {
        let Some((begin, end)) = self.0.get(&provider) else { return text.to_owned() };
        match text.strip_prefix(begin.as_str()).and_then(|rest| rest.strip_suffix(end.as_str())) {
            Some(rest) if !text.contains(' ') => around(begin, rest, end),
            Some(_) | None => text.to_owned(),
        }
    }

    /// What was left out: how something is written, and what it is.
    pub fn legend(&self) -> impl Iterator<Item = (Provider, String, String)> {
        self.0.iter().map(|(provider, (begin, end))| {
            (*provider, around(begin, "NAME", end), format!("{begin}NAME{end}"))
        })
    }
}

fn around(begin: &str, rest: &str, end: &str) -> String {
    let mark = |text: &str| if text.is_empty() { "" } else { "…" };
    debug_assert!(!rest.contains(LEFT_OUT), "no identity has it");
    format!("{}{rest}{}", mark(begin), mark(end))
}

/// What all begin with, up to the end of a part. Something is left of each.
fn common<'a>(texts: &BTreeSet<&'a str>) -> &'a str {
    let (Some(first), Some(farthest)) = (texts.first(), texts.last()) else { return "" };
    let is_end = |byte: u8| matches!(byte, b':' | b'/');
    let same = first.bytes().zip(farthest.bytes()).take_while(|(one, other)| one == other).count();
    let same = if first == farthest { same.saturating_sub(1) } else { same };
    let ends = first.bytes().take(same).enumerate().filter(|(_, byte)| is_end(*byte));
    let last = ends.map(|(at, _)| at).max();
    let begin = last.and_then(|at| first.get(..at.saturating_add(1))).unwrap_or_default();
    if begin.len() < LEAST { "" } else { begin }
}

/// What all end with, from the beginning of a part. Something is left of each.
fn common_end<'a>(texts: &BTreeSet<&'a str>) -> &'a str {
    let Some(first) = texts.first() else { return "" };
    let is_begin = |byte: u8| matches!(byte, b'@' | b'.');
    let mut ends = first.bytes().enumerate().skip(1).filter(|(_, byte)| is_begin(*byte));
    let is_common = |end: &&str| {
        texts.iter().all(|text| text.len() > end.len() && text.ends_with(*end)) && end.len() >= LEAST
    };
    ends.find_map(|(at, _)| first.get(at..).filter(is_common)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Abbreviations;
    use crate::model::Provider;

    #[test]
    fn what_all_identities_of_a_cloud_share_is_left_out() {
        let abbreviations = Abbreviations::new([
            (Provider::Aws, "arn:aws:iam::111122223333:role/flux/pull"),
            (Provider::Aws, "arn:aws:iam::444455556666:role/kms"),
            (Provider::Gcp, "a@acme.iam.gserviceaccount.com"),
            (Provider::Gcp, "b@other.iam.gserviceaccount.com"),
            (Provider::Gcp, "direct in acme"),
        ]);
        let short = |text| abbreviations.short(Provider::Aws, text);
        assert_eq!(short("arn:aws:iam::444455556666:role/kms"), "…444455556666:role/kms");
        assert_eq!(abbreviations.short(Provider::Gcp, "a@acme.iam.gserviceaccount.com"), "a@acme…");
        assert_eq!(abbreviations.short(Provider::Gcp, "direct in acme"), "direct in acme");
        let legend: Vec<_> =
            abbreviations.legend().map(|(_, short, whole)| format!("{short} {whole}")).collect();
        assert_eq!(legend, ["…NAME arn:aws:iam::NAME", "NAME… NAME.iam.gserviceaccount.com"]);
    }

    #[test]
    fn something_is_left_of_every_identity() {
        let abbreviations = Abbreviations::new([(Provider::Aws, "arn:aws:iam::111122223333:role/kms")]);
        assert_eq!(abbreviations.short(Provider::Aws, "arn:aws:iam::111122223333:role/kms"), "…kms");
        let abbreviations = Abbreviations::new([(Provider::Azure, "4a7272f9-f186-41af-9f84-6a92e32d7cd0")]);
        let same = "4a7272f9-f186-41af-9f84-6a92e32d7cd0";
        assert_eq!(abbreviations.short(Provider::Azure, same), same);
    }
}
