//! Whose identities there are.

/// A cloud provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// Amazon Web Services.
    Aws,
    /// Microsoft Azure.
    Azure,
    /// Google Cloud.
    Gcp,
}

impl Provider {
    /// All providers.
    pub const ALL: [Provider; 3] = [Provider::Aws, Provider::Azure, Provider::Gcp];

    /// Its name in a source.
    pub const fn name(self) -> &'static str {
        match self {
            Provider::Aws => "aws",
            Provider::Azure => "azure",
            Provider::Gcp => "gcp",
        }
    }

    /// The provider of that name.
    pub fn from_name(name: &str) -> Option<Provider> {
        Provider::ALL.into_iter().find(|provider| provider.name() == name)
    }

    /// What an identity of it is called, with its article.
    pub const fn identity(self) -> &'static str {
        match self {
            Provider::Aws => "an IAM role",
            Provider::Azure => "a managed identity",
            Provider::Gcp => "a Google service account",
        }
    }

    /// The provider whose identities look like this text.
    pub fn of_identity(text: &str) -> Option<Provider> {
        if text.starts_with("arn:") {
            Some(Provider::Aws)
        } else if text.ends_with("gserviceaccount.com") && text.contains('@') {
            Some(Provider::Gcp)
        } else if text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
            Some(Provider::Azure)
        } else {
            None
        }
    }
}
