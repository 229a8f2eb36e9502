//! The kinds of names, with their nouns, declarations and codes.

use crate::problem::Code;

/// The kind of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    Controller,
    Role,
    Profile,
    Setting,
    Variable,
    Platform,
    Provider,
    Option,
    Field,
    Cluster,
    Mapping,
    /// A `trust` statement.
    Trust,
}

impl Noun {
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
            Noun::Trust => "`trust` statement",
        }
    }

    /// A statement that defines a name of this kind.
    pub fn statement(self, name: &str) -> String {
        match self {
            Noun::Mapping | Noun::Controller => format!("{name} -> …"),
            Noun::Trust => format!("trust {name} -> …"),
            Noun::Role => format!("role {name} = …"),
            Noun::Variable => format!("let {name} = \"…\""),
            Noun::Setting | Noun::Option | Noun::Field => format!("{name} = …"),
            Noun::Profile => format!("profile {name} {{ … }}"),
            Noun::Cluster | Noun::Platform | Noun::Provider => name.to_owned(),
        }
    }

    /// The code of an unknown name of this kind.
    pub const fn unknown(self) -> Code {
        match self {
            Noun::Controller | Noun::Mapping | Noun::Trust => Code::UnknownController,
            Noun::Role => Code::UnknownRole,
            Noun::Profile | Noun::Cluster => Code::UnknownProfile,
            Noun::Setting => Code::UnknownSetting,
            Noun::Variable => Code::UnknownVariable,
            Noun::Platform => Code::UnknownPlatform,
            Noun::Provider => Code::UnknownProvider,
            Noun::Option | Noun::Field => Code::UnknownOption,
        }
    }

    /// The code of a name of this kind that is not in scope.
    pub const fn out_of_sight(self) -> Code {
        if matches!(self, Noun::Setting) { Code::UnknownVariable } else { self.unknown() }
    }
}
