//! A source to its text, in the one style.

use crate::import::identity::{Holder, Identity};
use crate::import::objects::FIELDS;
use crate::import::said::{Given, Said, Source, Value};
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
fn statements(says: &[Said]) -> String {
    let mut groups: [String; 4] = Default::default();
    let [settings, roles, mappings, passed] = &mut groups;
    let mut mapped: Vec<(Vec<String>, &[Given])> = Vec::new();
    for said in says {
        match said {
            Said::Setting(setting, value) => {
                let value = match value {
                    Value::Text(text) => format!("\"{text}\""),
                    Value::Word(word) => (*word).to_owned(),
                };
                settings.extend([setting.name(), " = ", &value, "\n"]);
            }
            Said::Role(name, of) => roles.extend(["role ", name, " = ", &identity(of), "\n"]),
            Said::Mapping(holder, given) => {
                match mapped.iter_mut().find(|(_, known)| *known == given.as_slice()) {
                    Some((holders, _)) => holders.push(name(holder)),
                    None => mapped.push((vec![name(holder)], given)),
                }
            }
            Said::Resource(path) => passed.extend(["resource \"", path, "\"\n"]),
            Said::Component(path) => passed.extend(["component \"", path, "\"\n"]),
            Said::Patch(path, target) => {
                let fields = FIELDS.into_iter().filter_map(|field| Some((field, target.get(field)?)));
                let fields: Vec<String> =
                    fields.map(|(field, text)| format!("{field} = \"{text}\"")).collect();
                let options =
                    if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join(", ")) };
                passed.extend(["patch \"", path, "\"", &options, "\n"]);
            }
        }
    }
    for (who, given) in mapped {
        mappings.extend([&who.join(", "), " -> ", &targets(given), "\n"]);
    }
    let groups: Vec<String> = groups.into_iter().filter(|group| !group.is_empty()).collect();
    groups.join("\n")
}

fn name(holder: &Holder) -> String {
    match holder {
        Holder::Controller(controller) => controller.name().to_owned(),
        Holder::Account(account) => {
            format!("service-account {}/{}", account.namespace.as_str(), account.name.as_str())
        }
    }
}

fn targets(given: &[Given]) -> String {
    let text = |given: &Given| match given {
        Given::Role(name) => name.clone(),
        Given::Identity(of) => identity(of),
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
            text => format!("{name} = \"{text}\""),
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
    let name = of.value.as_ref().map_or("direct".to_owned(), |value| format!("\"{value}\""));
    format!("{} {name}{options}", of.provider.name())
}
