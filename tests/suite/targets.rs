//! Regular expressions and selectors of targets: what kustomize takes is taken, and hits what it hits there.
//!
//! `tests/targets` holds two tables. With `FLUX_IDENTITY_DATA`, `kubectl kustomize` judges them, and as many more that
//! are made at random: all that are taken stand in few overlays, each that is refused in one of its own.

#![expect(clippy::disallowed_types, reason = "an expression that takes too long is told by its time")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use flux_identity::kustomize::target::{LabelSelector, Pattern};
use serde_json::{Value, json};

use crate::{harness, real};

/// What objects are called. kustomize does not ask whether an API server would take the name.
const NAMES: [&str; 29] = [
    "source-controller",
    "helm-controller",
    "kustomize-controller",
    "source",
    "a",
    "b",
    "aa",
    "ab",
    "abc",
    "dep",
    "ddd",
    "d",
    "k",
    "K",
    "\u{212a}",
    "s",
    "ſ",
    "A",
    "1",
    "07",
    "_",
    "é",
    "ß",
    "Σ",
    "a+b",
    "{",
    "a b",
    "a\nb",
    "x",
];

/// What they have as labels and annotations.
const LABELS: [&[(&str, &str)]; 9] = [
    &[],
    &[("a", "b")],
    &[("a", "c"), ("b", "1")],
    &[("a", "")],
    &[("a", "5"), ("c", "d"), ("in", "in")],
    &[("a", "11"), ("notin", "x")],
    &[("app.kubernetes.io/part-of", "flux"), ("x.y/z", "b")],
    &[("z0", "0"), ("a_b.c-d", "E_f.g-h"), ("b", "-3")],
    &[("a", "9223372036854775807"), ("c", "007")],
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Name,
    Labels,
    Annotations,
}

impl Field {
    const fn key(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Labels => "labelSelector",
            Field::Annotations => "annotationSelector",
        }
    }

    /// The objects that are hit, by their number; nothing if the text is refused.
    fn hits(self, text: &str) -> Option<BTreeSet<usize>> {
        if self == Field::Name {
            let pattern = Pattern::parse(text).ok()?;
            return Some((0..NAMES.len()).filter(|index| pattern.may_match(NAMES[*index])).collect());
        }
        let selector = LabelSelector::parse(text).ok()?;
        let labels = |index: usize| LABELS[index].iter().copied().collect::<BTreeMap<&str, &str>>();
        let is_hit = |index: &usize| selector.matches(|key| labels(*index).get(key).copied());
        Some((0..LABELS.len()).filter(is_hit).collect())
    }

    fn objects(self) -> Vec<Value> {
        let object = |name: &str, labels: Value, annotations: Value| {
            let metadata = json!({"name": name, "labels": labels, "annotations": annotations});
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
        };
        let labels =
            |labels: &[(&str, &str)]| json!(labels.iter().copied().collect::<BTreeMap<&str, &str>>());
        let labelled = LABELS.iter().enumerate();
        match self {
            Field::Name => NAMES.iter().map(|name| object(name, json!({}), json!({"own": ""}))).collect(),
            Field::Labels => {
                labelled.map(|(index, all)| object(&format!("o{index}"), labels(all), json!({}))).collect()
            }
            Field::Annotations => {
                labelled.map(|(index, all)| object(&format!("o{index}"), json!({}), labels(all))).collect()
            }
        }
    }
}

/// What kustomize hits with each of these texts, or what it says if it refuses one.
fn judged(field: Field, texts: &[&str]) -> Result<Vec<BTreeSet<usize>>, String> {
    let place = tempfile::tempdir().expect("a place for the test");
    let objects = field.objects();
    let mut manifests = String::new();
    for object in &objects {
        writeln!(manifests, "---\n{object}").expect("text can be written");
    }
    // Each patch adds a line of data, which no field of a target looks at.
    let patch = |(index, text): (usize, &&str)| {
        let merge = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "any"},
            "data": {format!("p{index}"): ""}});
        json!({"target": {"kind": "ConfigMap", field.key(): text}, "patch": merge.to_string()})
    };
    let patches: Vec<Value> = texts.iter().enumerate().map(patch).collect();
    let overlay = json!({"resources": ["objects.yaml"], "patches": patches});
    fs::write(place.path().join("objects.yaml"), manifests).expect("the place can be written");
    fs::write(place.path().join("kustomization.yaml"), overlay.to_string())
        .expect("the place can be written");
    let output = real::kubectl().arg("kustomize").arg(place.path()).output();
    let output = output.expect("kubectl is needed to judge targets");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let mut hits = vec![BTreeSet::new(); texts.len()];
    let built = String::from_utf8_lossy(&output.stdout);
    let built = built.split("\n---\n").map(serde_yaml::from_str::<Value>);
    let built: Vec<Value> = built.collect::<Result<_, _>>().expect("kustomize writes YAML");
    assert_eq!(built.len(), objects.len());
    for object in &built {
        let name = object["metadata"]["name"].as_str().expect("it has a name");
        let number =
            objects.iter().position(|known| known["metadata"]["name"] == name).expect("it was there");
        for key in object["data"].as_object().into_iter().flat_map(|data| data.keys()) {
            let patch: usize = key.strip_prefix('p').and_then(|index| index.parse().ok()).expect("a patch");
            let _new = hits[patch].insert(number);
        }
    }
    Ok(hits)
}

/// Fails unless kustomize takes, refuses and hits what we do.
fn compare(field: Field, texts: &[String]) {
    let ours: Vec<_> = texts.iter().map(|text| (text.as_str(), field.hits(text))).collect();
    let taken: Vec<&str> = ours.iter().filter(|(_, hits)| hits.is_some()).map(|(text, _)| *text).collect();
    for batch in taken.chunks(400) {
        let theirs =
            judged(field, batch).unwrap_or_else(|said| panic!("{}: kustomize says: {said}", field.key()));
        for (text, theirs) in batch.iter().zip(theirs) {
            assert_eq!(field.hits(text), Some(theirs), "{}: {text:?}", field.key());
        }
    }
    let refused: Vec<&str> = ours.iter().filter(|(_, hits)| hits.is_none()).map(|(text, _)| *text).collect();
    std::thread::scope(|scope| {
        for share in refused.chunks(refused.len().div_ceil(4).max(1)) {
            let _thread = scope.spawn(move || {
                for text in share {
                    assert!(judged(field, &[text]).is_err(), "{}: kustomize takes {text:?}", field.key());
                }
            });
        }
    });
}

/// The lines of a table: whether kustomize takes the text, and the text.
fn table(name: &str) -> Vec<(bool, String)> {
    let text = fs::read_to_string(harness::project().join("tests/targets").join(name)).expect("it is there");
    let row = |line: &str| match line.split_at(2) {
        ("+ ", text) => (true, text.to_owned()),
        ("- ", text) => (false, text.to_owned()),
        _ => panic!("{line}"),
    };
    text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

#[test]
fn expressions_and_selectors_are_taken_and_refused_as_the_tables_say() {
    for (name, field) in [("expressions.txt", Field::Name), ("selectors.txt", Field::Labels)] {
        for (is_taken, text) in table(name) {
            assert_eq!(field.hits(&text).is_some(), is_taken, "{text:?}");
        }
    }
}

#[test]
fn kustomize_takes_refuses_and_hits_the_same() {
    if real::data().is_none() {
        return;
    }
    let texts = |name: &str| table(name).into_iter().map(|(_, text)| text).collect::<Vec<String>>();
    compare(Field::Name, &texts("expressions.txt"));
    compare(Field::Labels, &texts("selectors.txt"));
    let taken = texts("selectors.txt").into_iter().filter(|text| Field::Labels.hits(text).is_some());
    compare(Field::Annotations, &taken.collect::<Vec<String>>());
    real::prove("targets in the tables");
}

#[test]
fn kustomize_takes_refuses_and_hits_the_same_at_random() {
    /// Refused texts need a build each.
    const MOST_REFUSED: usize = 25;
    let count = harness::times(400, 1200);
    if real::data().is_none() {
        return;
    }
    let mut random = Random(0x5eed);
    let made = |field: Field, make: &mut dyn FnMut() -> String| {
        let mut refused = 0_usize;
        let texts = std::iter::repeat_with(make).take(count);
        let texts = texts.filter(|text| {
            let is_taken = field.hits(text).is_some();
            refused += usize::from(!is_taken);
            is_taken || refused <= MOST_REFUSED
        });
        texts.collect::<Vec<String>>()
    };
    compare(Field::Name, &made(Field::Name, &mut || random.expression(4)));
    compare(Field::Labels, &made(Field::Labels, &mut || random.selector()));
    real::prove("targets at random");
}

/// None of these is long; each took another engine, or a simple one, seconds or more. Here each takes well under one.
#[test]
fn no_expression_takes_longer_than_its_length() {
    const PATIENCE: Duration = Duration::from_secs(20);
    let name = "a".repeat(253);
    let nested = |open: &str, inner: &str, close: &str, depth: usize| {
        format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
    };
    for (expression, is_taken) in [
        (nested("(", "a", ")*", 400), true),
        (nested("(?:", "a*", "b?)*", 300), true),
        (nested("(?:a?", "", ")", 100_000), true),
        (nested("(?:", "", "a?)", 100_000), true),
        (nested("(?:", "a*b*", "c*)", 100_000), true),
        (nested("(?:c*", "a*b*", ")", 100_000), true),
        (nested("(?:a|", "bb", ")", 100_000), true),
        (nested("(?:", "bb", "|a)", 100_000), true),
        (nested("(?:a", "b", ")", 100_000), true),
        (nested("(", "a", ")", 100_000), false),
        ("(a*)*".repeat(2000), true),
        ("a?".repeat(20_000) + &"a".repeat(253), true),
        ("(?:a|b){1000}".repeat(100), true),
        ("(?:a|b){1000}".repeat(2000), true),
        ("(?:a|bb){1000}".repeat(2000), false),
        (format!("(?:{}){{1000}}", "a?".repeat(1600)), true),
        (format!("(?:{}){{1000}}", "a".repeat(3400)), false),
        ("\\pL".repeat(20_000), true),
        ("\\pL".repeat(60_000), false),
        ("\\p{Lu}".repeat(20_000), true),
        ("\\p{Lu}".repeat(30_000), false),
        (format!("[{}a]", "[:".repeat(50_000)), true),
        (format!("[{}", "[:".repeat(50_000)), false),
        ("{1,".repeat(50_000), true),
        ("(?P<a".repeat(20_000), false),
        ("((((a{10}){10}){10}){10})".to_owned(), false),
    ] {
        let begin = Instant::now();
        let pattern = Pattern::parse(&expression);
        assert_eq!(pattern.is_ok(), is_taken, "{expression:.60}");
        let _hit = pattern.is_ok_and(|pattern| pattern.may_match(&name));
        assert!(begin.elapsed() < PATIENCE, "{expression:.60} takes {:?}", begin.elapsed());
    }
}

/// The same numbers each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).expect("it has 48 bits") % limit
    }

    fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }

    fn expression(&mut self, depth: usize) -> String {
        const ATOMS: &[&str] = &[
            "a",
            "b",
            "k",
            "K",
            "s",
            "1",
            "-",
            "_",
            "source",
            "helm",
            "controller",
            ".",
            "\\d",
            "\\w",
            "\\W",
            "\\pL",
            "\\p{Lu}",
            "\\P{Greek}",
            "\\p{^L}",
            "[a-c]",
            "[^a]",
            "[[:alpha:]]",
            "[[:^lower:]]",
            "[\\pL-]",
            "[^\\s]",
            "\\b",
            "\\B",
            "^",
            "$",
            "(?i)",
            "(?s)",
            "(?-i)",
            "\\x61",
            "\\141",
            "\\Qa+\\E",
            "{",
            "a{,2}",
            "[]a]",
            "ſ",
            "é",
            "[k-s]",
            "\\A",
            "\\z",
            "\\-",
        ];
        const REPEATS: &[&str] =
            &["*", "+", "?", "{2}", "{0,2}", "{1,}", "{0}", "*?", "{1,3}?", "{1000}", "{,2}"];
        const ODD: &[&str] = &[
            "*", "(", ")", "[", "\\", "{2}", "(?=a)", "\\1", "\\C", "\\p{X}", "[b-a]", "(?<n>", "a)|(b",
            "\\Q", "(?x)",
        ];
        if depth == 0 || self.below(4) == 0 {
            let odd = self.below(40) == 0;
            return self.pick(if odd { ODD } else { ATOMS }).to_owned();
        }
        let inner = self.expression(depth - 1);
        match self.below(6) {
            0 => format!("({inner})"),
            1 => format!("{}{inner})", self.pick(&["(?:", "(?i:", "(?s:", "(?P<n>", "(?<m>", "(?i-s:"])),
            2 => format!("{inner}{}", self.pick(REPEATS)),
            3 => format!("{inner}|{}", self.expression(depth - 1)),
            _ => format!("{inner}{}", self.expression(depth - 1)),
        }
    }

    fn selector(&mut self) -> String {
        const TOKENS: &[&str] = &[
            "a", "b", "c", "in", "notin", "=", "==", "!=", "!", "<", ">", "(", ")", ",", " ", "5", "-1",
            "x.y/z", "d-",
        ];
        if self.below(5) == 0 {
            return (0..=self.below(6)).map(|_| self.pick(TOKENS)).collect();
        }
        let parts = (0..=self.below(3)).map(|_| {
            let key = self.pick(&["a", "b", "c", "in", "notin", "x.y/z", "z0", "a_b.c-d"]);
            let value = self.pick(&["b", "c", "", "5", "11", "in", "d", "-", "E_f.g-h", "007"]);
            let more = self.pick(&["", ",", "c", ",c", ",,d", "5,", ",,", "in,notin"]);
            match self.below(8) {
                0 => key.to_owned(),
                1 => format!("!{key}"),
                2 => format!("{key}!={value}"),
                3 => format!("{key} in ({value},{more})"),
                4 => format!("{key} notin ({more})"),
                5 => format!(
                    "{key}{}{}",
                    self.pick(&["<", ">", " > "]),
                    self.pick(&["5", "1", "007", "x", "-1", "11"])
                ),
                _ => format!("{key}{}{value}", self.pick(&["=", "==", " = "])),
            }
        });
        parts.collect::<Vec<String>>().join(",")
    }
}
