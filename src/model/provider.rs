//! Whose identities there are.

use crate::model::named::named;

named! {
    pub enum Provider {
        /// Amazon Web Services.
        Aws = "aws",
        /// Microsoft Azure.
        Azure = "azure",
        /// Google Cloud.
        Gcp = "gcp",
    }
}

impl Provider {
    /// What an identity of it is called, with its article.
    pub const fn identity_noun(self) -> &'static str {
        match self {
            Provider::Aws => "an IAM role",
            Provider::Azure => "a managed identity",
            Provider::Gcp => "a Google service account",
        }
    }

    /// The provider whose identities look like this text.
    pub fn from_identity(text: &str) -> Option<Provider> {
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
