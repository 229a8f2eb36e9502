//! What the server knows of names: what they mean, where they are defined and used, and their new names.

use serde_json::{Value, json};

use crate::lsp::editor::{Editor, edited, marked, piece};

const FLEET: &str = "include \"teams/*.flux\"

let team = \"core\"
role pull = aws \"arn:aws:iam::111122223333:role/${team}-${cluster}\"

profile dev {
  let team = \"dev\"
  source-controller -> pull
}

cluster one on eks {
  use dev
}

cluster two on eks {
  source-controller -> pull
}
";
const TEAM: &str = "cluster three on eks {
  let team = \"own\"
  source-controller -> pull
  resource \"./extra.yaml\"
}
";

/// An editor with the fleet, and the fleet with a mark instead of the first occurrence of `place`.
fn opened() -> Editor {
    let extra =
        ("clusters/three/flux-system/extra.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n");
    let mut editor = Editor::new(&[("identity.flux", FLEET), ("teams/a.flux", TEAM), extra]);
    assert_eq!(editor.open("identity.flux", FLEET), json!([]));
    editor
}

/// The parameters of a request about the place of a mark, which stands in the fleet where `text` says.
fn at(editor: &Editor, text: &str) -> Value {
    let plain = text.replace('|', "");
    let whole = FLEET.replacen(&plain, text, 1);
    let (unmarked, place) = marked(&whole);
    assert_eq!(unmarked, FLEET, "{text} is not in the fleet");
    editor.at("identity.flux", place)
}

fn hover(editor: &mut Editor, text: &str) -> String {
    let hover = editor.request("textDocument/hover", &at(editor, text));
    hover["contents"]["value"].as_str().unwrap_or_else(|| panic!("{text}: {hover}")).to_owned()
}

#[test]
fn a_role_means_an_identity_in_each_cluster() {
    let mut editor = opened();
    assert_eq!(
        hover(&mut editor, "role pu|ll"),
        "**role** `pull`\n\n\
         - `aws \"arn:aws:iam::111122223333:role/core-two\"` in `two`\n\
         - `aws \"arn:aws:iam::111122223333:role/dev-one\"` in `one`\n\
         - `aws \"arn:aws:iam::111122223333:role/own-three\"` in `three`"
    );
    assert_eq!(
        hover(&mut editor, "cluster two on eks {\n  source-controller -> p|ull"),
        "**role** `pull`\n\n- `aws \"arn:aws:iam::111122223333:role/core-two\"` in `two`"
    );
}

#[test]
fn a_definition_says_where_it_is_overridden() {
    let mut editor = opened();
    assert_eq!(
        hover(&mut editor, "let te|am"),
        "**variable** `team`\n\n\
         - `\"core\"` in `two`\n- `\"dev\"` in `one`\n- `\"own\"` in `three`\n\n\
         - overridden by profile dev (identity.flux:7) in `one`\n\
         - overridden by the cluster (teams/a.flux:2) in `three`"
    );
}

#[test]
fn a_controller_has_an_identity_in_each_cluster() {
    let mut editor = opened();
    assert_eq!(
        hover(&mut editor, "source-con|troller"),
        "**controller** `source-controller`\n\n- `aws arn:aws:iam::111122223333:role/dev-one` by IRSA in `one`"
    );
    assert_eq!(
        hover(&mut editor, "cluster tw|o"),
        "**cluster** `two`\n\nwrites `clusters/two/flux-system`\n\n\
         - `source-controller`: `arn:aws:iam::111122223333:role/core-two` by IRSA"
    );
    assert_eq!(hover(&mut editor, "use d|ev"), "**profile** `dev`\n\nused by `one`");
}

#[test]
fn words_and_settings_have_their_documentation() {
    let mut editor = opened();
    assert!(hover(&mut editor, "incl|ude").starts_with("Adds the files that match a pattern."));
    assert!(hover(&mut editor, "= a|ws").contains("An IAM role by its ARN"));
    assert!(hover(&mut editor, "on e|ks").contains("identities of `aws` without federation"));
    let text = format!("region = \"eu-central-1\"\nallow F0309 \"why\"\n{FLEET}");
    let _some = editor.replace("identity.flux", &text);
    let of = |editor: &mut Editor, place| {
        let hover = editor.request("textDocument/hover", &editor.at("identity.flux", place));
        hover["contents"]["value"].as_str().expect("it has a text").to_owned()
    };
    let region = of(&mut editor, (0, 2));
    assert!(region.starts_with("**setting** `region`\n\nan AWS region"), "{region}");
    assert!(region.ends_with("`\"eu-central-1\"` in all 3 clusters"), "{region}");
    assert!(of(&mut editor, (1, 8)).starts_with("# F0309: "));
}

#[test]
fn while_the_text_is_broken_names_mean_what_they_meant() {
    let mut editor = opened();
    let _some = editor.replace("identity.flux", &format!("rolle\n{FLEET}"));
    let hover = editor.request("textDocument/hover", &editor.at("identity.flux", (4, 6)));
    let text = hover["contents"]["value"].as_str().expect("it has a text");
    assert!(text.contains("role/core-two"), "{text}");
    assert!(text.ends_with("_by the last text without errors_"), "{text}");
}

/// The pieces of files at locations, each with its file and its line.
fn places(editor: &Editor, locations: &Value) -> Vec<String> {
    let root = editor.uri("") + "/";
    let mut places: Vec<String> = locations
        .as_array()
        .expect("locations are a list")
        .iter()
        .map(|location| {
            let uri = location["uri"].as_str().expect("it is a text");
            let name = uri.strip_prefix(&root).expect("it is below the root");
            let text = if name == "identity.flux" { FLEET } else { TEAM };
            let line = location["range"]["start"]["line"].as_u64().expect("a number") + 1;
            format!("{name}:{line} {}", piece(text, &location["range"]))
        })
        .collect();
    places.sort();
    places
}

#[test]
fn a_reference_leads_to_the_definitions_that_its_cluster_sees() {
    let mut editor = opened();
    let params = at(&editor, "source-controller -> pu|ll");
    let found = editor.request("textDocument/definition", &params);
    assert_eq!(places(&editor, &found), ["identity.flux:4 pull"]);
    let params = at(&editor, "${te|am}");
    let found = editor.request("textDocument/definition", &params);
    assert_eq!(
        places(&editor, &found),
        ["identity.flux:3 team", "identity.flux:7 team", "teams/a.flux:2 team"]
    );
    let params = at(&editor, "use de|v");
    let found = editor.request("textDocument/definition", &params);
    assert_eq!(places(&editor, &found), ["identity.flux:6 dev"]);
}

#[test]
fn references_are_found_in_all_files() {
    let mut editor = opened();
    let mut params = at(&editor, "role pu|ll");
    params["context"] = json!({ "includeDeclaration": false });
    let found = editor.request("textDocument/references", &params);
    let all = ["identity.flux:16 pull", "identity.flux:8 pull", "teams/a.flux:3 pull"];
    assert_eq!(places(&editor, &found), all);
    params["context"] = json!({ "includeDeclaration": true });
    let found = editor.request("textDocument/references", &params);
    assert_eq!(places(&editor, &found).len(), 4);
    let found = editor.request("textDocument/documentHighlight", &params);
    let kinds: Vec<&Value> = found.as_array().expect("a list").iter().map(|found| &found["kind"]).collect();
    assert_eq!(kinds, [3, 2, 2]);
}

#[test]
fn a_rename_changes_all_files_and_the_fleet_means_the_same() {
    let mut editor = opened();
    let mut params = at(&editor, "${te|am}");
    let range = editor.request("textDocument/prepareRename", &params);
    assert_eq!(piece(FLEET, &range), "team");
    params["newName"] = json!("group");
    let edit = editor.request("textDocument/rename", &params);
    let team = edited(TEAM, &edit["changes"][editor.uri("teams/a.flux")]);
    assert_eq!(team, TEAM.replace("let team", "let group"));
    let fleet = edited(FLEET, &edit["changes"][editor.uri("identity.flux")]);
    assert_eq!(fleet, FLEET.replace("team =", "group =").replace("${team}", "${group}"));
    let _none = editor.open("teams/a.flux", &team);
    assert_eq!(editor.replace("identity.flux", &fleet), json!([]));
}

#[test]
fn a_cluster_that_is_defined_twice_is_not_renamed() {
    let mut editor = opened();
    let _findings = editor.replace("identity.flux", &format!("{FLEET}\ncluster one on gke {{\n}}\n"));
    let mut params = at(&editor, "cluster o|ne");
    params["newName"] = json!("four");
    let (_, message) = editor.refused("textDocument/rename", &params);
    assert_eq!(message, "two of the name `one` are defined: rename one of them by hand");
}

#[test]
fn a_name_that_nobody_declares_or_that_exists_is_no_rename() {
    let mut editor = opened();
    for (place, new, reason) in [
        ("source-con|troller", "x", "`source-controller` is not a name of this source"),
        ("on e|ks", "x", "`eks` is not a name of this source"),
        ("${clus|ter}", "x", "`cluster` is not a name of this source"),
        ("role pu|ll", "none", "`none` is reserved"),
        ("role pu|ll", "a b", "`a b` is not a name: use letters, digits, `-`, `_` and `.`"),
        ("cluster o|ne", "two", "a cluster `two` exists already"),
    ] {
        let mut params = at(&editor, place);
        params["newName"] = json!(new);
        let (code, message) = editor.refused("textDocument/rename", &params);
        assert_eq!((code, message.as_str()), (-32602, reason), "{place}");
    }
}

#[test]
fn symbols_are_the_blocks_with_their_statements() {
    let mut editor = opened();
    let symbols = editor.request("textDocument/documentSymbol", &editor.document("identity.flux"));
    let names = |symbols: &Value| -> Vec<String> {
        let list = symbols.as_array().expect("a list").iter();
        list.map(|symbol| symbol["name"].as_str().expect("a text").to_owned()).collect()
    };
    assert_eq!(names(&symbols), ["team", "pull", "dev", "one", "two"]);
    assert_eq!(names(&symbols[2]["children"]), ["team", "source-controller"]);
    assert_eq!(symbols[3]["detail"], "on eks");
    assert_eq!(piece(FLEET, &symbols[3]["range"]), "cluster one on eks {\n  use dev\n}");
    let found = editor.request("workspace/symbol", &json!({ "query": "tee" }));
    assert_eq!(names(&found), ["three"]);
}

#[test]
fn blocks_and_comments_fold_and_paths_lead_to_their_files() {
    let mut editor = opened();
    let text = format!("# one\n# two\n{FLEET}");
    let _none = editor.replace("identity.flux", &text);
    let folds = editor.request("textDocument/foldingRange", &editor.document("identity.flux"));
    let lines: Vec<(u64, u64)> = folds
        .as_array()
        .expect("a list")
        .iter()
        .map(|fold| {
            (fold["startLine"].as_u64().expect("a number"), fold["endLine"].as_u64().expect("a number"))
        })
        .collect();
    assert_eq!(lines, [(7, 10), (12, 14), (16, 18), (0, 1)]);
    let _none = editor.open("teams/a.flux", TEAM);
    let place = editor.at("teams/a.flux", (3, 15));
    let found = editor.request("textDocument/definition", &place);
    assert_eq!(found[0]["uri"], editor.uri("clusters/three/flux-system/extra.yaml"), "{found}");
    let found = editor.request("textDocument/documentLink", &editor.document("teams/a.flux"));
    assert_eq!(piece(TEAM, &found[0]["range"]), "\"./extra.yaml\"");
}

#[test]
fn hints_and_lenses_say_what_one_cluster_gets() {
    let mut editor = opened();
    let hints = editor.request("textDocument/inlayHint", &editor.whole("identity.flux"));
    assert_eq!(hints, json!([]), "the role is of three clusters");
    let text = FLEET
        .replace("cluster two on eks {\n", "cluster two on eks {\n  let label = \"${team}/${platform}\"\n");
    let _none = editor.replace("identity.flux", &text);
    let hints = editor.request("textDocument/inlayHint", &editor.whole("identity.flux"));
    assert_eq!(hints[0]["label"], "= core/eks");
    let lenses = editor.request("textDocument/codeLens", &editor.document("identity.flux"));
    assert_eq!(lenses[0]["command"]["title"], "used by one");
    assert_eq!(lenses.as_array().map(Vec::len), Some(1));
}

#[test]
fn every_word_has_its_token() {
    let mut editor = opened();
    let tokens = editor.request("textDocument/semanticTokens/full", &editor.document("identity.flux"));
    let data: Vec<usize> = tokens["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|number| usize::try_from(number.as_u64().expect("a number")).expect("it is small"))
        .collect();
    let lines: Vec<&str> = FLEET.lines().collect();
    let (mut line, mut column, mut found) = (0, 0, Vec::new());
    for token in data.chunks(5) {
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        line += token[0];
        found.push((
            lines[line].get(column..column + token[2]).expect("a token is a word"),
            token[3],
            token[4],
        ));
    }
    assert_eq!(
        found[..13],
        [
            ("include", 2, 0),
            ("\"teams/*.flux\"", 1, 0),
            ("let", 2, 0),
            ("team", 7, 1),
            ("=", 3, 0),
            ("\"core\"", 1, 0),
            ("role", 2, 0),
            ("pull", 6, 1),
            ("=", 3, 0),
            ("aws", 9, 0),
            ("\"arn:aws:iam::111122223333:role/${", 1, 0),
            ("team", 7, 0),
            ("}-${", 1, 0),
        ]
    );
    let mut part = editor.whole("identity.flux");
    part["range"]["end"] = json!({ "line": 1, "character": 0 });
    let part = editor.request("textDocument/semanticTokens/range", &part);
    assert_eq!(part["data"].as_array().map(Vec::len), Some(10));
}

#[test]
fn an_on_block_is_about_the_clusters_of_its_platforms() {
    let text = "cluster one on eks {}\ncluster two on gke {}\n\non eks {\n  let x = \"${cluster}\"\n}\n";
    let mut editor = Editor::new(&[]);
    assert_eq!(editor.open("identity.flux", text), json!([]));
    let hover = editor.request("textDocument/hover", &editor.at("identity.flux", (4, 6)));
    assert_eq!(hover["contents"]["value"], "**variable** `x`\n\n- `\"one\"` in `one`");
    let hints = editor.request("textDocument/inlayHint", &editor.whole("identity.flux"));
    assert_eq!(hints[0]["label"], "= one");
    let symbols = editor.request("textDocument/documentSymbol", &editor.document("identity.flux"));
    assert_eq!((&symbols[2]["name"], &symbols[2]["detail"]), (&json!("on"), &json!("eks")));
    assert_eq!(symbols[2]["children"][0]["name"], "x");
}
