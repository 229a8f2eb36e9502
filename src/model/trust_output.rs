//! Where a build writes what clouds must trust, and in which form.

use crate::model::OutputPath;
use crate::model::named::named;

named! {
    /// The form in which trust is written.
    pub enum TrustForm {
        /// A module for each AWS account and Azure subscription, and one for Google Cloud.
        Terraform = "terraform",
        /// The same modules without resources: local values and outputs.
        TerraformPolicies = "terraform-policies",
        /// One document, for programs.
        Json = "json",
        /// Commands for the shell.
        Commands = "commands",
    }
}

/// Where a build writes trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustOutput {
    /// The directory, relative to that of the source.
    pub directory: OutputPath,
    pub form: TrustForm,
}
