//! Closed lists of things that have a name.

/// Declares an enum of things that each have a name, with everything that must know all of them: `ALL`, in the order of
/// the declaration, `name` and `from_name`. A variant cannot be left out of any of the three.
macro_rules! named {
    (
        $(#[$attribute:meta])*
        pub enum $Type:ident {
            $($(#[$of_variant:meta])* $Variant:ident = $name:literal,)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $Type {
            $($(#[$of_variant])* $Variant,)+
        }

        impl $Type {
            /// Every variant, in the order of the declaration.
            pub const ALL: [$Type; [$($name),+].len()] = [$($Type::$Variant),+];

            /// The names of all variants, in the order of the declaration.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The name by which sources, manifests or kustomize know it.
            pub const fn name(self) -> &'static str {
                match self { $($Type::$Variant => $name),+ }
            }

            pub fn from_name(name: &str) -> Option<$Type> {
                match name {
                    $($name => Some($Type::$Variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use named;
