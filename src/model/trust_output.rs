//! Where a build writes what clouds must trust, and in which form.

use std::collections::BTreeSet;

use crate::model::named::named;
use crate::model::{CloudIdentity, Cluster, OutputPath};

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
        /// Objects of Azure Service Operator.
        Aso = "aso",
        /// Objects of AWS Controllers for Kubernetes.
        Ack = "ack",
        /// Objects of Config Connector.
        ConfigConnector = "config-connector",
        /// Objects of Crossplane providers.
        Crossplane = "crossplane",
    }
}

impl TrustForm {
    /// The form that the command `trust` prints if none is named.
    pub const PRINTED: TrustForm = TrustForm::Json;

    /// True if it has one file for all accounts.
    pub const fn is_one_file(self) -> bool {
        match self {
            TrustForm::Json | TrustForm::Commands => true,
            TrustForm::Terraform
            | TrustForm::TerraformPolicies
            | TrustForm::Aso
            | TrustForm::Ack
            | TrustForm::ConfigConnector
            | TrustForm::Crossplane => false,
        }
    }

    /// True if it is Kubernetes objects, which a controller applies.
    pub const fn is_of_objects(self) -> bool {
        match self {
            TrustForm::Aso | TrustForm::Ack | TrustForm::ConfigConnector | TrustForm::Crossplane => true,
            TrustForm::Terraform | TrustForm::TerraformPolicies | TrustForm::Json | TrustForm::Commands => {
                false
            }
        }
    }

    /// What this form does not contain of the trust in an identity, if anything.
    const fn omission(self, identity: CloudIdentity<'_>) -> Option<&'static str> {
        if !self.is_of_objects() {
            return None;
        }
        match identity {
            CloudIdentity::RoleByToken { .. } | CloudIdentity::RoleByPodIdentity(_) => {
                Some("the trust policies of IAM roles")
            }
            CloudIdentity::RoleByRole { .. } => Some("the policies that let roles assume their target roles"),
            CloudIdentity::ManagedIdentity { .. }
                if matches!(self, TrustForm::Aso | TrustForm::Crossplane) =>
            {
                None
            }
            CloudIdentity::ManagedIdentity { .. } => Some("the federated credentials of managed identities"),
            CloudIdentity::GoogleAccount(..)
                if matches!(self, TrustForm::ConfigConnector | TrustForm::Crossplane) =>
            {
                None
            }
            CloudIdentity::GoogleAccount(..) => Some("the members of Google service accounts"),
            CloudIdentity::Principal(_) => Some("the principals of Google Cloud"),
        }
    }

    /// What this form does not contain of the trust of these clusters, each once.
    pub fn omissions<'f>(self, clusters: impl IntoIterator<Item = &'f Cluster>) -> BTreeSet<&'static str> {
        let assignments = clusters.into_iter().flat_map(Cluster::assignments);
        assignments.filter_map(|assignment| self.omission(assignment.identity_and_source)).collect()
    }

    /// True if this form contains the trust of an identity, all of it.
    pub const fn contains(self, identity: CloudIdentity<'_>) -> bool {
        self.omission(identity).is_none()
    }

    /// True if a controller gets this identity only after somebody applied an object of this form: of a role that is the
    /// OIDC provider or the association.
    pub const fn grants(self, identity: CloudIdentity<'_>) -> bool {
        match identity {
            CloudIdentity::RoleByToken { .. } => matches!(self, TrustForm::Ack),
            CloudIdentity::RoleByPodIdentity(_) => matches!(self, TrustForm::Ack | TrustForm::Crossplane),
            CloudIdentity::RoleByRole { .. } => false,
            CloudIdentity::ManagedIdentity { .. }
            | CloudIdentity::GoogleAccount(..)
            | CloudIdentity::Principal(_) => self.is_of_objects() && self.contains(identity),
        }
    }
}

/// Where a build writes trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustOutput {
    /// The directory, relative to that of the source.
    pub directory: OutputPath,
    pub form: TrustForm,
}
