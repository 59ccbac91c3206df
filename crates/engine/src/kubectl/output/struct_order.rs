//! The order in which Go's structures have the fields of the API: kubectl prints objects of its own
//! making so, and those of the server sorted.
//! Source: the types of k8s.io/api 1.36.

/// A structure and its fields in order; `field=Structure` if it holds one, or a list of them.
const STRUCTURES: &[(&str, &str)] = &[
    ("", "kind apiVersion metadata=Meta"),
    ("ConfigMap", "kind apiVersion metadata=Meta immutable data binaryData"),
    ("CronJob", "kind apiVersion metadata=Meta spec=CronJobSpec status"),
    ("DaemonSet", "kind apiVersion metadata=Meta spec=DaemonSetSpec status=DaemonSetStatus"),
    ("Deployment", "kind apiVersion metadata=Meta spec=DeploymentSpec status=DeploymentStatus"),
    (
        "Event",
        "kind apiVersion metadata=Meta involvedObject=Reference reason message source=Source \
         firstTimestamp lastTimestamp count type eventTime series action related \
         reportingComponent reportingInstance",
    ),
    ("EventList", "kind apiVersion metadata items=Event"),
    ("HorizontalPodAutoscaler", "kind apiVersion metadata=Meta spec=ScalerSpec status=ScalerStatus"),
    ("Job", "kind apiVersion metadata=Meta spec=JobSpec status=JobStatus"),
    ("Node", "kind apiVersion metadata=Meta spec=NodeSpec status=NodeStatus"),
    ("Pod", "kind apiVersion metadata=Meta spec=PodSpec status=PodStatus"),
    ("PodDisruptionBudget", "kind apiVersion metadata=Meta spec=BudgetSpec status=BudgetStatus"),
    (
        "PriorityClass",
        "kind apiVersion metadata=Meta value globalDefault description preemptionPolicy",
    ),
    ("ReplicaSet", "kind apiVersion metadata=Meta spec=ReplicaSetSpec status=ReplicaSetStatus"),
    ("Secret", "kind apiVersion metadata=Meta immutable data stringData type"),
    ("Service", "kind apiVersion metadata=Meta spec=ServiceSpec status"),
    ("StatefulSet", "kind apiVersion metadata=Meta spec=StatefulSetSpec status=StatefulSetStatus"),
    (
        "Meta",
        "name generateName namespace uid resourceVersion generation creationTimestamp \
         deletionTimestamp deletionGracePeriodSeconds labels annotations ownerReferences=Owner \
         finalizers",
    ),
    ("Owner", "apiVersion kind name uid controller blockOwnerDeletion"),
    ("Reference", "kind namespace name uid apiVersion resourceVersion fieldPath"),
    ("Source", "component host"),
    ("Selector", "matchLabels matchExpressions=Requirement"),
    ("Requirement", "key operator values"),
    ("Template", "metadata=Meta spec=PodSpec"),
    (
        "PodSpec",
        "volumes=Volume initContainers=Container containers=Container ephemeralContainers \
         restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector \
         serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork \
         hostPID hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain \
         affinity schedulerName tolerations=Toleration hostAliases priorityClassName priority \
         dnsConfig readinessGates runtimeClassName enableServiceLinks preemptionPolicy overhead \
         topologySpreadConstraints=Spread setHostnameAsFQDN os hostUsers schedulingGates \
         resourceClaims resources=Resources hostnameOverride",
    ),
    (
        "Volume",
        "name hostPath=HostPath emptyDir=EmptyDir secret=Secrets persistentVolumeClaim=Claim \
         downwardAPI configMap=ConfigMaps projected=Projected",
    ),
    ("HostPath", "path type"),
    ("EmptyDir", "medium sizeLimit"),
    ("Secrets", "secretName items=Item defaultMode optional"),
    ("ConfigMaps", "name items=Item defaultMode optional"),
    ("Claim", "claimName readOnly"),
    ("Item", "key path mode"),
    ("Projected", "sources defaultMode"),
    ("Toleration", "key operator value effect tolerationSeconds"),
    (
        "Spread",
        "maxSkew topologyKey whenUnsatisfiable labelSelector=Selector minDomains \
         nodeAffinityPolicy nodeTaintsPolicy matchLabelKeys",
    ),
    (
        "Container",
        "name image command args workingDir ports=ContainerPort envFrom=EnvFrom env=Env \
         resources=Resources resizePolicy restartPolicy restartPolicyRules volumeMounts=Mount \
         volumeDevices livenessProbe=Probe readinessProbe=Probe startupProbe=Probe \
         lifecycle=Lifecycle terminationMessagePath terminationMessagePolicy imagePullPolicy \
         securityContext stdin stdinOnce tty",
    ),
    ("ContainerPort", "name hostPort containerPort protocol hostIP"),
    ("EnvFrom", "prefix configMapRef=KeyRef secretRef=KeyRef"),
    ("Env", "name value valueFrom=EnvSource"),
    (
        "EnvSource",
        "fieldRef=FieldRef resourceFieldRef=ResourceRef configMapKeyRef=KeyRef secretKeyRef=KeyRef",
    ),
    ("FieldRef", "apiVersion fieldPath"),
    ("ResourceRef", "containerName resource divisor"),
    ("KeyRef", "name key optional"),
    ("Resources", "limits requests claims"),
    ("Mount", "name readOnly recursiveReadOnly mountPath subPath mountPropagation subPathExpr"),
    (
        "Probe",
        "exec httpGet=HttpGet tcpSocket=Socket grpc=Grpc initialDelaySeconds timeoutSeconds \
         periodSeconds successThreshold failureThreshold terminationGracePeriodSeconds",
    ),
    ("HttpGet", "path port host scheme httpHeaders=Pair"),
    ("Socket", "port host"),
    ("Grpc", "port service"),
    ("Pair", "name value"),
    ("Lifecycle", "postStart=Probe preStop=Probe stopSignal"),
    (
        "PodStatus",
        "observedGeneration phase conditions=PodCondition message reason nominatedNodeName hostIP \
         hostIPs podIP podIPs startTime initContainerStatuses=ContainerStatus \
         containerStatuses=ContainerStatus qosClass",
    ),
    (
        "PodCondition",
        "type observedGeneration status lastProbeTime lastTransitionTime reason message",
    ),
    (
        "ContainerStatus",
        "name state lastState ready restartCount image imageID containerID started",
    ),
    (
        "DeploymentSpec",
        "replicas selector=Selector template=Template strategy=Strategy minReadySeconds \
         revisionHistoryLimit paused progressDeadlineSeconds",
    ),
    ("Strategy", "type rollingUpdate=Rolling"),
    ("Rolling", "partition maxUnavailable maxSurge"),
    (
        "DeploymentStatus",
        "observedGeneration replicas updatedReplicas readyReplicas availableReplicas \
         unavailableReplicas terminatingReplicas conditions=Condition collisionCount",
    ),
    (
        "Condition",
        "type status lastHeartbeatTime lastProbeTime lastUpdateTime lastTransitionTime reason message",
    ),
    ("ReplicaSetSpec", "replicas minReadySeconds selector=Selector template=Template"),
    (
        "ReplicaSetStatus",
        "replicas fullyLabeledReplicas readyReplicas availableReplicas terminatingReplicas \
         observedGeneration conditions=Condition",
    ),
    (
        "StatefulSetSpec",
        "replicas selector=Selector template=Template volumeClaimTemplates serviceName \
         podManagementPolicy updateStrategy=Strategy revisionHistoryLimit minReadySeconds \
         persistentVolumeClaimRetentionPolicy ordinals",
    ),
    (
        "StatefulSetStatus",
        "observedGeneration replicas readyReplicas currentReplicas updatedReplicas currentRevision \
         updateRevision collisionCount conditions=Condition availableReplicas",
    ),
    (
        "DaemonSetSpec",
        "selector=Selector template=Template updateStrategy=Strategy minReadySeconds \
         revisionHistoryLimit",
    ),
    (
        "DaemonSetStatus",
        "currentNumberScheduled numberMisscheduled desiredNumberScheduled numberReady \
         observedGeneration updatedNumberScheduled numberAvailable numberUnavailable collisionCount \
         conditions=Condition",
    ),
    (
        "JobSpec",
        "parallelism completions activeDeadlineSeconds podFailurePolicy successPolicy backoffLimit \
         backoffLimitPerIndex maxFailedIndexes selector=Selector manualSelector template=Template \
         ttlSecondsAfterFinished completionMode suspend podReplacementPolicy managedBy",
    ),
    (
        "JobStatus",
        "conditions=Condition startTime completionTime active succeeded failed terminating \
         completedIndexes failedIndexes uncountedTerminatedPods ready",
    ),
    (
        "CronJobSpec",
        "schedule timeZone startingDeadlineSeconds concurrencyPolicy suspend jobTemplate=JobTemplate \
         successfulJobsHistoryLimit failedJobsHistoryLimit",
    ),
    ("JobTemplate", "metadata=Meta spec=JobSpec"),
    (
        "ServiceSpec",
        "ports=ServicePort selector clusterIP clusterIPs type externalIPs sessionAffinity \
         loadBalancerIP loadBalancerSourceRanges externalName externalTrafficPolicy \
         healthCheckNodePort publishNotReadyAddresses sessionAffinityConfig ipFamilies \
         ipFamilyPolicy allocateLoadBalancerNodePorts loadBalancerClass internalTrafficPolicy \
         trafficDistribution",
    ),
    ("ServicePort", "name protocol appProtocol port targetPort nodePort"),
    ("BudgetSpec", "minAvailable selector=Selector maxUnavailable unhealthyPodEvictionPolicy"),
    (
        "BudgetStatus",
        "observedGeneration disruptedPods disruptionsAllowed currentHealthy desiredHealthy \
         expectedPods conditions=Condition",
    ),
    ("ScalerSpec", "scaleTargetRef=Scaled minReplicas maxReplicas metrics=Metric behavior"),
    ("Scaled", "kind name apiVersion"),
    ("Metric", "type resource=ResourceMetric"),
    ("ResourceMetric", "name target=MetricTarget"),
    ("MetricTarget", "type value averageValue averageUtilization"),
    (
        "ScalerStatus",
        "observedGeneration lastScaleTime currentReplicas desiredReplicas currentMetrics conditions",
    ),
    ("NodeSpec", "podCIDR podCIDRs providerID unschedulable taints=Taint"),
    ("Taint", "key value effect timeAdded"),
    (
        "NodeStatus",
        "capacity allocatable phase conditions=Condition addresses=Address daemonEndpoints nodeInfo \
         images",
    ),
    ("Address", "type address"),
];

/// The fields of a structure in order, each with the structure that it holds; that of an object
/// whose kind is not known has its head only.
pub fn fields(structure: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let of = |name: &str| STRUCTURES.iter().find(|(other, _)| *other == name);
    let found = of(structure).map_or("", |(_, fields)| *fields);
    let fields = found.split(' ').filter(|field| !field.is_empty());
    fields.map(|field| field.split_once('=').unwrap_or((field, PLAIN)))
}

/// What is no structure that is known: its keys are sorted.
pub const PLAIN: &str = "-";

/// The structure of an object of a kind.
pub fn of_kind(kind: &str) -> &'static str {
    let mut known = STRUCTURES.iter().map(|(name, _)| *name);
    known.find(|name| *name == kind).unwrap_or("")
}
