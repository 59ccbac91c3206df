use super::*;
use crate::manifest;

fn rows(text: &str) -> Vec<Row> {
    table(&manifest::parse(text).objects)
}

fn pod(container: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  \
         terminationGracePeriodSeconds: 20\n  containers:\n  - name: app\n    image: nginx\n{container}"
    )
}

/// Seconds of best and worst case of one question.
fn seconds(rows: &[Row], probe: Option<ProbeKind>, question: Question) -> Option<(u64, u64)> {
    let row = rows
        .iter()
        .find(|row| row.probe == probe && row.question == question)?;
    let of = |case: &Option<Case>| case.as_ref().map(|case| case.total.0 / 1_000_000_000);
    Some((of(&row.best)?, of(&row.worst)?))
}

#[test]
fn liveness_with_defaults() {
    let rows = rows(&pod("    livenessProbe: {httpGet: {path: /, port: 80}}\n"));
    let live = Some(ProbeKind::Liveness);
    // Two further periods of 10 s; before them up to one, after them up to the timeout of 1 s.
    assert_eq!(seconds(&rows, live, Question::Detection), Some((20, 31)));
    // One second until the sync, then up to the grace.
    assert_eq!(seconds(&rows, live, Question::Restart), Some((20, 52)));
    assert_eq!(seconds(&rows, live, Question::FirstProbe), None);
    // Without a readiness probe only its end takes the container out of rotation.
    let out = rows
        .iter()
        .find(|row| row.question == Question::OutOfService);
    assert_eq!(out.map(|row| row.worst.is_none()), Some(true));
}

#[test]
fn runs_that_hang_longer_than_the_period_follow_each_other() {
    let rows = rows(&pod(
        "    readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 2, timeoutSeconds: 5, \
         failureThreshold: 3, successThreshold: 2}\n",
    ));
    let ready = Some(ProbeKind::Readiness);
    assert_eq!(
        seconds(&rows, ready, Question::Detection),
        Some((4, 2 + 2 * 5 + 5))
    );
    assert_eq!(seconds(&rows, ready, Question::OutOfService), Some((4, 18)));
    assert_eq!(
        seconds(&rows, ready, Question::BackInService),
        Some((2, 5 + 2 + 5 + 1))
    );
}

#[test]
fn a_startup_probe_gives_a_budget() {
    let rows = rows(&pod(
        "    startupProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 5, periodSeconds: 10, \
         failureThreshold: 30}\n",
    ));
    let startup = Some(ProbeKind::Startup);
    assert_eq!(
        seconds(&rows, startup, Question::StartupBudget),
        Some((4 + 290, 5 + 10 + 290 + 1))
    );
}

#[test]
fn hooks_spend_the_grace() {
    let sleep = "    lifecycle: {preStop: {sleep: {seconds: 5}}}\n";
    assert_eq!(
        seconds(&rows(&pod(sleep)), None, Question::Shutdown),
        Some((5, 20))
    );
    let exec = "    lifecycle: {preStop: {exec: {command: [drain]}}}\n";
    // An overrun leaves two seconds (TRM-03).
    assert_eq!(
        seconds(&rows(&pod(exec)), None, Question::Shutdown),
        Some((0, 22))
    );
}

#[test]
fn fields_carry_lines_and_defaults() {
    let rows = rows(&pod(
        "    livenessProbe:\n      tcpSocket: {port: 80}\n      periodSeconds: 3\n",
    ));
    let row = rows
        .iter()
        .find(|row| row.question == Question::Detection)
        .unwrap();
    let field = |name: &str| row.fields.iter().find(|field| field.name == name).unwrap();
    let period = field("periodSeconds");
    assert_eq!((period.line, period.written, period.value), (11, true, 3));
    let timeout = field("timeoutSeconds");
    assert_eq!((timeout.written, timeout.value), (false, 1));
    let worst = row.worst.as_ref().unwrap();
    assert_eq!(
        worst.formula(),
        "periodSeconds + (failureThreshold - 1) × periodSeconds + timeoutSeconds"
    );
}

#[test]
fn policy_never_is_never_restarted() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  restartPolicy: Never\n  \
                containers:\n  - {name: app, image: nginx, livenessProbe: {tcpSocket: {port: 80}}}\n";
    let rows = rows(text);
    assert_eq!(
        seconds(&rows, Some(ProbeKind::Liveness), Question::Restart),
        None
    );
}

/// What the simulator does lies within what the calculator says.
#[test]
fn runs_lie_between_best_and_worst() {
    use crate::experiment::Setup;
    use crate::record::What;
    use crate::time::Instant;
    for tenth in (200..250).step_by(7) {
        let fault = Instant::from_millis(tenth * 100);
        let text = format!(
            "{}---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  steps:\n  - {{at: \
             {}ms, file: {{pod: web, path: /tmp/healthy, state: absent}}}}\n",
            pod(
                "    command: [sh, -c, touch /tmp/healthy; sleep 3600]\n    livenessProbe: {exec: \
                 {command: [cat, /tmp/healthy]}, periodSeconds: 5, failureThreshold: 2}\n"
            )
            .replace("nginx", "busybox"),
            tenth * 100
        );
        let stream = manifest::parse(&text);
        assert!(!stream.has_errors(), "{:?}", stream.diagnostics);
        let live = Some(ProbeKind::Liveness);
        let rows = table(&stream.objects);
        let (best, worst) = seconds(&rows, live, Question::Restart).unwrap();
        let objects = stream.objects.iter().map(|o| o.object.clone()).collect();
        let mut timeline = Setup::new(objects, stream.scenario).timeline();
        timeline.run();
        let is_end = |what: &What| matches!(what, What::ContainerExited { .. });
        let ended = timeline
            .records()
            .iter()
            .find(|record| is_end(&record.what));
        let took = ended.unwrap().at - fault;
        let (best, worst) = (Duration::from_secs(best), Duration::from_secs(worst));
        assert!(best <= took && took <= worst, "{fault:?}: {took:?}");
    }
}
