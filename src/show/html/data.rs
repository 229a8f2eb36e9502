//! What the page knows of a fleet. Texts stand in it once, and so does what holds in many clusters alike.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::emit;
use crate::model::{Assignee, Assignment, Cluster, Identities, IdentityUse};
use crate::problem::render::sanitized;
use crate::resolve::{Binding, Meaning, Provenance, Site};
use crate::show::abbreviations::Abbreviations;
use crate::show::matrix::{Column, Group, Matrix, OWN_NAME};
use crate::show::source_lines::SourceLines;
use crate::show::trusted::{Trusted, Trusting};
use crate::show::{View, words};
use crate::trust::{Document, Json};

/// Writes all that the page knows. Its names are those of `page.js`. What is said of a cluster is written before that of
/// the next is made; what several clusters share follows, for it is known only then.
///
/// # Errors
/// That of the writer.
pub fn write(view: &View<'_>, text: &mut dyn fmt::Write) -> fmt::Result {
    let (columns, groups) = {
        let matrix = Matrix::of(&view.clusters);
        let groups = matrix.groups();
        (matrix.columns, groups)
    };
    let identities = Identities::new(view.fleet);
    let shown: Vec<&IdentityUse<'_>> = identities.of_clusters(&view.clusters).collect();
    let brief = Abbreviations::new(shown.iter().map(|shared| (shared.provider, shared.name.as_str())));
    let mut page = Page {
        places: SourceLines::new(view.sources),
        numbers: shown.iter().zip(0..).map(|(shared, at)| (std::ptr::from_ref(*shared), at)).collect(),
        identities: &identities,
        trusting: Trusting::of(view.fleet),
        columns: &columns,
        texts: Texts::default(),
        entries: Entries::default(),
    };
    let of_group: BTreeMap<&str, usize> = groups
        .iter()
        .zip(0..)
        .flat_map(|(group, at)| group.clusters.iter().map(move |cluster| (cluster.name.as_str(), at)))
        .collect();
    let left_out = brief.legend().map(|(_, short, whole)| (short, whole));
    let own = (OWN_NAME.to_owned(), "the name of each cluster".to_owned());
    let legend = left_out.chain([own]).map(|(short, whole)| Json::list([short, whole]));
    let mut data = Document::minified(text)?;
    data.entry("source", &Json::from(view.fleet.source.as_str()))?;
    data.entry("of", &Json::Number(view.fleet.clusters.len()))?;
    data.entry("columns", &Json::list(columns.iter().map(|column| column.name())))?;
    data.list("legend", legend)?;
    let clusters = view.told().map(|(cluster, told)| {
        let group = of_group.get(cluster.name.as_str()).copied().unwrap_or_default();
        page.cluster(view, cluster, told, group)
    });
    data.list("clusters", clusters)?;
    data.list("identities", shown.iter().map(|shared| page.identity(shared, &brief)))?;
    data.list("groups", groups.iter().map(|group| page.group(group, &brief)))?;
    let Page { texts, entries, .. } = page;
    data.list("entries", entries.all.iter().map(|entry| Json::Minified(entry.to_string())))?;
    data.list("strings", texts.all.iter().map(|text| Json::from(text.as_ref())))?;
    data.end()
}

/// What is said in many clusters alike, once.
#[derive(Default)]
struct Entries {
    all: Vec<Arc<str>>,
    known: BTreeMap<Arc<str>, usize>,
}

/// Texts, once each.
#[derive(Default)]
struct Texts {
    all: Vec<Arc<str>>,
    known: BTreeMap<Arc<str>, usize>,
}

impl Texts {
    /// Where a text is, harmless.
    fn number(&mut self, text: &str) -> Json {
        let text = sanitized(text);
        if let Some(known) = self.known.get(text.as_ref()) {
            return Json::Number(*known);
        }
        let number = self.all.len();
        let text: Arc<str> = text.into();
        self.all.push(Arc::clone(&text));
        self.known.insert(text, number);
        Json::Number(number)
    }

    fn lines(&mut self, text: &str) -> Json {
        Json::List(text.lines().map(|line| self.number(line)).collect())
    }
}

/// What is on the page so far.
struct Page<'v, 'f> {
    places: SourceLines<'f>,
    identities: &'v Identities<'f>,
    trusting: Trusting<'f>,
    /// Where the identities are on the page, which not all of the fleet are.
    numbers: BTreeMap<*const IdentityUse<'f>, usize>,
    columns: &'v [Column],
    texts: Texts,
    entries: Entries,
}

impl<'f> Page<'_, 'f> {
    fn cluster(
        &mut self,
        view: &View<'f>,
        cluster: &'f Cluster,
        told: Option<&Provenance>,
        group: usize,
    ) -> Json {
        let mut cells: BTreeMap<Column, Vec<Json>> = BTreeMap::new();
        for holding in cluster.assignments() {
            let (column, held) = self.held(&holding);
            cells.entry(column).or_default().push(held);
        }
        let cells = self.columns.iter().map(|column| Json::List(cells.remove(column).unwrap_or_default()));
        let cells = Json::List(cells.collect());
        let things = told.iter().flat_map(|told| &told.bindings).map(|thing| self.thing(thing)).collect();
        let documents = emit::documents(view.fleet, cluster).into_iter().map(|document| {
            let path = format!("{}/{}", document.directory.as_str(), document.name);
            Json::List(vec![self.texts.number(&path), self.texts.lines(&document.text)])
        });
        let documents = Json::List(documents.collect());
        let trust = match self.trusting.asked_by(cluster) {
            Trusted::Known(pieces) => {
                let pieces = pieces.iter().map(|piece| {
                    Json::List(vec![self.texts.number(&piece.what), self.texts.lines(&piece.text)])
                });
                Json::object([("told", Json::List(pieces.collect()))])
            }
            Trusted::Missing(missing) => {
                let missing = missing.iter().map(|missing| self.texts.number(missing));
                Json::object([("missing", Json::List(missing.collect()))])
            }
        };
        let (file, line) = told.map(|told| self.places.of(told.at)).unwrap_or_default();
        let profiles =
            told.iter().flat_map(|told| &told.profiles).map(|name| self.texts.number(name)).collect();
        Json::object([
            ("n", Json::from(cluster.name.as_str())),
            ("p", Json::from(cluster.platform.name())),
            ("g", Json::Number(group)),
            ("f", self.texts.number(&file)),
            ("l", Json::Number(line)),
            ("u", Json::List(profiles)),
            ("c", cells),
            ("s", Json::List(things)),
            ("d", documents),
            ("t", trust),
        ])
    }

    /// In which column an identity stands, and which it is, how it is come by, and by whom.
    fn held(&mut self, holding: &Assignment<'f>) -> (Column, Json) {
        let (column, account) = match holding.assignee {
            Assignee::Controller(controller) => (Column::Controller(controller), None),
            Assignee::Account(_) => (Column::Accounts, Some(words::holder(holding.assignee))),
        };
        let shared = self.identities.list.get(self.identities.index(holding));
        let number = shared.and_then(|shared| self.numbers.get(&std::ptr::from_ref(shared)));
        let number = Json::Number(number.copied().unwrap_or_default());
        let way = self.texts.number(words::way(holding));
        (column, Json::List(vec![number, way, self.or_nothing(account.as_deref())]))
    }

    fn identity(&mut self, shared: &IdentityUse<'_>, brief: &Abbreviations) -> Json {
        let holders = shared.holders.iter().map(|(holder, clusters)| {
            let clusters = clusters.iter().map(|name| self.texts.number(name)).collect();
            Json::List(vec![self.texts.number(&words::holder(*holder)), Json::List(clusters)])
        });
        let holders = Json::List(holders.collect());
        Json::object([
            ("p", Json::from(shared.provider.name())),
            ("t", self.texts.number(&shared.name)),
            ("s", self.texts.number(&brief.short(shared.provider, &shared.name))),
            ("b", Json::Truth(shared.pulls_and_decrypts())),
            ("h", holders),
        ])
    }

    fn group(&mut self, group: &Group<'_>, brief: &Abbreviations) -> Json {
        let cells = group.cells.iter().map(|cell| {
            let entries = cell.iter().map(|entry| {
                let short = self.texts.number(&brief.short(entry.provider, &entry.text));
                let account = self.or_nothing(entry.account.as_deref());
                Json::List(vec![Json::from(entry.provider.name()), account, short])
            });
            Json::List(entries.collect())
        });
        Json::List(cells.collect())
    }

    /// Which entry a thing is: its kind, name, value and text, who says it, and what that hides.
    fn thing(&mut self, thing: &Binding) -> Json {
        let value = match &thing.meaning {
            Meaning::Text(value) | Meaning::Word(value) | Meaning::Identity(value) => Some(value.as_str()),
            Meaning::Mapping(_) => Some(""),
            Meaning::Unneeded => None,
        };
        let written = thing.sites.first().map(|said| self.places.written(said.written)).unwrap_or_default();
        let name = self.texts.number(&thing.name);
        let value = self.or_nothing(value);
        let written = self.texts.number(&written);
        let (said, hides) = (self.sayings(&thing.sites), self.sayings(&thing.shadowed));
        let entry = Json::List(vec![Json::from(thing.kind.as_str()), name, value, written, said, hides]);
        let next = self.entries.all.len();
        let entry: Arc<str> = entry.minified().into();
        let number = *self.entries.known.entry(Arc::clone(&entry)).or_insert(next);
        if number == next {
            self.entries.all.push(entry);
        }
        Json::Number(number)
    }

    fn sayings(&mut self, sayings: &[Site]) -> Json {
        let all = sayings.iter().map(|saying| {
            let (file, line) = self.places.of(saying.at);
            let (by, written) = (self.places.by(saying), self.places.written(saying.written));
            Json::List(vec![
                self.texts.number(&file),
                Json::Number(line),
                self.texts.number(&by),
                self.texts.number(&written),
            ])
        });
        Json::List(all.collect())
    }

    /// Where a text is, if there is one.
    fn or_nothing(&mut self, text: Option<&str>) -> Json {
        text.map_or(Json::Nothing, |text| self.texts.number(text))
    }
}
