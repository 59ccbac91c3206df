//! A Pod's spec as the API server keeps it: every field, with Go's names, in their order. The
//! server prints the difference of two when an update changes what may not change (VAL-25).

use super::output::{json_at, quoted, Value};

/// Structures: name, then fields in order. A field is `Name` (null if absent), `Name=` (an empty
/// text), `Name=0`, `Name=false`, or with a structure: `Name@Structure` (null if absent),
/// `Name:Structure` (always there). Elements of lists have the structure of their list.
const STRUCTURES: &[(&str, &str)] = &[
    (
        "PodSpec",
        "Volumes@Volume InitContainers@Container Containers@Container EphemeralContainers \
         RestartPolicy= TerminationGracePeriodSeconds ActiveDeadlineSeconds DNSPolicy= NodeSelector \
         ServiceAccountName= AutomountServiceAccountToken NodeName= SecurityContext@PodSecurity \
         ImagePullSecrets@Reference Hostname= Subdomain= SetHostnameAsFQDN Affinity SchedulerName= \
         Tolerations@Toleration HostAliases PriorityClassName= Priority PreemptionPolicy DNSConfig \
         ReadinessGates@Gate RuntimeClassName Overhead EnableServiceLinks TopologySpreadConstraints \
         OS SchedulingGates@Reference ResourceClaims Resources HostnameOverride",
    ),
    (
        "Volume",
        "Name= HostPath@HostPath EmptyDir@EmptyDir GCEPersistentDisk AWSElasticBlockStore GitRepo \
         Secret@Secret NFS ISCSI Glusterfs PersistentVolumeClaim@Claim RBD Quobyte FlexVolume Cinder \
         CephFS Flocker DownwardAPI@DownwardAPI FC AzureFile ConfigMap@ConfigMapVolume VsphereVolume \
         AzureDisk PhotonPersistentDisk Projected@Projected PortworxVolume ScaleIO StorageOS CSI \
         Ephemeral Image",
    ),
    ("HostPath", "Path= Type"),
    ("EmptyDir", "Medium= SizeLimit"),
    ("Secret", "SecretName= Items@KeyToPath DefaultMode Optional"),
    ("Claim", "ClaimName= ReadOnly=false"),
    ("ConfigMapVolume", "Name= Items@KeyToPath DefaultMode Optional"),
    ("ConfigMapSource", "Name= Items@KeyToPath Optional"),
    ("KeyToPath", "Key= Path= Mode"),
    ("Projected", "Sources@Source DefaultMode"),
    (
        "Source",
        "Secret@ConfigMapSource DownwardAPI@DownwardSource ConfigMap@ConfigMapSource \
         ServiceAccountToken@Token ClusterTrustBundle PodCertificate",
    ),
    ("Token", "Audience= ExpirationSeconds=0 Path="),
    ("DownwardAPI", "Items@DownwardFile DefaultMode"),
    ("DownwardSource", "Items@DownwardFile"),
    ("DownwardFile", "Path= FieldRef@FieldRef ResourceFieldRef Mode"),
    ("FieldRef", "APIVersion= FieldPath="),
    (
        "Container",
        "Name= Image= Command Args WorkingDir= Ports@Port EnvFrom@EnvFrom Env@Env \
         Resources:Resources ResizePolicy RestartPolicy RestartPolicyRules VolumeMounts@Mount \
         VolumeDevices LivenessProbe@Probe ReadinessProbe@Probe StartupProbe@Probe \
         Lifecycle@Lifecycle TerminationMessagePath= TerminationMessagePolicy= ImagePullPolicy= \
         SecurityContext Stdin=false StdinOnce=false TTY=false",
    ),
    ("Port", "Name= HostPort=0 ContainerPort=0 Protocol= HostIP="),
    ("EnvFrom", "Prefix= ConfigMapRef@OptionalName SecretRef@OptionalName"),
    ("OptionalName", "Name= Optional"),
    ("Env", "Name= Value= ValueFrom@EnvSource"),
    (
        "EnvSource",
        "FieldRef@FieldRef ResourceFieldRef ConfigMapKeyRef@KeyRef SecretKeyRef@KeyRef FileKeyRef",
    ),
    ("KeyRef", "Name= Key= Optional"),
    ("Resources", "Limits Requests Claims"),
    (
        "Mount",
        "Name= ReadOnly=false RecursiveReadOnly MountPath= SubPath= MountPropagation SubPathExpr=",
    ),
    (
        "Probe",
        "Exec@Exec HTTPGet@HTTPGet TCPSocket@TCPSocket GRPC@GRPC InitialDelaySeconds=0 \
         TimeoutSeconds=0 PeriodSeconds=0 SuccessThreshold=0 FailureThreshold=0 \
         TerminationGracePeriodSeconds",
    ),
    ("Exec", "Command"),
    ("HTTPGet", "Path= Port Host= Scheme= HTTPHeaders@Header"),
    ("Header", "Name= Value="),
    ("TCPSocket", "Port Host="),
    ("GRPC", "Port=0 Service"),
    ("Lifecycle", "PostStart@Handler PreStop@Handler StopSignal"),
    ("Handler", "Exec@Exec HTTPGet@HTTPGet TCPSocket@TCPSocket Sleep@Sleep"),
    ("Sleep", "Seconds=0"),
    (
        "PodSecurity",
        "HostNetwork=false HostPID=false HostIPC=false ShareProcessNamespace HostUsers \
         SELinuxOptions WindowsOptions RunAsUser RunAsGroup RunAsNonRoot SupplementalGroups \
         SupplementalGroupsPolicy FSGroup FSGroupChangePolicy Sysctls SeccompProfile \
         AppArmorProfile SELinuxChangePolicy",
    ),
    ("Reference", "Name="),
    ("Gate", "ConditionType="),
    ("Toleration", "Key= Operator= Value= Effect= TolerationSeconds"),
];

/// Fields of the spec that the server keeps in its security context.
const MOVED: [&str; 4] = ["hostIPC", "hostNetwork", "hostPID", "shareProcessNamespace"];

/// The JSON of a spec that is given as the API shows it.
pub fn internal_spec(spec: &Value) -> String {
    let mut spec = spec.clone();
    if let Value::Map(fields) = &mut spec {
        let moved: Vec<_> = MOVED
            .iter()
            .filter_map(|key| fields.remove_entry(*key))
            .collect();
        if let Some(Value::Map(security)) = fields.get_mut("securityContext") {
            security.extend(moved);
        }
    }
    let mut out = String::new();
    structure(&spec, "PodSpec", 0, &mut out);
    out.push('\n');
    out
}

fn structure(value: &Value, name: &str, level: usize, out: &mut String) {
    let known = STRUCTURES.iter().find(|(known, _)| *known == name);
    let fields = known.map_or("", |(_, fields)| fields);
    out.push('{');
    for (index, field) in fields.split(' ').enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        pad(level + 1, out);
        let at = field.find(['=', '@', ':']).unwrap_or(field.len());
        let (name, rest) = field.split_at(at);
        quoted(name, out);
        out.push_str(": ");
        let found = value
            .get(&api_name(name))
            .filter(|value| **value != Value::Null);
        match (found, rest.chars().next(), rest.get(1..).unwrap_or("")) {
            (Some(value), Some('@' | ':'), of) => structured(value, of, level + 1, out),
            (None, Some(':'), of) => structure(&Value::Null, of, level + 1, out),
            (None, Some('='), "") => out.push_str("\"\""),
            (None, Some('='), default) => out.push_str(default),
            (None, ..) => out.push_str("null"),
            // What has no structure here: as it is, keys as the API has them.
            (Some(value), ..) => json_at(value, level + 1, out),
        }
    }
    out.push('\n');
    pad(level, out);
    out.push('}');
}

/// A structure, or a list of them.
fn structured(value: &Value, of: &str, level: usize, out: &mut String) {
    match value {
        Value::List(items) => list(items, level, out, &|item, out| {
            structure(item, of, level + 1, out);
        }),
        value => structure(value, of, level, out),
    }
}

fn list(items: &[Value], level: usize, out: &mut String, write: &dyn Fn(&Value, &mut String)) {
    if items.is_empty() {
        return out.push_str("[]");
    }
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        pad(level + 1, out);
        write(item, out);
    }
    out.push('\n');
    pad(level, out);
    out.push(']');
}

fn pad(level: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', level));
}

/// `HTTPGet` is `httpGet` in the API, `TTY` is `tty`, `HostIP` `hostIP`.
fn api_name(name: &str) -> String {
    let capitals = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let lower = match capitals {
        all if all == name.len() => all,
        0 | 1 => 1,
        several => several - 1,
    };
    let (first, rest) = name.split_at(lower.min(name.len()));
    [&first.to_ascii_lowercase(), rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_api_follow_from_gos() {
        for (name, expected) in [
            ("HTTPGet", "httpGet"),
            ("TTY", "tty"),
            ("HostIP", "hostIP"),
            ("DNSPolicy", "dnsPolicy"),
            ("Name", "name"),
            ("SELinuxOptions", "seLinuxOptions"),
            ("GRPC", "grpc"),
        ] {
            assert_eq!(api_name(name), expected);
        }
    }

    #[test]
    fn every_structure_that_is_named_is_there() {
        for (name, fields) in STRUCTURES {
            for field in fields.split_whitespace() {
                if let Some((_, of)) = field.split_once(['@', ':']) {
                    let known = STRUCTURES.iter().any(|(known, _)| *known == of);
                    assert!(known, "{name}: {field}");
                }
            }
        }
    }
}
