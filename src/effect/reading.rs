//! What the library of each cloud takes from an environment.
//!
//! Sources: "Environment variables" of the AWS SDKs and Tools Reference Guide; `config/resolve_credentials.go` of
//! aws/aws-sdk-go-v2, where an access key comes before a token, and either before a profile;
//! `auth/azure/new_default_azure_credential.go` of fluxcd/pkg; "Application Default Credentials" of Google Cloud.

use crate::effect::configuration::AUDIENCES;
use crate::effect::effective_identity::{Effect, EffectiveIdentity, Field, Obstacle};
use crate::effect::environment::{Environment, File, Variable};
use crate::effect::pod::Workload;
use crate::kustomize::Value;
use crate::model::aws::{Region, RoleArn};
use crate::model::{Platform, Provider, aws, azure, gcp};

/// The variables of an access key. Either is useless without the other.
const ACCESS_KEY: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
/// The variables that make Azure's library take a secret, a certificate or a password before a token.
const CLIENT_SECRET: [&str; 3] = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_PASSWORD"];
/// The variable without which a password is not used.
const USERNAME: &str = "AZURE_USERNAME";

/// The variable of the home directory. Without it, that is the root directory for the user of the images.
const HOME: &str = "HOME";
/// Where Google's libraries look for credentials in the home directory. Source: "How Application Default Credentials works".
const GOOGLE_FILES: &str = ".config/gcloud";
const GOOGLE_CREDENTIALS: &str = "application_default_credentials.json";
/// Where AWS's libraries look for them. Source: as for [`aws::PROFILE_FILE_VARIABLES`].
const AWS_FILES: &str = ".aws";
const AWS_CREDENTIALS: &str = "credentials";

impl Environment {
    /// A variable that says something. The libraries take an empty one for none.
    pub(super) fn set(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name).filter(|variable| variable.value.as_deref() != Some(""))
    }

    pub(super) fn read_aws(&self, effect: &mut Effect) {
        if let Some(profile) = self.set(aws::PROFILE_VARIABLE)
            && !self.may_have_profiles()
        {
            let name = profile.value.clone().unwrap_or_default();
            effect.add_obstacle(Provider::Aws, Obstacle::NoProfile(name));
        }
        if let [Some(key), Some(_)] = ACCESS_KEY.map(|name| self.set(name)) {
            return effect.set(Provider::Aws, EffectiveIdentity::AccessKey, key.by.clone());
        }
        let role = self.variables.get(aws::ROLE_ARN_VARIABLE);
        let file = self.variables.get(aws::TOKEN_FILE_VARIABLE);
        let (Some(role), Some(file)) = (role, file) else {
            let missing = match (role, file) {
                (Some(_), None) => aws::TOKEN_FILE_VARIABLE,
                (None, Some(_)) => aws::ROLE_ARN_VARIABLE,
                (None, None) | (Some(_), Some(_)) => return self.read_aws_credentials_file(effect),
            };
            return effect.add_obstacle(Provider::Aws, Obstacle::Missing(vec![missing]));
        };
        let obstacle = self.token_obstacle(aws::TOKEN_FILE_VARIABLE, file, |audience| {
            // An IAM OIDC provider may accept any audience; those of other clouds are mistakes.
            audience != azure::AUDIENCE && !is_google_audience(audience)
        });
        effect.obstacles.extend(obstacle.map(|obstacle| (Provider::Aws, obstacle)));
        let region = role.value.as_deref().and_then(|role| self.other_region(role));
        effect.obstacles.extend(region.map(|obstacle| (Provider::Aws, obstacle)));
        let session = self.set(aws::ROLE_SESSION_NAME_VARIABLE).and_then(|variable| variable.value.clone());
        let session = session.filter(|name| !name.contains('$') && !is_session_name(name));
        effect.obstacles.extend(session.map(|name| (Provider::Aws, Obstacle::SessionName(name))));
        let identity = role.value.clone().map_or(EffectiveIdentity::Unknown, EffectiveIdentity::Role);
        effect.set(Provider::Aws, identity, role.by.clone());
    }

    /// A file of credentials counts where no token does. What a file of settings has is unknown.
    fn read_aws_credentials_file(&self, effect: &mut Effect) {
        let [variable, _] = aws::PROFILE_FILE_VARIABLES;
        let found = match self.set(variable) {
            Some(file) => {
                let path = file.value.as_ref().filter(|path| self.is_mounted(path));
                path.map(|path| (path.clone(), file.by.clone()))
            }
            None => self.file_of_home(AWS_FILES, AWS_CREDENTIALS),
        };
        if let Some((path, by)) = found {
            effect.set(Provider::Aws, EffectiveIdentity::CredentialFile(path), by);
        }
    }

    /// The region of a variable, if there is none of the name, or if it is in another partition than a role: its STS knows no
    /// role of that.
    fn other_region(&self, role: &str) -> Option<Obstacle> {
        let mut named = aws::REGION_VARIABLES.into_iter().filter_map(|name| Some((name, self.set(name)?)));
        let (variable, region) = named.next()?;
        let name = region.value.as_deref().filter(|name| !name.contains('$'))?;
        let Some(region) = Region::parse(name).filter(Region::may_exist) else {
            return (!self.has_endpoint()).then(|| Obstacle::NoRegion { variable, region: name.to_owned() });
        };
        let partition = RoleArn::parse(role).ok()?.partition();
        let is_other = region.partition() != partition;
        is_other.then(|| Obstacle::OtherPartition { variable, region: region.as_str().to_owned(), partition })
    }

    /// A file below a directory of the home directory, if a volume is mounted there that has it, or is of a Secret; and the
    /// mount.
    fn file_of_home(&self, directory: &str, name: &str) -> Option<(String, Field)> {
        let home = match self.set(HOME) {
            Some(home) => home.value.as_deref()?.trim_end_matches('/'),
            None => "",
        };
        let directory = format!("{home}/{directory}");
        let path = format!("{directory}/{name}");
        let (mounted_at, mounted) = self.mount_of(&path)?;
        let has_file = match self.file(&path) {
            File::Text(_) => true,
            File::Missing => false,
            File::Unknown => mounted.is_secret || mounted_at == path,
        };
        let by = Field::Mount(mounted_at.to_owned());
        (has_file && mounted_at.starts_with(&directory)).then_some((path, by))
    }

    /// True if a file of profiles may be mounted. Without a variable that names it, it is in `.aws` of the home directory.
    fn may_have_profiles(&self) -> bool {
        let may_be_there = |variable: &Variable| match &variable.value {
            Some(path) => self.is_mounted(path),
            None => true,
        };
        let mut named = aws::PROFILE_FILE_VARIABLES.iter().filter_map(|name| self.set(name));
        named.any(may_be_there) || self.mounts.keys().any(|directory| directory.contains("/.aws"))
    }

    pub(super) fn is_mounted(&self, path: &str) -> bool {
        self.mount_of(path).is_some()
    }

    pub(super) fn read_azure(&self, effect: &mut Effect) {
        let [secret, certificate, password] = CLIENT_SECRET.map(|name| self.set(name));
        let secret = secret.or(certificate).or(password.filter(|_| self.set(USERNAME).is_some()));
        let client = self.variables.get(azure::CLIENT_ID_VARIABLE);
        if let (Some(secret), Some(_)) = (secret, client) {
            return effect.set(Provider::Azure, EffectiveIdentity::ClientSecret, secret.by.clone());
        }
        let Some(client) = client else { return };
        let missing: Vec<&str> = variables(Provider::Azure)
            .iter()
            .copied()
            .filter(|name| !self.variables.contains_key(*name))
            .collect();
        if !missing.is_empty() {
            return effect.add_obstacle(Provider::Azure, Obstacle::Missing(missing));
        }
        if let Some(file) = self.variables.get(azure::TOKEN_FILE_VARIABLE) {
            let obstacle =
                self.token_obstacle(azure::TOKEN_FILE_VARIABLE, file, |audience| audience == azure::AUDIENCE);
            effect.obstacles.extend(obstacle.map(|obstacle| (Provider::Azure, obstacle)));
        }
        let tenant = self.variables.get(azure::TENANT_ID_VARIABLE);
        effect.tenant_by = tenant.map(|tenant| tenant.by.clone());
        let tenant = tenant.and_then(|tenant| tenant.value.clone());
        let authority = self.set(azure::AUTHORITY_HOST_VARIABLE);
        effect.authority = authority.and_then(|host| Some((host.value.clone()?, host.by.clone())));
        let identity = client.value.clone().map_or(EffectiveIdentity::Unknown, |client| {
            EffectiveIdentity::ManagedIdentity(client, tenant.filter(|tenant| !tenant.is_empty()))
        });
        effect.set(Provider::Azure, identity, client.by.clone());
    }

    pub(super) fn read_gcp(&self, platform: Platform, workload: &Workload<'_>, effect: &mut Effect) {
        if let Some(file) = self.set(gcp::CREDENTIALS_VARIABLE) {
            match &file.value {
                Some(path) => self.read_credentials_file(path, &file.by, effect),
                None => effect.set(Provider::Gcp, EffectiveIdentity::Unknown, file.by.clone()),
            }
            return;
        }
        if let Some((path, by)) = self.file_of_home(GOOGLE_FILES, GOOGLE_CREDENTIALS) {
            return self.read_credentials_file(&path, &by, effect);
        }
        if platform != Platform::Gke {
            return;
        }
        if let Some(obstacle) = metadata_server_obstacle(workload) {
            return effect.add_obstacle(Provider::Gcp, obstacle);
        }
        match self.set(gcp::METADATA_HOST_VARIABLE).map(|host| (&host.value, &host.by)) {
            None => {}
            Some((Some(host), _)) if is_metadata_server(host) => {}
            Some((Some(host), _)) => {
                return effect.add_obstacle(Provider::Gcp, Obstacle::OtherMetadataServer(host.clone()));
            }
            Some((None, by)) => return effect.set(Provider::Gcp, EffectiveIdentity::Unknown, by.clone()),
        }
        let annotation = gcp::SERVICE_ACCOUNT_ANNOTATION;
        match workload.account_annotation(annotation).filter(|email| !email.is_empty()) {
            Some(email) => effect.set(
                Provider::Gcp,
                EffectiveIdentity::GoogleAccount(email.to_owned()),
                Field::AccountAnnotation(annotation.to_owned()),
            ),
            None => effect.set(Provider::Gcp, EffectiveIdentity::Principal, Field::Platform),
        }
    }

    /// What is wrong with the token that a variable names.
    fn token_obstacle(
        &self,
        name: &str,
        variable: &Variable,
        is_audience: impl Fn(&str) -> bool,
    ) -> Option<Obstacle> {
        let path = variable.value.as_deref()?;
        match self.token(path) {
            None => Some(Obstacle::NoToken(name.to_owned(), path.to_owned())),
            Some(token) if !is_audience(&token.audience) => {
                Some(Obstacle::OtherAudience(name.to_owned(), token.audience.clone()))
            }
            Some(_) => None,
        }
    }
}

/// What keeps pods from the metadata server of GKE, which gives them their identity.
/// Source: "Restrictions" in "About Workload Identity Federation for GKE": requests of pods on the host network go to the
/// metadata server of Compute Engine.
fn metadata_server_obstacle(workload: &Workload<'_>) -> Option<Obstacle> {
    let is_on_host = workload.pod_field(&["hostNetwork"]).and_then(Value::scalar_text) == Some("true");
    if is_on_host {
        return Some(Obstacle::HostNetwork);
    }
    let selected = workload.pod_field(&["nodeSelector", gcp::METADATA_SERVER_LABEL]);
    match selected.and_then(Value::scalar_text) {
        Some(selected) if selected != "true" => Some(Obstacle::NoMetadataServer(selected.to_owned())),
        _ => excludes_metadata_server(workload).then_some(Obstacle::ExcludedMetadataServer),
    }
}

/// True if no node with the metadata server satisfies the required node affinity: one of its terms has to match, and an
/// empty one never does. Source: `NodeSelector` in the API reference of Kubernetes.
fn excludes_metadata_server(workload: &Workload<'_>) -> bool {
    let required = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
    let terms = workload.pod_field(&required).and_then(|required| required.get("nodeSelectorTerms"));
    let is_empty = |term: &&Value| term.entries().is_empty();
    let mut terms = terms.into_iter().flat_map(Value::items).filter(|term| !is_empty(term)).peekable();
    let excludes = |term: &Value| {
        let expressions = term.get("matchExpressions").map(Value::items).unwrap_or_default();
        expressions.iter().any(excludes_label)
    };
    terms.peek().is_some() && terms.all(excludes)
}

/// True if no node with the label of the metadata server matches an expression.
fn excludes_label(expression: &Value) -> bool {
    let text = |key| expression.get(key).and_then(Value::scalar_text);
    let has_true = || {
        let values = expression.get("values").map(Value::items).unwrap_or_default();
        values.iter().any(|value| value.scalar_text() == Some("true"))
    };
    let is_label = text("key") == Some(gcp::METADATA_SERVER_LABEL);
    is_label
        && match text("operator") {
            Some("In") => !has_true(),
            Some("NotIn") => has_true(),
            Some("DoesNotExist") => true,
            _ => false,
        }
}

/// True if a host, with or without a port, is the metadata server.
fn is_metadata_server(host: &str) -> bool {
    let name = host.strip_suffix(":80").unwrap_or(host);
    gcp::METADATA_HOSTS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The variables from which the library of a cloud takes an identity and its token.
pub const fn variables(provider: Provider) -> &'static [&'static str] {
    match provider {
        Provider::Aws => &[aws::ROLE_ARN_VARIABLE, aws::TOKEN_FILE_VARIABLE],
        Provider::Azure => &[
            azure::AUTHORITY_HOST_VARIABLE,
            azure::CLIENT_ID_VARIABLE,
            azure::TOKEN_FILE_VARIABLE,
            azure::TENANT_ID_VARIABLE,
        ],
        Provider::Gcp => &[gcp::CREDENTIALS_VARIABLE],
    }
}

/// The variables that the library of a cloud uses before those of [`variables`], or without them.
pub(super) const fn undoing_variables(provider: Provider) -> &'static [&'static str] {
    match provider {
        Provider::Aws => &[
            ACCESS_KEY[0],
            aws::PROFILE_VARIABLE,
            aws::ROLE_ARN_VARIABLE,
            aws::TOKEN_FILE_VARIABLE,
            aws::PROFILE_FILE_VARIABLES[0],
        ],
        Provider::Azure => &CLIENT_SECRET,
        Provider::Gcp => &[gcp::CREDENTIALS_VARIABLE, gcp::METADATA_HOST_VARIABLE],
    }
}

/// True for the name of a session. Source: the shape `roleSessionNameType` of the STS API.
fn is_session_name(name: &str) -> bool {
    let is_right = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (2..=aws::MAX_SESSION_NAME).contains(&name.len()) && name.bytes().all(is_right)
}

fn is_google_audience(audience: &str) -> bool {
    AUDIENCES.iter().any(|begin| audience.starts_with(begin))
}
