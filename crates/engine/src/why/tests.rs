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

const NODES: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: nginx
    resources: {requests: {cpu: 500m}}
---
apiVersion: v1
kind: Node
metadata: {name: cordoned}
spec: {unschedulable: true}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 3m
  nodes: [{name: a, cpu: '2'}, {name: b, cpu: '2'}, {name: big, cpu: '4'}, {name: small, cpu: 100m}]
";

/// SCH-02, SCH-07: the filters' refusals, the scores, and who had the highest; of a half core 75 of
/// 100 are left on two cores, 87 on four.
#[test]
fn a_node_is_explained_by_filters_and_scores() {
    let chain = asked(NODES, 30, Question::Node).unwrap();
    let expected = [
        Key::PodCreated,
        Key::NodesRefused,
        Key::NodesRefused,
        Key::NodesFit,
        Key::ScoredHighest,
        Key::PodBound,
    ];
    let from = keys(&chain).len() - expected.len();
    assert_eq!(keys(&chain)[from..], expected);
    let refused = |index: usize| chain.links[from + index].text.args.join("|");
    assert_eq!(refused(1), "small|NodeResourcesFit|Insufficient cpu");
    let line = chain.links[from + 1].line;
    assert_eq!(line, Some(8), "the line of the requests");
    assert_eq!(
        refused(2),
        "cordoned|NodeUnschedulable|node(s) were unschedulable"
    );
    assert_eq!(chain.links[from + 3].rule, "SCH-02");
    assert_eq!(chain.links[from + 4].rule, "SCH-07");
    assert_eq!(
        chain.answer.english(),
        "web is on big, which scored highest of 3 nodes"
    );
    let scores = chain.scores.unwrap();
    let names: Vec<&str> = scores.nodes.iter().map(|node| &*node.node).collect();
    assert_eq!(names, ["big", "a", "b"]);
    assert!(scores.nodes[0].is_chosen && !scores.nodes[1].is_chosen);
    let fit = scores
        .plugins
        .iter()
        .position(|(name, _)| name == "NodeResourcesFit");
    let room = |node: usize| scores.nodes[node].scores[fit.unwrap()];
    assert_eq!(room(0) - room(1), (87 + 97) / 2 - (75 + 97) / 2);
    for node in &scores.nodes {
        let parts = node.scores.iter().zip(&scores.plugins);
        assert_eq!(
            node.sum,
            parts
                .map(|(score, (_, weight))| score * weight)
                .sum::<i64>()
        );
    }
}

/// SCH-07: equals are drawn; SCH-01: a Pod that names its node is not scheduled.
#[test]
fn equal_nodes_are_drawn_and_named_ones_not_asked_about() {
    let equals = NODES.replace("cpu: '4'", "cpu: '2'");
    let chain = asked(&equals, 30, Question::Node).unwrap();
    assert_eq!(chain.answer.key, Key::PlacedDrawn);
    assert_eq!(chain.answer.args[2..], ["3", "3"]);
    let told = keys(&chain);
    assert_eq!(told[told.len() - 2..], [Key::WasDrawn, Key::PodBound]);
    let node = &chain.answer.args[1];
    let scores = chain.scores.unwrap();
    assert!(scores.nodes[0].is_chosen && scores.nodes[0].node == *node);
    let named = NODES.replace("  containers:", "  nodeName: small\n  containers:");
    let chain = asked(&named, 30, Question::Node).unwrap();
    assert_eq!(chain.answer.key, Key::PlacedBySpec);
    assert_eq!(chain.scores, None);
}

/// SCH-03: where nothing fits each node's filter is told beside the message; a node that comes later
/// is the answer from then on.
#[test]
fn a_pod_without_a_node_is_explained_node_by_node() {
    let full = NODES.replace("cpu: 500m", "cpu: 5");
    let chain = asked(&full, 30, Question::Node).unwrap();
    assert_eq!(chain.answer.english(), "web has no node: none of 5 fits");
    let told = keys(&chain);
    let expected = [Key::NodesRefused, Key::NodesRefused, Key::Unschedulable];
    assert_eq!(told[told.len() - 3..], expected);
    assert_eq!(chain.links[told.len() - 3].text.args[0], "a, b, big, small");
    let gated = NODES.replace(
        "  containers:",
        "  schedulingGates: [{name: wait}]\n  containers:",
    );
    let chain = asked(&gated, 30, Question::Node).unwrap();
    let last = chain.links.last().unwrap();
    assert_eq!((&*last.rule, last.text.key), ("SCH-08", Key::Unschedulable));
    // 3.9 of 4 cores: the one node that has them is uncordoned.
    let helped = NODES
        .replace("cpu: 500m", "cpu: 3900m")
        .replace("{name: big, cpu: '4'}", "{name: big, cpu: '1'}")
        .replace(
            "  nodes:",
            "  steps: [{at: 60s, uncordon: cordoned}]\n  nodes:",
        );
    let before = asked(&helped, 30, Question::Node).unwrap();
    assert_eq!(before.answer.key, Key::FitsNowhere);
    let after = asked(&helped, 90, Question::Node).unwrap();
    assert_eq!(after.answer.key, Key::PlacedOnly);
    assert!(keys(&after).contains(&Key::Acted), "{:?}", keys(&after));
    assert!(keys(&after).contains(&Key::OneFits), "{:?}", keys(&after));
}
