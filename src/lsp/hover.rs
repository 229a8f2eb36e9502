//! What a name means, in Markdown.

use std::collections::BTreeMap;

use crate::lsp::index::NameAt;
use crate::lsp::keywords::{NONE, describe_platform, describe_provider, keyword};
use crate::lsp::protocol::{Hover, Markup, Position};
use crate::lsp::scope::{clusters_of, meaning_in_words};
use crate::lsp::snapshot::{ClusterMeaning, Meaning};
use crate::lsp::view::View;
use crate::model::setting::{Setting, ValueForm};
use crate::model::{Assignment, Cluster, Platform, Provider};
use crate::problem::render::sanitized;
use crate::problem::{Code, Noun, count, titled_page};
use crate::resolve::Site;
use crate::show::{SourceLines, words};
use crate::span::Span;

/// The most clusters, and the most meanings, that are listed.
const MOST: usize = 10;

/// What the name or the word at a position means.
pub fn hover(view: &View<'_>, position: Position) -> Option<Hover> {
    let offset = view.offset(position);
    if let Some(name) = view.snapshot.index().name_at(view.file, offset) {
        let text = describe_name(name, view);
        return Some(Hover { contents: Markup::new(text), range: view.range(name.span) });
    }
    let span = word_at(view, offset)?;
    let word = view.snapshot.sources.text(span);
    let page = || Code::from_name(word).map(titled_page);
    let documentation = || keyword(word).map(|keyword| keyword.documentation.to_owned());
    let none = || (word == "none").then(|| NONE.to_owned());
    let contents = Markup::new(documentation().or_else(page).or_else(none)?);
    Some(Hover { contents, range: view.range(span) })
}

/// The word at a byte, outside of comments.
fn word_at(view: &View<'_>, offset: usize) -> Option<Span> {
    let text = view.text();
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let before = text.get(..offset)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    if line.contains('#') {
        return None;
    }
    let start = before.trim_end_matches(is_word).len();
    let rest = text.get(start..)?;
    let length = rest.find(|letter: char| !is_word(letter)).unwrap_or(rest.len());
    let byte = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Some(Span { file: view.file, start: byte(start), end: byte(start.saturating_add(length)) })
}

fn describe_name(name: &NameAt, view: &View<'_>) -> String {
    let text = view.snapshot.sources.text(name.span);
    let clusters = view.meaning.as_ref().map_or_else(Vec::new, |meaning| {
        clusters_of(name.block, name.span.file, view.snapshot.index(), meaning)
    });
    let mut parts = vec![title(name, text)];
    match name.noun {
        Noun::Setting => {
            parts.extend(Setting::from_name(text).map(setting_documentation));
            parts.extend(meanings(name, text, &clusters));
            parts.extend(overridden(name, text, &clusters, view));
        }
        Noun::Variable | Noun::Role => {
            parts.extend(meanings(name, text, &clusters));
            parts.extend(overridden(name, text, &clusters, view));
        }
        Noun::Mapping | Noun::Trust => {
            parts.extend(identities(text, &clusters));
            parts.extend(overridden(name, text, &clusters, view));
        }
        Noun::Cluster => {
            let known = view.meaning.iter().flat_map(|meaning| meaning.clusters());
            parts.extend(
                known.filter(|known| known.cluster.name == text).map(|known| assignments(known.cluster)),
            );
        }
        Noun::Profile => parts.extend(view.meaning.as_ref().map(|meaning| users(text, meaning))),
        Noun::Platform => parts.extend(Platform::from_name(text).map(describe_platform)),
        Noun::Provider => parts.extend(Provider::from_name(text).map(|it| describe_provider(it).to_owned())),
        Noun::Controller | Noun::Option | Noun::Field => {}
    }
    if view.meaning.as_ref().is_some_and(|meaning| !view.is_present(meaning)) && parts.len() > 1 {
        parts.push("_by the last text without errors_".to_owned());
    }
    parts.join("\n\n")
}

fn title(name: &NameAt, text: &str) -> String {
    let is_recipient = matches!(name.noun, Noun::Mapping | Noun::Trust | Noun::Controller);
    let noun = match is_recipient {
        true if text.contains('/') => "ServiceAccount",
        true => Noun::Controller.as_str(),
        false => name.noun.as_str(),
    };
    format!("**{noun}** `{text}`")
}

fn setting_documentation(setting: Setting) -> String {
    let form = match setting.form() {
        ValueForm::Text => String::new(),
        ValueForm::TextOr(words) | ValueForm::Word(words) => format!(" Words: `{}`.", words.join("`, `")),
    };
    let default = setting.default().map_or_else(String::new, |default| format!(" Default: `{default}`."));
    format!("{}.{form}{default}", setting.documentation())
}

/// What a name comes to in each cluster; clusters with the same meaning are in one line.
fn meanings(name: &NameAt, text: &str, clusters: &[ClusterMeaning<'_>]) -> Option<String> {
    let mut by_meaning: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for known in clusters {
        let own = match (name.noun, text) {
            (Noun::Variable, "cluster" | "platform") => known.value(text).map(|value| format!("\"{value}\"")),
            _ => known.binding(name.noun, text).and_then(meaning_in_words),
        };
        if let Some(meaning) = own {
            by_meaning.entry(meaning).or_default().push(&known.cluster.name);
        }
    }
    list(by_meaning, clusters.len())
}

/// The identities of a recipient in each cluster.
fn identities(recipient: &str, clusters: &[ClusterMeaning<'_>]) -> Option<String> {
    let mut by_meaning: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for known in clusters {
        for assignment in known.assignments_of(recipient) {
            let identity = words::identity(assignment.identity_and_source);
            let provider = assignment.identity_and_source.provider().name();
            let meaning = format!("{provider} {identity}` by {}", words::shown_way(&assignment));
            by_meaning.entry(meaning).or_default().push(&known.cluster.name);
        }
    }
    let lines = by_meaning.into_iter().map(|(meaning, names)| (format!("`{meaning}"), names));
    lines_of(lines.collect(), clusters.len())
}

fn list(by_meaning: BTreeMap<String, Vec<&str>>, clusters: usize) -> Option<String> {
    lines_of(by_meaning.into_iter().map(|(meaning, names)| (code(&meaning), names)).collect(), clusters)
}

fn lines_of(mut lines: Vec<(String, Vec<&str>)>, clusters: usize) -> Option<String> {
    if let [(meaning, names)] = lines.as_slice()
        && names.len() == clusters
        && clusters > 1
    {
        return Some(format!("{meaning} in all {}", count(clusters, "cluster")));
    }
    let rest = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    let mut shown: Vec<String> = lines
        .into_iter()
        .map(|(meaning, names)| format!("- {meaning} in {}", clusters_in_words(&names)))
        .collect();
    if rest > 0 {
        shown.push(format!("- and {}", count(rest, "more meaning")));
    }
    (!shown.is_empty()).then(|| shown.join("\n"))
}

fn clusters_in_words(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        rest => format!("{} and {rest} more", shown.join(", ")),
    }
}

/// Where a definition does not apply, and what overrides it there.
fn overridden(name: &NameAt, text: &str, clusters: &[ClusterMeaning<'_>], view: &View<'_>) -> Option<String> {
    let meaning = view.meaning.as_ref().filter(|meaning| view.is_present(meaning) && name.is_definition)?;
    let lines = SourceLines::new(&meaning.snapshot.sources);
    let mut by_site: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for known in clusters {
        let binding = known.binding(name.noun, text);
        let hidden = binding.filter(|binding| binding.overridden.iter().any(|site| site.at == name.span));
        if let Some(first) = hidden.and_then(|binding| binding.sites.first()) {
            by_site.entry(site(first, &lines)).or_default().push(&known.cluster.name);
        }
    }
    let mut shown = by_site
        .into_iter()
        .map(|(site, names)| format!("- overridden by {site} in {}", clusters_in_words(&names)));
    let first = shown.next()?;
    Some(std::iter::once(first).chain(shown).take(MOST).collect::<Vec<_>>().join("\n"))
}

fn site(site: &Site, lines: &SourceLines<'_>) -> String {
    format!("{} ({})", lines.by(site), lines.shown(site.at))
}

/// The identities of a cluster.
fn assignments(cluster: &Cluster) -> String {
    let line = |assignment: Assignment<'_>| {
        let holder = words::holder(assignment.assignee);
        let identity = words::identity(assignment.identity_and_source);
        format!("- `{holder}`: `{identity}` by {}", words::shown_way(&assignment))
    };
    let lines: Vec<String> = cluster.assignments().map(line).collect();
    let output = format!("writes `{}`", cluster.output.as_str());
    if lines.is_empty() { output } else { format!("{output}\n\n{}", lines.join("\n")) }
}

fn users(profile: &str, meaning: &Meaning) -> String {
    let uses = |known: &ClusterMeaning<'_>| known.provenance.profiles.iter().any(|used| used == profile);
    let names: Vec<&str> = meaning.clusters().filter(uses).map(|known| known.cluster.name.as_str()).collect();
    if names.is_empty() {
        "used by no cluster".to_owned()
    } else {
        format!("used by {}", clusters_in_words(&names))
    }
}

fn code(text: &str) -> String {
    format!("`{}`", sanitized(text))
}
