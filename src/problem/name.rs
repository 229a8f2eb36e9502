//! Problems of the resolution of names.

mod noun;

pub use noun::Noun;

use crate::model::{Controller, Provider};
use crate::problem::foreign::WHERE_VALUES_ARE;
use crate::problem::{
    Code, Finding, FindingHead, PrimaryPlace, ProblemKind, all_of, coded, is_reference, more, problems, with,
    worded,
};
use crate::span::Span;

problems! {
    (head, at)
    /// A problem of the resolution of names.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum NameProblem {
        Unknown {
            noun: Noun, name: String, nearest: Option<String>,
            /// All valid names, if there are few; else empty.
            known: Vec<&'static str>,
        } => (noun.unknown()), unknown_name(head, *noun, *at, name, nearest.as_deref(), known);
        MisspeltDefinition {
            noun: Noun, name: String,
            /// The name that is defined, in this cluster alone.
            near: String,
            defined: Span,
            /// False if a file of values defines it.
            in_block: bool,
        } => (noun.unknown()), {
            let finding = head
                .with_message(format!("unknown {} `{name}`", noun.as_str()))
                .reason(format!("no such {} in this cluster", noun.as_str()))
                .label(*defined, format!("only this cluster has `{near}`"));
            let help = format!("did you mean `{name}` there?");
            if *in_block { finding.edit(*defined, name, help) } else { finding.help(help) }
        };
        Unset {
            name: String,
            /// True if there are files of values, and none has an entry for the cluster.
            no_entry: bool,
        } => UnknownVariable, {
            let finding = head.with_message(format!("the setting `{name}` is not set"));
            if *no_entry {
                finding
                    .reason("not set for this cluster, which has no entry in the values")
                    .help(format!("add an entry for the cluster, or set it: `{name} = \"…\"`"))
            } else {
                finding
                    .reason("not set for this cluster")
                    .help(format!("set it in the cluster or in a profile that it uses: `{name} = \"…\"`"))
            }
        };
        NoEntry { name: String } => UnknownVariable: "unknown variable `{name}`"
            .reason("not set for this cluster, which has no entry in the values")
            .help("add an entry for the cluster, or define it: `let {name} = \"…\"`");
        NoText { name: String, word: String, set_at: Span } => UnknownVariable:
            "the setting `{name}` is not text"
            .reason("text is required here")
            .label(*set_at, "set to the word `{word}` here")
            .help("set it to text, `{name} = \"…\"`, or remove `${{{name}}}`");
        OutOfSight {
            noun: Noun, name: String,
            /// The profiles that define it; none if another file does.
            profiles: Vec<String>,
            defined: Span,
        } => (noun.out_of_sight()), {
            let message = if *noun == Noun::Setting {
                format!("the setting `{name}` is not set")
            } else {
                format!("unknown {} `{name}`", noun.as_str())
            };
            let finding = head.with_message(message).reason("not in scope in this cluster");
            let finding = match profiles.as_slice() {
                [profile] => finding
                    .label(*defined, format!("defined in profile `{profile}`"))
                    .help(format!("add `use {profile}` to the cluster, or to a profile that it uses")),
                [first, others @ ..] => finding
                    .label(*defined, format!("defined in profile `{first}`"))
                    .help(format!("use the profile that is meant, or define it for this cluster: `{}`", noun.statement(name)))
                    .note(also_in_profiles(others)),
                [] => finding
                    .label(*defined, "defined in another file, for the clusters of that file")
                    .help("move it to the root source, or to a profile that the cluster uses"),
            };
            finding.note(
                "the scope of a cluster has its own statements, those of the profiles that it uses, \
                 and those of its file",
            )
        };
        OtherPlatform { noun: Noun, name: String, platform: &'static str, defined: Span } =>
            (noun.out_of_sight()), {
            head.with_message(format!("the {} `{name}` is not defined on `{platform}`", noun.as_str()))
                .reason("not in scope in this cluster")
                .label(*defined, "defined for other platforms")
                .help(format!("define it in `on {platform}` too, or outside of `on`: `{}`", noun.statement(name)))
        };
        DefinedTwice { noun: Noun, name: String, first: Span } => DefinedTwice, {
            let defined = format!("the {} `{name}` is defined twice", noun.as_str());
            let (message, help) = match noun {
                Noun::Mapping => (
                    format!("`{name}` is mapped twice"),
                    "write all roles after one arrow, separated by commas",
                ),
                Noun::Trust => (
                    format!("`{name}` has two `trust` statements"),
                    "write all roles after one arrow, separated by commas",
                ),
                Noun::Setting | Noun::Option | Noun::Field => (defined, "remove one of them"),
                Noun::Controller
                | Noun::Role
                | Noun::Profile
                | Noun::Variable
                | Noun::Platform
                | Noun::Provider
                | Noun::Cluster => (defined, "remove or rename one of them"),
            };
            head.with_message(message)
                .reason("second definition")
                .label(*first, "first definition")
                .help(help)
        };
        UsedTwice { name: String, first: Span } => DefinedTwice: "the profile `{name}` is used twice"
            .reason("second use")
            .label(*first, "first use")
            .help("remove one of them");
        NotForText { name: String } => UnknownVariable: "the setting `{name}` cannot be interpolated"
            .reason("its value is not plain text")
            .help("define a variable: `let NAME = \"…\"`")
            .note("text can interpolate `cluster`, `platform`, every variable, and every text setting \
                except `output` and `service-accounts`");
        Reserved { noun: Noun, name: String, meaning: &'static str } => ReservedName:
            "`{name}` is reserved and cannot be the name of a {}" (noun.as_str())
            .reason(*meaning)
            .help("choose another name");
        ProfileCycle {
            /// From the first profile to itself.
            chain: Vec<String>,
        } => ProfileCycle, {
            let name = chain.first().map_or("", String::as_str);
            let message = format!("the profile `{name}` uses itself");
            let finding = head.with_message(message).reason("this completes the cycle");
            if chain.len() > 2 {
                finding.note(format!("cycle: {}", chain_with_arrows(chain)))
            } else {
                finding
            }
            .help("remove one of these uses")
        };
        ValueCycle {
            /// From the first name to itself.
            chain: Vec<String>,
            steps: Vec<Span>,
        } => ValueCycle, {
            let name = chain.first().map_or("", String::as_str);
            let message = format!("the value of `{name}` depends on itself");
            let finding = head.with_message(message)
                .reason("this completes the cycle")
                .note(format!("cycle: {}", chain_with_arrows(chain)));
            let labelled = chain.iter().zip(steps).skip(1).fold(finding, |finding, (name, step)| {
                finding.label(*step, format!("`{name}` is needed here"))
            });
            labelled.help("write one of these values without interpolation")
        };
        Boundless {
            /// True if the text is too long, false if there are too many interpolations.
            is_long: bool,
        } => Boundless, {
            let (message, why) = if *is_long {
                ("this text expands to more than 4,096 characters", "too long after interpolation")
            } else {
                ("this value is interpolated through more than 64 others", "65th interpolation")
            };
            head.with_message(message).reason(why).help("write the value directly")
        };
        Tangled => Boundless: "the profiles use each other in too many ways"
            .reason("the limit is exceeded here")
            .help("let fewer profiles use each other");
        Disagreement {
            noun: Noun, name: String,
            /// True if one of the definitions is in an `on` block.
            in_on: bool,
            one: String, other: (Span, String),
        } => Disagreement, {
            let two = if *in_on { "two blocks" } else { "two profiles" };
            let (message, defined) = match noun {
                Noun::Mapping => (format!("{two} map `{name}` to different identities"), "mapped to"),
                Noun::Trust => {
                    (format!("{two} trust `{name}` with different identities"), "trusted with")
                }
                Noun::Controller
                | Noun::Role
                | Noun::Profile
                | Noun::Setting
                | Noun::Variable
                | Noun::Platform
                | Noun::Provider
                | Noun::Option
                | Noun::Field
                | Noun::Cluster => {
                    let noun = noun.as_str();
                    (format!("{two} define the {noun} `{name}` differently"), "defined as")
                }
            };
            let settle = format!("define it in the cluster: `{}`", noun.statement(name));
            head.with_message(message)
                .reason(format!("{defined} {one} here"))
                .label(other.0, format!("{defined} {} here", other.1))
                .help(settle)
                .note(if *in_on {
                    "an `on` block overrides the block or the file that it is in; neither of these two overrides \
                     the other"
                } else {
                    "a profile overrides the profiles that it uses; neither of these two uses the other"
                })
        };
        Misplaced { statement: &'static str, here: &'static str, belongs: &'static str } => Misplaced:
            "`{statement}` is not allowed {here}"
            .reason(*here)
            .help("move it to {belongs}");
        NotInstallable => Misplaced: "`?` is not allowed behind a ServiceAccount"
            .reason("only a controller is installed")
            .help("remove `?`; a ServiceAccount that an object of Flux names is always there");
        NoneIsNotAlone => NoneIsNotAlone: "`none` cannot be combined with a role"
            .reason("combined with a role")
            .help("remove `none`, or the roles");
        Unused { noun: Noun, name: String } => UnusedName: "the {} `{name}` is never used" (noun.as_str())
            .reason("never used")
            .help("remove it, or allow it with a reason: `allow {} \"…\"`", Code::UnusedName);
        LetSlip { name: String, meant: String } => LetSlip: "nothing reads the variable `{name}`, which is nearly `{meant}`"
            .reason("never read")
            .help("write `{meant}`, as a setting or a variable, or allow it with a reason: `allow {} \"…\"`", Code::LetSlip);
        ControllerAsSetting {
            name: String,
            /// What stands behind the name, as a mapping has it.
            replacement: Option<(Span, String)>,
        } => WrongArrow, {
            let message = format!("`{name}` is a controller, which is mapped with `->`");
            let finding = head.with_message(message).reason("a controller, not a setting");
            match replacement {
                Some((span, target)) => finding.edit(*span, target, format!("write `{name}{target}`")),
                None => finding.help(format!("write `{name} -> ROLE`")),
            }
        };
        ReversedMapping {
            /// The statement, the other way round.
            replacement: String,
        } => WrongArrow: "the arrow of a mapping points to the role"
            .reason("the controllers are right of the arrow")
            .suggestion(*at, replacement);
        SettingWithLet { name: String } => ReservedName: "`{name}` is a setting, which has no `let`"
            .reason("the name of a setting")
            .suggestion(*at, name);
        SettingAsController { name: String } => WrongArrow: "`{name}` is a setting, which is set with `=`"
            .reason("a setting, not a controller")
            .help("write `{name} = …`");
    }
}

impl NameProblem {
    /// A name without a definition. `known`: all valid names, if there are few; else empty.
    pub fn unknown(
        noun: Noun,
        at: Span,
        name: &str,
        nearest: Option<&str>,
        known: &[&'static str],
    ) -> NameProblem {
        let nearest = nearest.map(str::to_owned);
        NameProblem::Unknown { noun, at, name: name.to_owned(), nearest, known: known.to_vec() }
    }
}

/// Where a name is defined besides the first profile.
fn also_in_profiles(others: &[String]) -> String {
    let (shown, rest) = others.split_at_checked(MOST_PROFILES).unwrap_or((others, &[]));
    if rest.is_empty() {
        return format!("also defined in {}", all_of(shown));
    }
    let shown: Vec<String> = shown.iter().map(|name| format!("`{name}`")).collect();
    format!("also defined in {} and {}", shown.join(", "), more(rest.len(), "profile"))
}

/// How many profiles a message names besides the first.
const MOST_PROFILES: usize = 3;

fn chain_with_arrows(chain: &[String]) -> String {
    let quoted: Vec<String> = chain.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(" → ")
}

/// What to do with a value that is known only in the cluster.
pub(super) const SUBSTITUTED_LATER: &str = "a value that Flux substitutes after the build cannot be in a source: write \
    the annotation in a file of `patch`, which is copied as it is";

pub(super) fn unknown_name(
    head: FindingHead<'_>,
    noun: Noun,
    at: Span,
    name: &str,
    nearest: Option<&str>,
    known: &[&'static str],
) -> Finding {
    let from_cluster = matches!(noun, Noun::Role | Noun::Variable);
    let finding = head
        .with_message(format!("unknown {} `{name}`", noun.as_str()))
        .reason(if from_cluster {
            format!("no such {} in this cluster", noun.as_str())
        } else if noun == Noun::Option {
            "no such option of this identity".to_owned()
        } else if noun == Noun::Field {
            "no such field of a target".to_owned()
        } else {
            format!("no such {}", noun.as_str())
        })
        .nearest(at, nearest);
    let say = noun.statement(name);
    let finding = match noun {
        _ if nearest.is_some() => finding,
        Noun::Role if Provider::from_name(name).is_some() || name == "direct" => finding.help(
            "write an identity as a provider and its name there, such as `gcp direct` or `azure \
             \"…\"`",
        ),
        Noun::Role if Controller::from_name(name).is_some() => finding
            .help(format!("write all controllers to the left of the arrow: `CONTROLLER, {name} -> ROLE`")),
        Noun::Variable if is_reference(name) => finding.help(WHERE_VALUES_ARE).note(
            "a source has no variables of Terraform; `${name}` is a setting or a variable of the cluster",
        ),
        Noun::Role | Noun::Variable => {
            finding.help(format!("define it in the cluster or in a profile that it uses: `{say}`"))
        }
        Noun::Profile => finding.help(format!("declare it: `{say}`")),
        Noun::Setting => finding.help(format!("define a variable instead: `let {name} = \"…\"`")),
        Noun::Option if known.is_empty() => finding.help("remove it; this identity has no options"),
        Noun::Platform => {
            finding.help("write `kubernetes` for a cluster that does not run on EKS, AKS or GKE")
        }
        Noun::Option
        | Noun::Field
        | Noun::Controller
        | Noun::Mapping
        | Noun::Trust
        | Noun::Cluster
        | Noun::Provider => finding,
    };
    // Variables of the source are rarely written so; those of an environment are.
    let is_of_environment = name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'));
    let finding = if noun == Noun::Variable && nearest.is_none() && is_of_environment {
        finding.note(SUBSTITUTED_LATER)
    } else {
        finding
    };
    if known.is_empty() { finding } else { finding.note(format!("valid names: {}", all_of(known))) }
}
