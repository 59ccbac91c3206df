//! The API's resources: how a command line names them (GET-03).

use super::failure::Failure;

/// A resource of the API server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// In plural: `pods`.
    pub plural: &'static str,
    /// Short names, separated by commas.
    pub short: &'static str,
    /// `v1`, `apps/v1`.
    pub api_version: &'static str,
    pub namespaced: bool,
    pub kind: &'static str,
}

const fn row(
    plural: &'static str,
    short: &'static str,
    api_version: &'static str,
    namespaced: bool,
    kind: &'static str,
) -> Resource {
    Resource {
        plural,
        short,
        api_version,
        namespaced,
        kind,
    }
}

/// All resources, in the order in which `kubectl api-resources` lists them.
#[rustfmt::skip]
pub const RESOURCES: &[Resource] = &[
    row("bindings", "", "v1", true, "Binding"),
    row("componentstatuses", "cs", "v1", false, "ComponentStatus"),
    row("configmaps", "cm", "v1", true, "ConfigMap"),
    row("endpoints", "ep", "v1", true, "Endpoints"),
    row("events", "ev", "v1", true, "Event"),
    row("limitranges", "limits", "v1", true, "LimitRange"),
    row("namespaces", "ns", "v1", false, "Namespace"),
    row("nodes", "no", "v1", false, "Node"),
    row("persistentvolumeclaims", "pvc", "v1", true, "PersistentVolumeClaim"),
    row("persistentvolumes", "pv", "v1", false, "PersistentVolume"),
    row("pods", "po", "v1", true, "Pod"),
    row("podtemplates", "", "v1", true, "PodTemplate"),
    row("replicationcontrollers", "rc", "v1", true, "ReplicationController"),
    row("resourcequotas", "quota", "v1", true, "ResourceQuota"),
    row("secrets", "", "v1", true, "Secret"),
    row("serviceaccounts", "sa", "v1", true, "ServiceAccount"),
    row("services", "svc", "v1", true, "Service"),
    row("mutatingadmissionpolicies", "", "admissionregistration.k8s.io/v1", false, "MutatingAdmissionPolicy"),
    row("mutatingadmissionpolicybindings", "", "admissionregistration.k8s.io/v1", false, "MutatingAdmissionPolicyBinding"),
    row("mutatingwebhookconfigurations", "", "admissionregistration.k8s.io/v1", false, "MutatingWebhookConfiguration"),
    row("validatingadmissionpolicies", "", "admissionregistration.k8s.io/v1", false, "ValidatingAdmissionPolicy"),
    row("validatingadmissionpolicybindings", "", "admissionregistration.k8s.io/v1", false, "ValidatingAdmissionPolicyBinding"),
    row("validatingwebhookconfigurations", "", "admissionregistration.k8s.io/v1", false, "ValidatingWebhookConfiguration"),
    row("customresourcedefinitions", "crd,crds", "apiextensions.k8s.io/v1", false, "CustomResourceDefinition"),
    row("apiservices", "", "apiregistration.k8s.io/v1", false, "APIService"),
    row("controllerrevisions", "", "apps/v1", true, "ControllerRevision"),
    row("daemonsets", "ds", "apps/v1", true, "DaemonSet"),
    row("deployments", "deploy", "apps/v1", true, "Deployment"),
    row("replicasets", "rs", "apps/v1", true, "ReplicaSet"),
    row("statefulsets", "sts", "apps/v1", true, "StatefulSet"),
    row("selfsubjectreviews", "", "authentication.k8s.io/v1", false, "SelfSubjectReview"),
    row("tokenreviews", "", "authentication.k8s.io/v1", false, "TokenReview"),
    row("localsubjectaccessreviews", "", "authorization.k8s.io/v1", true, "LocalSubjectAccessReview"),
    row("selfsubjectaccessreviews", "", "authorization.k8s.io/v1", false, "SelfSubjectAccessReview"),
    row("selfsubjectrulesreviews", "", "authorization.k8s.io/v1", false, "SelfSubjectRulesReview"),
    row("subjectaccessreviews", "", "authorization.k8s.io/v1", false, "SubjectAccessReview"),
    row("horizontalpodautoscalers", "hpa", "autoscaling/v2", true, "HorizontalPodAutoscaler"),
    row("cronjobs", "cj", "batch/v1", true, "CronJob"),
    row("jobs", "", "batch/v1", true, "Job"),
    row("certificatesigningrequests", "csr", "certificates.k8s.io/v1", false, "CertificateSigningRequest"),
    row("leases", "", "coordination.k8s.io/v1", true, "Lease"),
    row("endpointslices", "", "discovery.k8s.io/v1", true, "EndpointSlice"),
    row("events", "ev", "events.k8s.io/v1", true, "Event"),
    row("flowschemas", "", "flowcontrol.apiserver.k8s.io/v1", false, "FlowSchema"),
    row("prioritylevelconfigurations", "", "flowcontrol.apiserver.k8s.io/v1", false, "PriorityLevelConfiguration"),
    row("ingressclasses", "", "networking.k8s.io/v1", false, "IngressClass"),
    row("ingresses", "ing", "networking.k8s.io/v1", true, "Ingress"),
    row("ipaddresses", "ip", "networking.k8s.io/v1", false, "IPAddress"),
    row("networkpolicies", "netpol", "networking.k8s.io/v1", true, "NetworkPolicy"),
    row("servicecidrs", "", "networking.k8s.io/v1", false, "ServiceCIDR"),
    row("runtimeclasses", "", "node.k8s.io/v1", false, "RuntimeClass"),
    row("poddisruptionbudgets", "pdb", "policy/v1", true, "PodDisruptionBudget"),
    row("clusterrolebindings", "", "rbac.authorization.k8s.io/v1", false, "ClusterRoleBinding"),
    row("clusterroles", "", "rbac.authorization.k8s.io/v1", false, "ClusterRole"),
    row("rolebindings", "", "rbac.authorization.k8s.io/v1", true, "RoleBinding"),
    row("roles", "", "rbac.authorization.k8s.io/v1", true, "Role"),
    row("deviceclasses", "", "resource.k8s.io/v1", false, "DeviceClass"),
    row("resourceclaims", "", "resource.k8s.io/v1", true, "ResourceClaim"),
    row("resourceclaimtemplates", "", "resource.k8s.io/v1", true, "ResourceClaimTemplate"),
    row("resourceslices", "", "resource.k8s.io/v1", false, "ResourceSlice"),
    row("priorityclasses", "pc", "scheduling.k8s.io/v1", false, "PriorityClass"),
    row("csidrivers", "", "storage.k8s.io/v1", false, "CSIDriver"),
    row("csinodes", "", "storage.k8s.io/v1", false, "CSINode"),
    row("csistoragecapacities", "", "storage.k8s.io/v1", true, "CSIStorageCapacity"),
    row("storageclasses", "sc", "storage.k8s.io/v1", false, "StorageClass"),
    row("volumeattachments", "", "storage.k8s.io/v1", false, "VolumeAttachment"),
    row("volumeattributesclasses", "vac", "storage.k8s.io/v1", false, "VolumeAttributesClass"),
];

/// What `all` stands for (KUB-05), in order.
pub const ALL: &[&str] = &[
    "pods",
    "replicationcontrollers",
    "services",
    "daemonsets",
    "deployments",
    "replicasets",
    "statefulsets",
    "horizontalpodautoscalers",
    "cronjobs",
    "jobs",
];

impl Resource {
    /// The API group; empty for the core group.
    pub fn group(&self) -> &'static str {
        self.api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
    }

    /// The kind in lower case: `pod`.
    pub fn singular(&self) -> String {
        self.kind.to_ascii_lowercase()
    }

    /// `pods`, `deployments.apps`.
    pub fn qualified(&self) -> String {
        with_group(self.plural, self.group())
    }

    /// `pod`, `deployment.apps`: the beginning of `pod/web`.
    pub fn prefix(&self) -> String {
        with_group(&self.singular(), self.group())
    }

    /// `Pod`, `Deployment.apps`: as the server names what it refuses.
    pub fn kind_with_group(&self) -> String {
        with_group(self.kind, self.group())
    }

    /// `/v1`, `apps/v1`: as kubectl names what it does not find.
    pub fn group_version(&self) -> &'static str {
        match self.group() {
            "" => "/v1",
            _ => self.api_version,
        }
    }

    /// Whether a word of the command line names it.
    fn is_named(&self, word: &str) -> bool {
        let word = word.to_ascii_lowercase();
        let (name, group) = word.split_once('.').unwrap_or((&word, ""));
        let by_name = name == self.plural
            || name == self.singular()
            || self
                .short
                .split(',')
                .any(|short| !short.is_empty() && short == name);
        // `deployments.v1.apps` names the version, too.
        let version = self.api_version.rsplit('/').next().unwrap_or("");
        let versioned = format!("{version}.{}", self.group());
        by_name && (group.is_empty() || group == self.group() || group == versioned)
    }
}

fn with_group(name: &str, group: &str) -> String {
    if group.is_empty() {
        name.to_owned()
    } else {
        format!("{name}.{group}")
    }
}

/// The resource that a word names.
pub fn find(word: &str) -> Result<&'static Resource, Failure> {
    RESOURCES
        .iter()
        .find(|resource| resource.is_named(word))
        .ok_or_else(|| unknown(word))
}

/// The resource of a kind that is simulated.
pub fn of_kind(kind: &str) -> &'static Resource {
    let mut found = RESOURCES.iter().filter(|resource| resource.kind == kind);
    found.next().unwrap_or(&RESOURCES[0])
}

/// ERR-02: the word without version and group.
fn unknown(word: &str) -> Failure {
    let name = word.split('.').next().unwrap_or(word);
    Failure::client(format!(
        "the server doesn't have a resource type \"{name}\""
    ))
}

/// The words between commas, each once.
pub fn distinct(words: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for word in words.split(',') {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// The resources that `po,svc` or `all` name, in order, each once.
pub fn find_all(words: &str) -> Result<Vec<&'static Resource>, Failure> {
    let mut found: Vec<&'static Resource> = Vec::new();
    let mut add = |resource| {
        if !found.contains(&resource) {
            found.push(resource);
        }
    };
    for word in words.split(',') {
        if word == "all" {
            for plural in ALL {
                let mut all = RESOURCES.iter();
                all.find(|resource| resource.plural == *plural)
                    .into_iter()
                    .for_each(&mut add);
            }
        } else {
            add(find(word)?);
        }
    }
    Ok(found)
}
