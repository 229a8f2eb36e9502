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

    fn with_message(&self, message: impl Into<String>) -> Finding
    where
        Self: Sized,
    {
        self.head().with_message(message)
    }
}

/// Declares an enum whose variants each have a code: `Variant { fields } => Code`, or `=> [field] expression` where the
/// code depends on a field.
macro_rules! coded {
    (
        $(#[$attribute:meta])*
        pub enum $Type:ident {
            $(
                $(#[$of_variant:meta])*
                $Variant:ident
                $(($($Held:ty),+))?
                $({ $($(#[$of_field:meta])* $field:ident: $Field:ty),* $(,)? })?
                => $($Code:ident)? $([$($by:tt)+] $code:expr)?,
            )+
        }
    ) => {
        $(#[$attribute])*
        pub enum $Type {
            $($(#[$of_variant])* $Variant $(($($Held),+))? $({ $($(#[$of_field])* $field: $Field),* })?,)+
        }

        impl $Type {
            pub(in crate::problem) fn code(&self) -> Code {
                match self {
                    $($Type::$Variant { $($($by)+,)? .. } => $(Code::$Code)? $($code)?,)+
                }
            }
        }
    };
}

/// Declares problems at places of a source. Each variant has its place as the field `at`; the rest is as in [`coded`].
macro_rules! problems {
    (
        $(#[$attribute:meta])*
        pub enum $Type:ident {
            $(
                $(#[$of_variant:meta])*
                $Variant:ident
                $({ $($(#[$of_field:meta])* $field:ident: $Field:ty),* $(,)? })?
                => $($Code:ident)? $([$by:ident] $code:expr)?,
            )+
        }
    ) => {
        coded! {
            $(#[$attribute])*
            pub enum $Type {
                $(
                    $(#[$of_variant])*
                    $Variant { at: Span, $($($(#[$of_field])* $field: $Field),*)? }
                    => $($Code)? $([$by] $code)?,
                )+
            }
        }

        impl ProblemKind for $Type {
            fn code(&self) -> Code {
                self.code()
            }

            fn place(&self) -> PrimaryPlace<'_> {
                match self { $($Type::$Variant { at, .. } => PrimaryPlace::Source(*at),)+ }
            }

            fn finding(&self) -> Finding {
                self.in_words()
            }
        }
    };
}

pub(super) use {coded, problems};

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
