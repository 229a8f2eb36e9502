//! Findings in every format: as its description says, and safe whatever strangers wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use flux_identity::problem::{Code, Finding, Level, Place, PrimaryPlace, render};
use flux_identity::source::{Source, Sources};
use flux_identity::span::Span;
use serde_json::Value;

use crate::explain::faulty_sources;
use crate::harness::{Run, check, directory, project, run, sources};

/// Each faulty source of all pages, with what is found in it.
fn crowd() -> &'static [(Sources, Vec<Finding>)] {
    static CROWD: LazyLock<Vec<(Sources, Vec<Finding>)>> =
        LazyLock::new(|| faulty_sources().map(|source| (sources(source), check(source).1)).collect());
    &CROWD
}

/// What `check` prints of a directory where files are wrong in several ways.
fn findings_about_files(format: &str) -> String {
    let source = "cluster one, two, three on eks {\n  source-controller -> aws \
                  \"arn:aws:iam::111122223333:role/flux-registry\"\n}\n";
    let fleet = directory(&[
        ("identity.flux", source),
        ("clusters/one/flux-system/kustomization.yaml", "# by hand\nresources: [other.yaml]\n"),
        ("clusters/two/flux-system/kustomization.yml", "resources: []\n"),
        ("clusters/three/flux-system/gotk-components.yaml", "kind: Deployment\nmetadata: [\n"),
    ]);
    run(fleet.path(), &["check", "--format", format]).stdout
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("this is JSON")
}

/// Findings of a source with that name: one at a place in it, one over several lines, one about a file as a whole.
fn hostile(name: &str, text: &str, message: &str) -> (Sources, Vec<Finding>) {
    let mut sources = Sources::default();
    let file = sources.add(Source { name: name.to_owned(), text: text.to_owned() });
    let end = u32::try_from(text.len()).expect("it is short");
    let findings = vec![
        Finding::new(Code::UnknownController, PrimaryPlace::Source(Span { file, start: 0, end: 3 }), message)
            .help(message)
            .note(message),
        Finding::new(Code::UnusedName, PrimaryPlace::Source(Span { file, start: 0, end }), message)
            .reason(message),
        Finding::new(Code::NotOurs, PrimaryPlace::File(name), message).help(message),
    ];
    (sources, findings)
}

/// The values of all properties of that name, however deep.
fn everywhere<'v>(value: &'v Value, name: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(properties) => {
            for (key, part) in properties {
                if key == name {
                    found.push(part);
                }
                everywhere(part, name, found);
            }
        }
        Value::Array(parts) => parts.iter().for_each(|part| everywhere(part, name, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The text of which `%` and two hexadecimal digits stand for a byte.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
            let digits = std::str::from_utf8(&digits).expect("ASCII");
            bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

// ---------------------------------------------------------------------------------------------------
// JSON

fn schema() -> Value {
    let path = project().join("docs/findings.schema.json");
    parse(&fs::read_to_string(path).expect("the schema is there"))
}

/// What of a document is not as its schema says. Knows what the schemas below `docs` need of JSON Schema and
/// refuses the rest. Stricter in one thing: what no schema names is not right here.
pub fn violations(document: &Value, schema: &Value, root: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut unless = |right: bool, what: &str| {
        if !right {
            found.push(format!("{at}: not {what}: {document}"));
        }
    };
    let mut below = Vec::new();
    for (keyword, value) in schema.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let name =
                    value.as_str().and_then(|path| path.strip_prefix("#/$defs/")).expect("a definition");
                below.extend(violations(document, &root["$defs"][name], root, at));
            }
            "type" => {
                let types = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                unless(types.iter().any(|name| is_of(document, name.as_str())), &value.to_string());
            }
            "const" => unless(document == value, &value.to_string()),
            "enum" => unless(value.as_array().is_some_and(|all| all.contains(document)), &value.to_string()),
            "minimum" => unless(document.as_u64() >= value.as_u64(), "large enough"),
            "minLength" => {
                let length = document.as_str().map_or(0, |text| text.chars().count());
                unless(Some(length as u64) >= value.as_u64(), "long enough");
            }
            "pattern" => {
                assert_eq!(value, "^F[0-9]{4}$", "the only pattern that is known here");
                let digits = document.as_str().and_then(|text| text.strip_prefix('F')).unwrap_or_default();
                unless(digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()), "a code");
            }
            "anyOf" => {
                let mut any = value.as_array().expect("a list of schemas").iter();
                unless(any.any(|one| violations(document, one, root, at).is_empty()), "any of these");
            }
            "required" => {
                let mut names = value.as_array().expect("a list of names").iter().filter_map(Value::as_str);
                unless(names.all(|name| document.get(name).is_some()), "complete");
            }
            "properties" => {
                for (name, part) in document.as_object().into_iter().flatten() {
                    match value.get(name) {
                        Some(schema) => below.extend(violations(part, schema, root, &format!("{at}/{name}"))),
                        None => unless(false, &format!("without `{name}`, which no schema names")),
                    }
                }
            }
            "items" => {
                for (index, part) in document.as_array().into_iter().flatten().enumerate() {
                    below.extend(violations(part, value, root, &format!("{at}/{index}")));
                }
            }
            "additionalProperties" => {
                for (name, part) in document.as_object().into_iter().flatten() {
                    below.extend(violations(part, value, root, &format!("{at}/{name}")));
                }
            }
            other => panic!("`{other}` is not known here"),
        }
    }
    found.extend(below);
    found
}

fn is_of(document: &Value, name: Option<&str>) -> bool {
    match name {
        Some("object") => document.is_object(),
        Some("array") => document.is_array(),
        Some("string") => document.is_string(),
        Some("integer") => document.is_u64(),
        Some("boolean") => document.is_boolean(),
        Some("null") => document.is_null(),
        other => panic!("the type {other:?} is not known here"),
    }
}

#[test]
fn json_of_every_faulty_source_is_as_its_schema_says() {
    let schema = schema();
    for (sources, findings) in crowd() {
        let document = parse(&render::json(findings, sources));
        assert_eq!(violations(&document, &schema, &schema, ""), Vec::<String>::new(), "{document:#}");
    }
}

#[test]
fn json_of_findings_about_files_is_as_its_schema_says() {
    let schema = schema();
    let document = parse(&findings_about_files("json"));
    assert_eq!(violations(&document, &schema, &schema, ""), Vec::<String>::new(), "{document:#}");
    let of_files = |finding: &&Value| finding["labels"].as_array().is_some_and(Vec::is_empty);
    let files = document["findings"].as_array().expect("a list").iter().filter(of_files).count();
    assert!(files > 0, "{document:#}");
}

#[test]
fn json_of_nothing_is_as_its_schema_says() {
    let schema = schema();
    let document = parse(&render::json(&[], &sources("")));
    assert_eq!(violations(&document, &schema, &schema, ""), Vec::<String>::new(), "{document:#}");
}

#[test]
fn the_schema_refuses_what_is_not_as_it_says() {
    let schema = schema();
    let (sources, findings) = &crowd()[0];
    let right = parse(&render::json(findings, sources));
    let changes: [fn(&mut Value); 5] = [
        |document| document["format_version"] = 2.into(),
        |document| document["findings"][0]["level"] = "fatal".into(),
        |document| document["findings"][0]["code"] = "F101".into(),
        |document| document["findings"][0]["labels"][0]["region"]["start"]["line"] = 0.into(),
        |document| {
            let _message = document["findings"][0].as_object_mut().expect("an object").remove("message");
        },
    ];
    for change in changes {
        let mut wrong = right.clone();
        change(&mut wrong);
        assert!(!violations(&wrong, &schema, &schema, "").is_empty(), "{wrong:#}");
    }
}

#[test]
fn json_counts_the_findings_of_each_level() {
    for (sources, findings) in crowd() {
        let document = parse(&render::json(findings, sources));
        for (level, name) in [(Level::Error, "errors"), (Level::Warning, "warnings"), (Level::Note, "notes")]
        {
            let number = findings.iter().filter(|finding| finding.code.level() == level).count();
            assert_eq!(document["summary"][name], number, "{document:#}");
        }
    }
}

#[test]
fn regions_and_bytes_of_json_are_the_same_place() {
    for (sources, findings) in crowd() {
        let document = parse(&render::json(findings, sources));
        let (_, source) = sources.iter().next().expect("there is one");
        let (mut labels, mut edits) = (Vec::new(), Vec::new());
        everywhere(&document, "labels", &mut labels);
        everywhere(&document, "edit", &mut edits);
        let labels = labels.into_iter().flat_map(|all| all.as_array().expect("a list"));
        for place in labels.chain(edits.into_iter().filter(|edit| !edit.is_null())) {
            for end in ["start", "end"] {
                let byte = usize::try_from(place["bytes"][end].as_u64().expect("a number")).expect("small");
                let before = source.text.get(..byte).expect("a place in the text");
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
                assert_eq!(place["region"][end]["line"], line, "{place:#}");
                assert_eq!(place["region"][end]["column"], column, "{place:#}");
            }
        }
    }
}

// ---------------------------------------------------------------------------------------------------
// SARIF

/// The one run of a log, with what SARIF 2.1.0 wants of every log looked at.
fn sarif_run(text: &str) -> Value {
    let log = parse(text);
    assert_eq!(log["version"], "2.1.0");
    let runs = log["runs"].as_array().expect("a log has runs");
    assert_eq!(runs.len(), 1);
    runs[0].clone()
}

fn results(run: &Value) -> &[Value] {
    run["results"].as_array().expect("a run has results")
}

fn sarif_runs() -> Vec<Value> {
    let of_sources = crowd().iter().map(|(sources, findings)| render::sarif(findings, sources));
    let (sources, findings) = hostile("identity.flux", "one\ntwo\n", "something is wrong");
    let others = [findings_about_files("sarif"), render::sarif(&findings, &sources)];
    of_sources.chain(others).map(|text| sarif_run(&text)).collect()
}

#[test]
fn sarif_has_a_category_for_each_source() {
    let (sources, findings) = hostile("teams/a b/identity.flux", "one\ntwo\n", "something is wrong");
    let run = sarif_run(&render::sarif(&findings, &sources));
    assert_eq!(run["automationDetails"]["id"], "flux-identity/teams/a%20b/identity.flux/");
}

#[test]
fn sarif_names_the_tool_and_every_code_as_a_rule() {
    for run in sarif_runs() {
        let driver = &run["tool"]["driver"];
        assert_eq!(driver["name"], "flux-identity");
        let rules: Vec<&str> = driver["rules"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|rule| rule["id"].as_str().expect("a rule has an id"))
            .collect();
        assert_eq!(rules, Code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>());
    }
}

#[test]
fn sarif_results_have_a_message_and_the_rule_that_they_name() {
    for run in sarif_runs() {
        for result in results(&run) {
            assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{result:#}");
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"], "{result:#}");
        }
    }
}

#[test]
fn sarif_levels_are_those_that_sarif_has() {
    for run in sarif_runs() {
        let mut levels = Vec::new();
        everywhere(&run, "level", &mut levels);
        assert!(
            levels.iter().all(|level| matches!(level.as_str(), Some("none" | "note" | "warning" | "error")))
        );
    }
}

#[test]
fn sarif_regions_are_counted_from_1_and_end_behind_their_start() {
    for run in sarif_runs() {
        let mut regions = Vec::new();
        everywhere(&run, "region", &mut regions);
        everywhere(&run, "deletedRegion", &mut regions);
        for region in regions {
            // A finding about a whole file is shown on its first line.
            if *region == serde_json::json!({ "startLine": 1 }) {
                continue;
            }
            let number = |name: &str| region[name].as_u64().expect("a number");
            let (start, end) =
                ((number("startLine"), number("startColumn")), (number("endLine"), number("endColumn")));
            assert!(start.0 >= 1 && start.1 >= 1 && start <= end, "{region:#}");
        }
    }
}

#[test]
fn every_sarif_result_has_one_place_and_no_empty_message() {
    for run in sarif_runs() {
        for result in results(&run) {
            assert_eq!(result["locations"].as_array().map(Vec::len), Some(1), "{result:#}");
            let mut messages = Vec::new();
            everywhere(result, "message", &mut messages);
            assert!(messages.iter().all(|one| one["text"] != ""), "{result:#}");
        }
    }
}

#[test]
fn every_place_of_a_sarif_result_has_a_line() {
    for run in sarif_runs() {
        let mut places = Vec::new();
        everywhere(&run, "physicalLocation", &mut places);
        assert!(places.iter().all(|place| place["region"]["startLine"].is_u64()), "{places:#?}");
    }
}

#[test]
fn sarif_results_have_the_fingerprints_of_a_report_for_gitlab() {
    let (sources, findings) = hostile("./identity.flux", "one\ntwo\n", "something is wrong");
    let hostile = (sources, findings);
    let others = crowd().iter().chain([&hostile]);
    for (sources, findings) in others {
        let run = sarif_run(&render::sarif(findings, sources));
        let known = results(&run).iter().map(|one| &one["partialFingerprints"]["primaryLocationLineHash"]);
        let report = parse(&render::gitlab(findings, sources));
        let entries = report.as_array().expect("a list").iter().map(|entry| &entry["fingerprint"]);
        assert_eq!(known.collect::<Vec<_>>(), entries.collect::<Vec<_>>());
    }
}

#[test]
fn a_rule_that_a_sarif_result_names_has_its_page() {
    for run in sarif_runs() {
        let named: BTreeSet<&str> = results(&run).iter().filter_map(|one| one["ruleId"].as_str()).collect();
        for rule in run["tool"]["driver"]["rules"].as_array().expect("a list") {
            let id = rule["id"].as_str().expect("a rule has an id");
            let page = Code::from_name(id).filter(|_| named.contains(id)).map(Code::page);
            assert_eq!(
                (rule["help"]["text"].as_str(), rule["help"]["markdown"].as_str()),
                (page, page),
                "{id}"
            );
        }
    }
}

#[test]
fn sarif_names_files_by_relative_references() {
    let text = "cluster one on eks {\n}\n";
    let names = [
        "teams/a b.flux",
        "teams/50%.flux",
        "C:\\fleet\\x.flux",
        "a:b.flux",
        "ü.flux",
        "x\n.flux",
        "a?b#c.flux",
    ];
    for name in names {
        let (sources, findings) = hostile(name, text, "something is wrong");
        let run = sarif_run(&render::sarif(&findings, &sources));
        let mut places = Vec::new();
        everywhere(&run, "uri", &mut places);
        for uri in places.iter().map(|uri| uri.as_str().expect("text")) {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/+@=,%".contains(&byte);
            assert!(uri.bytes().all(plain), "{uri}");
            assert!(!uri.split('/').next().unwrap_or_default().contains(':'), "no scheme: {uri}");
            assert_eq!(unescaped(uri), name, "{uri}");
        }
        assert!(!places.is_empty());
    }
}

// ---------------------------------------------------------------------------------------------------
// GitHub

/// Level, properties and message of a workflow command, as GitHub takes it apart.
fn command(line: &str) -> (&str, Vec<(String, String)>, String) {
    let (head, message) = line.strip_prefix("::").and_then(|rest| rest.split_once("::")).expect(line);
    let (level, properties) = head.split_once(' ').expect(line);
    let property = |one: &str| {
        let (name, value) = one.split_once('=').expect(line);
        (name.to_owned(), unescaped(value))
    };
    (level, properties.split(',').map(property).collect(), unescaped(message))
}

#[test]
fn every_line_for_github_is_a_command_or_sums_up() {
    for (sources, findings) in crowd() {
        let text = render::github(findings, sources);
        assert_eq!(text.lines().count(), findings.len(), "{text}");
        for line in text.lines() {
            let (level, ..) = command(line);
            assert!(matches!(level, "error" | "warning" | "notice"), "{line}");
        }
    }
}

#[test]
fn findings_about_files_are_commands_for_github_too() {
    for line in findings_about_files("github").lines() {
        let (level, properties, message) = command(line);
        assert_eq!(level, "error", "{line}");
        assert!(properties.iter().any(|(name, value)| name == "file" && !value.is_empty()), "{line}");
        assert!(!message.is_empty(), "{line}");
    }
}

#[test]
fn github_columns_are_given_only_for_places_on_one_line() {
    let (sources, findings) = hostile("identity.flux", "one\ntwo\n", "something is wrong");
    let text = render::github(&findings, &sources);
    let names = |line: &str| -> Vec<String> { command(line).1.into_iter().map(|(name, _)| name).collect() };
    let all: Vec<Vec<String>> = text.lines().map(names).collect();
    assert_eq!(all[0], ["file", "line", "endLine", "col", "endColumn", "title"]);
    assert_eq!(all[1], ["file", "line", "endLine", "title"]);
    assert_eq!(all[2], ["file", "title"]);
}

#[test]
fn no_file_name_begins_a_command_of_its_own() {
    for name in
        ["a\n::error::x.flux", "a::b,title=c.flux", "50%0A::error::x", "a\r\n::stop-commands::x", "x,y:z%"]
    {
        let (sources, findings) = hostile(name, "one\ntwo\n", "something is wrong");
        let text = render::github(&findings, &sources);
        assert_eq!(text.lines().count(), findings.len(), "{text}");
        for line in text.lines() {
            let (_, properties, message) = command(line);
            // A carriage return is replaced before it is escaped.
            let file = ("file".to_owned(), name.replace('\r', " "));
            assert_eq!(properties.first(), Some(&file), "{line}");
            assert!(message.starts_with("something is wrong"), "{line}");
        }
    }
}

#[test]
fn no_message_begins_a_command_of_its_own() {
    for message in
        ["a\n::error::b", "a\r::warning::b", "a\r\n::add-mask::b", "100%0A::error::b", "a\u{2028}::error::b"]
    {
        let (sources, findings) = hostile("identity.flux", "one\ntwo\n", message);
        let text = render::github(&findings, &sources);
        assert_eq!(text.lines().count(), findings.len(), "{text}");
        assert!(!text.contains('\r') && !text.contains('\u{2028}'), "{text:?}");
        for line in text.lines() {
            assert!(command(line).2.starts_with(&*render::sanitized(message)), "{line}");
        }
    }
}

/// What `check` prints of a source with 1,003 lines that begin like no statement, and with one `allow` of no warning.
fn crowded(format: &str) -> Run {
    let source = "x\n".repeat(1_003) + "allow F0001 \"why\"\n";
    let fleet = directory(&[("identity.flux", &source)]);
    let run = run(fleet.path(), &["check", "--format", format]);
    assert_eq!(run.status, 1, "{format}");
    run
}

#[test]
fn a_thousand_findings_of_a_code_are_shown_to_people_and_the_others_are_counted() {
    // To people the same mistake is shown once, with its places.
    for (format, shown) in [("human", 1), ("short", 1_000)] {
        let text = crowded(format).stderr;
        assert_eq!(text.matches("error[F0013]: unknown statement `x`").count(), shown, "{format}");
        assert_eq!(
            text.matches("error[F0013]: 3 more findings of this code are not shown\n").count(),
            1,
            "{format}"
        );
        assert_eq!(text.matches("not shown").count(), 1, "{format}");
        assert_eq!(text.matches("error[F0119]").count(), 1, "{format}");
        assert!(text.contains("\n1004 errors\n"), "{format}: {text:.200}");
    }
}

#[test]
fn a_thousand_findings_of_a_code_are_in_the_json_and_the_others_are_counted() {
    let document = parse(&crowded("json").stdout);
    assert_eq!(document["summary"]["errors"], 1_004);
    assert_eq!(document["findings"].as_array().map(Vec::len), Some(1_001));
    let not_shown = serde_json::json!([{ "code": "F0013", "level": "error", "count": 3 }]);
    assert_eq!(document["not_shown"], not_shown);
}

#[test]
fn a_thousand_findings_of_a_code_are_in_the_sarif_log_and_a_notification_counts_the_others() {
    let document = parse(&crowded("sarif").stdout);
    let run = &document["runs"][0];
    assert_eq!(run["results"].as_array().map(Vec::len), Some(1_001));
    let notifications =
        run["invocations"][0]["toolExecutionNotifications"].as_array().expect("there are some");
    assert_eq!(notifications.len(), 1);
    assert_eq!(notifications[0]["message"]["text"], "F0013: 3 more findings of this code are not shown");
    assert_eq!(notifications[0]["associatedRule"]["id"], "F0013");
}

#[test]
fn a_thousand_findings_of_a_code_are_commands_for_github_and_a_line_counts_the_others() {
    let text = crowded("github").stdout;
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 1_001);
    let rest: Vec<&str> = text.lines().filter(|line| !line.starts_with("::error ")).collect();
    let more = "error[F0013]: 3 more findings of this code are not shown";
    assert_eq!(rest, [more, "1004 errors in all; GitHub shows the first 10 beside the lines"]);
}

/// As many findings of one level.
fn many(number: usize, code: Code) -> (Sources, Vec<Finding>) {
    let mut sources = Sources::default();
    let file = sources.add(Source { name: "identity.flux".to_owned(), text: "x\n".repeat(number) });
    let starts = (0_u32..).step_by(2).take(number);
    let at = |start| PrimaryPlace::Source(Span { file, start, end: start + 1 });
    let one = |start| Finding::new(code, at(start), "something is wrong");
    (sources, starts.map(one).collect())
}

#[test]
fn more_findings_than_github_shows_are_summed_up() {
    let (sources, findings) = many(11, Code::UnknownController);
    let text = render::github(&findings, &sources);
    let last = "11 errors in all; GitHub shows the first 10 beside the lines";
    assert_eq!((text.lines().count(), text.lines().last()), (12, Some(last)));
}

#[test]
fn as_many_findings_as_github_shows_are_not_summed_up() {
    let (sources, findings) = many(10, Code::UnusedName);
    let text = render::github(&findings, &sources);
    assert!(text.lines().count() == 10 && text.lines().all(|line| line.starts_with("::warning ")), "{text}");
}

// ---------------------------------------------------------------------------------------------------
// Short

#[test]
fn every_finding_is_one_short_line_that_begins_with_its_place() {
    for (sources, findings) in crowd() {
        let text = render::short(findings, sources);
        assert_eq!(text.lines().count(), findings.len(), "{text}");
        for (line, finding) in text.lines().zip(findings) {
            let (place, rest) = line.split_once(": ").expect(line);
            let numbers = place.rsplit(':').take(2).filter(|number| number.parse::<u32>().is_ok()).count();
            assert_eq!(numbers, if matches!(finding.place, Place::Source(_)) { 2 } else { 0 }, "{line}");
            let level = finding.code.level().as_str();
            let begin = format!("{level}[{}]: {}", finding.code, finding.message);
            let clusters = rest.strip_prefix(&begin).expect(line);
            assert!(clusters.is_empty() || clusters.starts_with(" (cluster"), "{line}");
            for cluster in finding.clusters.iter().take(3) {
                assert!(rest.contains(&format!("`{}`", cluster.name)), "{line}");
            }
        }
    }
}

#[test]
fn no_file_name_and_no_message_begins_a_short_line_of_its_own() {
    for text in ["a\nidentity.flux:1:1: error[F0101]: b", "a\r\nb", "a\u{2028}b", "a\u{85}b"] {
        let (sources, findings) = hostile(text, "one\ntwo\n", text);
        let short = render::short(&findings, &sources);
        assert_eq!(short.lines().count(), findings.len(), "{short}");
        let breaks = |character: char| character.is_control() || character == '\u{2028}';
        assert!(short.lines().all(|line| !line.contains(breaks)), "{short:?}");
    }
}

// ---------------------------------------------------------------------------------------------------
// GitLab

/// What GitLab requires of a Code Quality report. Source: "Code Quality report format" of its documentation.
fn code_quality() -> Value {
    serde_json::json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": { "type": "string", "minLength": 1 },
                "check_name": { "type": "string", "pattern": "^F[0-9]{4}$" },
                "fingerprint": { "type": "string", "minLength": 32 },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": { "type": "string", "minLength": 1 },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": { "begin": { "type": "integer", "minimum": 1 } },
                        },
                    },
                },
            },
        },
    })
}

#[test]
fn a_report_for_gitlab_is_as_its_schema_says_and_has_each_fingerprint_once() {
    let schema = code_quality();
    for (sources, findings) in crowd() {
        let report = parse(&render::gitlab(findings, sources));
        assert_eq!(violations(&report, &schema, &schema, ""), Vec::<String>::new(), "{report:#}");
        let fingerprints: BTreeSet<String> =
            report.as_array().expect("a list").iter().map(|entry| entry["fingerprint"].to_string()).collect();
        assert_eq!(fingerprints.len(), findings.len(), "{report:#}");
    }
    let report = parse(&findings_about_files("gitlab"));
    assert_eq!(violations(&report, &schema, &schema, ""), Vec::<String>::new(), "{report:#}");
}

#[test]
fn a_finding_keeps_its_fingerprint_when_its_line_moves() {
    let source = "cluster a on eks {\n  acount = \"1\"\n}\ncluster b on eks {\n  acount = \"1\"\n}\n";
    let fingerprints = |text: &str| -> Vec<(String, u64)> {
        let findings = check(text).1;
        let report = parse(&render::gitlab(&findings, &crate::harness::sources(text)));
        let entry = |entry: &Value| {
            let line = entry["location"]["lines"]["begin"].as_u64().expect("a number");
            (entry["fingerprint"].as_str().expect("a text").to_owned(), line)
        };
        report.as_array().expect("a list").iter().map(entry).collect()
    };
    let (before, after) = (fingerprints(source), fingerprints(&format!("# moved\n\n{source}")));
    assert_eq!(before.len(), 2);
    assert_ne!(before[0].0, before[1].0);
    for (one, other) in before.iter().zip(&after) {
        assert_eq!((&one.0, one.1 + 2), (&other.0, other.1));
    }
}

// ---------------------------------------------------------------------------------------------------
// JUnit

/// An element: its name, its attributes, and how many it is within.
type Element = (String, BTreeMap<String, String>, usize);

/// The elements of a report in their order; nothing without Python. Fails if it is not well formed.
fn elements(report: &str) -> Option<Vec<Element>> {
    let program = "\
import sys, json, xml.etree.ElementTree as tree
def walk(node, depth):
    yield [node.tag, node.attrib, depth]
    for child in node: yield from walk(child, depth + 1)
print(json.dumps(list(walk(tree.fromstring(sys.stdin.buffer.read()), 0))))";
    let mut child = std::process::Command::new("python3")
        .args(["-c", program])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    std::io::Write::write_all(&mut child.stdin.take()?, report.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    assert!(output.status.success(), "{report}");
    let list = parse(&String::from_utf8(output.stdout).expect("it is text"));
    let element = |one: &Value| {
        let attributes = one[1].as_object().expect("attributes").iter();
        let attributes =
            attributes.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
        let depth = one[2].as_u64().and_then(|depth| usize::try_from(depth).ok());
        (one[0].as_str().expect("a name").to_owned(), attributes.collect(), depth.expect("a number"))
    };
    Some(list.as_array().expect("a list").iter().map(element).collect())
}

/// What `junit-10.xsd` of the xUnit plugin of Jenkins says of these elements: where each may stand, and what it has.
fn assert_junit(report: &str) -> Option<(usize, usize)> {
    let elements = elements(report)?;
    let rules: [(&str, usize, &[&str], &[&str]); 5] = [
        ("testsuites", 0, &["name", "tests", "failures", "errors"], &[]),
        ("testsuite", 1, &["name", "tests", "failures", "errors"], &["skipped"]),
        ("testcase", 2, &["name", "classname", "time"], &[]),
        ("failure", 3, &["type", "message"], &[]),
        ("system-out", 3, &[], &[]),
    ];
    for (name, attributes, depth) in &elements {
        let of_suite = name == "system-out" && *depth == 2;
        let rule =
            rules.iter().find(|rule| rule.0 == name).unwrap_or_else(|| panic!("`{name}` is in no schema"));
        assert!(rule.1 == *depth || of_suite, "{name}: {report}");
        for attribute in rule.2 {
            assert!(attributes.contains_key(*attribute), "{name} without {attribute}: {report}");
        }
        let known =
            |attribute: &String| rule.2.contains(&attribute.as_str()) || rule.3.contains(&attribute.as_str());
        assert!(attributes.keys().all(known), "{name}: {attributes:?}");
    }
    let number = |name: &str| elements.iter().filter(|element| element.0 == name).count();
    let (cases, failures) = (number("testcase"), number("failure"));
    assert_eq!(elements[1].1["tests"], cases.to_string());
    assert_eq!(elements[1].1["failures"], failures.to_string());
    let names: BTreeSet<_> = elements
        .iter()
        .filter(|element| element.0 == "testcase")
        .map(|element| (&element.1["classname"], &element.1["name"]))
        .collect();
    assert_eq!(names.len(), cases, "each test case has a name of its own: {report}");
    Some((cases, failures))
}

#[test]
fn a_junit_report_is_as_its_schema_says() {
    for (sources, findings) in crowd() {
        let Some((_, failures)) = assert_junit(&render::junit(findings, sources)) else { return };
        let errors = findings.iter().filter(|finding| finding.code.level() == Level::Error).count();
        assert_eq!(failures, errors);
    }
    assert_junit(&findings_about_files("junit"));
    let (sources, findings) = hostile("a<b>&\"c\"\u{FFFE}", "one\ntwo\n", "]]>\u{0}<x>");
    assert_junit(&render::junit(&findings, &sources));
}

#[test]
fn a_junit_report_of_a_source_without_findings_has_a_test_case_that_passes() {
    let source = "cluster a on eks {\n}\n";
    let report = render::junit(&[], &crate::harness::sources(source));
    assert_eq!(assert_junit(&report), Some((1, 0)), "{report}");
}

#[test]
fn every_rule_of_sarif_says_what_it_means_and_where_more_is_said() {
    let (sources, findings) = crowd().iter().next().expect("there is one");
    let log = parse(&render::sarif(findings, sources));
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("a list") {
        let text = rule["fullDescription"]["text"].as_str().expect("a text");
        assert!(text.len() > 20 && !text.contains('\n'), "{rule}");
        let uri = rule["helpUri"].as_str().expect("a text");
        let code = rule["id"].as_str().expect("a text");
        assert_eq!(uri, format!("flux-identity:/explain/{code}.md"));
    }
}
