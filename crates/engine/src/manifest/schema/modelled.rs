//! Fields that have an effect here. What else the API server takes is accepted and marked.

/// For each structure its modelled fields; structures that are not listed are taken as a whole.
const MODELLED: &[(&str, &str)] = &[
    ("ConfigMap", "apiVersion data kind metadata"),
    ("ConfigMapVolumeSource", "defaultMode items name optional"),
    (
        "Container",
        "args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports \
         readinessProbe resources restartPolicy restartPolicyRules securityContext startupProbe stdin \
         terminationMessagePath terminationMessagePolicy tty volumeMounts workingDir",
    ),
    (
        "DaemonSetSpec",
        "minReadySeconds revisionHistoryLimit selector template updateStrategy",
    ),
    ("EmptyDirVolumeSource", "sizeLimit"),
    (
        "EnvVarSource",
        "configMapKeyRef fieldRef resourceFieldRef secretKeyRef",
    ),
    ("HostPathVolumeSource", "path type"),
    (
        "JobSpec",
        "activeDeadlineSeconds backoffLimit backoffLimitPerIndex completionMode completions \
         maxFailedIndexes parallelism podFailurePolicy podReplacementPolicy selector successPolicy \
         suspend template ttlSecondsAfterFinished",
    ),
    ("KeyToPath", "key mode path"),
    ("NodeSpec", "taints unschedulable"),
    (
        "ObjectMeta",
        "annotations creationTimestamp generateName generation labels managedFields name \
         namespace resourceVersion selfLink uid",
    ),
    ("PersistentVolumeClaimVolumeSource", "claimName"),
    (
        "PodAffinityTerm",
        "labelSelector namespaceSelector namespaces topologyKey",
    ),
    ("PodDisruptionBudget", "apiVersion kind metadata spec"),
    (
        "PodDisruptionBudgetSpec",
        "maxUnavailable minAvailable selector unhealthyPodEvictionPolicy",
    ),
    (
        "PodSecurityContext",
        "fsGroup fsGroupChangePolicy runAsGroup runAsNonRoot runAsUser supplementalGroups",
    ),
    (
        "PodSpec",
        "activeDeadlineSeconds affinity containers enableServiceLinks hostNetwork hostname imagePullSecrets \
         initContainers nodeName nodeSelector preemptionPolicy priority priorityClassName readinessGates resources restartPolicy schedulerName schedulingGates securityContext \
         serviceAccount serviceAccountName shareProcessNamespace subdomain terminationGracePeriodSeconds \
         tolerations topologySpreadConstraints volumes",
    ),
    (
        "PriorityClass",
        "apiVersion description globalDefault kind metadata preemptionPolicy value",
    ),
    ("ResourceRequirements", "limits requests"),
    ("Secret", "apiVersion data kind metadata stringData type"),
    ("SecretVolumeSource", "defaultMode items optional secretName"),
    (
        "SecurityContext",
        "readOnlyRootFilesystem runAsGroup runAsNonRoot runAsUser",
    ),
    ("ServiceAccount", "apiVersion kind metadata"),
    ("ServicePort", "name nodePort port protocol targetPort"),
    (
        "ServiceSpec",
        "clusterIP clusterIPs externalName externalTrafficPolicy internalTrafficPolicy ports \
         publishNotReadyAddresses selector sessionAffinity sessionAffinityConfig type",
    ),
    (
        "StatefulSetSpec",
        "minReadySeconds ordinals persistentVolumeClaimRetentionPolicy podManagementPolicy replicas \
         revisionHistoryLimit selector serviceName template updateStrategy volumeClaimTemplates",
    ),
    (
        "Volume",
        "configMap downwardAPI emptyDir hostPath name persistentVolumeClaim projected secret",
    ),
    ("VolumeMount", "mountPath name readOnly subPath"),
    (
        "VolumeProjection",
        "configMap downwardAPI secret serviceAccountToken",
    ),
];

/// The modelled fields of a structure; None: all.
pub fn modelled_fields(definition: &str) -> Option<&'static str> {
    MODELLED
        .binary_search_by(|(name, _)| (*name).cmp(definition))
        .ok()
        .map(|found| MODELLED[found].1)
}

#[cfg(test)]
mod tests {
    use super::super::schema;
    use super::*;

    #[test]
    fn every_listed_field_exists() {
        assert!(MODELLED.is_sorted_by_key(|(name, _)| *name));
        for (name, fields) in MODELLED {
            let number = schema().find(name).unwrap_or_else(|| panic!("{name}"));
            for field in fields.split_whitespace() {
                let known = schema().definition(number).field(field);
                assert!(known.is_some(), "{name}.{field}");
            }
        }
    }
}
