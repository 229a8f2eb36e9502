//! Variables that the container `manager` takes from other objects.

use crate::effect::effective_identity::{Effect, Field};
use crate::effect::environment::{Environment, Variable};
use crate::effect::pod::{Manager, Workload};
use crate::effect::reading::undoing_variables;
use crate::kustomize::Value;
use crate::model::Provider;

impl Environment {
    /// Takes in what `envFrom` lists. A variable of the container itself comes first, and so does one of a webhook, which
    /// looks at nothing else; of several sources the last does.
    /// Source: `envFrom` in the API reference of Kubernetes, `Container`.
    pub(super) fn add_sources(
        &mut self,
        manager: &Manager<'_>,
        workload: &Workload<'_>,
        effect: &mut Effect,
    ) {
        for (source, prefix) in manager.sources.iter().rev() {
            let by = Field::VariableSource { kind: source.kind, name: source.name.to_owned() };
            let Some(object) = workload.built_source(*source) else {
                let may_set = |name: &&str| name.starts_with(prefix) && !self.variables.contains_key(*name);
                let providers = Provider::ALL.into_iter();
                let unknown = providers.filter(|one| undoing_variables(*one).iter().any(may_set));
                effect.unknown_sources.extend(unknown.map(|provider| (provider, by.clone())));
                continue;
            };
            let fields = ["data", "stringData"].into_iter().filter_map(|field| object.get(field));
            for (key, value) in fields.flat_map(Value::entries) {
                // The values of a Secret are not for the eyes of everybody.
                let value = value.as_str().filter(|_| source.kind == "ConfigMap").map(str::to_owned);
                let variable = Variable { value, by: by.clone() };
                self.variables.entry(format!("{prefix}{key}")).or_insert(variable);
            }
        }
    }
}
