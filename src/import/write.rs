//! A source to its text, in the one style.

use std::collections::BTreeMap;

use crate::import::identity::{Identity, Recipient};
use crate::import::leftover::is_sayable_letter;
use crate::import::objects::FIELDS;
use crate::import::statements::{MappingTarget, Source, Statement, Value};
use crate::problem::Problems;
use crate::source::{self, Sources};
use crate::syntax;

/// The text of a source.
pub fn write(source: &Source) -> String {
    let mut out = statements(&source.file);
    for profile in &source.profiles {
        out.extend(["\nprofile ", &profile.name, " {\n", &statements(&profile.says), "}\n"]);
    }
    let mut was_short = false;
    for clusters in &source.clusters {
        let mut says = if clusters.uses.is_empty() {
            String::new()
        } else {
            format!("use {}\n", clusters.uses.join(", "))
        };
        says.push_str(&statements(&clusters.says));
        let (names, platform) = (clusters.names.join(", "), clusters.platform.name());
        let is_short = says.lines().filter(|line| !line.is_empty()).count() < 2;
        if !(is_short && was_short) {
            out.push('\n');
        }
        if is_short {
            out.extend(["cluster ", &names, " on ", platform, " { ", says.trim(), " }\n"]);
        } else {
            out.extend(["cluster ", &names, " on ", platform, " {\n", &says, "}\n"]);
        }
        was_short = is_short;
    }
    styled(out.trim_start())
}

/// The text in the one style; the text itself, if the formatter cannot read it.
fn styled(text: &str) -> String {
    let mut sources = Sources::default();
    let file = sources.add(source::Source { name: String::new(), text: text.to_owned() });
    let mut problems = Problems::default();
    let tree = syntax::parse(&sources, file, &mut problems);
    syntax::format(&tree).filter(|_| problems.is_empty()).unwrap_or_else(|| text.to_owned())
}

/// Statements: settings, roles, mappings and what is passed through, each kind for itself.
fn statements(says: &[Statement]) -> String {
    let mut groups: [String; 4] = Default::default();
    let [settings, roles, mappings, passed] = &mut groups;
    let mut mapped: Vec<(Vec<String>, &[MappingTarget])> = Vec::new();
    let mut places: BTreeMap<&[MappingTarget], usize> = BTreeMap::new();
    for said in says {
        match said {
            Statement::Setting(setting, value) => {
                let value = match value {
                    Value::Text(text) => quoted(text),
                    Value::Word(word) => (*word).to_owned(),
                };
                settings.extend([setting.name(), " = ", &value, "\n"]);
            }
            Statement::Role(name, of) => roles.extend(["role ", name, " = ", &identity(of), "\n"]),
            Statement::Mapping(holder, given) => {
                let place = *places.entry(given).or_insert(mapped.len());
                match mapped.get_mut(place) {
                    Some((holders, _)) => holders.push(name(holder)),
                    None => mapped.push((vec![name(holder)], given)),
                }
            }
            Statement::Resource(path) => passed.extend(["resource ", &quoted(path), "\n"]),
            Statement::Component(path) => passed.extend(["component ", &quoted(path), "\n"]),
            Statement::Patch(path, target) => {
                let fields = FIELDS.into_iter().filter_map(|field| Some((field, target.get(field)?)));
                let fields: Vec<String> =
                    fields.map(|(field, text)| format!("{field} = {}", quoted(text))).collect();
                let options =
                    if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join(", ")) };
                passed.extend(["patch ", &quoted(path), &options, "\n"]);
            }
        }
    }
    for (who, given) in mapped {
        mappings.extend([&who.join(", "), " -> ", &targets(given), "\n"]);
    }
    let groups: Vec<String> = groups.into_iter().filter(|group| !group.is_empty()).collect();
    groups.join("\n")
}

/// A text in quotes. What no source can say does not get here; if it did, what comes of it would not compile, and no
/// letter of it would be anything but text.
fn quoted(text: &str) -> String {
    let letter = |letter: char| if is_sayable_letter(letter) || letter == '$' { letter } else { REPLACEMENT };
    let said: String = text.chars().map(letter).collect();
    format!("\"{said}\"")
}

/// What stands in place of a letter that no source can say: no source can say this either.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

fn name(holder: &Recipient) -> String {
    match holder {
        Recipient::Controller(controller) => controller.name().to_owned(),
        Recipient::Account(account) => {
            format!("service-account {}/{}", account.namespace.as_str(), account.name.as_str())
        }
    }
}

fn targets(given: &[MappingTarget]) -> String {
    let text = |given: &MappingTarget| match given {
        MappingTarget::Role(name) => name.clone(),
        MappingTarget::Identity(of) => identity(of),
    };
    if given.is_empty() {
        return "none".to_owned();
    }
    given.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn identity(of: &Identity) -> String {
    let option = |name: &str, value: &Option<String>| {
        value.as_ref().map(|value| match value.as_str() {
            "webhook" => format!("{name} = webhook"),
            text => format!("{name} = {}", quoted(text)),
        })
    };
    let options: Vec<String> = [
        option("tenant", &of.tenant),
        option("audience", &of.audience),
        option("token-expiration", &of.token_expiration),
    ]
    .into_iter()
    .flatten()
    .collect();
    let options = if options.is_empty() { String::new() } else { format!(" {{ {} }}", options.join(", ")) };
    let name = of.value.as_ref().map_or("direct".to_owned(), |value| quoted(value));
    format!("{} {name}{options}", of.provider.name())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::write;
    use crate::import::identity::{Identity, Recipient};
    use crate::import::statements::{Clusters, MappingTarget, Setting, Source, Statement, Value};
    use crate::model::{Controller, Platform, Provider};
    use crate::problem::Problems;
    use crate::source::{self, Sources};
    use crate::syntax::{self, format};

    fn cluster(name: &str, says: Vec<Statement>) -> Clusters {
        Clusters { names: vec![name.to_owned()], platform: Platform::Eks, uses: Vec::new(), says }
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
            let target = BTreeMap::from([("kind", text.clone()), ("name", text.clone())]);
            let says = vec![
                Statement::Setting(Setting::Namespace, Value::Text(text.clone())),
                Statement::Mapping(Recipient::Controller(Controller::Source), vec![MappingTarget::Identity(identity)]),
                Statement::Resource(text.clone()),
                Statement::Component(text.clone()),
                Statement::Patch(text.clone(), target),
            ];
            let clusters = vec![cluster("a", says), cluster("b", Vec::new())];
            let source = write(&Source { clusters, ..Source::default() });
            let is_sayable = text.chars().all(|letter| (' '..='~').contains(&letter) && letter != '"' && letter != '$');
            if is_sayable {
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
