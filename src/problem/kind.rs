//! What every kind of problem has: a code, a place and words.

use crate::problem::{Code, Finding};
use crate::span::Span;

/// A kind of problem. Its code and its place need no allocation, so that problems are sorted, counted and allowed without
/// words; words are made only for what is shown.
pub trait ProblemKind {
    fn code(&self) -> Code;

    fn place(&self) -> PrimaryPlace<'_>;

    /// The problem in words. It takes its code and its place from the other two methods.
    fn finding(&self) -> Finding;

    fn head(&self) -> FindingHead<'_> {
        FindingHead { place: self.place(), code: self.code() }
    }
}

/// Declares problems in the places of one file: a row has the fields, the code and the words of each.
///
/// ```text
/// Variant { field: Type } => Code: "message with {field}".reason("label").help("what to write instead");
/// Variant { field: Type } => Code, expression;
/// ```
///
/// Texts are formatted; `"text {}" (argument)` and `.help("text {}", argument)` have arguments. An expression makes the
/// finding from what is named first: its head, and for `problems` its place. A code in parentheses is an expression too.
macro_rules! coded {
    (
        ($head:ident $(, $more:ident: $More:ty)?)
        $(#[$attribute:meta])*
        pub enum $Type:ident {
            $(
                $(#[$of_variant:meta])*
                $Variant:ident
                $(($($held:ident: $Held:ty),+))?
                $({ $($(#[$of_field:meta])* $field:ident: $Field:ty),* $(,)? })?
                => $($Code:ident)? $(($code:expr))?
                $(: $message:literal $(($($argument:expr),+))? $(.$part:ident($($content:tt)*))*)?
                $(, $finding:expr)?;
            )+
        }
    ) => {
        worded! {
            ($head $(, $more: $More)?)
            $(#[$attribute])*
            pub enum $Type {
                $(
                    $(#[$of_variant])*
                    $Variant $(($($held: $Held),+))? $({ $($(#[$of_field])* $field: $Field),* })?
                    $(: $message $(($($argument),+))? $(.$part($($content)*))*)?
                    $(, $finding)?;
                )+
            }
        }

        impl $Type {
            pub(in crate::problem) fn code(&self) -> Code {
                match self {
                    $($Type::$Variant $(($($held),+))? $({ $($field),* })? => {
                        $($(let _ = $held;)+)?
                        $($(let _ = $field;)*)?
                        $(Code::$Code)? $($code)?
                    })+
                }
            }
        }
    };
}

/// The same as [`coded`] for faults of one code, which are written without it.
macro_rules! worded {
    (
        ($head:ident $(, $more:ident: $More:ty)?)
        $(#[$attribute:meta])*
        pub enum $Type:ident {
            $(
                $(#[$of_variant:meta])*
                $Variant:ident
                $(($($held:ident: $Held:ty),+))?
                $({ $($(#[$of_field:meta])* $field:ident: $Field:ty),* $(,)? })?
                $(: $message:literal $(($($argument:expr),+))? $(.$part:ident($($content:tt)*))*)?
                $(, $finding:expr)?;
            )+
        }
    ) => {
        $(#[$attribute])*
        pub enum $Type {
            $($(#[$of_variant])* $Variant $(($($Held),+))? $({ $($(#[$of_field])* $field: $Field),* })?,)+
        }

        impl $Type {
            pub(in crate::problem) fn finding(
                &self,
                $head: FindingHead<'_>,
                $($more: $More,)?
            ) -> Finding {
                match self {
                    $($Type::$Variant $(($($held),+))? $({ $($field),* })? => {
                        $($(let _ = $held;)+)?
                        $($(let _ = $field;)*)?
                        $(
                            let finding = $head.with_message(format!($message $(, $($argument),+)?));
                            $(let finding = with!(finding, $part($($content)*));)*
                            finding
                        )?
                        $($finding)?
                    })+
                }
            }
        }
    };
}

/// The message, the label and the help of each variant of a fault of others.
macro_rules! texts {
    ($fault:expr, $Type:ident $($Variant:ident$(($held:ident))?: $message:literal, $label:literal, $help:literal;)+) => {
        match $fault { $($Type::$Variant$(($held))? => (format!($message), $label, $help),)+ }
    };
}

/// A finding with one more text.
macro_rules! with {
    ($finding:ident, $part:ident($text:literal $(, $argument:expr)*)) => {
        $finding.$part(format!($text $(, $argument)*))
    };
    ($finding:ident, $part:ident($span:expr, $text:literal)) => {
        $finding.$part($span, format!($text))
    };
    ($finding:ident, $part:ident($($content:tt)*)) => {
        $finding.$part($($content)*)
    };
}

/// Declares problems at places of a source. Each has its place as a field that no row names; the rest is as in [`coded`].
macro_rules! problems {
    (
        ($head:ident, $at:ident)
        $(#[$attribute:meta])*
        pub enum $Type:ident {
            $(
                $(#[$of_variant:meta])*
                $Variant:ident
                $({ $($(#[$of_field:meta])* $field:ident: $Field:ty),* $(,)? })?
                => $($Code:ident)? $(($code:expr))?
                $(: $message:literal $(($($argument:expr),+))? $(.$part:ident($($content:tt)*))*)?
                $(, $finding:expr)?;
            )+
        }
    ) => {
        coded! {
            ($head)
            $(#[$attribute])*
            pub enum $Type {
                $(
                    $(#[$of_variant])*
                    $Variant { $at: Span, $($($(#[$of_field])* $field: $Field),*)? }
                    => $($Code)? $(($code))?
                    $(: $message $(($($argument),+))? $(.$part($($content)*))*)?
                    $(, $finding)?;
                )+
            }
        }

        impl ProblemKind for $Type {
            fn code(&self) -> Code {
                self.code()
            }

            fn place(&self) -> PrimaryPlace<'_> {
                match self { $($Type::$Variant { $at, .. } => PrimaryPlace::Source(*$at),)+ }
            }

            fn finding(&self) -> Finding {
                self.finding(self.head())
            }
        }
    };
}

pub(super) use {coded, problems, texts, with, worded};

/// The place of a problem. Places in sources come before files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrimaryPlace<'p> {
    /// A range of a source.
    Source(Span),
    /// A file as a whole; its path, as the user would type it.
    File(&'p str),
}

/// What is known of a finding without its words. Findings are sorted by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingHead<'p> {
    pub place: PrimaryPlace<'p>,
    pub code: Code,
}

impl FindingHead<'_> {
    /// The finding with this code, at this place.
    pub fn with_message(self, message: impl Into<String>) -> Finding {
        Finding::new(self.code, self.place, message)
    }
}
