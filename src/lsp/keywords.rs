//! The words of the language, with their documentation.

use crate::model::{Platform, Provider};

/// A word that begins a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keyword {
    pub word: &'static str,
    pub place: Place,
    /// What it means, in Markdown.
    pub documentation: &'static str,
    /// The statement as a snippet.
    pub snippet: &'static str,
}

/// Where a statement can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the top of a file.
    Top,
    Anywhere,
}

impl Place {
    pub fn allows(self, in_block: bool) -> bool {
        match self {
            Place::Top => !in_block,
            Place::Anywhere => true,
        }
    }
}

macro_rules! keywords {
    ($($word:literal $place:ident $documentation:literal, $snippet:literal;)+) => {
        &[$(Keyword {
            word: $word,
            place: Place::$place,
            documentation: $documentation,
            snippet: $snippet,
        }),+]
    };
}

pub const KEYWORDS: &[Keyword] = keywords! {
    "cluster" Top "Clusters and their platform. `build` writes one overlay for each name.",
        "cluster ${1:name} on ${2|eks,aks,gke,kubernetes|} {\n  $0\n}";
    "profile" Top "Statements that clusters and other profiles share by `use`.", "profile ${1:name} {\n  $0\n}";
    "include" Top "Adds the files that match a pattern. Only in the root source.", "include \"${1:teams/*.flux}\"";
    "require" Top "Controllers or ServiceAccounts that every cluster must map. Only in the root source.",
        "require ${1:source-controller}";
    "isolate" Top "Clusters that differ in a variable must not share an identity of the role, or any of the controller. \
        Only in the root source.",
        "isolate ${1:role} by ${2:variable}";
    "on" Anywhere "Statements for the clusters on these platforms.", "on ${1|eks,aks,gke,kubernetes|} {\n  $0\n}";
    "role" Anywhere "Gives an identity a name, for mappings.", "role ${1:name} = $0";
    "let" Anywhere "A variable, for `${…}` in text.", "let ${1:name} = \"$0\"";
    "use" Anywhere "Adds the statements of profiles, to this block or to the clusters of this file.", "use ${1:profile}";
    "trust" Anywhere "Clouds trust the ServiceAccount with the role, but the overlay does not give it.",
        "trust ${1:source-controller} -> $0";
    "service-account" Anywhere "A ServiceAccount of a tenant, which objects of Flux name.",
        "service-account ${1:namespace}/${2:name} -> $0";
    "resource" Anywhere "Adds a file or a directory to `resources` of the overlay.", "resource \"${1:./file.yaml}\"";
    "component" Anywhere "Adds a directory to `components` of the overlay.", "component \"${1:path}\"";
    "patch" Anywhere "Adds the patches of a file to the overlay.", "patch \"${1:./patch.yaml}\"";
    "allow" Anywhere "Silences a warning in this block, with a reason.", "allow ${1:F0309} \"${2:reason}\"";
};

/// What `-> none` means.
pub const NONE: &str =
    "The controller has no identity. It also removes a mapping of a profile or of the file.";

/// What the identity of a provider is, in Markdown.
pub const fn describe_provider(provider: Provider) -> &'static str {
    match provider {
        Provider::Aws => "An IAM role by its ARN: `aws \"arn:aws:iam::111122223333:role/flux\"`.",
        Provider::Azure => {
            "A managed identity by its client id: `azure \"11111111-2222-4333-8444-555555555555\"`. \
             `az identity show --query clientId` prints it."
        }
        Provider::Gcp => {
            "A Google service account by its address: `gcp \"flux@project.iam.gserviceaccount.com\"`; or `gcp direct`, if \
             the Kubernetes ServiceAccount itself has the permissions."
        }
    }
}

/// What a platform is, in Markdown.
pub fn describe_platform(platform: Platform) -> String {
    match platform.native_provider() {
        Some(provider) => {
            format!("Its pods can have identities of `{}` without federation.", provider.name())
        }
        None => "A cluster with an OIDC issuer. All its identities are federated.".to_owned(),
    }
}

/// The words within statements.
pub const INNER: [&str; 3] = ["by", "none", "direct"];

/// The word that begins a statement.
pub fn keyword(word: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.word == word)
}
