//! Whether the namespace of Flux leaves room for the pods of its controllers.

use crate::check::applied::AppliedCheck;
use crate::check::scope::Scope;
use crate::effect::no_room;
use crate::kustomize::{Object, Value};
use crate::problem::{AppliedProblem, describe_object};

impl AppliedCheck<'_> {
    /// Reports limits of the namespace of Flux that exclude pods of what is in it.
    pub(super) fn check_room(self, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        let namespace = self.cluster.namespace.as_str();
        let of_kind = |kinds: &'static [&'static str]| {
            objects.iter().copied().filter(move |object| {
                kinds.contains(&object.id().kind.as_str()) && object.id().namespace == namespace
            })
        };
        let mut limits = of_kind(&["ResourceQuota", "LimitRange"]).peekable();
        if limits.peek().is_none() {
            return;
        }
        let deployments: Vec<&Value> = of_kind(&["Deployment"]).filter_map(Object::value).collect();
        for object in limits {
            let id = object.id();
            let found = object.value().and_then(|value| no_room(&id.kind, value, &deployments));
            let Some((path, fault)) = found else { continue };
            scope.report_on_cluster(AppliedProblem::NoRoom {
                at: scope.names.name.span,
                object: describe_object(&id.kind, &id.name),
                fault,
                by: self.origins.set_by(object, &path),
            });
        }
    }
}
