//! The controllers as Flux installs them, where their manifests are not there yet.

use std::fmt::Write as _;

use crate::model::{Controller, GOTK_COMPONENTS, MANAGER};

/// A kustomization that includes a component, from where it is.
pub fn kustomization_above(component: &str) -> String {
    format!("resources: [{GOTK_COMPONENTS}]\ncomponents: [{component}]\n")
}

/// Controllers as Flux installs them, as far as identities and the targets of patches go.
/// Source: `manifests/bases` of fluxcd/flux2, and `flux install --export`.
pub fn installed_controllers(namespace: &str, controllers: impl IntoIterator<Item = Controller>) -> String {
    let mut text = format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {namespace}\n");
    for controller in controllers {
        let name = controller.name();
        let labels = format!(
            "  labels:\n    app.kubernetes.io/component: {name}\n    app.kubernetes.io/instance: {namespace}\n    \
             app.kubernetes.io/part-of: flux\n"
        );
        let _infallible = write!(
            text,
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: {namespace}\n{labels}\
             ---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  namespace: {namespace}\n{labels}    \
             control-plane: controller\n\
             spec:\n  replicas: 1\n  selector:\n    matchLabels:\n      app: {name}\n  template:\n    metadata:\n      \
             annotations:\n        prometheus.io/port: \"8080\"\n        prometheus.io/scrape: \"true\"\n      \
             labels:\n        app: {name}\n    spec:\n      nodeSelector:\n        kubernetes.io/os: linux\n      \
             securityContext:\n        fsGroup: 1337\n      serviceAccountName: {name}\n      \
             terminationGracePeriodSeconds: 60\n      containers:\n      - name: {MANAGER}\n        \
             image: ghcr.io/fluxcd/{name}\n        args:\n        - --events-addr=http://notification-controller.{namespace}.svc.cluster.local./\n        \
             - --watch-all-namespaces=true\n        - --log-level=info\n        - --log-encoding=json\n        \
             - --enable-leader-election\n        env:\n        - name: RUNTIME_NAMESPACE\n          value: {namespace}\n        \
             resources:\n          limits:\n            cpu: 1000m\n            memory: 1Gi\n          \
             requests:\n            cpu: 100m\n            memory: 64Mi\n        \
             securityContext:\n          allowPrivilegeEscalation: false\n          capabilities:\n            drop:\n            - ALL\n          \
             readOnlyRootFilesystem: true\n          runAsNonRoot: true\n          seccompProfile:\n            type: RuntimeDefault\n        \
             volumeMounts:\n        - name: temp\n          mountPath: /tmp\n      volumes:\n      - name: temp\n        \
             emptyDir: {{}}\n"
        );
    }
    text
}
