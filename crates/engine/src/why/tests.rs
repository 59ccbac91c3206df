use super::*;
use crate::experiment::Setup;
use crate::manifest;

fn asked(text: &str, at: u64, question: Question) -> Result<Chain, Unanswered> {
    let stream = manifest::parse(text);
    assert!(!stream.has_errors(), "{:?}", stream.diagnostics);
    let objects = stream.objects.iter().map(|o| o.object.clone()).collect();
    let mut timeline = Setup::new(objects, stream.scenario.clone()).timeline();
    timeline.run();
    let asked = Asked {
        pod: "web",
        container: "app",
        question,
    };
    chain(&timeline, &stream, Instant::from_secs(at), &asked)
}

const LIVENESS: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  terminationGracePeriodSeconds: 4
  containers:
  - name: app
    image: busybox
    command: [sh, -c, touch /tmp/healthy; sleep 3600]
    livenessProbe:
      exec: {command: [cat, /tmp/healthy]}
      periodSeconds: 5
      failureThreshold: 2
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  steps:
  - {at: 22s, file: {pod: web, path: /tmp/healthy, state: absent}}
";

fn keys(chain: &Chain) -> Vec<Key> {
    chain.links.iter().map(|link| link.text.key).collect()
}

#[test]
fn a_restart_leads_back_to_the_act() {
    let chain = asked(LIVENESS, 60, Question::Restart).unwrap();
    let expected = [
        Key::Acted,
        Key::ProbeFailed,
        Key::ProbeFailed,
        Key::Verdict,
        Key::StopSignalled,
        Key::Exited,
        Key::StartedAgain,
    ];
    assert_eq!(keys(&chain), expected);
    assert_eq!(chain.links[0].at, Instant::from_secs(22));
    assert_eq!(chain.links[0].line, Some(19), "the step");
    assert_eq!(
        chain.links[2].path,
        "spec.containers[0].livenessProbe.failureThreshold"
    );
    assert_eq!(chain.links[2].line, Some(13));
    assert_eq!(chain.links[4].line, Some(5), "the grace");
    let moments: Vec<Instant> = chain.links.iter().map(|link| link.at).collect();
    assert!(moments.is_sorted(), "{moments:?}");
    // The shell ignores SIGTERM (RST-07): the whole grace passes.
    let stopped = chain.links[5].at - chain.links[4].at;
    assert_eq!(stopped.0 / 1_000_000_000, 4);
}

#[test]
fn questions_that_do_not_arise() {
    assert_eq!(
        asked(LIVENESS, 10, Question::Restart),
        Err(Unanswered::NotTheCase)
    );
    assert_eq!(
        asked(LIVENESS, 10, Question::Service),
        Err(Unanswered::NotTheCase)
    );
    let chain = asked(LIVENESS, 10, Question::Ready).unwrap();
    assert_eq!(keys(&chain).last(), Some(&Key::NoReadinessProbe));
}

#[test]
fn readiness_and_service() {
    let text = "apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
  - name: app
    image: nginx
    readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 2, failureThreshold: 1}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 1m
  steps:
  - {at: 20s, http: {pod: web, container: app, path: /, status: 500}, for: 15s}
";
    let chain = asked(text, 30, Question::Service).unwrap();
    let expected = [
        Key::Acted,
        Key::ProbeFailed,
        Key::Verdict,
        Key::EndpointUnready,
    ];
    assert_eq!(keys(&chain), expected);
    assert_eq!(
        chain.answer.english(),
        "web gets no new connections from shop"
    );
    let chain = asked(text, 50, Question::Ready).unwrap();
    assert_eq!(
        keys(&chain),
        [Key::Healed, Key::ProbePassed, Key::Recovered]
    );
    assert_eq!(chain.answer.key, Key::IsReady);
}

#[test]
fn waiting_says_the_words_of_the_api() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  \
                - {name: app, image: nginx, resources: {requests: {cpu: 100}}}\n";
    let chain = asked(text, 5, Question::State).unwrap();
    assert_eq!(keys(&chain).last(), Some(&Key::Unschedulable));
    let last = chain.links.last().unwrap().text.english();
    assert!(last.contains("Insufficient cpu"), "{last}");
}

const HOOK: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 30
  containers:
  - name: app
    image: registry.example/app:1
    lifecycle: {preStop: {exec: {command: [sleep, '40']}}}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  images: [{image: 'registry.example/app:1', startup: 1s, listen: [8080], onStop: {after: 10s, exitCode: 0}}]
  steps: [{at: 20s, delete: {pod: web}}]
";

/// HKS-04: what is left of the grace is what the hook has not spent.
#[test]
fn a_hook_that_spends_the_grace_is_among_the_causes() {
    let running = asked(HOOK, 30, Question::State).unwrap();
    assert_eq!(running.answer.key, Key::IsInHook);
    assert_eq!(
        keys(&running),
        [Key::Acted, Key::PodDeleting, Key::HookBegan]
    );
    let stopping = asked(HOOK, 51, Question::State).unwrap();
    assert_eq!(stopping.answer.key, Key::IsStopping);
    assert_eq!(
        keys(&stopping)[1..],
        [Key::PodDeleting, Key::HookBegan, Key::StopSignalled]
    );
}

/// TRM-03: the hook is told where it runs, whether or not the API server hears of it.
#[test]
fn a_hook_is_told_though_its_node_reaches_nobody() {
    let hook = "    lifecycle: {preStop: {exec: {command: [sleep, '3']}}}\n    livenessProbe:";
    let cut = "  steps:\n  - {at: 15s, node: {name: node-1, state: unreachable}}";
    let text = LIVENESS
        .replace("    livenessProbe:", hook)
        .replace("  steps:", cut);
    let chain = asked(&text, 60, Question::Restart).unwrap();
    let expected = [
        Key::Verdict,
        Key::HookBegan,
        Key::StopSignalled,
        Key::Exited,
        Key::StartedAgain,
    ];
    assert_eq!(keys(&chain)[3..], expected);
}

/// TRM-03, RST-08: a stop without a grace leaves the hook out, and nothing tells of one.
#[test]
fn a_hook_that_does_not_run_is_no_cause() {
    let text = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: busybox
    command: [sleep, '1000']
    lifecycle: {preStop: {exec: {command: [sleep, '3']}}}
  - name: source
    image: busybox
    command: [sh, -c, sleep 20; exit 42]
    restartPolicy: Never
    restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [42]}}]
";
    let chain = asked(text, 40, Question::Restart).unwrap();
    let told = keys(&chain);
    assert!(told.contains(&Key::StopSignalled), "{told:?}");
    assert!(!told.contains(&Key::HookBegan), "{told:?}");
}

const NEEDS: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: registry.example/app:1
    livenessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 10}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  dependencies: [{name: db, state: up}]
  images: [{image: 'registry.example/app:1', startup: 1s, listen: [8080], http: [{path: /healthz, needs: db}]}]
  steps: [{at: 45s, dependency: {name: db, state: down}, for: 60s}]
";

/// Who asks a dependency is restarted because it went away; who does not ask it is not.
#[test]
fn a_dependency_that_is_asked_is_the_first_cause() {
    let chain = asked(NEEDS, 80, Question::Restart).unwrap();
    assert_eq!(chain.links[0].text.args, ["db down"]);
    assert_eq!(keys(&chain)[..2], [Key::Acted, Key::ProbeFailed]);
    let other = NEEDS
        .replace("needs: db", "needs: cache")
        .replace("{name: db, state: up}", "{name: cache, state: down}");
    let chain = asked(&other, 80, Question::Restart).unwrap();
    assert!(!keys(&chain).contains(&Key::Acted), "{:?}", keys(&chain));
}
