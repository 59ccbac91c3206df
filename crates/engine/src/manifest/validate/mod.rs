//! The API server's rules beyond types (validation.md §4–§6), with its words and in its order.
//!
//! Works on the tree after the schema check, so that every complaint has its place in the text.

mod access;
mod address;
mod allocation;
mod autoscaler;
mod changes;
mod container;
mod cron;
mod data;
mod disruption;
mod dns;
mod endpoints;
mod env;
mod errors;
mod ingress;
mod job;
mod limits;
mod metadata;
mod mount;
mod names;
mod network_policy;
mod placement;
mod pod;
mod pod_resources;
mod probe;
mod reference;
mod replication;
mod resources;
mod restart;
mod security;
mod service;
mod volume;
mod warnings;
mod workload;

pub use changes::{refused_changes, RefusedChanges};
pub use endpoints::DEPRECATED as ENDPOINTS_DEPRECATED;
pub use errors::{Errors, FieldError};
pub use metadata::generated_name;
pub use names::{config_key, label_value, path_segment, port_name, qualified_name, subdomain};

use super::field::Field;
use super::yaml::Node;

/// Errors and warnings of an object whose fields have the right types. Kinds without rules here
/// have none.
pub fn validate(kind: &str, root: &Node) -> Errors {
    let mut errors = Errors::default();
    let root = Field::root(root);
    match kind {
        "Pod" => pod::validate_pod(&root, &mut errors),
        "Deployment" => workload::validate_deployment(&root, &mut errors),
        "ReplicaSet" => workload::validate_replica_set(&root, &mut errors),
        "StatefulSet" => workload::validate_stateful_set(&root, &mut errors),
        "DaemonSet" => workload::validate_daemon_set(&root, &mut errors),
        "Job" => job::validate_job(&root, &mut errors),
        "CronJob" => job::validate_cron_job(&root, &mut errors),
        "Service" => service::validate_service(&root, &mut errors),
        "ConfigMap" | "Secret" => data::validate_config_data(&root, kind, &mut errors),
        "Namespace" => data::validate_namespace(&root, &mut errors),
        "Node" => data::validate_node(&root, &mut errors),
        "PriorityClass" => data::validate_priority_class(&root, &mut errors),
        "PodDisruptionBudget" => disruption::validate_budget(&root, &mut errors),
        "Endpoints" => endpoints::validate_endpoints(&root, &mut errors),
        "EndpointSlice" => endpoints::validate_slice(&root, &mut errors),
        "PersistentVolumeClaim" => data::validate_claim(&root, &mut errors),
        "LimitRange" => limits::validate_limit_range(&root, &mut errors),
        "ResourceQuota" => limits::validate_quota(&root, &mut errors),
        "ReplicationController" => replication::validate_replication_controller(&root, &mut errors),
        "PodTemplate" => replication::validate_pod_template(&root, &mut errors),
        "Ingress" => ingress::validate_ingress(&root, &mut errors),
        "NetworkPolicy" => network_policy::validate_network_policy(&root, &mut errors),
        "HorizontalPodAutoscaler" => autoscaler::validate_autoscaler(&root, &mut errors),
        "Role" | "ClusterRole" => access::validate_role(&root, kind, &mut errors),
        "RoleBinding" | "ClusterRoleBinding" => access::validate_binding(&root, kind, &mut errors),
        "ServiceAccount" => {
            metadata::validate_metadata(&root, metadata::NameRule::Subdomain, &mut errors)
        }
        _ => metadata::validate_metadata(&root, metadata::NameRule::Any, &mut errors),
    }
    errors
}
