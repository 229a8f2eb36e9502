//! Keys that look as if they gave an identity, and that nothing reads where they stand.

use std::collections::{BTreeMap, BTreeSet};

use crate::effect::environment::{AKS_SKIP_CONTAINERS, EKS_SKIP_CONTAINERS};
use crate::kustomize::{Value, escape};
use crate::model::{Platform, aws, azure, gcp};

/// The kinds of objects whose annotations and labels people take for places of an identity.
pub const KINDS_WITH_KEYS: [&str; 3] = ["ServiceAccount", "Deployment", "Service"];

/// Where a key stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyPlace {
    /// An annotation of a ServiceAccount.
    AccountAnnotation,
    /// An annotation of the pods of a workload.
    PodAnnotation,
    /// A label of the pods of a workload.
    PodLabel,
    /// An annotation of an object, by its kind, that is no ServiceAccount.
    Annotation(String),
    /// A label of an object, by its kind.
    Label(String),
    /// Below a field that an object does not have, such as `metadata.annotation`.
    UnknownField(&'static str),
}

/// A key that nothing reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnreadKey {
    /// The key.
    pub key: String,
    /// Where it stands.
    pub place: KeyPlace,
    /// The key that is meant. It is the same if only the place is wrong.
    pub meant: &'static str,
    /// Where that one is read.
    pub read_at: KeyPlace,
}

impl UnreadKey {
    /// The path of the key in its object.
    pub fn path(&self) -> String {
        let path = match &self.place {
            KeyPlace::AccountAnnotation | KeyPlace::Annotation(_) => "metadata/annotations".to_owned(),
            KeyPlace::Label(_) => "metadata/labels".to_owned(),
            KeyPlace::PodAnnotation => "spec/template/metadata/annotations".to_owned(),
            KeyPlace::PodLabel => "spec/template/metadata/labels".to_owned(),
            KeyPlace::UnknownField(field) => field.replace('.', "/"),
        };
        format!("/{path}/{}", escape(&self.key))
    }
}

/// Where a key is read.
#[derive(Clone, Copy)]
enum Readers {
    Account,
    Pod,
    AccountAndPod,
    /// The label of pods. Older guides put it on the ServiceAccount and on the Deployment too, where it does no harm.
    Label,
}

/// The keys that give an identity or change it, and where they are read.
///
/// Sources: `pkg/annotations.go` of aws/amazon-eks-pod-identity-webhook; `pkg/webhook/consts.go` of
/// Azure/azure-workload-identity; "Authenticate to Google Cloud APIs from GKE workloads"; "GCP" under "Integrations" of the Flux
/// documentation.
const KEYS: [(&str, Readers); 15] = [
    (aws::ROLE_ARN_ANNOTATION, Readers::Account),
    (aws::AUDIENCE_ANNOTATION, Readers::Account),
    ("eks.amazonaws.com/sts-regional-endpoints", Readers::Account),
    (aws::TOKEN_EXPIRATION_ANNOTATION, Readers::AccountAndPod),
    (EKS_SKIP_CONTAINERS, Readers::Pod),
    (azure::CLIENT_ID_ANNOTATION, Readers::Account),
    (azure::TENANT_ID_ANNOTATION, Readers::Account),
    (azure::TOKEN_EXPIRATION_ANNOTATION, Readers::AccountAndPod),
    (azure::USE_LABEL, Readers::Label),
    (AKS_SKIP_CONTAINERS, Readers::Pod),
    ("azure.workload.identity/inject-proxy-sidecar", Readers::Pod),
    ("azure.workload.identity/proxy-sidecar-port", Readers::Pod),
    (azure::IDENTITY_BINDING_ANNOTATION, Readers::Pod),
    (gcp::SERVICE_ACCOUNT_ANNOTATION, Readers::Account),
    (gcp::WORKLOAD_IDENTITY_PROVIDER_ANNOTATION, Readers::Account),
];

/// True if a text names anything that gives an identity: a key, a variable that the libraries of clouds read, or what a
/// configuration of theirs has.
pub fn names_identities(text: &str) -> bool {
    const OTHERS: [&str; 4] = ["AWS_", "AZURE_", "GOOGLE_", "googleapis.com"];
    let domains = KEYS.iter().filter_map(|(key, _)| Some(key.split_once('/')?.0));
    let words: BTreeSet<&str> = domains.chain(OTHERS).collect();
    words.into_iter().any(|word| text.contains(word))
}

/// The annotations of a ServiceAccount from which its pods get an identity, with their values.
pub fn account_settings(account: &Value) -> Vec<(&'static str, &str)> {
    let annotations = account.at(&["metadata", "annotations"]);
    let setting = |(key, _): (&'static str, Readers)| Some((key, annotations?.get(key)?.as_str()?));
    KEYS.into_iter().filter_map(setting).collect()
}

/// True if an annotation of a ServiceAccount gives an identity or changes it.
pub(super) fn is_account_key(key: &str) -> bool {
    KEYS.iter().any(|(known, readers)| *known == key && readers.place() == KeyPlace::AccountAnnotation)
}

/// The annotations of a ServiceAccount that give an identity on other platforms, by the platform that reads them.
/// `platform`: that of the cluster.
pub fn foreign_keys(account: &Value, platform: Platform) -> BTreeMap<Platform, Vec<&'static str>> {
    let mut foreign: BTreeMap<Platform, Vec<&'static str>> = BTreeMap::new();
    for (key, _) in account_settings(account) {
        if let Some(reader) = reader(key).filter(|reader| *reader != platform) {
            foreign.entry(reader).or_default().push(key);
        }
    }
    foreign
}

/// The platform that reads a key of a ServiceAccount; nothing for what Flux itself reads.
fn reader(key: &str) -> Option<Platform> {
    match key.split_once('/')?.0 {
        "eks.amazonaws.com" => Some(Platform::Eks),
        "azure.workload.identity" => Some(Platform::Aks),
        "iam.gke.io" => Some(Platform::Gke),
        _ => None,
    }
}

/// The annotation of a ServiceAccount that names its identity on a platform.
pub const fn account_key(platform: Platform) -> Option<&'static str> {
    match platform {
        Platform::Eks => Some(aws::ROLE_ARN_ANNOTATION),
        Platform::Aks => Some(azure::CLIENT_ID_ANNOTATION),
        Platform::Gke => Some(gcp::SERVICE_ACCOUNT_ANNOTATION),
        Platform::Kubernetes => None,
    }
}

/// The keys with which kustomize-controller does not apply an object, as annotations or labels, and their values.
/// Sources: `internal/controller/kustomization_controller.go` of fluxcd/kustomize-controller; `AnyInMetadata` in `ssa/utils`
/// of fluxcd/pkg, which ignores case.
const APPLY_KEYS: [(&str, &str, Unapplied); 3] = [
    ("kustomize.toolkit.fluxcd.io/reconcile", "disabled", Unapplied::Never),
    ("kustomize.toolkit.fluxcd.io/ssa", "Ignore", Unapplied::Never),
    ("kustomize.toolkit.fluxcd.io/ssa", "IfNotPresent", Unapplied::IfPresent),
];

/// When an object is not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unapplied {
    Never,
    /// If it is in the cluster.
    IfPresent,
}

/// What keeps kustomize-controller from applying an object: the field of the key in `metadata`, the key and its value.
pub fn unapplied(object: &Value) -> Option<(&'static str, &'static str, &str, Unapplied)> {
    let fields = ["annotations", "labels"].into_iter();
    let mut all = fields.flat_map(|field| APPLY_KEYS.into_iter().map(move |key| (field, key)));
    all.find_map(|(field, (key, value, when))| {
        let found = object.at(&["metadata", field, key])?.scalar_text()?;
        found.eq_ignore_ascii_case(value).then_some((field, key, found, when))
    })
}

/// The names that nothing else is called, so that they are meant even without their domain.
const TELLING_NAMES: [&str; 4] = ["role-arn", "client-id", "tenant-id", "gcp-service-account"];

impl Readers {
    fn place(self) -> KeyPlace {
        match self {
            Readers::Account | Readers::AccountAndPod => KeyPlace::AccountAnnotation,
            Readers::Pod => KeyPlace::PodAnnotation,
            Readers::Label => KeyPlace::PodLabel,
        }
    }

    fn read_or_tolerate(self, place: &KeyPlace) -> bool {
        match self {
            Readers::Account => *place == KeyPlace::AccountAnnotation,
            Readers::Pod => *place == KeyPlace::PodAnnotation,
            Readers::AccountAndPod => {
                matches!(place, KeyPlace::AccountAnnotation | KeyPlace::PodAnnotation)
            }
            Readers::Label => matches!(place, KeyPlace::PodLabel | KeyPlace::Label(_)),
        }
    }
}

/// The keys of an object that nothing reads. `nearest`: the nearest of some names to a misspelt one.
pub fn unread_keys(
    object: &Value,
    nearest: impl Fn(&str, &[&'static str]) -> Option<&'static str>,
) -> Vec<UnreadKey> {
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
    let is_account = kind == "ServiceAccount";
    let annotation =
        if is_account { KeyPlace::AccountAnnotation } else { KeyPlace::Annotation(kind.to_owned()) };
    let fields: [(&[&str], KeyPlace); 7] = [
        (&["metadata", "annotations"], annotation),
        (&["metadata", "labels"], KeyPlace::Label(kind.to_owned())),
        (&["spec", "template", "metadata", "annotations"], KeyPlace::PodAnnotation),
        (&["spec", "template", "metadata", "labels"], KeyPlace::PodLabel),
        (&["metadata", "annotation"], KeyPlace::UnknownField("metadata.annotation")),
        (&["metadata", "label"], KeyPlace::UnknownField("metadata.label")),
        (&["annotations"], KeyPlace::UnknownField("annotations")),
    ];
    let mut unread = Vec::new();
    for (path, place) in fields {
        for (key, _) in object.at(path).map(Value::entries).unwrap_or_default() {
            let found = unread_key(key, &place, &nearest).map(|(meant, readers)| UnreadKey {
                key: key.to_owned(),
                place: place.clone(),
                meant,
                read_at: readers.place(),
            });
            unread.extend(found);
        }
    }
    unread
}

/// The key that is meant by one that is not read at its place, and where that is read.
fn unread_key(
    key: &str,
    place: &KeyPlace,
    nearest: impl Fn(&str, &[&'static str]) -> Option<&'static str>,
) -> Option<(&'static str, Readers)> {
    if let Some(known) = KEYS.into_iter().find(|(known, _)| *known == key) {
        return (!known.1.read_or_tolerate(place)).then_some(known);
    }
    let names_of = |domain: &str| -> Vec<(&'static str, &'static str)> {
        let split = KEYS.into_iter().filter_map(|(known, _)| Some((known.split_once('/')?, known)));
        split.filter(|((of, _), _)| *of == domain).map(|((_, name), known)| (name, known)).collect()
    };
    let full = |domain: &str, name: &str| {
        let names = names_of(domain);
        let list: Vec<&'static str> = names.iter().map(|(name, _)| *name).collect();
        let name = list.iter().copied().find(|known| *known == name).or_else(|| nearest(name, &list))?;
        names.into_iter().find(|(known, _)| *known == name).map(|(_, full)| full)
    };
    let domains: BTreeSet<&'static str> =
        KEYS.into_iter().filter_map(|(known, _)| Some(known.split_once('/')?.0)).collect();
    let domains: Vec<&'static str> = domains.into_iter().collect();
    let meant = match key.split_once('/') {
        Some((domain, name)) if domains.contains(&domain) => full(domain, name),
        Some((domain, name)) => {
            let is_telling = |known: &str| TELLING_NAMES.contains(&known);
            let domain = nearest(domain, &domains)?;
            full(domain, name).filter(|full| full.split_once('/').is_some_and(|(_, name)| is_telling(name)))
        }
        None => {
            let name = nearest(key, &TELLING_NAMES)?;
            KEYS.into_iter().map(|(known, _)| known).find(|known| known.ends_with(&format!("/{name}")))
        }
    }?;
    KEYS.into_iter().find(|(known, _)| *known == meant)
}
