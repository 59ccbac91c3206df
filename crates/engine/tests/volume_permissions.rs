//! Who may read the files of volumes: modes, `fsGroup`, and the groups of a container's processes.
//! Sources: kubernetes.io/docs/tasks/configure-pod-container/security-context ("Set the security
//! context for a Pod", whose `id` prints `groups=2000,3000,4000`), .../concepts/configuration/secret
//! and what `ls -la` shows of such a volume.

#[path = "support/dialogue.rs"]
mod dialogue;
#[path = "support/visitor.rs"]
mod visitor;

use dialogue::{setup, Dialogue};
use readyz_engine::container::{Mount, Volume};
use visitor::Visitor;

/// A Pod whose readiness probe reads a file of a Secret that only its owner may read.
fn reader(security: &str, more: &str) -> String {
    format!(
        "apiVersion: v1
kind: Secret
metadata: {{name: s}}
stringData: {{password: x, user: u}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: c}}
data: {{app.conf: a=1}}
---
apiVersion: v1
kind: Pod
metadata: {{name: p, labels: {{app: web, tier: front}}, annotations: {{note: 'say \"x\"'}}}}
spec:
  securityContext: {{{security}}}
  containers:
  - name: app
    image: busybox:1.36
    command: [sleep, '3600']
    readinessProbe:
      periodSeconds: 1
      exec: {{command: [cat, /secret/password]}}
    volumeMounts:
    - {{name: s, mountPath: /secret}}
    - {{name: c, mountPath: /config}}
    - {{name: d, mountPath: /data}}
    - {{name: d, mountPath: /part, subPath: a/b}}
    - {{name: c, mountPath: /one.conf, subPath: app.conf}}
    - {{name: all, mountPath: /all}}
  volumes:
  - {{name: s, secret: {{secretName: s, defaultMode: 0400}}}}
  - {{name: c, configMap: {{name: c, items: [{{key: app.conf, path: app.conf, mode: 0640}}]}}}}
  - {{name: d, emptyDir: {{}}}}
  - name: all
    projected:
      defaultMode: 0440
      sources:
      - secret: {{name: s, items: [{{key: user, path: my/user, mode: 0444}}]}}
      - configMap: {{name: c}}
      - downwardAPI: {{items: [{{path: labels, fieldRef: {{fieldPath: metadata.labels}}}}]}}
      - serviceAccountToken: {{path: token}}
{more}"
    )
}

const READY: &str = "kubectl get pod p -o jsonpath={.status.containerStatuses[0].ready}";

fn exec(visitor: &mut Visitor, line: &str) -> String {
    let typed = visitor.types(20, &format!("kubectl exec p -- sh -c '{line}'"));
    let ended = "command terminated with exit code 1\n";
    typed.stdout + &typed.stderr.replace(ended, "")
}

/// Only root owns it: user 1000 cannot read it, and the Pod never becomes ready. `fsGroup` gives it
/// to a group that the user is in.
#[test]
fn a_secret_for_its_owner_alone_is_read_by_the_group_that_it_is_given_to() {
    let mut alone = Visitor::of(&reader("runAsUser: 1000, runAsGroup: 3000", ""));
    assert_eq!(alone.reads(20, READY), "false");
    let described = alone.reads(20, "kubectl describe pod p");
    let why = "Readiness probe failed: cat: can't open '/secret/password': Permission denied";
    assert!(described.contains(why), "{described}");
    let security = "runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000]";
    let mut given = Visitor::of(&reader(security, ""));
    assert_eq!(given.reads(20, READY), "true");
    let mut root = Visitor::of(&reader("", ""));
    assert_eq!(root.reads(20, READY), "true");
    // Not the owner, but of its group: root's, as `runAsGroup` is not set.
    for (line, text) in [
        ("id", "uid=1000 gid=3000 groups=2000,3000,4000\n"),
        ("id -G", "2000 3000 4000\n"),
        (
            "grep -e Gid -e Groups /proc/self/status",
            "Gid:\t3000\t3000\t3000\t3000\nGroups:\t2000 3000 4000\n",
        ),
        ("stat -c \"%a %u %g\" /data", "2777 0 2000\n"),
        (
            "touch /data/f; mkdir /data/d; stat -c \"%a %u %g\" /data/f /data/d",
            "644 1000 2000\n2755 1000 2000\n",
        ),
        ("touch /tmp/f; stat -c \"%u %g\" /tmp/f", "1000 3000\n"),
        ("stat -L -c \"%a %g\" /secret/password", "440 2000\n"),
        ("stat -L -c \"%a %g\" /config/app.conf", "640 2000\n"),
        (
            "stat -L -c \"%a %g\" /all/token /all/my/user",
            "640 2000\n444 2000\n",
        ),
        ("stat -c \"%a %A %u %g\" /part", "2777 drwxrwsrwx 0 2000\n"),
        ("touch /part/x && ls /data/a/b", "x\n"),
    ] {
        assert_eq!(exec(&mut given, line), text, "{line}");
    }
}

/// What lies in volumes that the kubelet writes: links into a directory of the moment.
#[test]
fn what_the_kubelet_writes_is_laid_out_as_its_writer_does() {
    let mut visitor = Visitor::of(&reader("", ""));
    for (line, text) in [
        ("cat /config/app.conf /one.conf", "a=1a=1"),
        ("readlink /config/app.conf", "..data/app.conf\n"),
        (
            "ls /config /all",
            "/all:\napp.conf\nlabels\nmy\ntoken\n\n/config:\napp.conf\n",
        ),
        ("cat /all/my/user; readlink /all/my", "u..data/my\n"),
        ("cat /all/labels", "app=\"web\"\ntier=\"front\""),
        (
            "stat -c \"%a %F\" /secret /config /config/..data",
            "1777 directory\n777 directory\n777 symbolic link\n",
        ),
        (
            "stat -L -c %a /secret/password /config/app.conf /all/app.conf /all/my/user",
            "400\n640\n440\n444\n",
        ),
        (
            "echo x > /config/app.conf",
            "sh: can't create /config/app.conf: Read-only file system\n",
        ),
        (
            "touch /secret/x",
            "touch: /secret/x: Read-only file system\n",
        ),
        (
            "test -f /one.conf && stat -c \"%a %F\" /one.conf",
            "640 regular file\n",
        ),
    ] {
        assert_eq!(exec(&mut visitor, line), text, "{line}");
    }
    let listed = exec(&mut visitor, "ls -A /config");
    let first = listed.lines().next().expect("a line");
    let is_stamp = |text: &str| {
        let mut parts = text.split(['_', '.']).map(str::len);
        [0, 0, 4, 2, 2, 2, 2, 2, 10]
            .iter()
            .all(|wanted| parts.next() == Some(*wanted))
    };
    assert!(is_stamp(first), "{listed}");
    let target = exec(&mut visitor, "readlink /config/..data");
    assert_eq!(target.trim_end(), first);
}

/// kubectl shows what was asked for.
#[test]
fn kubectl_shows_modes_and_groups() {
    let security = "fsGroup: 2000, fsGroupChangePolicy: OnRootMismatch, supplementalGroups: [4000]";
    let mut visitor = Visitor::of(&reader(security, ""));
    for (path, text) in [
        ("{.spec.volumes[0].secret.defaultMode}", "256"),
        ("{.spec.volumes[1].configMap.items[0].mode}", "416"),
        (
            "{.spec.volumes[3].projected.sources[0].secret.items[0].mode}",
            "292",
        ),
        (
            "{.spec.volumes[3].projected.sources[2].downwardAPI.items[0].fieldRef.fieldPath}",
            "metadata.labels",
        ),
        (
            "{.spec.volumes[3].projected.sources[3].serviceAccountToken.expirationSeconds}",
            "3600",
        ),
        (
            "{.spec.securityContext.fsGroup} {.spec.securityContext.fsGroupChangePolicy}",
            "2000 OnRootMismatch",
        ),
        ("{.spec.securityContext.supplementalGroups}", "[4000]"),
        (
            "{.status.containerStatuses[0].user.linux.supplementalGroups}",
            "[0,2000,4000]",
        ),
    ] {
        let line = format!("kubectl get pod p -o jsonpath='{path}'");
        assert_eq!(visitor.reads(20, &line), text, "{path}");
    }
    let described = visitor.reads(20, "kubectl describe pod p");
    let all = "  all:
    Type:                    Projected (a volume that contains injected data from multiple sources)
    SecretName:              s
    Optional:                false
    ConfigMapName:           c
    Optional:                false
    DownwardAPI:             true
    TokenExpirationSeconds:  3600
";
    assert!(described.contains(all), "{described}");
}

/// What is missing in a projected volume is told as the kubelet does, several things at once.
#[test]
fn what_a_projected_volume_lacks_is_told() {
    let text = reader("", "")
        .replace("projected:", "projected: # ")
        .replace(
            "      - configMap: {name: c}\n",
            "      - configMap: {name: nope}\n      - secret: {name: never}\n",
        );
    let mut visitor = Visitor::of(&text);
    let described = visitor.reads(20, "kubectl describe pod p");
    let why = "MountVolume.SetUp failed for volume \"all\" : [configmap \"nope\" not found, secret \"never\" not found]";
    assert!(described.contains(why), "{described}");
    let text = reader("", "").replace("key: user, path: my/user", "key: none, path: my/user");
    let described = Visitor::of(&text).reads(20, "kubectl describe pod p");
    let why =
        "MountVolume.SetUp failed for volume \"all\" : references non-existent secret key: none";
    assert!(described.contains(why), "{described}");
    let text = reader("", "").replace("key: app.conf, path", "key: none, path");
    let described = Visitor::of(&text).reads(20, "kubectl describe pod p");
    let why = "MountVolume.SetUp failed for volume \"c\" : configmap references non-existent config key: none";
    assert!(described.contains(why), "{described}");
}

/// `chown` and `chgrp`: who may give what to whom, and what that leaves of a mode.
#[test]
fn files_are_given_to_users_and_groups() {
    let mut pod = of_user(None, &[]);
    for (line, code, text) in [
        ("touch /tmp/f; chown 1000:2000 /tmp/f; stat -c \"%u %g\" /tmp/f", 0, "1000 2000\n"),
        ("chown :3000 /tmp/f; stat -c \"%u %g\" /tmp/f", 0, "1000 3000\n"),
        ("chgrp 4000 /tmp/f; stat -c \"%u %g\" /tmp/f", 0, "1000 4000\n"),
        ("chown nobody: /tmp/f; stat -c \"%U %G\" /tmp/f", 0, "nobody nogroup\n"),
        ("chmod 6755 /tmp/f; chown 0:0 /tmp/f; stat -c %a /tmp/f", 0, "755\n"),
        ("mkdir -p /tmp/d/e; touch /tmp/d/e/f; chown -R 7:8 /tmp/d; stat -c \"%u %g\" /tmp/d /tmp/d/e/f", 0, "7 8\n7 8\n"),
        ("chgrp nope /tmp/f", 1, "chgrp: unknown group nope\n"),
        ("chown nobody:nope /tmp/f", 1, "chown: unknown group nope\n"),
        ("chown nope /tmp/f", 1, "chown: unknown user nope\n"),
        ("chgrp 1 /tmp/none", 1, "chgrp: /tmp/none: No such file or directory\n"),
        ("ls -ln /tmp/f | cut -c1-26", 0, "-rwxr-xr-x    1 0        0\n"),
    ] {
        let got = pod.probe(&["sh", "-c", line]);
        assert_eq!(got, (code, text.to_string()), "{line}");
    }
    let mut pod = of_user(Some((1_000, 3_000)), &[4_000]);
    for (line, code, text) in [
        (
            "touch /tmp/f; chgrp 4000 /tmp/f; stat -c \"%u %g\" /tmp/f",
            0,
            "1000 4000\n",
        ),
        (
            "chgrp 5000 /tmp/f",
            1,
            "chgrp: /tmp/f: Operation not permitted\n",
        ),
        (
            "chown 1 /tmp/f",
            1,
            "chown: /tmp/f: Operation not permitted\n",
        ),
        (
            "chgrp 3000 /etc/passwd",
            1,
            "chgrp: /etc/passwd: Operation not permitted\n",
        ),
        (
            "chmod 777 /etc/passwd",
            1,
            "chmod: /etc/passwd: Operation not permitted\n",
        ),
        (
            "test -G /tmp/f || chgrp 3000 /tmp/f; test -G /tmp/f && echo own",
            0,
            "own\n",
        ),
        // A mode says of the owner, else of the group, and only then of the others.
        (
            "chmod 077 /tmp/f; cat /tmp/f",
            1,
            "cat: can't open '/tmp/f': Permission denied\n",
        ),
    ] {
        let got = pod.probe(&["sh", "-c", line]);
        assert_eq!(got, (code, text.to_string()), "{line}");
    }
}

/// GNU's `id` names the first group first, BusyBox' has them as the kernel sorts them.
#[test]
fn id_lists_groups_as_each_program_does() {
    for (image, text) in [
        ("busybox:1.36", "uid=1000 gid=3000 groups=2000,3000,4000\n"),
        ("debian:12", "uid=1000 gid=3000 groups=3000,2000,4000\n"),
    ] {
        let mut own = setup(image, &["sleep", "3600"], &[]);
        (own.user, own.group) = (Some(1_000), Some(3_000));
        own.groups = vec![4_000, 2_000, 4_000];
        let mut pod = Dialogue::empty();
        pod.start(0, own).unwrap();
        assert_eq!(pod.probe(&["id"]), (0, text.to_string()), "{image}");
    }
}

fn of_user(user: Option<(u32, u32)>, groups: &[u32]) -> Dialogue {
    let mut own = setup("busybox:1.36", &["sleep", "3600"], &[]);
    own.user = user.map(|(uid, _)| uid);
    own.group = user.map(|(_, gid)| gid);
    own.groups = groups.to_vec();
    own.mounts = vec![Mount {
        volume: 0,
        path: "/data".into(),
        sub_path: String::new(),
        read_only: false,
    }];
    let mut pod = Dialogue::empty();
    pod.world.add_volume(Volume::empty());
    pod.start(0, own).unwrap();
    pod
}
