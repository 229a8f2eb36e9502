//! What can be wrong with what a name means.

use crate::model::Provider;
use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, all_of};
use crate::span::Span;

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// A Flux controller.
    Controller,
    /// A cloud identity's name.
    Role,
    /// A reusable set of statements.
    Profile,
    /// One of a closed list of typed names.
    Setting,
    /// A name of one's own.
    Variable,
    /// What a cluster runs on.
    Platform,
    /// A cloud.
    Provider,
    /// An option of an identity.
    Option,
    /// A field of the target of a patch.
    Field,
    /// A cluster.
    Cluster,
    /// What a controller gets.
    Mapping,
}

impl Noun {
    /// As users call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Noun::Controller => "controller",
            Noun::Role => "role",
            Noun::Profile => "profile",
            Noun::Setting => "setting",
            Noun::Variable => "variable",
            Noun::Platform => "platform",
            Noun::Provider => "provider",
            Noun::Option => "option",
            Noun::Field => "field",
            Noun::Cluster => "cluster",
            Noun::Mapping => "mapping",
        }
    }
}

/// Something is wrong with what a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// Nothing has this name.
    Unknown {
        /// What is wanted.
        noun: Noun,
        /// Where.
        at: Span,
        /// The name.
        name: String,
        /// The nearest one that something has.
        nearest: Option<String>,
        /// All that there are, where that is a short closed list.
        known: Vec<&'static str>,
    },
    /// Nothing gives a setting a value that text needs.
    Unset {
        /// Where it is needed.
        at: Span,
        /// The setting.
        name: String,
    },
    /// A `${}` names a setting that is a word here.
    NoText {
        /// Where it is needed.
        at: Span,
        /// The setting.
        name: String,
        /// The word.
        word: String,
        /// Where the setting gets it.
        said: Span,
    },
    /// The name exists, in a profile that the cluster does not use, or at the top of another file.
    OutOfSight {
        /// What is wanted.
        noun: Noun,
        /// Where.
        at: Span,
        /// The name.
        name: String,
        /// The profile that says it; nothing for another file.
        profile: Option<String>,
        /// Where it says it.
        defined: Span,
    },
    /// Two statements of one block, or two items, say what the name means.
    DefinedTwice {
        /// What it is.
        noun: Noun,
        /// The name.
        name: String,
        /// The second place.
        at: Span,
        /// The first place.
        first: Span,
    },
    /// A block uses a profile twice.
    UsedTwice {
        /// The profile.
        name: String,
        /// The second place.
        at: Span,
        /// The first place.
        first: Span,
    },
    /// Text wants a setting that holds something else than text.
    NotForText {
        /// Where.
        at: Span,
        /// The setting.
        name: String,
    },
    /// The name means something already.
    Reserved {
        /// What it was to be.
        noun: Noun,
        /// The name.
        name: String,
        /// Where.
        at: Span,
        /// What it means.
        meaning: &'static str,
    },
    /// A profile uses itself.
    ProfileCycle {
        /// The `use` that closes the circle.
        at: Span,
        /// The profiles on the way, from the first to itself.
        chain: Vec<String>,
    },
    /// A definition reaches itself.
    ValueCycle {
        /// The `${name}` that closes the circle.
        at: Span,
        /// The names on the way, from the first to itself.
        chain: Vec<String>,
        /// Where each but the last stands.
        steps: Vec<Span>,
    },
    /// A value that goes through too many others, or grows too long by them.
    Boundless {
        /// The `${name}`, or the text.
        at: Span,
        /// Whether it is the text that is too long.
        is_long: bool,
    },
    /// Profiles use one another in so many ways that it is too much work to follow them.
    Tangled {
        /// The name of the first profile that is too much.
        at: Span,
    },
    /// Two profiles say different things, and neither hides the other.
    Disagreement {
        /// What it is.
        noun: Noun,
        /// The name.
        name: String,
        /// Where the one says it, and what.
        one: (Span, String),
        /// Where the other says it, and what.
        other: (Span, String),
    },
    /// A statement that does not belong where it stands.
    Misplaced {
        /// Where.
        at: Span,
        /// Its keyword.
        statement: &'static str,
        /// Where it stands.
        here: &'static str,
        /// Where it belongs.
        belongs: &'static str,
    },
    /// `none` beside a role.
    NoneIsNotAlone {
        /// The `none`.
        at: Span,
    },
    /// A role or a profile that nothing uses.
    Unused {
        /// What it is.
        noun: Noun,
        /// Where.
        at: Span,
        /// The name.
        name: String,
    },
    /// A controller's name on the left of `=`.
    ControllerAsSetting {
        /// Where.
        at: Span,
        /// The name.
        name: String,
    },
    /// A setting's name on the left of an arrow.
    SettingAsController {
        /// Where.
        at: Span,
        /// The name.
        name: String,
    },
}

impl NameProblem {
    /// A name that nothing has. `known`: all that there are, where that is a short closed list.
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

impl ProblemKind for NameProblem {
    fn code(&self) -> Code {
        match self {
            NameProblem::Unknown { noun, .. } => unknown(*noun),
            NameProblem::OutOfSight { noun: Noun::Setting, .. } => Code::UnknownVariable,
            NameProblem::OutOfSight { noun, .. } => unknown(*noun),
            NameProblem::Unset { .. } | NameProblem::NoText { .. } | NameProblem::NotForText { .. } => {
                Code::UnknownVariable
            }
            NameProblem::DefinedTwice { .. } | NameProblem::UsedTwice { .. } => Code::DefinedTwice,
            NameProblem::Reserved { .. } => Code::ReservedName,
            NameProblem::ProfileCycle { .. } => Code::ProfileCycle,
            NameProblem::ValueCycle { .. } => Code::ValueCycle,
            NameProblem::Boundless { .. } | NameProblem::Tangled { .. } => Code::Boundless,
            NameProblem::Disagreement { .. } => Code::Disagreement,
            NameProblem::Misplaced { .. } => Code::Misplaced,
            NameProblem::NoneIsNotAlone { .. } => Code::NoneIsNotAlone,
            NameProblem::Unused { .. } => Code::UnusedName,
            NameProblem::ControllerAsSetting { .. } | NameProblem::SettingAsController { .. } => {
                Code::WrongArrow
            }
        }
    }

    fn place(&self) -> PrimaryPlace<'_> {
        match self {
            NameProblem::Unknown { at, .. }
            | NameProblem::Unset { at, .. }
            | NameProblem::NoText { at, .. }
            | NameProblem::OutOfSight { at, .. }
            | NameProblem::DefinedTwice { at, .. }
            | NameProblem::UsedTwice { at, .. }
            | NameProblem::NotForText { at, .. }
            | NameProblem::Reserved { at, .. }
            | NameProblem::ProfileCycle { at, .. }
            | NameProblem::ValueCycle { at, .. }
            | NameProblem::Boundless { at, .. }
            | NameProblem::Tangled { at, .. }
            | NameProblem::Disagreement { one: (at, _), .. }
            | NameProblem::Misplaced { at, .. }
            | NameProblem::NoneIsNotAlone { at, .. }
            | NameProblem::Unused { at, .. }
            | NameProblem::ControllerAsSetting { at, .. }
            | NameProblem::SettingAsController { at, .. } => PrimaryPlace::Source(*at),
        }
    }

    fn finding(&self) -> Finding {
        match self {
            NameProblem::Unknown { noun, at, name, nearest, known } => {
                unknown_name(self.head(), *noun, *at, name, nearest.as_deref(), known)
            }
            NameProblem::Unset { name, .. } => {
                self.with_message(format!("the setting `{name}` has no value here"))
                    .reason("this cluster has no value for it")
                    .help(format!("say it in the cluster or in a profile that it uses: `{name} = \"…\"`"))
            }
            NameProblem::NoText { name, word, said, .. } => {
                self.with_message(format!("the setting `{name}` has no text here"))
                    .reason("this cluster has no text for it")
                    .label(*said, format!("here it is the word `{word}`"))
                    .help(format!("say it as text, `{name} = \"…\"`, or do without `${{{name}}}`"))
            }
            NameProblem::OutOfSight { noun, name, profile, defined, .. } => {
                let message = if *noun == Noun::Setting {
                    format!("the setting `{name}` has no value here")
                } else {
                    format!("unknown {} `{name}`", noun.as_str())
                };
                let finding = self.with_message(message).reason("this cluster cannot see it");
                let finding = match profile {
                    Some(profile) => finding
                        .label(*defined, format!("profile `{profile}` says it"))
                        .help(format!("write `use {profile}` in the cluster, or in a profile that it uses")),
                    None => finding
                        .label(*defined, "another file says it, for its own clusters")
                        .help("move it to the root file, or into a profile that the cluster uses"),
                };
                finding.note(
                    "a cluster sees its own statements, those of the profiles it uses, and those of its file",
                )
            }
            NameProblem::DefinedTwice { noun, name, first, .. } => {
                let defined = format!("the {} `{name}` is defined twice", noun.as_str());
                let (message, help) = match noun {
                    Noun::Mapping => (
                        format!("`{name}` is mapped twice"),
                        "write all its roles behind one arrow, with commas between them",
                    ),
                    Noun::Setting | Noun::Option | Noun::Field => (defined, "remove one of the two"),
                    Noun::Controller
                    | Noun::Role
                    | Noun::Profile
                    | Noun::Variable
                    | Noun::Platform
                    | Noun::Provider
                    | Noun::Cluster => (defined, "remove one, or give it another name"),
                };
                self.with_message(message)
                    .reason("here again")
                    .label(*first, "first here")
                    .help(help)
            }
            NameProblem::UsedTwice { name, first, .. } => {
                self.with_message(format!("the profile `{name}` is used twice"))
                    .reason("here again")
                    .label(*first, "first here")
                    .help("remove one of the two")
            }
            NameProblem::NotForText { name, .. } => self.with_message(format!("the setting `{name}` cannot be put into text"),
            )
            .reason("its value is no text that stands alone")
            .help("use a variable: `let NAME = \"…\"`")
            .note(
                "text can hold `cluster`, `platform`, variables, and the settings whose value is in quotes, \
                           but for the templates of paths",
            ),
            NameProblem::Reserved { noun, name, meaning, .. } => {
                let message = format!("a {} cannot be called `{name}`", noun.as_str());
                self.with_message(message)
                    .reason(format!("this is {meaning}"))
                    .help("give it another name")
            }
            NameProblem::ProfileCycle { chain, .. } => {
                let name = chain.first().map_or("", String::as_str);
                let message = format!("the profile `{name}` uses itself");
                let finding = self.with_message(message).reason("by this");
                if chain.len() > 2 {
                    finding.note(format!("{} is a circle", chain_with_arrows(chain)))
                } else {
                    finding
                }
                .help("remove one of these uses")
            }
            NameProblem::ValueCycle { chain, steps, .. } => {
                let name = chain.first().map_or("", String::as_str);
                let message = format!("the value of `{name}` reaches itself");
                let finding = self.with_message(message)
                    .reason("this is not known before itself")
                    .note(format!("{} is a circle", chain_with_arrows(chain)));
                let labelled = chain.iter().zip(steps).skip(1).fold(finding, |finding, (name, step)| {
                    finding.label(*step, format!("`{name}` is wanted here"))
                });
                labelled.help("write one of these values out")
            }
            NameProblem::Boundless { is_long, .. } => {
                let (message, why) = if *is_long {
                    ("this text becomes longer than 4,096 characters", "too long with all that is put in")
                } else {
                    ("this value goes through more than 64 others", "the 65th")
                };
                self.with_message(message).reason(why).help("write the value out")
            }
            NameProblem::Tangled { .. } => {
                let message = "the profiles use one another in too many ways to be followed";
                self.with_message(message)
                    .reason("with this one it becomes too much")
                    .help("let profiles use few others, which use few others")
            }
            NameProblem::Disagreement { noun, name, one, other } => {
                let message = if *noun == Noun::Mapping {
                    format!("two profiles map `{name}` to different identities")
                } else {
                    format!("two profiles disagree about the {} `{name}`", noun.as_str())
                };
                let settle = format!("settle it in the cluster: `{}`", statement(*noun, name));
                self.with_message(message)
                    .reason(format!("here it is {}", one.1))
                    .label(other.0, format!("and here {}", other.1))
                    .help(settle)
                    .note("a profile hides what the profiles that it uses say; of these two neither uses the other")
            }
            NameProblem::Misplaced { statement, here, belongs, .. } => {
                self.with_message(format!("`{statement}` does not stand {here}"))
                    .reason(format!("this stands {here}"))
                    .help(format!("write it in {belongs}"))
            }
            NameProblem::NoneIsNotAlone { .. } => {
                self.with_message("`none` stands alone, or not at all")
                    .reason("nothing and something at once")
                    .help("remove `none`, or all the others")
            }
            NameProblem::Unused { noun, name, .. } => {
                let noun = noun.as_str();
                self.with_message(format!("nothing uses the {noun} `{name}`"))
                    .reason("not used anywhere")
                    .help(format!("remove it, or say why it may be: `allow {} \"…\"`", Code::UnusedName))
            }
            NameProblem::ControllerAsSetting { name, .. } => self.with_message(format!("`{name}` is a controller, and gets a role with `->`"),
            )
            .reason("this is no setting")
            .help(format!("write `{name} -> ROLE`")),
            NameProblem::SettingAsController { name, .. } => self.with_message(format!("`{name}` is a setting, and gets its value with `=`"),
            )
            .reason("this is no controller")
            .help(format!("write `{name} = …`")),
        }
    }
}

fn unknown_name(
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
            format!("this cluster has no {} of this name", noun.as_str())
        } else if noun == Noun::Option {
            "this identity has no option of this name".to_owned()
        } else if noun == Noun::Field {
            "a target has no field of this name".to_owned()
        } else {
            format!("no {} has this name", noun.as_str())
        })
        .nearest(at, nearest);
    let say = statement(noun, name);
    let finding = match noun {
        _ if nearest.is_some() => finding,
        Noun::Role if Provider::from_name(name).is_some() || name == "direct" => finding.help(
            "an identity is its provider and what names it there, such as `gcp direct`, or `azure \"…\"`",
        ),
        Noun::Role | Noun::Variable => {
            finding.help(format!("say it in the cluster or in a profile that it uses: `{say}`"))
        }
        Noun::Profile => finding.help(format!("declare it: `{say}`")),
        Noun::Setting => finding.help(format!("a name of your own is a variable: `let {name} = \"…\"`")),
        Noun::Option if known.is_empty() => finding.help("remove it: such an identity has no options"),
        Noun::Platform => finding.help("write `kubernetes` for any cluster that is not of EKS, AKS or GKE"),
        Noun::Option | Noun::Field | Noun::Controller | Noun::Mapping | Noun::Cluster | Noun::Provider => {
            finding
        }
    };
    if known.is_empty() { finding } else { finding.note(format!("there are {}", all_of(known))) }
}

/// How one says what a name means.
fn statement(noun: Noun, name: &str) -> String {
    match noun {
        Noun::Mapping | Noun::Controller => format!("{name} -> …"),
        Noun::Role => format!("role {name} = …"),
        Noun::Variable => format!("let {name} = \"…\""),
        Noun::Setting | Noun::Option | Noun::Field => format!("{name} = …"),
        Noun::Profile => format!("profile {name} {{ … }}"),
        Noun::Cluster | Noun::Platform | Noun::Provider => name.to_owned(),
    }
}

fn unknown(noun: Noun) -> Code {
    match noun {
        Noun::Controller | Noun::Mapping => Code::UnknownController,
        Noun::Role => Code::UnknownRole,
        Noun::Profile | Noun::Cluster => Code::UnknownProfile,
        Noun::Setting => Code::UnknownSetting,
        Noun::Variable => Code::UnknownVariable,
        Noun::Platform => Code::UnknownPlatform,
        Noun::Provider => Code::UnknownProvider,
        Noun::Option | Noun::Field => Code::UnknownOption,
    }
}

fn chain_with_arrows(chain: &[String]) -> String {
    let quoted: Vec<String> = chain.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(" → ")
}
