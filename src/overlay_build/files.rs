//! The files of a build: those of the repository, with texts in place of some.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::emit::KUSTOMIZATION;
use crate::kustomize::{self, FileText, Files, Found, ReadFault};
use crate::model::{Controller, GOTK_COMPONENTS, GOTK_SYNC, LocalPath, MANAGER};
use crate::workspace::Inputs;
use crate::yaml;

/// The addresses of Flux's own repository contain this.
pub const REPOSITORY: &str = "fluxcd/flux2";

/// The directory, beside a component, of a kustomization that is in memory alone.
const STAND_IN: &str = ".flux-identity-stand-in";

/// The controllers in place of manifests that are out of reach.
#[derive(Clone, Debug)]
pub struct StandIn {
    pub file: FileText,
    /// True if they replace any manifests, false if only those that certainly install Flux.
    pub is_for_anything: bool,
}

/// Compared by digest.
impl PartialEq for StandIn {
    fn eq(&self, other: &StandIn) -> bool {
        self.file.digest == other.file.digest && self.is_for_anything == other.is_for_anything
    }
}

impl Eq for StandIn {}

/// Whose files are built.
#[derive(Clone, Debug)]
pub enum BuiltOverlay<'o> {
    /// An overlay that this program writes to this directory. `sync`: its `gotk-sync.yaml`.
    Generated { output: LocalPath, sync: Option<LocalPath> },
    /// An overlay as it was found.
    Existing(&'o StandIn),
    /// Another directory.
    Other,
}

/// The files of a repository, with texts in place of some.
pub struct OverlayFiles<'i> {
    inputs: &'i Inputs<'i>,
    overlay: BuiltOverlay<'i>,
    texts: BTreeMap<LocalPath, FileText>,
    /// What was read, for the next build of the same overlay.
    read: Mutex<BTreeMap<LocalPath, Result<FileText, ReadFault>>>,
    /// True if the stand-in is in the build: no object is there twice.
    is_stand_in_used: AtomicBool,
}

impl<'i> OverlayFiles<'i> {
    pub fn new(inputs: &'i Inputs<'i>, overlay: BuiltOverlay<'i>) -> OverlayFiles<'i> {
        let (texts, read, is_stand_in_used) = (BTreeMap::new(), Mutex::default(), AtomicBool::new(false));
        OverlayFiles { inputs, overlay, texts, read, is_stand_in_used }
    }

    /// Puts a text in place of a file.
    pub fn put(&mut self, path: Option<LocalPath>, text: &str) {
        self.texts.extend(path.map(|path| (path, FileText::new(text))));
    }

    /// Puts a kustomization beside a component, which builds on it and on `installed`, or on manifests beside itself.
    /// Returns its directory.
    pub fn put_above(&mut self, component: &LocalPath, installed: Option<&LocalPath>) -> LocalPath {
        let parent = component.parent().unwrap_or_default();
        let root = parent.join(STAND_IN).unwrap_or_default();
        let installed = installed.map_or_else(|| GOTK_COMPONENTS.to_owned(), |file| file.seen_from(&root));
        let (installed, component) = (quoted(&installed), quoted(&component.seen_from(&root)));
        let text = format!("resources: [{installed}]\ncomponents: [{component}]\n");
        self.put(root.join(KUSTOMIZATION), &text);
        root
    }

    /// True if a file has more than comments.
    pub fn has_text(&self, path: &LocalPath) -> bool {
        self.read(path).is_ok_and(|file| !yaml::is_blank(&file.text))
    }

    /// The files of the repository that were read.
    pub fn into_read(self) -> Vec<LocalPath> {
        let read = self.read.into_inner().unwrap_or_else(PoisonError::into_inner);
        read.into_iter().filter(|(_, read)| read.is_ok()).map(|(path, _)| path).collect()
    }

    pub fn is_stand_in_used(&self) -> bool {
        self.is_stand_in_used.load(Ordering::Relaxed)
    }

    /// Prepares for another build.
    pub fn restart(&self) {
        self.is_stand_in_used.store(false, Ordering::Relaxed);
    }

    /// True for a kustomization beside the generated one, which a build of the fleet reports.
    fn is_beside_generated(&self, path: &LocalPath) -> bool {
        let BuiltOverlay::Generated { output, .. } = &self.overlay else { return false };
        kustomize::NAMES.iter().any(|name| output.join(name).as_ref() == Some(path))
    }

    /// True for a file of an overlay as it was found that `flux bootstrap` has not written yet.
    fn is_unwritten(&self, path: &LocalPath) -> bool {
        matches!(self.overlay, BuiltOverlay::Existing(_))
            && self.may_be_unwritten(path)
            && !self.has_text(path)
    }

    /// True for a file that `flux bootstrap` may not have written yet.
    fn may_be_unwritten(&self, path: &LocalPath) -> bool {
        let name = path.as_str().rsplit('/').next();
        match &self.overlay {
            BuiltOverlay::Generated { sync, .. } => sync.as_ref() == Some(path),
            BuiltOverlay::Existing(_) => matches!(name, Some(GOTK_COMPONENTS | GOTK_SYNC)),
            BuiltOverlay::Other => false,
        }
    }
}

impl Files for OverlayFiles<'_> {
    fn found(&self, path: &LocalPath) -> Found {
        if self.texts.contains_key(path) {
            return Found::File;
        }
        if self.is_beside_generated(path) {
            return Found::Missing;
        }
        match self.inputs.found(path) {
            Found::Missing if self.texts.keys().any(|file| file.is_within(path)) => Found::Directory,
            Found::Missing if self.may_be_unwritten(path) => Found::Unknown,
            Found::File if self.is_unwritten(path) => Found::Unknown,
            found @ (Found::File | Found::Directory | Found::Missing | Found::Unknown) => found,
        }
    }

    fn read(&self, path: &LocalPath) -> Result<FileText, ReadFault> {
        if let Some(text) = self.texts.get(path) {
            return Ok(text.clone());
        }
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(path.clone()).or_insert_with(|| Files::read(self.inputs, path)).clone()
    }

    fn stand_in(&self, entry: &str) -> Option<FileText> {
        let BuiltOverlay::Existing(stand_in) = &self.overlay else { return None };
        let name = entry.rsplit('/').next();
        let is_flux = entry.contains(REPOSITORY) || name == Some(GOTK_COMPONENTS);
        let is_wanted = is_flux || stand_in.is_for_anything && name != Some(GOTK_SYNC);
        let is_first = is_wanted && !self.is_stand_in_used.swap(true, Ordering::Relaxed);
        is_first.then(|| stand_in.file.clone())
    }
}

/// A text as a value of YAML.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The volumes of a controller, and where they are mounted.
const fn volumes_of(controller: Controller) -> &'static [(&'static str, &'static str)] {
    match controller {
        Controller::Source => &[("data", "/data"), ("tmp", "/tmp")],
        Controller::ImageReflector | Controller::SourceWatcher => &[("temp", "/tmp"), ("data", "/data")],
        Controller::Kustomize | Controller::Helm | Controller::Notification | Controller::ImageAutomation => {
            &[("temp", "/tmp")]
        }
    }
}

/// Controllers as Flux installs them, as far as identities and the targets of patches go.
/// Source: `manifests/bases` of fluxcd/flux2, and `flux install --export`.
pub fn installed_controllers(namespace: &str, controllers: impl IntoIterator<Item = Controller>) -> String {
    // A namespace may be named like a number, or like nothing.
    let quoted = quoted(namespace);
    let mut text = format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {quoted}\n");
    for controller in controllers {
        let name = controller.name();
        let (mut mounts, mut volumes) = (String::new(), String::new());
        for (volume, path) in volumes_of(controller) {
            let _infallible = writeln!(mounts, "        - name: {volume}\n          mountPath: {path}");
            let _infallible = writeln!(volumes, "      - name: {volume}\n        emptyDir: {{}}");
        }
        let labels = format!(
            "  labels:\n    app.kubernetes.io/component: {name}\n    app.kubernetes.io/instance: {quoted}\n    \
             app.kubernetes.io/part-of: flux\n"
        );
        let _infallible = write!(
            text,
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: {quoted}\n{labels}\
             ---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  namespace: {quoted}\n{labels}    \
             control-plane: controller\n\
             spec:\n  replicas: 1\n  selector:\n    matchLabels:\n      app: {name}\n  template:\n    metadata:\n      \
             annotations:\n        prometheus.io/port: \"8080\"\n        prometheus.io/scrape: \"true\"\n      \
             labels:\n        app: {name}\n    spec:\n      nodeSelector:\n        kubernetes.io/os: linux\n      \
             securityContext:\n        fsGroup: 1337\n      serviceAccountName: {name}\n      \
             terminationGracePeriodSeconds: 60\n      containers:\n      - name: {MANAGER}\n        \
             image: ghcr.io/fluxcd/{name}\n        args:\n        - --events-addr=http://notification-controller.{namespace}.svc.cluster.local./\n        \
             - --watch-all-namespaces=true\n        - --log-level=info\n        - --log-encoding=json\n        \
             - --enable-leader-election\n        env:\n        - name: RUNTIME_NAMESPACE\n          value: {quoted}\n        \
             resources:\n          limits:\n            cpu: 1000m\n            memory: 1Gi\n          \
             requests:\n            cpu: 100m\n            memory: 64Mi\n        \
             securityContext:\n          allowPrivilegeEscalation: false\n          capabilities:\n            drop:\n            - ALL\n          \
             readOnlyRootFilesystem: true\n          runAsNonRoot: true\n          seccompProfile:\n            type: RuntimeDefault\n        \
             volumeMounts:\n{mounts}      volumes:\n{volumes}"
        );
    }
    text
}
