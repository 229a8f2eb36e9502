//! Every text has a tree, and nothing makes the command panic.

#![expect(clippy::disallowed_types, reason = "how long it takes is what some of these tests are about")]

use std::fs;
use std::time::{Duration, Instant};

use flux_identity::check::{self, Request};
use flux_identity::problem::{Finding, Level, Place, Problems, render};
use flux_identity::source::{Sources, slice};
use flux_identity::span::FileId;
use flux_identity::span::Span;
use flux_identity::syntax::tree::{
    Block, Identity, Item, Line, List, Mapping, MappingSubject, Name, Options, Passthrough, Statement,
    Target, Text, Tree, Value,
};
use flux_identity::syntax::{format, parse};
use flux_identity::workspace::{Inputs, Nowhere};

use crate::{harness, trees};

/// A source that has something of everything.
const EVERYTHING: &str = include_str!("../recovery/everything.flux");

/// Stretches that mean something, to be thrown in anywhere.
const TOKENS: [&str; 28] = [
    "{",
    "}",
    "\"",
    "->",
    "=",
    ",",
    "#",
    "\n",
    "\r\n",
    " ",
    "\t",
    "$",
    "${",
    "${account}",
    "=>",
    "'",
    "“",
    "\u{202E}",
    "é",
    "\u{0}",
    "cluster a on eks {\n",
    "profile p {\n",
    "role r = ",
    "use ",
    "aws \"",
    "gcp direct",
    "none",
    "let x =\n",
];

#[test]
fn no_mutation_makes_anything_panic_and_every_place_is_within_the_text() {
    let (fixtures, examples) = (mutable_sources(), example_sources());
    std::thread::scope(|scope| {
        for seed in 1..=2 {
            let (fixtures, examples) = (&fixtures, &examples);
            let _running = scope.spawn(move || {
                let mut dice = Dice::new(seed);
                for turn in 0..harness::times(3_000, 8_000) {
                    let sources = if turn % 8 == 0 { examples } else { fixtures };
                    let mut text = dice.pick(sources).clone().into_bytes();
                    for _ in 0..=dice.below(4) {
                        mutate(&mut text, &mut dice);
                    }
                    look_at(&String::from_utf8_lossy(&text), turn % 32 == 0);
                }
            });
        }
    });
}

#[test]
fn every_fixture_and_every_beginning_of_one_has_a_tree() {
    for text in mutable_sources() {
        for beginning in (0..=text.len()).step_by(harness::times(29, 13)).filter_map(|end| text.get(..end)) {
            look_at(beginning, false);
        }
    }
}

#[test]
fn nothing_of_a_source_that_can_be_read_is_dropped() {
    let formatted = harness::format(EVERYTHING).expect("it can be read");
    assert_eq!(seen(&formatted), seen(EVERYTHING), "{formatted}");
}

#[test]
fn bytes_at_random_have_a_tree() {
    let mut dice = Dice::new(3);
    for _ in 0..harness::times(500, 2_000) {
        let bytes: Vec<u8> = (0..dice.below(200)).map(|_| dice.byte()).collect();
        look_at(&String::from_utf8_lossy(&bytes), true);
    }
}

#[test]
fn tokens_at_random_have_a_tree() {
    let mut dice = Dice::new(4);
    for _ in 0..harness::times(1_000, 4_000) {
        let text: String = (0..dice.below(40)).map(|_| *dice.pick(&TOKENS)).collect();
        look_at(&text, true);
    }
}

#[test]
fn a_source_parsed_in_pieces_has_the_tree_of_the_whole() {
    let mut dice = Dice::new(5);
    let chunks: Vec<String> = (0..900).map(|at| chunk(at, &mut dice)).collect();
    let whole = chunks.concat();
    assert!(whole.len() > 4 * WINDOW, "{}", whole.len());
    let (all_nodes, all_findings) = shown(&whole, 0);
    let mut starts: Vec<usize> = vec![0];
    starts.extend(chunks.iter().scan(0, |end, chunk| {
        *end += chunk.len();
        Some(*end)
    }));
    let mut windows = 0;
    for first in (0..chunks.len()).step_by(7) {
        // A window this small is parsed as one piece. It ends with a chunk that closes what it opens.
        let is_end = |last: &usize| is_sound(*last) && starts[last + 1] - starts[first] < WINDOW;
        let last = (first..chunks.len())
            .take_while(|last| starts[last + 1] - starts[first] < WINDOW)
            .filter(is_end)
            .last();
        let Some(last) = last else { continue };
        let (start, end) = (starts[first], starts[last + 1]);
        let (nodes, findings) = shown(slice(&whole, start..end), start);
        let within = |place: &usize| (start..end).contains(place);
        let expected: Vec<_> = all_nodes.iter().filter(|(_, start, _)| within(start)).copied().collect();
        assert_eq!(other(&nodes, &expected), None, "{first} to {last}");
        let expected: Vec<_> = all_findings.iter().filter(|(start, _)| within(start)).cloned().collect();
        assert_eq!(other(&findings, &expected), None, "{first} to {last}");
        windows += usize::from(end - start > WINDOW / 2);
    }
    assert!(windows > 100, "{windows}");
}

#[test]
fn time_grows_with_the_text_and_not_with_its_square() {
    let shapes: [(&str, &str, &str, usize); 12] = [
        ("blocks within blocks", "a {\n", "", 20_000),
        ("braces on one line", "a { ", "", 20_000),
        ("clusters that nothing closes", "cluster a on eks {\n", "", 5_000),
        ("nested clusters", "  cluster a on eks {\n", "", 5_000),
        ("quotes", "\"", "", 100_000),
        ("a list without its arrow", "source-controller,\n", "", 10_000),
        ("a list without its end on one line", "a, ", "", 12_000),
        ("a very long word", "a", "", 60_000),
        ("a very long text", "x", "let a = \"", 200_000),
        ("dollars", "${", "let a = \"", 30_000),
        ("empty lines", "\n", "cluster a on eks {", 100_000),
        ("braces that close nothing", "}\n", "", 10_000),
    ];
    for (name, unit, before, count) in shapes {
        let (short, long) =
            (format!("{before}{}", unit.repeat(count)), format!("{before}{}", unit.repeat(count * 2)));
        // Other processes can only make it slower, so that the best of several tries is the truest.
        let mut tries = (0..8).map(|_| {
            let (one, two) = (once(&short).min(once(&short)), once(&long).min(once(&long)));
            two.as_secs_f64() / one.as_secs_f64().max(0.001)
        });
        let ratios: Vec<f64> = tries.by_ref().take_while(|ratio| *ratio >= 3.5).collect();
        assert!(ratios.len() < 8, "{name}: twice {count} take {ratios:?} times as long");
    }
}

#[test]
fn a_megabyte_of_quotes_and_two_hundred_thousand_open_blocks_end_well() {
    for text in ["\"".repeat(1 << 20), "a {\n".repeat(200_000), "a { ".repeat(200_000)] {
        let _time = once(&text);
    }
}

/// The first two that are not the same.
fn other<'l, T: PartialEq>(some: &'l [T], others: &'l [T]) -> Option<(Option<&'l T>, Option<&'l T>)> {
    let length = some.len().max(others.len());
    (0..length).map(|at| (some.get(at), others.get(at))).find(|(one, other)| one != other)
}

/// The library cuts a text after some 16 KiB; what is smaller is parsed as a whole.
const WINDOW: usize = 16 * 1024;

/// An item of a source; every seventh is broken in one of several ways.
fn chunk(at: usize, dice: &mut Dice) -> String {
    let filler = "  # a comment, so that the pieces do not all begin alike\n".repeat(dice.below(3));
    if is_sound(at) {
        let kind = ["cluster c{} on eks", "profile p{}"][at % 2].replace("{}", &at.to_string());
        return format!(
            "{kind} {{\n{filler}  account = \"111122223333\"\n  source-controller -> none\n}}\n\n"
        );
    }
    let broken = [
        "cluster c{} on eks {\n  account = \"111122223333\"\n",
        "cluster c{} on eks {\n  account = \"111122223333\n}\n",
        "cluster c{} on eks {\n  tags {\n    a = \"b\"\n",
        "profile p{} {\n  source-controller,\n  # a comment\n",
        "profile p{} {\n  use a,\n\n}\n}\n",
        "cluster c{} eks {\n  account 111122223333\n",
        "cluster c{} on eks\n{\n  role r = aws \"a\" { x = \"y\",\n",
        "profile p{} { account = \"111122223333\"\n\n",
        "cluster c{} on eks {\n  role r =\n",
        "profile p{} {\n  cluster c on eks {\n",
    ];
    format!("{}{filler}", dice.pick(&broken).replace("{}", &at.to_string()))
}

fn is_sound(at: usize) -> bool {
    at % 7 != 3
}

/// The nodes of a text with their places, and what is said of it, counted from `offset`.
type Shown = (Vec<(&'static str, usize, usize)>, Vec<(usize, String)>);

fn shown(text: &str, offset: usize) -> Shown {
    let sources = harness::sources(text);
    let mut problems = Problems::default();
    let tree = parsed(&sources, &mut problems);
    let nodes = Nodes::of(&tree).list;
    let nodes =
        nodes.iter().map(|(kind, _, span)| (*kind, span.range().start + offset, span.range().end + offset));
    let findings = problems.findings().into_iter().map(|finding| {
        let labels: Vec<_> = labels(&finding).iter().map(|span| span.range().start + offset).collect();
        (labels[0], format!("{} {} {labels:?}", finding.code, finding.message))
    });
    (nodes.collect(), findings.collect())
}

/// How long it takes to read and check a text.
fn once(text: &str) -> Duration {
    let sources = harness::sources(text);
    let begin = Instant::now();
    let mut problems = Problems::default();
    let tree = parsed(&sources, &mut problems);
    let _text = format(&tree);
    let _fleet = check::check(
        "identity.flux",
        &[(root(&sources), tree)],
        &Inputs::new(&Nowhere),
        &Request::default(),
        &mut problems,
    );
    let findings = problems.findings();
    let time = begin.elapsed();
    assert!(!findings.is_empty());
    time
}

fn parsed<'s>(sources: &'s Sources, problems: &mut Problems) -> Tree<'s> {
    parse(sources, root(sources), problems)
}

fn root(sources: &Sources) -> FileId {
    sources.iter().next().expect("there is one").0
}

/// Reads, checks, formats and perhaps renders a text, and looks at every place that comes of it.
fn look_at(text: &str, rendered: bool) {
    let sources = harness::sources(text);
    let mut problems = Problems::default();
    let tree = parsed(&sources, &mut problems);
    let is_right = problems.is_empty();
    let formatted = format(&tree);
    let nodes = Nodes::of(&tree);
    for (kind, parent, span) in &nodes.list {
        assert!(text.get(span.range()).is_some(), "{kind} at {span:?} of {text:?}");
        let within = parent.is_none_or(|parent| parent.start <= span.start && span.end <= parent.end);
        assert!(within, "{kind} at {span:?} within {parent:?} of {text:?}");
    }
    if is_right {
        assert_eq!(nodes.broken, 0, "what is broken is reported: {text:?}");
        let formatted = formatted.expect("what is not broken can be formatted");
        assert_eq!(seen(&formatted), seen(text), "nothing is dropped: {text:?}");
    }
    let fleet = check::check(
        "identity.flux",
        &[(root(&sources), tree)],
        &Inputs::new(&Nowhere),
        &Request::default(),
        &mut problems,
    );
    let findings = problems.findings();
    let errors = findings.iter().filter(|finding| finding.code.level() == Level::Error).count();
    assert_eq!(fleet.is_err(), errors > 0, "there is a fleet if there is no error: {text:?}");
    for finding in &findings {
        for span in labels(finding) {
            assert!(text.get(span.range()).is_some(), "{finding:?} of {text:?}");
        }
    }
    if rendered {
        let shown = render::human(&findings, &sources, true) + &render::short(&findings, &sources);
        assert_eq!(shown.is_empty(), findings.is_empty());
    }
}

fn labels(finding: &Finding) -> Vec<Span> {
    match &finding.place {
        Place::Source(labels) => labels.iter().map(|label| label.span).collect(),
        Place::File(_) => Vec::new(),
    }
}

/// What one sees of a text, in no order.
fn seen(text: &str) -> Vec<char> {
    let mut seen: Vec<char> =
        text.trim_start_matches('\u{FEFF}').chars().filter(|letter| !letter.is_whitespace()).collect();
    seen.sort_unstable();
    seen
}

/// All nodes of a tree: what kind, within what, where.
#[derive(Default)]
struct Nodes {
    list: Vec<(&'static str, Option<Span>, Span)>,
    broken: usize,
}

impl Nodes {
    fn of(tree: &Tree<'_>) -> Nodes {
        let mut nodes = Nodes::default();
        for item in tree.lines.iter().filter_map(|line| line.node.as_ref()) {
            nodes.item(item);
        }
        nodes
    }

    fn add(&mut self, kind: &'static str, parent: Option<Span>, span: Span) -> Span {
        self.list.push((kind, parent, span));
        span
    }

    fn name(&mut self, kind: &'static str, parent: Option<Span>, name: Name<'_>) {
        let _name = self.add(kind, parent, name.span);
    }

    fn item(&mut self, item: &Item<'_>) {
        match item {
            Item::Profile(profile) => {
                self.name("profile", None, profile.name);
                self.block(None, &profile.block);
            }
            Item::Cluster(cluster) => {
                for name in cluster.names.nodes() {
                    self.name("cluster", None, *name);
                }
                self.name("platform", None, cluster.platform);
                self.block(None, &cluster.block);
            }
            Item::Include(path) | Item::Values(path) => self.text(None, path),
            Item::Require(require) => {
                let parent = Some(self.add("require", None, require.span));
                for who in require.who.nodes() {
                    self.who(parent, who);
                }
                if let Some(platform) = &require.platform {
                    self.name("platform", parent, *platform);
                }
            }
            Item::Isolate(isolate) => {
                let parent = Some(self.add("isolate", None, isolate.span));
                self.name("role", parent, isolate.role);
                self.name("variable", parent, isolate.variable);
            }
            Item::Statement(statement) => self.statement(None, statement),
            Item::Broken(broken) => {
                self.broken += 1;
                let _header = self.add("broken header", None, broken.span);
                self.block(None, &broken.block);
            }
        }
    }

    fn block(&mut self, parent: Option<Span>, block: &Block<'_>) {
        let parent = Some(self.add("block", parent, block.span));
        for Line { node, .. } in &block.lines {
            if let Some(statement) = node {
                self.statement(parent, statement);
            }
        }
    }

    fn statement(&mut self, parent: Option<Span>, statement: &Statement<'_>) {
        match statement {
            Statement::Setting(binding) | Statement::Let(binding) => {
                self.name("name", parent, binding.name);
                self.value(parent, &binding.value);
            }
            Statement::Role(binding) => {
                self.name("role", parent, binding.name);
                self.identity(parent, &binding.value);
            }
            Statement::Mapping(mapping) | Statement::Trust(mapping) => self.mapping(parent, mapping),
            Statement::Use(names) => {
                for name in names.nodes() {
                    self.name("use", parent, *name);
                }
            }
            Statement::Resource(statement)
            | Statement::Component(statement)
            | Statement::Patch(statement) => {
                self.passed_through(parent, statement);
            }
            Statement::Allow(allow) => {
                let parent = Some(self.add("allow", parent, allow.span));
                self.name("code", parent, allow.code);
                self.value(parent, &allow.reason);
            }
            Statement::On(on) => {
                for platform in on.platforms.nodes() {
                    self.name("platform", parent, *platform);
                }
                self.block(parent, &on.block);
            }
            Statement::Broken(broken) => {
                self.broken += 1;
                let _stretch = self.add("broken stretch", parent, broken.span);
            }
        }
    }

    fn mapping(&mut self, parent: Option<Span>, mapping: &Mapping<'_>) {
        let parent = Some(self.add("mapping", parent, mapping.span));
        for who in mapping.who.nodes() {
            self.who(parent, who);
        }
        for target in mapping.targets.iter().flat_map(List::nodes) {
            match target {
                Target::Role(name) => self.name("role", parent, *name),
                Target::Identity(identity) => self.identity(parent, identity),
            }
        }
    }

    fn who(&mut self, parent: Option<Span>, who: &MappingSubject<'_>) {
        match who {
            MappingSubject::Controller(controller) => self.name("controller", parent, controller.name),
            MappingSubject::ServiceAccount(account) => {
                let parent = Some(self.add("service account", parent, account.span));
                self.name("namespace", parent, account.namespace);
                self.name("account", parent, account.name);
            }
        }
    }

    fn passed_through(&mut self, parent: Option<Span>, statement: &Passthrough<'_>) {
        let parent = Some(self.add("passed through", parent, statement.span));
        self.value(parent, &statement.path);
        self.options(parent, statement.options.as_deref());
    }

    fn identity(&mut self, parent: Option<Span>, identity: &Identity<'_>) {
        let parent = Some(self.add("identity", parent, identity.span));
        if let Ok(provider) = &identity.provider {
            self.name("provider", parent, *provider);
        }
        self.value(parent, &identity.value);
        self.options(parent, identity.options.as_deref());
    }

    fn options(&mut self, parent: Option<Span>, options: Option<&Options<'_>>) {
        let Some(options) = options else { return };
        let parent = Some(self.add("options", parent, options.span));
        for option in options.list.nodes() {
            self.name("option", parent, option.name);
            self.value(parent, &option.value);
        }
    }

    fn value(&mut self, parent: Option<Span>, value: &Value<'_>) {
        match value {
            Value::Text(text) => self.text(parent, text),
            Value::Word(word) => self.name("word", parent, *word),
            Value::Broken(span, _) => {
                self.broken += 1;
                let _value = self.add("broken value", parent, *span);
            }
        }
    }

    fn text(&mut self, parent: Option<Span>, text: &Text<'_>) {
        let parent = Some(self.add("text", parent, text.span));
        for hole in &text.interpolations {
            let hole_span = Some(self.add("hole", parent, hole.span));
            self.name("name", hole_span, hole.name);
        }
    }
}

/// Short sources to make others of: the fixtures, and one of everything.
fn example_sources() -> Vec<String> {
    let sources: Vec<String> =
        crate::examples::examples().iter().map(|path| crate::examples::source(path)).collect();
    assert!(sources.len() > 1, "{}", sources.len());
    sources
}

fn mutable_sources() -> Vec<String> {
    let mut sources = vec![EVERYTHING.to_owned()];
    for path in fixtures(&harness::project().join("tests/ui")) {
        let text = fs::read_to_string(path).expect("a fixture is text");
        sources.extend(Some(text).filter(|text| text.len() < 4_096));
    }
    assert!(sources.len() > 200, "{}", sources.len());
    sources
}

fn fixtures(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let found = trees::texts(directory).into_iter().map(|(name, _)| directory.join(name));
    found.filter(|path| path.extension().is_some_and(|extension| extension == "flux")).collect()
}

/// Does one small thing to a text.
/// Changes a text in one place, as an editor or an accident would.
pub fn mutate(text: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(text.len() + 1);
    let rest = text.len() - at;
    match dice.below(9) {
        0 => text.insert(at, dice.byte()),
        1 if rest > 0 => {
            let _gone = text.remove(at);
        }
        2 if rest > 0 => text[at] = dice.byte(),
        3 => {
            let token = dice.pick(&TOKENS).bytes();
            let _none: Vec<u8> = text.splice(at..at, token).collect();
        }
        4 => {
            let end = at + dice.below(rest.min(60) + 1);
            let _gone: Vec<u8> = text.drain(at..end).collect();
        }
        5 => {
            let end = at + dice.below(rest.min(60) + 1);
            let again = text[at..end].to_vec();
            let to = dice.below(text.len() + 1);
            let _none: Vec<u8> = text.splice(to..to, again).collect();
        }
        6 => {
            let mut lines: Vec<Vec<u8>> =
                text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            if !lines.is_empty() {
                let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
                lines.swap(one, other);
            }
            *text = lines.concat();
        }
        7 => {
            let mut lines: Vec<Vec<u8>> =
                text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            if !lines.is_empty() {
                let _gone = lines.remove(dice.below(lines.len()));
            }
            *text = lines.concat();
        }
        _ => {
            let other = dice.below(text.len().max(1));
            if rest > 0 {
                text.swap(at, other);
            }
        }
    }
}

/// Numbers that look random and are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next()).unwrap_or_default() % limit.max(1)
    }

    fn byte(&mut self) -> u8 {
        let printable = self.below(4) > 0;
        let byte = self.next().to_le_bytes()[0];
        if printable { b' ' + byte % 95 } else { byte }
    }

    pub fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}
