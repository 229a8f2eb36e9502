//! What changes in meaning: nothing by other words, all by its two sides, and safe wherever it is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use flux_identity::check::Request;
use flux_identity::emit;
use flux_identity::model::Fleet;
use flux_identity::review::{
    self, Change, ClusterFate, ComparedRevisions, Group, IdentityChange, PassthroughChange, PassthroughFate,
    PolicyChange, PullAndDecryptChange, Review, Rollout, Side, TrustChange, document, markdown, text,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::layers::one_in;
use crate::{formats, generate, harness};

fn compile(source: &str) -> Option<Fleet> {
    harness::compile_for(&Request { values: true, ..Request::default() }, source).0
}

fn fleet(source: &str) -> Fleet {
    compile(source).unwrap_or_else(|| panic!("{:#?}", harness::check(source).1))
}

/// What changed between two fleets whose sources are at the root of the repository.
fn review(before: &Fleet, after: &Fleet) -> Review {
    review::review(Side { fleet: before, root: "" }, Side { fleet: after, root: "" }, None)
}

fn between(before: &str, after: &str) -> Review {
    review(&fleet(before), &fleet(after))
}

fn compared() -> ComparedRevisions {
    ComparedRevisions {
        revision: "main".to_owned(),
        commit: "0".repeat(40),
        source: Some("identity.flux".to_owned()),
    }
}

// ---------------------------------------------------------------------------------------------------
// What holds of all fleets

/// All changes, each with its cluster, whatever the groups.
fn all<T: Clone>(groups: &[Group<T>], of: impl Fn(&T) -> String) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for member in groups.iter().flat_map(|group| &group.members) {
        all.entry(member.cluster.clone()).or_default().extend(member.things.iter().map(&of));
    }
    all
}

fn other_way(change: &Change) -> Change {
    match change.clone() {
        Change::Cluster(ClusterFate::New(on)) => Change::Cluster(ClusterFate::Gone(on)),
        Change::Cluster(ClusterFate::Gone(on)) => Change::Cluster(ClusterFate::New(on)),
        Change::Identity(IdentityChange { who, before, after }) => {
            Change::Identity(IdentityChange { who, before: after, after: before })
        }
        Change::Setting { name, before, after } => Change::Setting { name, before: after, after: before },
        Change::Passed(PassthroughChange { what, name, how, mut digests }) => {
            digests.reverse();
            let how = match how {
                PassthroughFate::Added => PassthroughFate::Removed,
                PassthroughFate::Removed => PassthroughFate::Added,
                PassthroughFate::Changed => PassthroughFate::Changed,
                PassthroughFate::Moved => PassthroughFate::Moved,
            };
            Change::Passed(PassthroughChange { what, name, how, digests })
        }
    }
}

proptest! {
    #![proptest_config(one_in(1))]

    #[test]
    fn other_words_are_no_change(
        mut fleet in generate::fleet(),
        layout in generate::layout(),
        order in generate::layout(),
    ) {
        let source = generate::plain(&fleet);
        let Some(before) = compile(&source) else { return Ok(()) };
        generate::shuffle(&mut fleet, &order);
        let other = generate::print(&fleet, &layout).text;
        let after = compile(&other).expect("order and layout say nothing");
        let found = review(&before, &after);
        prop_assert!(found.is_empty(), "{}\n{source}\n{other}", text(&found));
        let formatted = compile(&harness::format(&source).expect("it is right")).expect("style says nothing");
        prop_assert!(review(&before, &formatted).is_empty());
    }

    #[test]
    fn the_way_back_is_the_same_change_the_other_way(
        one in generate::fleet(),
        other in generate::fleet(),
    ) {
        let both = compile(&generate::plain(&one)).zip(compile(&generate::plain(&other)));
        let Some((one, other)) = both else { return Ok(()) };
        let (there, back) = (review(&one, &other), review(&other, &one));
        prop_assert_eq!(
            all(&there.changes, |change| format!("{change:?}")),
            all(&back.changes, |change| format!("{:?}", other_way(change)))
        );
        // Pods use what is lost, and not what is gained.
        let trusted = |change: &TrustChange, is_gain| {
            let rollout = match change.rollout {
                Rollout::InUse => Rollout::Given,
                rollout @ (Rollout::Given | Rollout::TrustOnly) => rollout,
            };
            format!("{:?}", TrustChange { is_gain, rollout, ..change.clone() })
        };
        prop_assert_eq!(
            all(&there.trust, |change| trusted(change, change.is_gain)),
            all(&back.trust, |change| trusted(change, !change.is_gain))
        );
        let other_way = |change: &PolicyChange| {
            let change = PolicyChange { is_gain: !change.is_gain, ..change.clone() };
            format!("{change:?}")
        };
        prop_assert_eq!(all(&there.allowed, |change| format!("{change:?}")), all(&back.allowed, other_way));
        let other_way = |change: &PullAndDecryptChange| {
            let change = PullAndDecryptChange { is_gain: !change.is_gain, ..change.clone() };
            format!("{change:?}")
        };
        prop_assert_eq!(all(&there.both, |change| format!("{change:?}")), all(&back.both, other_way));
    }

    /// Told a second way, from what is written.
    #[test]
    fn no_change_of_an_overlay_is_left_out(one in generate::fleet(), other in generate::fleet()) {
        let both = compile(&generate::plain(&one)).zip(compile(&generate::plain(&other)));
        let Some((one, other)) = both else { return Ok(()) };
        let written = |fleet: &Fleet| -> BTreeMap<String, Vec<(String, String)>> {
            let clusters = fleet.clusters.iter().map(|cluster| {
                let documents = emit::documents(fleet, cluster).into_iter();
                let texts = documents.map(|it| (it.directory.as_str().to_owned(), it.text));
                (cluster.name.clone(), texts.collect())
            });
            clusters.collect()
        };
        let (before, after) = (written(&one), written(&other));
        let found = all(&review(&one, &other).changes, |change| format!("{change:?}"));
        for name in before.keys().chain(after.keys()) {
            if before.get(name) != after.get(name) {
                prop_assert!(found.contains_key(name), "{name}: {:?}\n{:?}", before.get(name), after.get(name));
            }
        }
    }
}

// ---------------------------------------------------------------------------------------------------
// Who is trusted

const ROLE: &str = "arn:aws:iam::111122223333:role/flux-kms";

/// The trust that changes, in lines.
fn trust(before: &str, after: &str) -> Vec<String> {
    let found = between(before, after);
    let members = found.trust.iter().flat_map(|group| &group.members);
    let told = members.flat_map(|member| member.things.iter().map(|it| (&member.cluster, it)));
    let lines = told.map(|(cluster, it)| {
        let identity = it.identity.as_deref().unwrap_or("itself");
        format!("{cluster} {} {identity} {}", if it.is_gain { "+" } else { "-" }, it.subject)
    });
    lines.collect()
}

#[test]
fn an_issuer_that_is_only_said_now_changes_no_trust() {
    let cluster =
        |more: &str| format!("cluster a on eks {{\n{more}  kustomize-controller -> aws \"{ROLE}\"\n}}\n");
    let issuer = |path: &str| cluster(&format!("  issuer = \"https://oidc.example.com/{path}\"\n"));
    assert!(trust(&cluster(""), &issuer("a")).is_empty());
    assert_eq!(trust(&issuer("a"), &issuer("b")).len(), 2);
}

#[test]
fn a_cluster_on_another_platform_has_another_issuer_said_or_not() {
    let cluster = |platform: &str| {
        format!(
            "cluster a on {platform} {{\n  tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"\n  kustomize-controller -> azure \
             \"d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08\"\n}}\n"
        )
    };
    assert!(trust(&cluster("aks"), &cluster("aks")).is_empty());
    assert_eq!(trust(&cluster("aks"), &cluster("eks")).len(), 2);
}

#[test]
fn a_role_by_another_path_is_the_same_role() {
    let cluster = |role: &str| {
        format!(
            "cluster a on eks {{\n  kustomize-controller -> aws \"arn:aws:iam::111122223333:role/{role}\"\n}}\n"
        )
    };
    assert!(trust(&cluster("x"), &cluster("path/X")).is_empty());
    assert!(!between(&cluster("x"), &cluster("path/X")).is_empty());
}

#[test]
fn another_cluster_of_the_same_pool_changes_no_trust() {
    let cluster = |name: &str| {
        format!(
            "cluster {name} on gke {{\n  project = \"acme-prod\"\n  \
             source-controller -> gcp \"flux-gar@acme-prod.iam.gserviceaccount.com\"\n}}\n"
        )
    };
    let (one, both) = (cluster("a"), cluster("a") + &cluster("b"));
    assert!(trust(&one, &both).is_empty() && trust(&both, &one).is_empty());
    assert!(!between(&one, &both).is_empty());
}

#[test]
fn who_decrypts_comes_first() {
    let with = |kustomize: &str, source: &str| {
        format!(
            "cluster a on eks {{\n  restart = on-change\n  source-controller -> aws \"{ROLE}-{source}\"\n  \
             kustomize-controller -> aws \"{ROLE}-{kustomize}\"\n}}\n\
             cluster b on eks {{\n  source-controller -> aws \"{ROLE}-{source}\"\n}}\n"
        )
    };
    let found = between(&with("one", "one"), &with("two", "two").replace("  restart = on-change\n", ""));
    insta::assert_snapshot!(text(&found), @r#"
    identities that both pull and decrypt:
    in a:
      aws arn:aws:iam::111122223333:role/flux-kms-two
        + kustomize-controller decrypts
      aws arn:aws:iam::111122223333:role/flux-kms-one
        - kustomize-controller decrypts
    in 2 clusters (a, b):
      aws arn:aws:iam::111122223333:role/flux-kms-two
        + source-controller pulls
      aws arn:aws:iam::111122223333:role/flux-kms-one
        - source-controller pulls

    identities and settings:
    in a:
      kustomize-controller
        - aws "arn:aws:iam::111122223333:role/flux-kms-one"
        + aws "arn:aws:iam::111122223333:role/flux-kms-two"
      restart
        - on-change
        + by-hand
    in 2 clusters (a, b):
      source-controller
        - aws "arn:aws:iam::111122223333:role/flux-kms-one"
        + aws "arn:aws:iam::111122223333:role/flux-kms-two"

    trust:
    in a:
      aws arn:aws:iam::111122223333:role/flux-kms-two
        + system:serviceaccount:flux-system:kustomize-controller
      aws arn:aws:iam::111122223333:role/flux-kms-one
        - system:serviceaccount:flux-system:kustomize-controller, in use until the pods restart
    in 2 clusters (a, b):
      aws arn:aws:iam::111122223333:role/flux-kms-two
        + system:serviceaccount:flux-system:source-controller
      aws arn:aws:iam::111122223333:role/flux-kms-one
        - system:serviceaccount:flux-system:source-controller, in use until the pods restart

    note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart
    "#);
}

// ---------------------------------------------------------------------------------------------------
// Who pulls and decrypts with one identity

/// Clusters on EKS, each with what its controllers have: `source`, `kustomize` and so on, and the ends of roles.
fn clusters(clusters: &[(&str, &[(&str, &str)])]) -> String {
    let mapping =
        |(controller, role): &(&str, &str)| format!("  {controller}-controller -> aws \"{ROLE}-{role}\"\n");
    let cluster = |(names, mappings): &(&str, &[(&str, &str)])| {
        let mappings: String = mappings.iter().map(mapping).collect();
        format!("cluster {names} on eks {{\n{mappings}}}\n")
    };
    clusters.iter().map(cluster).collect()
}

/// Who newly pulls or decrypts with an identity that does both, and who no longer.
fn both(before: &str, after: &str) -> Vec<String> {
    let found = between(before, after);
    let members = found.both.iter().flat_map(|group| &group.members);
    let told = members.flat_map(|member| member.things.iter().map(|it| (&member.cluster, it)));
    let lines = told.map(|(cluster, it)| {
        let sign = if it.is_gain { '+' } else { '-' };
        format!("{sign} {cluster} {} {}", it.controller.name(), it.does())
    });
    lines.collect()
}

#[test]
fn who_newly_both_pulls_and_decrypts_is_told_first() {
    let of = |role: &str| clusters(&[("a, b", &[("source", "pull"), ("kustomize", role), ("helm", role)])]);
    insta::assert_snapshot!(text(&between(&of("decrypt"), &of("pull"))), @r#"
    identities that both pull and decrypt:
    in 2 clusters (a, b):
      aws arn:aws:iam::111122223333:role/flux-kms-pull
        + source-controller pulls
        + kustomize-controller decrypts

    identities and settings:
    in 2 clusters (a, b):
      kustomize-controller, helm-controller
        - aws "arn:aws:iam::111122223333:role/flux-kms-decrypt"
        + aws "arn:aws:iam::111122223333:role/flux-kms-pull"

    trust:
    in 2 clusters (a, b):
      aws arn:aws:iam::111122223333:role/flux-kms-pull
        + system:serviceaccount:flux-system:kustomize-controller
        + system:serviceaccount:flux-system:helm-controller
      aws arn:aws:iam::111122223333:role/flux-kms-decrypt
        - system:serviceaccount:flux-system:kustomize-controller, in use until the pods restart
        - system:serviceaccount:flux-system:helm-controller, in use until the pods restart

    note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart
    "#);
}

#[test]
fn what_pulls_in_one_cluster_and_decrypts_in_another_does_both() {
    let of = |role: &str| clusters(&[("a", &[("source", "pull")]), ("b", &[("kustomize", role)])]);
    let found = ["+ a source-controller pulls", "+ b kustomize-controller decrypts"];
    assert_eq!(both(&of("decrypt"), &of("pull")), found);
    assert_eq!(both(&of("pull"), &of("decrypt")), found.map(|line| line.replace('+', "-")));
    assert_eq!(between(&of("decrypt"), &of("pull")).changed, 2);
}

#[test]
fn what_pulled_and_decrypted_before_is_told_where_somebody_newly_does() {
    let one: (&str, &[(&str, &str)]) = ("a", &[("source", "x"), ("kustomize", "x")]);
    let two = clusters(&[one, ("b", &[("image-reflector", "x"), ("helm", "x")])]);
    assert!(both(&two, &two).is_empty());
    assert_eq!(both(&clusters(&[one]), &two), ["+ b image-reflector-controller pulls"]);
}

#[test]
fn a_role_by_another_path_and_a_cluster_by_another_name_pull_and_decrypt_as_before() {
    let before = clusters(&[("a", &[("source", "x"), ("kustomize", "x")])]);
    let before = before.replace("eks {", "eks {\n  output = \"here\"");
    let after = before.replace("cluster a", "cluster b").replace("role/flux-kms", "role/path/Flux-KMS");
    assert!(both(&before, &after).is_empty() && !between(&before, &after).is_empty());
}

#[test]
fn who_pulls_and_decrypts_stands_in_markdown_below_a_heading() {
    let of = |role: &str| clusters(&[("a", &[("source", "pull"), ("kustomize", role)])]);
    insta::assert_snapshot!(markdown(&between(&of("decrypt"), &of("pull")), &compared()), @r#"
    ### Cloud identities of Flux, compared with `main`

    1 of 1 cluster changes.

    Note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart.

    #### Identities that both pull and decrypt

    **In `a`**

    | identity | no longer | newly |
    |---|---|---|
    | `aws arn:aws:iam::111122223333:role/flux-kms-pull` |  | `source-controller pulls`<br>`kustomize-controller decrypts` |

    #### Identities and settings

    **In `a`**

    | what | before | after |
    |---|---|---|
    | `kustomize-controller` | `aws "arn:aws:iam::111122223333:role/flux-kms-decrypt"` | `aws "arn:aws:iam::111122223333:role/flux-kms-pull"` |

    #### Trust

    **In `a`**

    | identity | no longer | newly |
    |---|---|---|
    | `aws arn:aws:iam::111122223333:role/flux-kms-pull` |  | `system:serviceaccount:flux-system:kustomize-controller` |
    | `aws arn:aws:iam::111122223333:role/flux-kms-decrypt` | `system:serviceaccount:flux-system:kustomize-controller`, in use until the pods restart |  |
    "#);
}

// ---------------------------------------------------------------------------------------------------
// Policies

/// A fleet of two clusters on EKS, and what else is said: at the top, in a profile that both use, and in the first.
fn demanding(top: &str, profile: &str, cluster: &str) -> String {
    format!(
        "{top}profile base {{\n{profile}  role decryption = aws \"{ROLE}-${{cluster}}\"\n  \
         kustomize-controller -> decryption\n}}\n\
         cluster a on eks {{\n{cluster}  use base\n  helm-controller -> none\n  flux = \"2.8\"\n}}\n\
         cluster b on eks {{\n  use base\n  helm-controller -> none\n  flux = \"2.8\"\n}}\n"
    )
}

#[test]
fn demands_of_the_whole_fleet_that_come_and_go_are_told() {
    let before = demanding("require kustomize-controller\n", "", "");
    let top = "require kustomize-controller, helm-controller on eks\nisolate decryption by cluster\n\
               allow F0117 \"roles are shared with another file\"\n";
    let found = between(&before, &demanding(top, "", ""));
    insta::assert_snapshot!(text(&found), @r#"
    policies:
    in the whole fleet:
      require
        - kustomize-controller
        + helm-controller on eks
        + kustomize-controller on eks
      isolate
        + decryption by cluster
      allow
        + F0117 "roles are shared with another file"
    "#);
    insta::assert_snapshot!(markdown(&found, &compared()), @r#"
    ### Cloud identities of Flux, compared with `main`

    No change in 2 clusters; the policies change.

    #### Policies

    **In the whole fleet**

    | statement | no longer | newly |
    |---|---|---|
    | `require` | `kustomize-controller` | `helm-controller on eks`<br>`kustomize-controller on eks` |
    | `isolate` |  | `decryption by cluster` |
    | `allow` |  | `F0117 "roles are shared with another file"` |
    "#);
    assert_eq!((found.changed, found.is_empty()), (0, false));
}

#[test]
fn a_warning_that_may_be_in_many_clusters_is_told_once() {
    let allow = "  allow F0309 \"it is upgraded soon\"\n";
    let found = between(&demanding("", "", ""), &demanding("", allow, ""));
    insta::assert_snapshot!(text(&found), @r#"
    policies:
    in 2 clusters (a, b):
      allow
        + F0309 "it is upgraded soon"
    "#);
    let found = between(&demanding("", allow, ""), &demanding("", "", allow).replace("soon", "now"));
    insta::assert_snapshot!(text(&found), @r#"
    policies:
    in b:
      allow
        - F0309 "it is upgraded soon"
    "#);
}

#[test]
fn a_warning_that_may_be_where_it_might_before_is_no_change_whoever_says_so_and_why() {
    let (before, after) = ("  allow F0309 \"one\"\n", "  allow F0309 \"other\"\n");
    let both =
        demanding("", "", after).replace("cluster b on eks {\n", &format!("cluster b on eks {{\n{after}"));
    assert!(between(&demanding("", before, ""), &both).is_empty());
    assert!(
        between(&demanding(before.trim_start(), "", ""), &demanding(after.trim_start(), "", "")).is_empty()
    );
}

#[test]
fn a_warning_that_may_be_where_no_cluster_is_is_told_as_such() {
    let unused = |allow: &str| demanding(&format!("profile later {{\n{allow}  use base\n}}\n"), "", "");
    let found = between(&unused(""), &unused("  allow F0117 \"next year\"\n"));
    insta::assert_snapshot!(text(&found), @r#"
    policies:
    in the whole fleet:
      allow
        + F0117 "next year", which covers no cluster
    "#);
}

#[test]
fn what_is_demanded_stands_before_who_has_what() {
    let after = demanding("require kustomize-controller\n", "", "").replace("flux-kms", "flux-other");
    let found = between(&demanding("", "", ""), &after);
    let headings = ["policies:\n", "\nidentities and settings:\n", "\ntrust:\n"];
    let text = text(&found);
    let places: Vec<Option<usize>> = headings.iter().map(|heading| text.find(heading)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
}

// ---------------------------------------------------------------------------------------------------
// As Markdown and as JSON

#[test]
fn nothing_that_a_source_says_is_obeyed_in_markdown() {
    let hostile = "a|b/`c`/@everyone/[x](y)/*z*/\\&lt;";
    let cluster = |role: &str| {
        format!(
            "cluster a on eks {{\n  source-controller -> aws \"arn:aws:iam::111122223333:role/{role}/flux\"\n}}\n"
        )
    };
    let compared = ComparedRevisions { revision: "x` <b>@all</b> | \u{202e}".to_owned(), ..compared() };
    insta::assert_snapshot!(markdown(&between(&cluster("plain"), &cluster(hostile)), &compared), @r#"
    ### Cloud identities of Flux, compared with <code>x&#96; &#60;b&#62;&#64;all&#60;&#47;b&#62; &#124; ?</code>

    1 of 1 cluster changes.

    **In `a`**

    | what | before | after |
    |---|---|---|
    | `source-controller` | `aws "arn:aws:iam::111122223333:role/plain/flux"` | <code>aws &#34;arn&#58;aws&#58;iam&#58;&#58;111122223333&#58;role&#47;a&#124;b&#47;&#96;c&#96;&#47;&#64;everyone&#47;&#91;x&#93;&#40;y&#41;&#47;&#42;z&#42;&#47;&#92;&#38;lt&#59;&#47;flux&#34;</code> |
    "#);
}

#[test]
fn markdown_names_each_controller_of_a_change_for_itself() {
    let cluster = |role: &str| {
        format!(
            "cluster a on eks {{\n  source-controller, kustomize-controller -> aws \"{ROLE}-{role}\"\n}}\n"
        )
    };
    let said = markdown(&between(&cluster("one"), &cluster("two")), &compared());
    assert!(said.contains("\n| `kustomize-controller`, `source-controller` | "), "{said}");
}

#[test]
fn markdown_shortens_the_name_of_a_commit() {
    let named = |revision: &str| {
        let compared = ComparedRevisions { revision: revision.to_owned(), ..compared() };
        markdown(&between("", ""), &compared).lines().next().map(str::to_owned)
    };
    let heading =
        |revision: String| Some(format!("### Cloud identities of Flux, compared with `{revision}`"));
    assert_eq!(named(&"0123456789".repeat(4)), heading("012345678901".to_owned()));
    assert_eq!(named(&"release-12".repeat(4)), heading("release-12".repeat(4)));
}

#[test]
fn markdown_fits_in_a_comment_and_says_what_it_leaves_out() {
    let clusters = |stem: &str| -> String {
        let clusters = (0..3000).map(|at| {
            let own = format!("{stem}{}", at * 7919 % 100_003);
            format!("cluster c-{at} on eks {{\n  source-controller -> aws \"{ROLE}-{own}\"\n}}\n")
        });
        clusters.collect::<Vec<String>>().concat()
    };
    let long = markdown(&between(&clusters("a"), &clusters("b")), &compared());
    assert!(long.len() <= 65_000, "{}", long.len());
    let end = long.lines().last().expect("it says something");
    assert!(end.starts_with("And ") && end.contains("more changes"), "{end}");
}

#[test]
fn many_clusters_are_folded_away_in_markdown() {
    let clusters = |role: &str| -> String {
        let names: Vec<String> = (0..12).map(|at| format!("c-{at}")).collect();
        format!("cluster {} on eks {{\n  source-controller -> aws \"{ROLE}-{role}\"\n}}\n", names.join(", "))
    };
    let found = between(&clusters("one"), &clusters("two"));
    insta::assert_snapshot!(markdown(&found, &compared()), @r#"
    ### Cloud identities of Flux, compared with `main`

    12 of 12 clusters change.

    Note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart.

    **In 12 clusters**: `c-0`, `c-1`, `c-2` … `c-11`

    | what | before | after |
    |---|---|---|
    | `source-controller` | `aws "arn:aws:iam::111122223333:role/flux-kms-one"` | `aws "arn:aws:iam::111122223333:role/flux-kms-two"` |

    <details><summary>All 12 clusters</summary>

    `c-0`, `c-1`, `c-2`, `c-3`, `c-4`, `c-5`, `c-6`, `c-7`, `c-8`, `c-9`, `c-10`, `c-11`

    </details>

    #### Trust

    **In 12 clusters**: `c-0`, `c-1`, `c-2` … `c-11`

    | identity | no longer | newly |
    |---|---|---|
    | `aws arn:aws:iam::111122223333:role/flux-kms-two` |  | `system:serviceaccount:flux-system:source-controller` |
    | `aws arn:aws:iam::111122223333:role/flux-kms-one` | `system:serviceaccount:flux-system:source-controller`, in use until the pods restart |  |

    <details><summary>All 12 clusters</summary>

    `c-0`, `c-1`, `c-2`, `c-3`, `c-4`, `c-5`, `c-6`, `c-7`, `c-8`, `c-9`, `c-10`, `c-11`

    </details>
    "#);
    insta::assert_snapshot!(markdown(&between(&clusters("one"), &clusters("one")), &compared()), @r#"
    ### Cloud identities of Flux, compared with `main`

    No change in 12 clusters.
    "#);
}

#[test]
fn json_is_as_its_schema_says() {
    let schema = harness::project().join("docs/review.schema.json");
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(schema).expect("it is there")).expect("it is JSON");
    let before = "cluster a on eks {\n  source-controller -> aws \"ROLE\" { audience = \"x\" }\n}\n\
                  cluster b on gke {\n  source-controller -> gcp direct\n}\n"
        .replace("ROLE", ROLE);
    let after = "require source-controller\nrequire helm-controller on gke\nallow F0117 \"x\"\nisolate pull by cluster\n\
                 profile later {\n  allow F0338 \"later\"\n  role pull = gcp direct\n}\n\
                 cluster a on eks {\n  allow F0338 \"why\"\n  resource \"x\"\n  flux = \"2.8\"\n  source-controller -> aws \"ROLE\" { via = pod-identity }\n  \
                 service-account apps/web -> aws \"ROLE\"\n}\n\
                 cluster c on gke {\n  source-controller -> gcp direct\n  helm-controller -> none\n}\n\
                 cluster d on eks {\n  source-controller -> none\n  kustomize-controller -> aws \"ROLE\"\n}\n".replace("ROLE", ROLE);
    for (before, after) in [(&before, &after), (&after, &before), (&before, &before)] {
        let mut json = Vec::new();
        document(&between(before, after), &compared(), &mut json).expect("memory takes everything");
        let json: Value = serde_json::from_slice(&json).expect("it is JSON");
        assert_eq!(formats::violations(&json, &schema, &schema, ""), Vec::<String>::new(), "{json:#}");
    }
}
