use crate::session::{Following, Forward, Reply, Request, Session, Shell, Typed};
use crate::time::Instant;

const SHELL: &str = "apiVersion: v1
kind: Pod
metadata: {name: box}
spec:
  containers:
  - name: main
    image: busybox:1.36
    args: [sh, -c, 'touch /tmp/healthy; sleep 3600']
    livenessProbe:
      exec: {command: [cat, /tmp/healthy]}
      periodSeconds: 5
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
  - name: web
    image: porbe-server:v1
    livenessProbe:
      httpGet: {path: /healthz, port: 8080}
      periodSeconds: 3
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
";

pub(super) struct Visitor {
    session: Session,
    shell: Option<Shell>,
    status: u8,
    pub(super) at: Instant,
    pub(super) forwards: Vec<Forward>,
}

impl Visitor {
    fn new() -> Visitor {
        Visitor::of(SHELL)
    }

    pub(super) fn of(text: &str) -> Visitor {
        let mut session = Session::new();
        let reply = session.handle(Request::Load {
            text: text.into(),
            acts: Vec::new(),
            seed: None,
            sight: Instant::NEVER,
        });
        assert!(matches!(reply, Reply::Loaded(loaded) if loaded.run.is_some()));
        Visitor {
            session,
            shell: None,
            status: 0,
            at: Instant::from_secs(20),
            forwards: Vec::new(),
        }
    }

    pub(super) fn types(&mut self, line: &str) -> Typed {
        let reply = self.session.handle(Request::Type {
            line: line.into(),
            at: self.at,
            shell: self.shell.clone(),
            status: self.status,
            manifest: String::new(),
            forwards: self.forwards.clone(),
        });
        let Reply::Typed(typed, _) = reply else {
            panic!("{line}: {reply:?}");
        };
        self.shell.clone_from(&typed.shell);
        self.status = typed.exit_code;
        *typed
    }

    pub(super) fn reads(&mut self, line: &str) -> String {
        let typed = self.types(line);
        assert_eq!((typed.stderr.as_str(), typed.acts.len()), ("", 0), "{line}");
        typed.stdout
    }

    /// What a line typed at a second has printed until another.
    pub(super) fn follows(&mut self, line: &str, from: u64, until: u64) -> Typed {
        let command = Following {
            line: line.into(),
            from: Instant::from_secs(from),
            manifest: String::new(),
        };
        let at = Instant::from_secs(until);
        match self.session.handle(Request::Follow { command, at }) {
            Reply::Typed(typed, None) => *typed,
            other => panic!("{line}: {other:?}"),
        }
    }

    fn tab(&mut self, line: &str) -> Vec<String> {
        let reply = self.session.handle(Request::Complete {
            line: line.into(),
            at: self.at,
            shell: self.shell.clone(),
        });
        match reply {
            Reply::Words(words) => words,
            other => panic!("{other:?}"),
        }
    }

    fn restarts(&mut self, pod: &str, secs: u64) -> u32 {
        let at = Instant::from_secs(secs);
        match self.session.handle(Request::Seek {
            at,
            look: Default::default(),
        }) {
            Reply::View(view) => view
                .pods
                .iter()
                .find(|one| one.name == pod)
                .map_or(0, |one| one.restarts),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn kubectl_goes_through_pipes() {
    let mut visitor = Visitor::new();
    assert_eq!(
        visitor
            .reads("kubectl get pods --no-headers | wc -l")
            .trim(),
        "2"
    );
    let row = visitor.reads("kubectl get pods | grep '^web' | head -1");
    assert!(row.starts_with("web") && row.contains("1/1"), "{row}");
    assert_eq!(visitor.reads("echo hello | grep -c hello"), "1\n");
    let typed = visitor.types("kubctl get pods");
    assert_eq!(typed.exit_code, 127);
}

#[test]
fn lines_have_sequences_redirections_and_substitutions() {
    let mut visitor = Visitor::new();
    let names =
        visitor.reads("kubectl get pod box -o name; echo; k get pod web -o name && echo ok");
    assert_eq!(names, "pod/box\n\npod/web\nok\n");
    let typed = visitor.types("kubectl get pod x || echo none");
    assert_eq!((typed.stdout.as_str(), typed.exit_code), ("none\n", 0));
    assert_eq!(visitor.types("kubectl get pod x && echo some").exit_code, 1);
    let piped = visitor.reads("kubectl get pod x 2>&1 | grep -c NotFound");
    assert_eq!(piped, "1\n");
    assert_eq!(
        visitor
            .reads("kubectl get pod x 2>/dev/null | wc -l")
            .trim(),
        "0"
    );
    let row = visitor.reads("kubectl get $(kubectl get pod web -o name) --no-headers");
    assert!(row.starts_with("web"), "{row}");
    let watched = visitor.types("watch -n 1 kubectl get pods");
    assert!(watched
        .stdout
        .starts_with("Every 1.0s: kubectl get pods\n\nNAME"));
    assert!(watched.unfinished);
    visitor.types("kubectl get pod x");
    assert_eq!(visitor.reads("echo $?"), "1\n");
}

#[test]
fn what_a_substitution_prints_is_text() {
    let mut visitor = Visitor::new();
    let names = visitor.reads("echo $(kubectl get pods -o name)");
    assert_eq!(names, "pod/box pod/web\n");
    let lines = visitor.reads("echo \"$(kubectl get pods -o name)\"");
    assert_eq!(lines, "pod/box\npod/web\n");
    let name = visitor.reads("echo \"it's $(kubectl get pod web -o name)\"");
    assert_eq!(name, "it's pod/web\n");
    let text = visitor.reads("echo '$(kubectl get pods)'");
    assert_eq!(text, "$(kubectl get pods)\n");
    visitor.types("kubectl label pod web 'note=a.b'");
    let label = "kubectl get pod web -o 'jsonpath=$HOME; `x` {.metadata.labels.note}'";
    let quoted = visitor.reads(&format!("echo \"$({label})\" | cat"));
    assert_eq!(quoted, "$HOME; `x` a.b\n");
}

#[test]
fn a_shell_keeps_variables_and_codes_and_ends_with_its_container() {
    let mut visitor = Visitor::new();
    visitor.reads("kubectl exec -it box -- sh");
    visitor.reads("A=5 B='x y'");
    visitor.reads("export C=7");
    assert_eq!(visitor.reads("echo $A $B $C"), "5 x y 7\n");
    assert_eq!(visitor.types("test -e /nosuch").exit_code, 1);
    assert_eq!(visitor.reads("echo $?"), "1\n");
    assert_eq!(visitor.reads("echo $?"), "0\n");
    visitor.types("test -e /nosuch");
    visitor.reads("D=$?");
    assert_eq!(visitor.reads("echo $D"), "1\n");
    visitor.types("rm /tmp/healthy");
    visitor.at = Instant::from_secs(80);
    let cut = visitor.types("ls");
    let expected = "command terminated with exit code 137\n";
    assert_eq!((cut.stderr.as_str(), cut.exit_code), (expected, 137));
    assert!(
        visitor.shell.is_none(),
        "the container of that shell is gone"
    );
}

#[test]
fn a_shell_in_a_container_keeps_its_directory_and_looking_changes_nothing() {
    let mut visitor = Visitor::new();
    visitor.reads("kubectl exec -it box -- sh");
    assert!(visitor.shell.is_some());
    visitor.reads("cd /tmp");
    assert_eq!(visitor.reads("pwd"), "/tmp\n");
    assert_eq!(visitor.reads("ls"), "healthy\n");
    assert_eq!(visitor.tab("cat hea"), ["healthy"]);
    let typed = visitor.types("rm healthy");
    assert_eq!(typed.acts.len(), 1, "{typed:?}");
    visitor.reads("exit");
    assert!(visitor.shell.is_none());
    assert_eq!(visitor.restarts("box", 80), 1, "the probe found out");
}

#[test]
fn curl_asks_pods_and_services_and_what_it_changes_is_an_act() {
    let mut visitor = Visitor::new();
    let ok = visitor.reads("curl -s -o /dev/null -w '%{http_code}' http://web/healthz");
    assert_eq!(ok, "200");
    let typed = visitor.types("curl http://web/shutdown");
    assert_eq!(typed.acts.len(), 1, "{typed:?}");
    assert_eq!(visitor.restarts("web", 60), 1);
    let typed = visitor.types("curl http://nowhere/");
    assert_eq!(typed.exit_code, 6);
    assert_eq!(typed.stderr, "curl: (6) Could not resolve host: nowhere\n");
    let typed = visitor.types("curl http://web:81/");
    assert_eq!(typed.exit_code, 7);
}

#[test]
fn curl_in_a_container_waits_as_long_as_it_is_told() {
    let client =
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: client}\nspec: {containers: [{name: \
                  a, image: curlimages/curl, command: [sleep, '3600']}]}\n";
    let mut visitor = Visitor::of(&[SHELL, client].concat());
    visitor.types("fault hang pod=web container=web for=5s");
    visitor.at = Instant::from_secs(21);
    let curl = "curl -m 4 http://web/healthz; echo $? $(($(date +%s) - before))";
    let line = format!("kubectl exec client -- sh -c 'before=$(date +%s); {curl}'");
    let typed = visitor.types(&line);
    assert_eq!(typed.stdout, "28 4\n");
    let expected = "curl: (28) Operation timed out after 4000 milliseconds\n";
    assert_eq!(typed.stderr, expected);
    visitor.at = Instant::from_secs(60);
    let answered = visitor.reads(&line);
    assert!(answered.ends_with("0 0\n"), "{answered}");
}

#[test]
fn a_command_that_acts_forks_the_run_where_later_acts_were() {
    let mut visitor = Visitor::new();
    visitor.at = Instant::from_secs(40);
    assert_eq!(visitor.types("kubectl delete pod box").acts.len(), 1);
    visitor.at = Instant::from_secs(30);
    let typed = visitor.types("kubectl label pod web tier=front");
    assert_eq!(typed.stdout, "pod/web labeled\n");
    let Reply::Loaded(loaded) = visitor.session.handle(Request::Branch { branch: 1 }) else {
        panic!("no second branch");
    };
    assert_eq!(loaded.branches.len(), 2);
    assert_eq!(loaded.acts.len(), 1);
}

#[test]
fn tab_offers_verbs_kinds_and_names() {
    let mut visitor = Visitor::new();
    assert_eq!(visitor.tab("kube"), ["kubectl"]);
    assert_eq!(visitor.tab("wa"), ["watch"]);
    assert_eq!(visitor.tab("cl"), ["clear"]);
    assert_eq!(visitor.tab("kubectl desc"), ["describe"]);
    assert_eq!(visitor.tab("kubectl get po"), ["pods"]);
    assert_eq!(visitor.tab("kubectl logs w"), ["web"]);
    assert_eq!(visitor.tab("kubectl exec box -c "), ["main"]);
    assert_eq!(visitor.tab("curl http://w"), ["http://web"]);
}

#[test]
fn a_session_is_restored_with_its_branches() {
    let mut visitor = Visitor::new();
    visitor.at = Instant::from_secs(40);
    visitor.types("kubectl delete pod box");
    visitor.at = Instant::from_secs(30);
    visitor.types("kubectl label pod web tier=front");
    let Reply::Loaded(before) = visitor.session.handle(Request::Branch { branch: 0 }) else {
        panic!("no run");
    };
    let mut other = Session::new();
    let Reply::Loaded(after) = other.handle(Request::Restore {
        seed: None,
        branches: before.branches.clone(),
        branch: before.branch,
    }) else {
        panic!("not restored");
    };
    assert_eq!(before.branches, after.branches);
    assert_eq!(
        before.run.map(|run| run.trace_hash),
        after.run.map(|run| run.trace_hash)
    );
}

#[test]
fn every_fault_is_explained_and_one_is_done_by_its_name() {
    let mut visitor = Visitor::new();
    let all = visitor.types("fault");
    for kind in crate::fault::KINDS {
        assert!(all.stdout.contains(kind.does), "{}", kind.id);
        let told = visitor.types(&format!("fault {}", kind.id)).stdout;
        assert!(told.contains(kind.unseen), "{told}");
    }
    let typed = visitor.types("fault http pod=web container=web status=500 path=/healthz for=60s");
    assert_eq!(typed.acts.len(), 1, "{typed:?}");
    assert!(visitor.restarts("web", 60) >= 1);
    let typed = visitor.types("fault exec pod=box container=main 'command=[rm, /tmp/healthy]'");
    assert_eq!(typed.acts.len(), 1, "{typed:?}");
    let typed = visitor.types("fault hang for=20s pod=web container=web");
    assert_eq!(typed.acts, ["hang: {pod: web, container: web}, for: 20s"]);
    for line in ["fault nonsense", "fault hang web", "fault hang what=web"] {
        let typed = visitor.types(line);
        assert_eq!((typed.exit_code, typed.acts.len()), (1, 0), "{line}");
        assert!(typed.stderr.starts_with("fault: "), "{typed:?}");
    }
    assert_eq!(visitor.tab("fault de"), ["dependency"]);
    assert_eq!(visitor.tab("fault dependency s"), ["state="]);
}

/// Seed 000's health server says in JSON what `squid -k check` ended with.
#[test]
fn the_health_server_of_seed_000_answers_in_json() {
    let mut visitor = Visitor::of(
        "apiVersion: v1
kind: Pod
metadata: {name: squid}
spec: {containers: [{name: squid, image: 'squid:2.1'}]}
",
    );
    let ip = visitor.reads("kubectl get pod squid -o jsonpath={.status.podIP}");
    let healthz = format!("curl http://{ip}:5000/healthz");
    assert_eq!(
        visitor.types(&healthz).stdout,
        "{\"code\":0,\"msg\":\"OK\"}\n"
    );
    visitor.types("kubectl exec squid -- squid -k shutdown");
    visitor.at = Instant::from_secs(40);
    assert_eq!(
        visitor.types(&healthz).stdout,
        "{\"code\":1,\"msg\":\"Fail\"}\n"
    );
}
