//! A source to its text: by its syntax tree, which the formatter prints.

use std::collections::BTreeMap;

use crate::import::identity::Identity;
use crate::import::statements::{Clusters, MappingTarget, Source, Statement};
use crate::model::{Recipient, Target};
use crate::span::FileId;
use crate::span::Span;
use crate::syntax::format;
use crate::syntax::notation::{self, is_literal};
use crate::syntax::tree::{
    self, Binding, Block, Item, Line, List, MappingSubject, Name, Passthrough, Tree, Value,
};

pub fn write(source: &Source) -> String {
    let of_file = lines(&source.file, Vec::new()).into_iter();
    let mut lines: Vec<Line<'_, Item<'_>>> = of_file
        .map(|Line { blank_before, node, comment }| Line {
            blank_before,
            node: node.map(Item::Statement),
            comment,
        })
        .collect();
    if let Some(path) = &source.values {
        lines.push(line(!lines.is_empty(), Item::Values(raw_text(path))));
    }
    lines.extend(source.profiles.iter().map(|profile| {
        let block = block(self::lines(&profile.statements, Vec::new()), false);
        line(true, Item::Profile(tree::Profile { name: name(&profile.name), block }))
    }));
    let mut was_short = false;
    for clusters in &source.clusters {
        let cluster = cluster(clusters);
        let is_short = cluster.block.on_one_line;
        lines.push(line(!(is_short && was_short), Item::Cluster(cluster)));
        was_short = is_short;
    }
    // Nothing in the tree is broken.
    format(&Tree { lines, values: Vec::new() }).unwrap_or_default()
}

fn cluster(clusters: &Clusters) -> tree::Cluster<'_> {
    let uses = if clusters.uses.is_empty() {
        Vec::new()
    } else {
        vec![tree::Statement::Use(clusters.uses.iter().map(|used| name(used)).collect())]
    };
    let lines = lines(&clusters.statements, uses);
    let is_short = lines.len() < 2;
    tree::Cluster {
        names: clusters.names.iter().map(|cluster| name(cluster)).collect(),
        platform: name(clusters.platform.name()),
        block: block(lines, is_short),
    }
}

/// Statements below others: settings, roles, mappings and passthrough, with an empty line between groups.
fn lines<'s>(
    statements: &'s [Statement],
    above: Vec<tree::Statement<'s>>,
) -> Vec<Line<'s, tree::Statement<'s>>> {
    let mut groups: [Vec<tree::Statement<'s>>; 4] = Default::default();
    let [settings, roles, mappings, passthrough] = &mut groups;
    let mut subjects: Vec<(&[MappingTarget], Vec<MappingSubject<'s>>)> = Vec::new();
    let mut known: BTreeMap<&[MappingTarget], usize> = BTreeMap::new();
    for statement in statements {
        match statement {
            Statement::Setting(setting, value) => {
                settings.push(tree::Statement::Setting(binding(setting.name(), value)));
            }
            Statement::Role(role, of) => {
                roles.push(tree::Statement::Role(Binding { name: name(role), value: identity(of) }));
            }
            Statement::Mapping(recipient, targets) => {
                let at = *known.entry(targets).or_insert(subjects.len());
                match subjects.get_mut(at) {
                    Some((_, subjects)) => subjects.push(subject(recipient)),
                    None => subjects.push((targets, vec![subject(recipient)])),
                }
            }
            Statement::Resource(path) => {
                passthrough.push(tree::Statement::Resource(passed_through(path, None)));
            }
            Statement::Component(path) => {
                passthrough.push(tree::Statement::Component(passed_through(path, None)));
            }
            Statement::Patch(path, target) => {
                passthrough.push(tree::Statement::Patch(passed_through(path, Some(target))));
            }
        }
    }
    mappings.extend(subjects.into_iter().map(|(targets, who)| mapping(who, targets)));
    let mut lines: Vec<Line<'s, tree::Statement<'s>>> =
        above.into_iter().map(|statement| line(false, statement)).collect();
    let begin = lines.len();
    for group in groups {
        let first = lines.len();
        lines.extend(group.into_iter().map(|statement| line(false, statement)));
        if let Some(line) = lines.get_mut(first) {
            line.blank_before = first > begin;
        }
    }
    lines
}

fn mapping<'s>(who: Vec<MappingSubject<'s>>, targets: &'s [MappingTarget]) -> tree::Statement<'s> {
    let target = |target: &'s MappingTarget| match target {
        MappingTarget::Role(role) => tree::Target::Role(name(role)),
        MappingTarget::Identity(of) => tree::Target::Identity(identity(of)),
    };
    let targets = if targets.is_empty() {
        std::iter::once(tree::Target::Role(name("none"))).collect()
    } else {
        targets.iter().map(target).collect()
    };
    tree::Statement::Mapping(tree::Mapping {
        span: NOWHERE,
        who: who.into_iter().collect(),
        targets: Ok(targets),
    })
}

fn subject(recipient: &Recipient) -> MappingSubject<'_> {
    match recipient {
        Recipient::Controller(controller) => MappingSubject::Controller(tree::ControllerName {
            name: name(controller.name()),
            if_installed: None,
        }),
        Recipient::Account(account) => MappingSubject::ServiceAccount(tree::ServiceAccount {
            span: NOWHERE,
            namespace: name(account.namespace.as_str()),
            name: name(account.name.as_str()),
        }),
    }
}

fn passed_through<'s>(path: &'s str, target: Option<&'s Target>) -> Passthrough<'s> {
    let fields = target.into_iter().flatten().map(|(field, text)| (field.name(), text));
    Passthrough { span: NOWHERE, path: text(path), options: options(fields) }
}

fn identity(identity: &Identity) -> tree::Identity<'_> {
    let chosen = [
        ("tenant", &identity.tenant),
        ("audience", &identity.audience),
        ("token-expiration", &identity.token_expiration),
    ];
    tree::Identity {
        span: NOWHERE,
        provider: Ok(name(identity.provider.name())),
        value: identity.value.as_deref().map_or(Value::Word(name("direct")), text),
        options: options(chosen.into_iter().filter_map(|(option, value)| Some((option, value.as_ref()?)))),
    }
}

/// None if there are none.
fn options<'s>(chosen: impl Iterator<Item = (&'s str, &'s String)>) -> Option<Box<tree::Options<'s>>> {
    let list: List<'s, _> = chosen.map(|(name, value)| binding(name, value)).collect();
    let has_some = !list.items.is_empty();
    has_some.then(|| Box::new(tree::Options { span: NOWHERE, open_comments: Vec::new(), list }))
}

fn binding<'s>(of: &'s str, value: &'s str) -> Binding<'s, Value<'s>> {
    let value = match notation::Value::new(of, value) {
        notation::Value::Text(value) => text(value),
        notation::Value::Word(word) => Value::Word(name(word)),
    };
    Binding { name: name(of), value }
}

/// Text with interpolations. A text that cannot be expressed makes the source invalid, and no part of it
/// becomes a statement.
fn text(text: &str) -> Value<'_> {
    Value::Text(raw_text(text))
}

fn raw_text(text: &str) -> tree::Text<'_> {
    const INEXPRESSIBLE: &str = "\u{FFFD}";
    let is_expressible = text.chars().all(|character| is_literal(character) || character == '$');
    let raw = if is_expressible { text } else { INEXPRESSIBLE };
    tree::Text { span: NOWHERE, raw, interpolations: Vec::new(), stray_dollar: None }
}

/// A place that does not exist.
const NOWHERE: Span = Span { file: FileId::ROOT, start: 0, end: 0 };

const fn name(text: &str) -> Name<'_> {
    Name { text, span: NOWHERE }
}

const fn line<T>(blank_before: bool, node: T) -> Line<'static, T> {
    Line { blank_before, node: Some(node), comment: None }
}

const fn block<'s>(lines: Vec<Line<'s, tree::Statement<'s>>>, on_one_line: bool) -> Block<'s> {
    Block { span: NOWHERE, on_one_line, open_comment: None, lines }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::write;
    use crate::import::identity::Identity;
    use crate::import::statements::{Clusters, MappingTarget, Source, Statement};
    use crate::model::setting::Setting;
    use crate::model::{Controller, Platform, Provider, Recipient, TargetField};
    use crate::problem::Problems;
    use crate::source::{self, Sources};
    use crate::syntax::{self, format};

    fn cluster(name: &str, statements: Vec<Statement>) -> Clusters {
        Clusters { names: vec![name.to_owned()], platform: Platform::Eks, uses: Vec::new(), statements }
    }

    /// The text in the one style, if it can be read.
    fn read(text: &str) -> Option<String> {
        let mut sources = Sources::default();
        let file = sources.add(source::Source { name: String::new(), text: text.to_owned() });
        let mut problems = Problems::default();
        let tree = syntax::parse(&sources, file, &mut problems);
        format(&tree).filter(|_| problems.is_empty())
    }

    proptest! {
        #[test]
        fn a_text_is_nothing_but_text_whatever_it_is(text in "[ -~]{0,20}|(?s).{0,20}|(\"|\n|\\{|\\}|#|\\$|cluster x on eks ){0,12}") {
            let identity = Identity { value: Some(text.clone()), audience: Some(text.clone()), ..Identity::direct(Provider::Aws) };
            let target = BTreeMap::from([(TargetField::Kind, text.clone()), (TargetField::Name, text.clone())]);
            let statements = vec![
                Statement::Setting(Setting::Namespace, text.clone()),
                Statement::Mapping(Recipient::Controller(Controller::Source), vec![MappingTarget::Identity(identity)]),
                Statement::Resource(text.clone()),
                Statement::Component(text.clone()),
                Statement::Patch(text.clone(), target),
            ];
            let clusters = vec![cluster("a", statements), cluster("b", Vec::new())];
            let source = write(&Source { clusters, ..Source::default() });
            let is_expressible = text.chars().all(|letter| (' '..='~').contains(&letter) && letter != '"' && letter != '$');
            if is_expressible {
                prop_assert_eq!(read(&source), Some(source.clone()));
                prop_assert_eq!(source.matches(&format!("\"{text}\"")).count(), 8, "{}", source);
            } else {
                // Each line begins as it would with a text that is harmless.
                let begins: Vec<&str> = source.lines().filter_map(|line| line.split('"').next()).collect();
                prop_assert_eq!(begins.iter().filter(|begin| begin.starts_with("cluster ")).count(), 2, "{}", source);
                prop_assert_eq!(source.matches('"').count() % 2, 0, "{}", source);
                prop_assert!(!source.contains(['\u{0}', '\r']), "{}", source);
            }
        }
    }
}
