//! Whether the definitions of the kinds of Flux take its objects.

use std::borrow::Cow;

use crate::check::applied::AppliedCheck;
use crate::check::applied::versions::is_of_flux;
use crate::check::scope::Scope;
use crate::effect::misfits;
use crate::installation::{definition_of, schema_of};
use crate::kustomize::{Id, Object};
use crate::problem::{AppliedProblem, describe_object, nearest_name};

impl AppliedCheck<'_> {
    /// Reports fields of objects of Flux that the definitions of its manifests refuse.
    pub(super) fn check_schemas(self, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        for object in objects.iter().filter(|object| is_of_flux(object.id())) {
            let id = object.id();
            let definition = self.definition(id, objects);
            let schema = definition.as_deref().and_then(|definition| schema_of(definition, id));
            let Some((schema, value)) = schema.zip(object.value()) else { continue };
            for (path, misfit) in misfits(schema, value, &nearest_name) {
                scope.report_on_cluster(AppliedProblem::Misfit {
                    at: scope.names.name.span,
                    object: describe_object(&id.kind, &id.name),
                    by: self.origins.set_by(object, &path),
                    path,
                    misfit,
                });
            }
        }
    }

    /// The definition of an object's kind.
    fn definition<'o>(self, of: &Id, objects: &[&'o Object]) -> Option<Cow<'o, Object>> {
        match self.build {
            Some(_) => definition_of(objects.iter().copied(), of).map(Cow::Borrowed),
            None => self.readings.definition(&self.placement.output, of).map(Cow::Owned),
        }
    }
}
