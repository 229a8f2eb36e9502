//! What the page knows of a fleet. Texts stand in it once, and so does what holds in many clusters alike.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::io;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer as _};
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Value, json};

use crate::emit;
use crate::json::Streamed;
use crate::model::{Assignment, Cluster, Identities, IdentityUse};
use crate::problem::render::sanitized;
use crate::resolve::{Binding, Meaning, Provenance, Site};
use crate::show::abbreviations::Abbreviations;
use crate::show::matrix::{Column, Group, Matrix};
use crate::show::source_lines::SourceLines;
use crate::show::trusted::{Trusted, Trusting};
use crate::show::{View, words};
use crate::syntax::notation::CLUSTER;

/// Writes all that the page knows. Its names are those of `page.js`. What several clusters share stands behind them, for
/// it is known only then.
pub fn write(view: &View<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let (columns, groups) = {
        let matrix = Matrix::of(&view.clusters);
        let groups = matrix.groups();
        (matrix.columns, groups)
    };
    let identities = Identities::new(view.fleet);
    let shown: Vec<&IdentityUse<'_>> = identities.of_clusters(&view.clusters).collect();
    let abbreviations =
        Abbreviations::new(shown.iter().map(|shared| (shared.provider, shared.name.as_str())));
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
    let left_out = abbreviations.legend().map(|(_, short, whole)| (short, whole));
    let own = (CLUSTER.to_owned(), "the name of each cluster".to_owned());
    let legend = left_out.chain([own]).map(<[String; 2]>::from);
    let mut serializer = Serializer::with_formatter(out, ForScript);
    let mut data = serializer.serialize_map(None)?;
    data.serialize_entry("source", &view.fleet.source)?;
    data.serialize_entry("of", &view.fleet.clusters.len())?;
    data.serialize_entry("columns", &Streamed::new(columns.iter().map(|column| column.name())))?;
    data.serialize_entry("legend", &Streamed::new(legend))?;
    let clusters = view.provenance().map(|(cluster, provenance)| {
        let group = of_group.get(cluster.name.as_str()).copied().unwrap_or_default();
        page.cluster(view, cluster, provenance, group)
    });
    data.serialize_entry("clusters", &Streamed::new(clusters))?;
    let identities = shown.iter().map(|shared| page.identity(shared, &abbreviations));
    data.serialize_entry("identities", &Streamed::new(identities))?;
    data.serialize_entry(
        "groups",
        &Streamed::new(groups.iter().map(|group| page.group(group, &abbreviations))),
    )?;
    let Page { texts, entries, .. } = page;
    data.serialize_entry("entries", &Streamed::new(entries.iter()))?;
    data.serialize_entry("strings", &Streamed::new(texts.iter()))?;
    Ok(data.end()?)
}

/// JSON as it may stand in a `script` element. These characters stand in its texts alone.
/// Source: "Restrictions for contents of script elements" of the HTML Standard.
struct ForScript;

impl Formatter for ForScript {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let (plain, tail) = rest.split_at(at);
            out.write_all(plain.as_bytes())?;
            let mut characters = tail.chars();
            if let Some(character) = characters.next() {
                write!(out, "\\u{:04x}", u32::from(character))?;
            }
            rest = characters.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

/// Sequences that stand on the page once, by their numbers. Each is in memory once, and without anything around it: most
/// are of one cluster.
struct Interned<T> {
    /// All of them, one behind the other.
    all: Vec<T>,
    /// Where each ends.
    ends: Vec<usize>,
    /// Their numbers by their hashes; one whose hash is taken has the next that is not.
    known: BTreeMap<u64, u32>,
}

impl<T> Default for Interned<T> {
    fn default() -> Interned<T> {
        Interned { all: Vec::new(), ends: Vec::new(), known: BTreeMap::new() }
    }
}

impl<T: Copy + Eq + Hash> Interned<T> {
    fn number(&mut self, sequence: &[T]) -> u32 {
        let mut hasher = DefaultHasher::new();
        sequence.hash(&mut hasher);
        let mut hash = hasher.finish();
        while let Some(known) = self.known.get(&hash) {
            if self.get(usize::try_from(*known).unwrap_or(usize::MAX)) == sequence {
                return *known;
            }
            hash = hash.wrapping_add(1);
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.all.extend_from_slice(sequence);
        self.ends.push(self.all.len());
        self.known.insert(hash, number);
        number
    }

    fn get(&self, number: usize) -> &[T] {
        let end = |number: usize| self.ends.get(number).copied();
        let start = number.checked_sub(1).map_or(Some(0), end).unwrap_or_default();
        self.all.get(start..end(number).unwrap_or(start)).unwrap_or_default()
    }

    fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.ends.len()).map(|number| self.get(number))
    }
}

/// Texts that stand on the page once, by their numbers.
#[derive(Default)]
struct Texts(Interned<u8>);

impl Texts {
    /// The number of a text, which is made harmless.
    fn number(&mut self, text: &str) -> u32 {
        self.0.number(sanitized(text).as_bytes())
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|text| str::from_utf8(text).unwrap_or_default())
    }

    fn lines(&mut self, text: &str) -> Vec<u32> {
        text.lines().map(|line| self.number(line)).collect()
    }
}

/// What holds in many clusters alike. An entry is a binding as the page knows it: its kind, and by their numbers its name,
/// its value and what was written, then the sites that hold and those that are overridden.
#[derive(Default)]
struct Entries {
    kinds: Vec<&'static str>,
    /// The place of the kind, the name, the value plus one or 0 for none, what was written, how many sites hold, and the
    /// numbers of all sites.
    packed: Interned<u32>,
}

/// The numbers of a file, a line, the origin and what was written.
type EntrySite = [u32; 4];

impl Entries {
    fn number(
        &mut self,
        kind: &'static str,
        (name, value, written): (u32, Option<u32>, u32),
        (sites, overridden): (&[EntrySite], &[EntrySite]),
    ) -> u32 {
        let at = self.kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
            self.kinds.push(kind);
            self.kinds.len().saturating_sub(1)
        });
        let value = value.map_or(0, |value| value.saturating_add(1));
        let mut packed = vec![packed_number(at), name, value, written, packed_number(sites.len())];
        packed.extend(sites.iter().chain(overridden).flatten());
        self.packed.number(&packed)
    }

    fn iter(&self) -> impl Iterator<Item = impl Serialize> {
        self.packed.iter().filter_map(|packed| {
            let ([kind, name, value, written, count], sites) = packed.split_first_chunk()?;
            let (sites, _) = sites.as_chunks::<4>();
            let (sites, overridden) = sites.split_at_checked(usize::try_from(*count).ok()?)?;
            let kind = *self.kinds.get(usize::try_from(*kind).ok()?)?;
            Some((kind, *name, value.checked_sub(1), *written, sites, overridden))
        })
    }
}

fn packed_number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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
        provenance: Option<&Provenance>,
        group: usize,
    ) -> Value {
        let mut cells: BTreeMap<Column, Vec<Value>> = BTreeMap::new();
        for assignment in cluster.assignments() {
            let (column, cell) = self.cell(&assignment);
            cells.entry(column).or_default().push(cell);
        }
        let cells = self.columns.iter().map(|column| cells.remove(column).unwrap_or_default());
        let cells = cells.collect::<Value>();
        let bindings = provenance
            .iter()
            .flat_map(|provenance| &provenance.bindings)
            .map(|binding| self.binding(binding));
        let bindings = bindings.collect::<Value>();
        let documents = emit::documents(view.fleet, cluster).into_iter().map(|document| {
            let path = format!("{}/{}", document.directory.as_str(), document.name);
            json!([self.texts.number(&path), self.texts.lines(&document.text)])
        });
        let documents = documents.collect::<Value>();
        let trust = match self.trusting.asked_by(cluster) {
            Trusted::Known(pieces) => {
                let pieces = pieces
                    .iter()
                    .map(|piece| json!([self.texts.number(&piece.what), self.texts.lines(&piece.text)]));
                json!({ "told": pieces.collect::<Value>() })
            }
            Trusted::Missing(missing) => {
                let missing = missing.iter().map(|missing| self.texts.number(missing));
                json!({ "missing": missing.collect::<Value>() })
            }
        };
        let (file, line) = provenance.map(|provenance| self.places.of(provenance.at)).unwrap_or_default();
        let profiles =
            provenance.iter().flat_map(|provenance| &provenance.profiles).map(|name| self.texts.number(name));
        let profiles = profiles.collect::<Value>();
        json!({
            "n": cluster.name,
            "p": cluster.platform.name(),
            "g": group,
            "f": self.texts.number(&file),
            "l": line,
            "u": profiles,
            "c": cells,
            "s": bindings,
            "d": documents,
            "t": trust,
        })
    }

    /// In which column an identity stands, and which it is, how the ServiceAccount gets it, and which ServiceAccount that is.
    fn cell(&mut self, assignment: &Assignment<'f>) -> (Column, Value) {
        let shared = self.identities.list.get(self.identities.index(assignment));
        let number = shared.and_then(|shared| self.numbers.get(&std::ptr::from_ref(shared))).copied();
        let way = self.texts.number(words::shown_way(assignment));
        let note = self.number(words::note(assignment).as_deref());
        (Column::of_assignee(assignment.assignee), json!([number.unwrap_or_default(), way, note]))
    }

    fn identity(&mut self, shared: &IdentityUse<'_>, abbreviations: &Abbreviations) -> Value {
        let holders = shared.holders.iter().map(|(holder, clusters)| {
            let clusters: Vec<u32> = clusters.iter().map(|name| self.texts.number(name)).collect();
            json!([self.texts.number(&words::holder(*holder)), clusters])
        });
        let holders = holders.collect::<Value>();
        json!({
            "p": shared.provider.name(),
            "t": self.texts.number(&shared.name),
            "s": self.texts.number(&abbreviations.short(shared.provider, &shared.name)),
            "b": shared.pulls_and_decrypts(),
            "h": holders,
        })
    }

    fn group(&mut self, group: &Group<'_>, abbreviations: &Abbreviations) -> Value {
        let cells = group.cells.iter().map(|cell| {
            let entries = cell.iter().map(|entry| {
                let short = self.texts.number(&abbreviations.short(entry.provider, &entry.text));
                json!([entry.provider.name(), self.number(entry.note.as_deref()), short])
            });
            entries.collect::<Value>()
        });
        cells.collect()
    }

    fn binding(&mut self, binding: &Binding) -> u32 {
        let value = match &binding.meaning {
            Meaning::Text(value) | Meaning::Word(value) | Meaning::Identity(value) => Some(value.as_str()),
            Meaning::Mapping(_) => Some(""),
            Meaning::NotInstalled | Meaning::Unneeded => None,
        };
        let written = binding.sites.first().map(|site| self.places.written(site.written)).unwrap_or_default();
        let name = self.texts.number(&binding.name);
        let value = self.number(value);
        let written = self.texts.number(&written);
        let (sites, overridden) = (self.sites(&binding.sites), self.sites(&binding.overridden));
        self.entries.number(binding.kind.as_str(), (name, value, written), (&sites, &overridden))
    }

    fn sites(&mut self, sites: &[Site]) -> Vec<EntrySite> {
        let all = sites.iter().map(|site| {
            let (file, line) = self.places.of(site.at);
            let (by, written) = (self.places.by(site), self.places.written(site.written));
            [
                self.texts.number(&file),
                packed_number(line),
                self.texts.number(&by),
                self.texts.number(&written),
            ]
        });
        all.collect()
    }

    fn number(&mut self, text: Option<&str>) -> Option<u32> {
        text.map(|text| self.texts.number(text))
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize as _;
    use serde_json::Serializer;

    use super::ForScript;

    #[test]
    fn no_text_ends_the_element_that_it_stands_in() {
        let mut safe = Vec::new();
        "</script><!--&\u{2028}".serialize(&mut Serializer::with_formatter(&mut safe, ForScript)).unwrap();
        assert_eq!(String::from_utf8_lossy(&safe), "\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\"");
    }
}
