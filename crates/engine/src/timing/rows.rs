//! The rows of one container.

use super::{Case, Field, PartKind, Question, Row};
use crate::api::{Container, Handler, Probe, ProbeKind};
use crate::manifest::Source;

/// The least that a stop leaves a process after its stop signal (TRM-03).
const GRACE_SECONDS_MIN: u64 = 2;
/// A sync waits for the next full relist at most (SYN-03).
const SYNC_SECONDS_MAX: u64 = 1;
/// The proxies' smallest period between two writes (SVC-03).
const PROXY_SECONDS_MAX: u64 = 1;

/// A container and what surrounds it.
pub(super) struct Subject<'a> {
    pub workload: &'a str,
    pub container: &'a Container,
    pub grace_seconds: u32,
    pub restarts: bool,
    /// `spec` or `spec.template.spec`.
    pub pod_path: &'a str,
    /// `spec.containers[0]`.
    pub path: &'a str,
    pub source: &'a Source,
}

/// A probe's numbers.
struct Numbers {
    delay: u64,
    period: u64,
    timeout: u64,
    failures: u64,
    successes: u64,
    grace: Option<u64>,
}

impl From<&Probe> for Numbers {
    fn from(probe: &Probe) -> Self {
        Numbers {
            delay: probe.initial_delay_seconds.into(),
            period: probe.period_seconds.into(),
            timeout: probe.timeout_seconds.into(),
            failures: probe.failure_threshold.into(),
            successes: probe.success_threshold.into(),
            grace: probe.termination_grace_period_seconds.map(u64::from),
        }
    }
}

impl Numbers {
    /// Runs that hang follow each other at this distance (PRB-03).
    fn spacing(&self) -> (u64, &'static str) {
        if self.timeout > self.period {
            (self.timeout, "timeoutSeconds")
        } else {
            (self.period, "periodSeconds")
        }
    }

    /// `runs` failures in a row from the first one's start: each at once, or each hanging until
    /// its timeout.
    fn failures(&self, case: &mut Case, worst: bool) {
        let further = self.failures.saturating_sub(1);
        let (spacing, name) = if worst {
            self.spacing()
        } else {
            (self.period, "periodSeconds")
        };
        let formula = ["(failureThreshold - 1) × ", name].concat();
        case.add(PartKind::FurtherRuns, further * spacing, formula);
        if worst {
            case.add(PartKind::LastRun, self.timeout, "timeoutSeconds");
        }
    }

    /// From the start of the process to the first run (PRB-09): the delay counts from the whole
    /// second of the start, and runs come with ticks.
    fn first_run(&self, case: &mut Case, worst: bool) {
        if worst {
            case.add(PartKind::InitialDelay, self.delay, "initialDelaySeconds");
            case.add(PartKind::NextTick, self.period, "periodSeconds");
        } else if self.delay > 0 {
            let formula = "(initialDelaySeconds - 1)";
            case.add(PartKind::InitialDelay, self.delay - 1, formula);
        }
    }

    /// From a fault to the verdict: it comes just before a tick, or just after a run.
    fn detection(&self, case: &mut Case, worst: bool) {
        if worst {
            case.add(PartKind::NextTick, self.period, "periodSeconds");
        }
        self.failures(case, worst);
    }

    /// From a recovery to the verdict.
    fn recovery(&self, case: &mut Case, worst: bool) {
        if worst {
            let (spacing, name) = self.spacing();
            case.add(PartKind::NextTick, spacing, name);
        }
        let further = self.successes.saturating_sub(1);
        let formula = "(successThreshold - 1) × periodSeconds";
        case.add(PartKind::FurtherRuns, further * self.period, formula);
        if worst {
            case.add(PartKind::LastRun, self.timeout, "timeoutSeconds");
        }
    }
}

/// Best and worst case; None: never.
type Cases = Option<(Option<Case>, Option<Case>)>;

/// Both cases of what `with` adds up.
fn both(with: &dyn Fn(&mut Case, bool)) -> Cases {
    let case = |worst| {
        let mut case = Case::default();
        with(&mut case, worst);
        Some(case)
    };
    Some((case(false), case(true)))
}

const THRESHOLD_FIELDS: [&str; 3] = ["periodSeconds", "timeoutSeconds", "failureThreshold"];

impl Subject<'_> {
    pub(super) fn rows(&self, rows: &mut Vec<Row>) {
        for kind in ProbeKind::ALL {
            if let Some(probe) = self.container.probe(kind) {
                self.probe_rows(kind, probe, rows);
            }
        }
        if self.container.readiness_probe.is_none() {
            // Without a readiness probe only the end of the process takes the Pod out (PRB-18).
            rows.push(self.row(Question::OutOfService, None, None, &[], "PRB-18"));
        }
        let fields = self.grace_fields(None);
        let stop = |worst| Some(self.stopped(Case::default(), self.grace(None), worst));
        let cases = Some((stop(false), stop(true)));
        rows.push(self.row(Question::Shutdown, None, cases, &fields, "TRM-03"));
    }

    fn probe_rows(&self, kind: ProbeKind, probe: &Probe, rows: &mut Vec<Row>) {
        let numbers = Numbers::from(probe);
        let some = Some(kind);
        let thresholds = self.probe_fields(kind, &THRESHOLD_FIELDS);
        if numbers.delay > 0 {
            let cases = both(&|case, worst| numbers.first_run(case, worst));
            let fields = self.probe_fields(kind, &["initialDelaySeconds", "periodSeconds"]);
            rows.push(self.row(Question::FirstProbe, some, cases, &fields, "PRB-09"));
        }
        if kind == ProbeKind::Startup {
            let cases = both(&|case, worst| {
                numbers.first_run(case, worst);
                numbers.failures(case, worst);
            });
            let mut fields = self.probe_fields(kind, &["initialDelaySeconds"]);
            fields.extend(thresholds);
            rows.push(self.row(
                Question::StartupBudget,
                some,
                cases,
                &fields,
                "PRB-09, PRB-11, PRB-13",
            ));
            return;
        }
        let detection = both(&|case, worst| numbers.detection(case, worst));
        rows.push(self.row(
            Question::Detection,
            some,
            detection.clone(),
            &thresholds,
            "PRB-03, PRB-11",
        ));
        if kind == ProbeKind::Liveness {
            let grace = self.grace(numbers.grace);
            let stopped = |case: Option<Case>, worst: bool| {
                case.map(|mut case| {
                    if worst {
                        case.add(PartKind::Sync, SYNC_SECONDS_MAX, "1");
                    }
                    self.stopped(case, grace, worst)
                })
            };
            let cases = detection.map(|(best, worst)| (stopped(best, false), stopped(worst, true)));
            let mut fields = thresholds;
            fields.extend(self.grace_fields(Some(kind)));
            let cases = cases.filter(|_| self.restarts);
            rows.push(self.row(
                Question::Restart,
                some,
                cases,
                &fields,
                "PRB-11, SYN-10, TRM-03, BKO-10",
            ));
            return;
        }
        self.traffic_rows(&numbers, detection, rows);
    }

    /// What a readiness probe does to the traffic.
    fn traffic_rows(&self, numbers: &Numbers, detection: Cases, rows: &mut Vec<Row>) {
        let kind = ProbeKind::Readiness;
        let some = Some(kind);
        let thresholds = self.probe_fields(kind, &THRESHOLD_FIELDS);
        let proxied = |case: Option<Case>| {
            case.map(|mut case| {
                case.add(PartKind::Proxy, PROXY_SECONDS_MAX, "1");
                case
            })
        };
        let cases = detection.map(|(best, worst)| (best, proxied(worst)));
        let rules = "PRB-11, PRB-15, EPS-05, SVC-03";
        rows.push(self.row(Question::OutOfService, some, cases, &thresholds, rules));
        let cases = both(&|case, worst| numbers.recovery(case, worst));
        let cases = cases.map(|(best, worst)| (best, proxied(worst)));
        let fields = self.probe_fields(
            kind,
            &["periodSeconds", "timeoutSeconds", "successThreshold"],
        );
        rows.push(self.row(Question::BackInService, some, cases, &fields, rules));
    }

    /// The grace in seconds, and the path of its field.
    fn grace(&self, of_probe: Option<u64>) -> u64 {
        of_probe.unwrap_or(self.grace_seconds.into())
    }

    /// A stop (TRM-03): the process ends at the signal, or ignores it. The preStop hook spends the
    /// grace first; a sleep takes its own time, any other hook between nothing and the whole
    /// grace.
    fn stopped(&self, mut case: Case, grace: u64, worst: bool) -> Case {
        let hook = match self.container.pre_stop {
            None => 0,
            Some(Handler::Sleep { seconds }) => seconds.min(grace),
            Some(_) if worst => grace,
            Some(_) => 0,
        };
        let exact = matches!(self.container.pre_stop, Some(Handler::Sleep { .. }));
        let name = if exact {
            "preStop.sleep.seconds"
        } else {
            "terminationGracePeriodSeconds"
        };
        case.add(PartKind::PreStop, hook, name);
        if worst {
            let left = grace.saturating_sub(hook);
            let formula = if left < GRACE_SECONDS_MIN {
                "2"
            } else if hook > 0 {
                "(terminationGracePeriodSeconds - preStop.sleep.seconds)"
            } else {
                "terminationGracePeriodSeconds"
            };
            case.add(PartKind::Grace, left.max(GRACE_SECONDS_MIN), formula);
        }
        case
    }

    fn probe_fields(&self, kind: ProbeKind, names: &[&str]) -> Vec<Field> {
        let path = [self.path, ".", kind.field()].concat();
        names.iter().map(|name| self.field(&path, name)).collect()
    }

    fn grace_fields(&self, of_probe: Option<ProbeKind>) -> Vec<Field> {
        let of_probe = of_probe.filter(|kind| {
            let probe = self.container.probe(*kind);
            probe.is_some_and(|probe| probe.termination_grace_period_seconds.is_some())
        });
        let path = match of_probe {
            Some(kind) => [self.path, ".", kind.field()].concat(),
            None => self.pod_path.into(),
        };
        vec![self.field(&path, "terminationGracePeriodSeconds")]
    }

    fn field(&self, parent: &str, name: &str) -> Field {
        let path = [parent, ".", name].concat();
        let probe = ProbeKind::ALL.into_iter().find_map(|kind| {
            let is_parent = parent.strip_prefix(self.path)?.strip_prefix('.')? == kind.field();
            self.container.probe(kind).filter(|_| is_parent)
        });
        let value = match (probe, name) {
            (Some(probe), "initialDelaySeconds") => probe.initial_delay_seconds,
            (Some(probe), "periodSeconds") => probe.period_seconds,
            (Some(probe), "timeoutSeconds") => probe.timeout_seconds,
            (Some(probe), "failureThreshold") => probe.failure_threshold,
            (Some(probe), "successThreshold") => probe.success_threshold,
            (Some(probe), _) => {
                let own = probe.termination_grace_period_seconds;
                own.unwrap_or(self.grace_seconds)
            }
            (None, _) => self.grace_seconds,
        };
        Field {
            name: name.into(),
            line: self.source.line_of(&path),
            written: self.source.written_at(&path).is_some(),
            path,
            value,
        }
    }

    fn row(
        &self,
        question: Question,
        probe: Option<ProbeKind>,
        cases: Cases,
        fields: &[Field],
        rules: &str,
    ) -> Row {
        let (best, worst) = cases.unwrap_or_default();
        Row {
            workload: self.workload.into(),
            container: self.container.name.clone(),
            probe,
            question,
            best,
            worst,
            fields: fields.to_vec(),
            rules: rules.into(),
        }
    }
}
