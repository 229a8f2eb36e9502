//! The identity that the pods of a controller will have: a pure function of the objects that an overlay builds.
//!
//! A webhook changes the environment of the container `manager` when a pod is made (`environment`); the libraries of each
//! cloud then read that environment (`reading`). What stands in the way is an [`Obstacle`]. Keys that nothing reads are
//! found by [`unread_keys`], arguments that make an identity useless by [`argument_faults`].

mod api_token;
mod arguments;
mod configuration;
mod contradictions;
mod diversion;
mod effective_identity;
mod environment;
mod expected;
mod fields;
mod flag_values;
mod flags;
mod image;
mod keys;
mod lost;
mod needed;
mod network;
mod pod;
mod ports;
mod probes;
mod quota;
mod reading;
mod refused;
mod schema;
mod separation;
mod services;
mod sources;
mod start;
mod volumes;
mod writable;

pub use api_token::{API_TOKEN, ApiOptOut};
pub use arguments::{ArgumentFault, SHARD_LABEL, argument_faults, default_account, opens_gate, sees_shard};
pub use contradictions::Contradiction;
pub use effective_identity::{AttributedIdentity, Diversion, Effect, EffectiveIdentity, Field, Obstacle};
pub use expected::{expected, has_pod_identity};
pub use fields::{is_identity_field, is_identity_object};
pub use flag_values::FlagType;
pub use image::Image;
pub use keys::{
    KINDS_WITH_KEYS, KeyPlace, Unapplied, UnreadKey, account_key, account_settings, foreign_keys,
    names_identities, unapplied, unread_keys,
};
pub use lost::{Address, is_own_variable, lost_flags, lost_variables, service_addresses};
pub use needed::{may_refer_to, needed_objects};
pub use network::{Endpoint, blocking_policies};
pub use pod::{Account, Container, VariableSource, Workload, annotation_path, container_path, manager_path};
pub use ports::{PortFault, port_faults, same_ports};
pub use probes::{UnknownPort, unknown_ports};
pub use quota::{NoRoom, no_room};
pub use reading::variables;
pub use refused::{ObjectFault, misfits_of, object_faults};
pub use schema::{Bound, FieldType, FindNearest, Misfit, QUANTITY, built_in_schema, misfits};
pub use separation::{NameField, hides_services, needed_by, separating_policies};
pub use services::{ServiceFault, service_fault};
pub use start::{NoStart, faults_of_start};
pub use volumes::repeated_entries;
pub use writable::unwritable;

use crate::effect::environment::Environment;
use crate::model::{Platform, Provider};

/// The identities that the pods of a workload will have on a platform.
pub fn effect(platform: Platform, workload: &Workload<'_>) -> Effect {
    let mut effect = Effect::default();
    let Some(manager) = workload.manager() else {
        effect.obstacles.extend(Provider::ALL.into_iter().map(|provider| (provider, Obstacle::NoManager)));
        return effect;
    };
    let mut environment = Environment::new(&manager, workload);
    match platform {
        Platform::Eks => environment.mutate_on_eks(workload, &mut effect),
        Platform::Aks => environment.mutate_on_aks(workload, &mut effect),
        Platform::Gke | Platform::Kubernetes => {}
    }
    environment.add_sources(&manager, workload, &mut effect);
    environment.read_aws(&mut effect);
    environment.find_diversions(&mut effect);
    effect.has_proxy = environment.has_proxy();
    environment.read_azure(&mut effect);
    environment.read_gcp(platform, workload, &mut effect);
    effect
}
