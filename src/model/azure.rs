//! What Azure calls things, and what it accepts.

use crate::model::named::named;
use crate::model::{Fault, placeholder};

/// Annotation of a ServiceAccount that names its managed identity, by client id.
/// Source: "Service Account Labels and Annotations" of the Azure Workload Identity book.
pub const CLIENT_ID_ANNOTATION: &str = "azure.workload.identity/client-id";
/// Annotation of a ServiceAccount for the tenant of its managed identity. Source: as above.
pub const TENANT_ID_ANNOTATION: &str = "azure.workload.identity/tenant-id";
/// Annotation of a ServiceAccount for the lifetime of its token, in seconds. Source: as above.
pub const TOKEN_EXPIRATION_ANNOTATION: &str = "azure.workload.identity/service-account-token-expiration";
/// Label of a pod whose tokens the webhook projects; nothing but the text `true` counts. Source: as above.
pub const USE_LABEL: &str = "azure.workload.identity/use";
/// The annotation of pods that asks for a token of another audience, where the webhook has identity bindings.
/// Source: `pkg/webhook/consts.go` of Azure/azure-workload-identity.
pub const IDENTITY_BINDING_ANNOTATION: &str = "azure.workload.identity/use-identity-binding";

/// The lifetimes of a token, in seconds; the webhook refuses the pod for any other. Source: as above.
pub const TOKEN_EXPIRATION: std::ops::RangeInclusive<u32> = 3_600..=86_400;

/// The variables of the environment from which the SDK of Azure takes an identity and the token for it. Flux wants all
/// four. Source: `auth/azure/new_default_azure_credential.go` of fluxcd/pkg.
pub const AUTHORITY_HOST_VARIABLE: &str = "AZURE_AUTHORITY_HOST";
/// The client id. Source: as above.
pub const CLIENT_ID_VARIABLE: &str = "AZURE_CLIENT_ID";
/// The file of the token. Source: as above.
pub const TOKEN_FILE_VARIABLE: &str = "AZURE_FEDERATED_TOKEN_FILE";
/// The tenant. Source: as above.
pub const TENANT_ID_VARIABLE: &str = "AZURE_TENANT_ID";

/// The audience of a token that Entra ID exchanges.
/// Source: "Azure" under "Integrations" of the Flux documentation.
pub const AUDIENCE: &str = "api://AzureADTokenExchange";
/// The lifetime of a projected token by default, in seconds. Source: as above.
pub const DEFAULT_TOKEN_EXPIRATION: u32 = 3_600;

/// How many federated credentials a managed identity has at most.
/// Source: "Important considerations and restrictions for federated identity credentials" of the Entra ID documentation.
pub const MOST_CREDENTIALS: usize = 20;
/// The most characters that the name of a federated credential has. It is of letters, digits, `-` and `_`, with a letter or
/// a digit first. Source: as above.
pub const MAX_CREDENTIAL_NAME: usize = 120;

named! {
    /// Which Azure cloud an identity is in.
    #[derive(Default)]
    pub enum Cloud {
        /// The one that everybody can use.
        #[default]
        Public = "public",
        /// Azure Government.
        UsGov = "usgov",
        /// Azure operated by 21Vianet.
        China = "china",
    }
}

impl Cloud {
    /// Where tokens are exchanged. Source: "Azure" under "Integrations" of the Flux documentation.
    pub const fn authority_host(self) -> &'static str {
        match self {
            Cloud::Public => "https://login.microsoftonline.com/",
            Cloud::UsGov => "https://login.microsoftonline.us/",
            Cloud::China => "https://login.chinacloudapi.cn/",
        }
    }

    /// The cloud of an authority host, with or without a slash at the end.
    pub fn from_authority_host(host: &str) -> Option<Cloud> {
        let trim = |host: &str| host.trim_end_matches('/').to_ascii_lowercase();
        Cloud::ALL.into_iter().find(|cloud| trim(cloud.authority_host()) == trim(host))
    }
}

/// How a controller comes by a managed identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CredentialSource {
    /// AKS: the webhook gives pods the token for the identity that their ServiceAccount names.
    Webhook(ManagedIdentity),
    /// Elsewhere: the pod exchanges a token of its cluster at Entra ID.
    Federated(FederatedIdentity),
}

/// A managed identity that a pod uses with a token of a cluster other than AKS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FederatedIdentity {
    pub client_id: Guid,
    pub tenant: Guid,
    pub cloud: Cloud,
    /// The lifetime of the token, in seconds.
    pub token_expiration: Option<u32>,
    /// Its id in Azure Resource Manager. Its clients do without it; those who make trust do not.
    pub resource_id: Option<ResourceId>,
}

/// A user-assigned managed identity, by Azure Workload Identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ManagedIdentity {
    /// Its client id, which is not its principal id.
    pub client_id: Guid,
    pub tenant: Tenant,
    /// Its cloud, if the source says it; else that of the webhook.
    pub cloud: Option<Cloud>,
    /// The lifetime of the token, in seconds.
    pub token_expiration: Option<u32>,
    /// Its id in Azure Resource Manager. Its clients do without it; those who make trust do not.
    pub resource_id: Option<ResourceId>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tenant {
    Id(Guid),
    /// The one that the webhook of the AKS cluster has.
    Webhook,
}

/// A GUID, such as `4a7272f9-f186-41af-9f84-6a92e32d7cd0`, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guid(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuidFault {
    Placeholder,
    Braces,
    /// All its digits are zero.
    Zero,
    /// It is the resource id of a managed identity.
    ResourceId,
    /// It has this many hexadecimal digits, not 32.
    Digits(usize),
    /// It is not 8, 4, 4, 4 and 12 hexadecimal digits with `-` between them.
    Form,
}

/// How long a GUID is, in bytes.
const GUID_LENGTH: usize = 36;

impl Guid {
    /// Takes 8-4-4-4-12 hexadecimal digits that are not all zero.
    ///
    /// # Errors
    /// The fault.
    pub fn parse(text: &str) -> Result<Guid, Fault<GuidFault>> {
        let is_right = |(at, byte): (usize, u8)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        };
        let has_form = text.len() == GUID_LENGTH && text.bytes().enumerate().all(is_right);
        if has_form && text.bytes().any(|byte| !matches!(byte, b'0' | b'-')) {
            return Ok(Guid(text.to_owned()));
        }
        let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
        let others = text.bytes().filter(|byte| !byte.is_ascii_hexdigit()).count();
        let kind = if text.starts_with('{') && text.ends_with('}') {
            GuidFault::Braces
        } else if placeholder::has_placeholder(text) {
            GuidFault::Placeholder
        } else if is_resource_id(text) {
            GuidFault::ResourceId
        } else if has_form {
            GuidFault::Zero
        } else if others == 4
            && digits != 32
            && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        {
            GuidFault::Digits(digits)
        } else {
            GuidFault::Form
        };
        Err(Fault::whole(kind, text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if the other is the same, whatever the case of its digits.
    pub fn is(&self, other: &Guid) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

/// The resource id of a user-assigned managed identity, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceId(String);

impl ResourceId {
    /// Takes the id; for what it is, see [`is_resource_id`].
    pub fn parse(text: &str) -> Option<ResourceId> {
        is_resource_id(text).then(|| ResourceId(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if both are equal: Azure Resource Manager ignores case.
    pub fn is(&self, other: &ResourceId) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    pub fn subscription(&self) -> &str {
        self.part(2)
    }

    pub fn resource_group(&self) -> &str {
        self.part(4)
    }

    pub fn name(&self) -> &str {
        self.part(8)
    }

    fn part(&self, number: usize) -> &str {
        self.0.split('/').nth(number).unwrap_or_default()
    }
}

/// True if this is the resource id of a user-assigned managed identity.
/// Source: `Microsoft.ManagedIdentity/userAssignedIdentities` of the Azure Resource Manager reference.
pub fn is_resource_id(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    let [empty, subscriptions, subscription, groups, group, providers, namespace, kind, name] =
        parts.as_slice()
    else {
        return false;
    };
    let named = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.()".contains(&byte))
    };
    empty.is_empty()
        && subscriptions.eq_ignore_ascii_case("subscriptions")
        && Guid::parse(subscription).is_ok()
        && groups.eq_ignore_ascii_case("resourceGroups")
        && named(group)
        && group.len() <= 90
        && providers.eq_ignore_ascii_case("providers")
        && namespace.eq_ignore_ascii_case("Microsoft.ManagedIdentity")
        && kind.eq_ignore_ascii_case("userAssignedIdentities")
        && named(name)
        && (3..=128).contains(&name.len())
}
