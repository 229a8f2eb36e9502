//! Problems of the resolution of names.

mod noun;
mod unknown;

pub use noun::Noun;

use crate::problem::name::unknown::unknown_name;
use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind, coded, problems};
use crate::span::Span;

problems! {
    /// A problem of the resolution of names.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum NameProblem {
        Unknown {
            noun: Noun, name: String, nearest: Option<String>,
            /// All valid names, if there are few; else empty.
            known: Vec<&'static str>,
        } => [noun] noun.unknown(),
        Unset { name: String } => UnknownVariable,
        NoText { name: String, word: String, said: Span } => UnknownVariable,
        OutOfSight {
            noun: Noun, name: String,
            /// `None` if another file defines it.
            profile: Option<String>,
            defined: Span,
        } => [noun] noun.out_of_sight(),
        DefinedTwice { noun: Noun, name: String, first: Span } => DefinedTwice,
        UsedTwice { name: String, first: Span } => DefinedTwice,
        NotForText { name: String } => UnknownVariable,
        Reserved { noun: Noun, name: String, meaning: &'static str } => ReservedName,
        ProfileCycle {
            /// From the first profile to itself.
            chain: Vec<String>,
        } => ProfileCycle,
        ValueCycle {
            /// From the first name to itself.
            chain: Vec<String>,
            steps: Vec<Span>,
        } => ValueCycle,
        Boundless {
            /// True if the text is too long, false if there are too many interpolations.
            is_long: bool,
        } => Boundless,
        Tangled => Boundless,
        Disagreement { noun: Noun, name: String, one: String, other: (Span, String) } => Disagreement,
        Misplaced { statement: &'static str, here: &'static str, belongs: &'static str } => Misplaced,
        NoneIsNotAlone => NoneIsNotAlone,
        Unused { noun: Noun, name: String } => UnusedName,
        ControllerAsSetting { name: String } => WrongArrow,
        SettingAsController { name: String } => WrongArrow,
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

impl NameProblem {
    fn in_words(&self) -> Finding {
        match self {
            NameProblem::Unknown { noun, at, name, nearest, known } => {
                unknown_name(self.head(), *noun, *at, name, nearest.as_deref(), known)
            }
            NameProblem::Unset { name, .. } => self
                .with_message(format!("the setting `{name}` is not set"))
                .reason("not set for this cluster")
                .help(format!("set it in the cluster or in a profile that it uses: `{name} = \"…\"`")),
            NameProblem::NoText { name, word, said, .. } => self
                .with_message(format!("the setting `{name}` is not text"))
                .reason("text is required here")
                .label(*said, format!("set to the word `{word}` here"))
                .help(format!("set it to text, `{name} = \"…\"`, or remove `${{{name}}}`")),
            NameProblem::OutOfSight { noun, name, profile, defined, .. } => {
                let message = if *noun == Noun::Setting {
                    format!("the setting `{name}` is not set")
                } else {
                    format!("unknown {} `{name}`", noun.as_str())
                };
                let finding = self.with_message(message).reason("not in scope in this cluster");
                let finding = match profile {
                    Some(profile) => finding
                        .label(*defined, format!("defined in profile `{profile}`"))
                        .help(format!("add `use {profile}` to the cluster, or to a profile that it uses")),
                    None => finding
                        .label(*defined, "defined in another file, for the clusters of that file")
                        .help("move it to the root source, or to a profile that the cluster uses"),
                };
                finding.note(
                    "the scope of a cluster has its own statements, those of the profiles that it uses, \
                     and those of its file",
                )
            }
            NameProblem::DefinedTwice { noun, name, first, .. } => {
                let defined = format!("the {} `{name}` is defined twice", noun.as_str());
                let (message, help) = match noun {
                    Noun::Mapping => (
                        format!("`{name}` is mapped twice"),
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
                self.with_message(message)
                    .reason("second definition")
                    .label(*first, "first definition")
                    .help(help)
            }
            NameProblem::UsedTwice { name, first, .. } => self
                .with_message(format!("the profile `{name}` is used twice"))
                .reason("second use")
                .label(*first, "first use")
                .help("remove one of them"),
            NameProblem::NotForText { name, .. } => self
                .with_message(format!("the setting `{name}` cannot be interpolated"))
                .reason("its value is not plain text")
                .help("define a variable: `let NAME = \"…\"`")
                .note(
                    "text can interpolate `cluster`, `platform`, variables, and settings whose value is \
                 in quotes, except path templates",
                ),
            NameProblem::Reserved { noun, name, meaning, .. } => {
                let message = format!("`{name}` is reserved and cannot be the name of a {}", noun.as_str());
                self.with_message(message).reason(*meaning).help("choose another name")
            }
            NameProblem::ProfileCycle { chain, .. } => {
                let name = chain.first().map_or("", String::as_str);
                let message = format!("the profile `{name}` uses itself");
                let finding = self.with_message(message).reason("this completes the cycle");
                if chain.len() > 2 {
                    finding.note(format!("cycle: {}", chain_with_arrows(chain)))
                } else {
                    finding
                }
                .help("remove one of these uses")
            }
            NameProblem::ValueCycle { chain, steps, .. } => {
                let name = chain.first().map_or("", String::as_str);
                let message = format!("the value of `{name}` depends on itself");
                let finding = self
                    .with_message(message)
                    .reason("this completes the cycle")
                    .note(format!("cycle: {}", chain_with_arrows(chain)));
                let labelled = chain.iter().zip(steps).skip(1).fold(finding, |finding, (name, step)| {
                    finding.label(*step, format!("`{name}` is needed here"))
                });
                labelled.help("write one of these values without interpolation")
            }
            NameProblem::Boundless { is_long, .. } => {
                let (message, why) = if *is_long {
                    ("this text expands to more than 4,096 characters", "too long after interpolation")
                } else {
                    ("this value is interpolated through more than 64 others", "65th interpolation")
                };
                self.with_message(message).reason(why).help("write the value directly")
            }
            NameProblem::Tangled { .. } => {
                let message = "the profiles use each other in too many ways";
                self.with_message(message)
                    .reason("the limit is exceeded here")
                    .help("let fewer profiles use each other")
            }
            NameProblem::Disagreement { noun, name, one, other, .. } => {
                let message = if *noun == Noun::Mapping {
                    format!("two profiles map `{name}` to different identities")
                } else {
                    format!("two profiles define the {} `{name}` differently", noun.as_str())
                };
                let settle = format!("define it in the cluster: `{}`", noun.statement(name));
                let defined = if *noun == Noun::Mapping { "mapped to" } else { "defined as" };
                self.with_message(message)
                    .reason(format!("{defined} {one} here"))
                    .label(other.0, format!("{defined} {} here", other.1))
                    .help(settle)
                    .note(
                        "a profile overrides the profiles that it uses; neither of these two uses the other",
                    )
            }
            NameProblem::Misplaced { statement, here, belongs, .. } => self
                .with_message(format!("`{statement}` is not allowed {here}"))
                .reason(*here)
                .help(format!("move it to {belongs}")),
            NameProblem::NoneIsNotAlone { .. } => self
                .with_message("`none` cannot be combined with a role")
                .reason("combined with a role")
                .help("remove `none`, or the roles"),
            NameProblem::Unused { noun, name, .. } => {
                let noun = noun.as_str();
                self.with_message(format!("the {noun} `{name}` is never used"))
                    .reason("never used")
                    .help(format!("remove it, or allow it with a reason: `allow {} \"…\"`", Code::UnusedName))
            }
            NameProblem::ControllerAsSetting { name, .. } => self
                .with_message(format!("`{name}` is a controller, which is mapped with `->`"))
                .reason("a controller, not a setting")
                .help(format!("write `{name} -> ROLE`")),
            NameProblem::SettingAsController { name, .. } => self
                .with_message(format!("`{name}` is a setting, which is set with `=`"))
                .reason("a setting, not a controller")
                .help(format!("write `{name} = …`")),
        }
    }
}

fn chain_with_arrows(chain: &[String]) -> String {
    let quoted: Vec<String> = chain.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(" → ")
}
