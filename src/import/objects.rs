//! The objects of Flux that a patch can hit, and which of them it does.

use crate::kustomize::target::{LabelSelector, Pattern};
use crate::model::flux::FluxVersion;
use crate::model::{Controller, ObjectKind, Target, TargetField};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    pub controller: Controller,
    pub kind: ObjectKind,
}

/// What Flux has in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    pub controllers: Vec<Controller>,
    pub namespace: String,
    /// Whether that was read, rather than taken for granted.
    pub is_known: bool,
    /// Whether the overlay installs nothing else.
    pub is_all: bool,
    /// The version of Flux, if that was read, or is in the address of its repository.
    pub version: Option<FluxVersion>,
}

/// The object that a patch names itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identifier<'d> {
    pub api: &'d str,
    pub kind: &'d str,
    pub name: &'d str,
    /// The namespace; empty if there is none.
    pub namespace: &'d str,
}

impl Installed {
    pub fn hit_by_target(&self, target: &Target) -> Vec<Object> {
        self.objects(|object| self.is_target(object, target) && !self.is_in_doubt(object, target))
    }

    /// True if a target matches a controller only because nothing says what is installed: Flux installs
    /// `source-watcher` on request, and it uses no identity.
    fn is_in_doubt(&self, object: Object, target: &Target) -> bool {
        let name = object.controller.name();
        let is_named = || target.values().any(|text| text.contains(name));
        !self.is_known && object.controller == Controller::SourceWatcher && !is_named()
    }

    pub fn hit_by_name(&self, wanted: Identifier<'_>) -> Vec<Object> {
        self.objects(|object| {
            wanted.api == object.kind.api_version()
                && wanted.kind == object.kind.name()
                && wanted.name == object.controller.name()
                && wanted.namespace == self.namespace
        })
    }

    /// The names of all objects that a target hits, so that it can be split; nothing if they cannot be told one by one.
    pub fn names(&self, target: &Target) -> Option<Vec<String>> {
        let expression = target.get(&TargetField::Name).map(String::as_str).unwrap_or_default();
        let inner = without_anchors(expression);
        let inner = inner.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(inner);
        let words: Vec<String> = inner.split('|').map(str::to_owned).collect();
        let is_word = |word: &String| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if words.iter().all(is_word) {
            return Some(words);
        }
        let is_of_one_kind = ObjectKind::ALL
            .into_iter()
            .any(|kind| target.get(&TargetField::Kind).is_some_and(|of| of == kind.name()));
        let hit = self.hit_by_target(target);
        let names = hit.into_iter().map(|object| object.controller.name().to_owned());
        (self.is_all && is_of_one_kind).then(|| names.collect())
    }

    fn objects(&self, is_hit: impl Fn(Object) -> bool) -> Vec<Object> {
        let objects = self
            .controllers
            .iter()
            .flat_map(|controller| ObjectKind::ALL.map(|kind| Object { controller: *controller, kind }));
        objects.filter(|object| is_hit(*object)).collect()
    }

    fn is_target(&self, object: Object, target: &Target) -> bool {
        let (group, version) = object.kind.api();
        target.iter().all(|(field, wanted)| match *field {
            TargetField::Group => matches(wanted, group),
            TargetField::Version => matches(wanted, version),
            TargetField::Kind => matches(wanted, object.kind.name()),
            TargetField::Name => matches(wanted, object.controller.name()),
            TargetField::Namespace => matches(wanted, &self.namespace),
            TargetField::LabelSelector => selects(wanted, |key| self.label(object, key)),
            // What `flux install` writes has no annotations.
            TargetField::AnnotationSelector => selects(wanted, |_| None),
        })
    }

    /// The label of an object under a key; empty for that of a version, which may be any.
    /// Source: the labels that `flux install --export` writes.
    fn label(&self, object: Object, key: &str) -> Option<&str> {
        match key {
            "app.kubernetes.io/component" => Some(object.controller.name()),
            "app.kubernetes.io/instance" => Some(self.namespace.as_str()),
            "app.kubernetes.io/part-of" => Some("flux"),
            "app.kubernetes.io/version" => Some(""),
            "control-plane" if object.kind == ObjectKind::Deployment => Some("controller"),
            _ => None,
        }
    }
}

fn selects<'v>(selector: &str, value: impl Fn(&str) -> Option<&'v str>) -> bool {
    LabelSelector::parse(selector).is_ok_and(|selector| selector.matches(value))
}

/// Whether an expression matches the whole of a text, as kustomize has it; an empty one matches everything.
pub fn matches(expression: &str, text: &str) -> bool {
    expression.is_empty()
        || expression == text
        || Pattern::parse(expression).is_ok_and(|pattern| pattern.may_match(text))
}

/// An expression without the anchors that kustomize adds anyway.
pub fn without_anchors(expression: &str) -> &str {
    let inner = expression.strip_prefix('^').unwrap_or(expression);
    inner.strip_suffix('$').filter(|rest| !rest.ends_with('\\')).unwrap_or(inner)
}

#[cfg(test)]
mod tests {
    use super::{Identifier, Installed};
    use crate::model::{Controller, Target, TargetField};

    fn hit(fields: &[(&'static str, &str)]) -> Vec<String> {
        let installed = Installed {
            controllers: vec![
                Controller::Source,
                Controller::Kustomize,
                Controller::Helm,
                Controller::Notification,
            ],
            namespace: "flux-system".to_owned(),
            is_known: true,
            is_all: true,
            version: None,
        };
        let target: Target = fields
            .iter()
            .map(|(field, text)| (TargetField::from_name(field).unwrap(), (*text).to_owned()))
            .collect();
        let objects = installed.hit_by_target(&target).into_iter();
        objects.map(|object| format!("{}/{}", object.kind.name(), object.controller.name())).collect()
    }

    #[test]
    fn a_name_is_an_expression_for_the_whole_of_it() {
        let both = ["ServiceAccount/source-controller", "ServiceAccount/kustomize-controller"];
        let name = "^(source|kustomize|image-reflector)-controller$";
        assert_eq!(hit(&[("kind", "ServiceAccount"), ("name", name)]), both);
        assert!(hit(&[("kind", "ServiceAccount"), ("name", "controller")]).is_empty());
        assert!(hit(&[("kind", "ServiceAccount"), ("namespace", "flux-systm")]).is_empty());
    }

    #[test]
    fn labels_are_those_that_flux_install_writes() {
        let component = ("labelSelector", "app.kubernetes.io/component=notification-controller");
        assert_eq!(hit(&[("kind", "Deployment"), component]), ["Deployment/notification-controller"]);
        assert_eq!(hit(&[("group", "apps"), ("labelSelector", "app.kubernetes.io/part-of=flux")]).len(), 4);
        assert!(hit(&[("labelSelector", "app=flux")]).is_empty());
        let some = "app.kubernetes.io/component in (source-controller, helm-controller),control-plane";
        assert_eq!(
            hit(&[("labelSelector", some)]),
            ["Deployment/source-controller", "Deployment/helm-controller"]
        );
        assert_eq!(hit(&[("kind", "Deployment"), ("annotationSelector", "!owner")]).len(), 4);
    }

    #[test]
    fn without_a_target_the_namespace_belongs_to_the_name() {
        let installed = Installed {
            controllers: Controller::ALL.to_vec(),
            namespace: "flux-system".to_owned(),
            is_known: false,
            is_all: false,
            version: None,
        };
        let named = |namespace| {
            let api = "v1";
            installed.hit_by_name(Identifier {
                api,
                kind: "ServiceAccount",
                name: "helm-controller",
                namespace,
            })
        };
        assert_eq!((named("flux-system").len(), named("").len()), (1, 0));
    }
}
