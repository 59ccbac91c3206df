//! `hostPath` and its types, with the words of the kubelet. Source: kubernetes.io/docs/concepts/
//! storage/volumes/#hostpath-volume-types.

#[path = "support/visitor.rs"]
mod visitor;

use visitor::Visitor;

fn pod(name: &str, path: &str, kind: &str) -> String {
    format!(
        "---
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  nodeName: node-1
  containers:
  - name: app
    image: busybox:1.36
    command: [sleep, '3600']
    volumeMounts: [{{name: h, mountPath: /h}}]
  volumes: [{{name: h, hostPath: {{path: {path}, type: {kind}}}}}]
"
    )
}

/// What is not there, or is something else.
#[test]
fn a_path_that_is_not_what_its_type_says_is_not_mounted() {
    for (path, kind, why) in [
        (
            "/data",
            "Directory",
            "hostPath type check failed: /data is not a directory",
        ),
        (
            "/etc/hosts",
            "Directory",
            "hostPath type check failed: /etc/hosts is not a directory",
        ),
        (
            "/etc/hosts",
            "DirectoryOrCreate",
            "hostPath type check failed: /etc/hosts is not a directory",
        ),
        (
            "/data/f",
            "File",
            "hostPath type check failed: /data/f is not a file",
        ),
        (
            "/var/log",
            "FileOrCreate",
            "hostPath type check failed: /var/log is not a file",
        ),
        (
            "/data/f",
            "FileOrCreate",
            "open /data/f: no such file or directory",
        ),
        (
            "/var/run/docker.sock",
            "Socket",
            "hostPath type check failed: /var/run/docker.sock is not a socket file",
        ),
        (
            "/dev/nvidia0",
            "CharDevice",
            "hostPath type check failed: /dev/nvidia0 is not a character device",
        ),
        (
            "/dev/sdz",
            "BlockDevice",
            "hostPath type check failed: /dev/sdz is not a block device",
        ),
    ] {
        let mut visitor = Visitor::of(&pod("p", path, kind));
        let described = visitor.reads(20, "kubectl describe pod p");
        let why = format!("MountVolume.SetUp failed for volume \"h\" : {why}");
        assert!(described.contains(&why), "{kind} {path}: {described}");
        let row = visitor.reads(20, "kubectl get pod p --no-headers");
        assert!(row.contains("ContainerCreating"), "{row}");
    }
}

#[test]
fn what_is_there_or_is_made_is_mounted() {
    for (path, kind, text) in [
        ("/data/a", "DirectoryOrCreate", "755 directory\n"),
        ("/data/a", "''", "755 directory\n"),
        ("/var/log/", "Directory", "755 directory\n"),
        ("/", "Directory", "755 directory\n"),
        ("/etc/hostname", "File", "644 regular file\n"),
        ("/mnt/f", "FileOrCreate", "644 regular empty file\n"),
        (
            "/var/run/containerd/containerd.sock",
            "Socket",
            "644 regular empty file\n",
        ),
    ] {
        let mut visitor = Visitor::of(&pod("p", path, kind));
        let line = "kubectl exec p -- stat -c '%a %F' /h";
        assert_eq!(visitor.reads(20, line), text, "{kind} {path}");
        let shown = "kubectl get pod p -o jsonpath={.spec.volumes[0].hostPath.type}";
        assert_eq!(visitor.reads(20, shown), kind.trim_matches('\''));
    }
    let mut visitor = Visitor::of(&pod("p", "/etc/hostname", "File"));
    assert_eq!(visitor.reads(20, "kubectl exec p -- cat /h"), "node-1\n");
}

/// What one Pod's volume made, another one finds, tried again until it is there.
#[test]
fn what_was_made_stays_on_the_node() {
    let later = "---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  steps:
  - at: 30s
    apply: |
";
    let maker = pod("b", "/data/a", "DirectoryOrCreate").replace("---\n", "");
    let maker: String = maker
        .lines()
        .map(|line| format!("      {line}\n"))
        .collect();
    let text = pod("a", "/data", "Directory") + later + &maker;
    let mut visitor = Visitor::of(&text);
    let ready = "kubectl get pod a -o jsonpath={.status.containerStatuses[0].ready}";
    assert_eq!(visitor.reads(29, ready), "false");
    assert_eq!(visitor.reads(120, ready), "true");
}
