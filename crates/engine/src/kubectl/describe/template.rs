//! The Pod template of a workload.

use super::container::template_containers;
use super::pod::{tolerations, topology_spread};
use super::volume::volumes;
use super::Text;
use crate::api::PodTemplate;
use crate::manifest::yaml::Node;

/// `written`: the template's spec as its manifest has it.
pub fn template(template: &PodTemplate, written: Option<&Node>, text: &mut Text) {
    let spec = &template.spec;
    text.line(0, "Pod Template:");
    text.labels("  Labels", &template.metadata.labels);
    if !template.metadata.annotations.is_empty() {
        text.annotations("  Annotations", &template.metadata.annotations);
    }
    if !spec.service_account_name.is_empty() {
        text.field(0, "  Service Account", &spec.service_account_name);
    }
    if !spec.init_containers.is_empty() {
        template_containers("Init Containers", &spec.init_containers, text);
    }
    template_containers("Containers", &spec.containers, text);
    volumes(&spec.volumes, None, "  ", text);
    topology_spread("  Topology Spread Constraints", written, text);
    text.labels("  Node-Selectors", &spec.node_selector);
    tolerations("  Tolerations", &spec.tolerations, text);
}

/// The template alone, with its tabs unaligned, as `rollout history --revision` prints it.
pub fn pod_template(of: &PodTemplate, written: Option<&Node>) -> String {
    let mut text = Text::default();
    template(of, written, &mut text);
    text.cells
}
