//! A case: everything that a seed decided, as parts that can be left out one by one.

use std::fmt::Write;

/// One experiment.
#[derive(Clone, Debug)]
pub struct Case {
    pub seed: u64,
    pub seconds: u64,
    pub nodes: u32,
    pub pods: Vec<PodCase>,
    pub services: Vec<ServiceCase>,
    /// In the scenario's own words, ascending in time.
    pub steps: Vec<String>,
}

/// A Pod, or a Deployment of such Pods.
#[derive(Clone, Debug)]
pub struct PodCase {
    pub name: String,
    pub app: u32,
    /// None: a bare Pod.
    pub replicas: Option<u32>,
    pub restart_policy: &'static str,
    pub grace: u32,
    pub inits: Vec<ContainerCase>,
    pub containers: Vec<ContainerCase>,
}

/// A container.
#[derive(Clone, Debug)]
pub struct ContainerCase {
    pub name: String,
    pub is_sidecar: bool,
    /// Image, command and arguments, as lines of YAML without indentation.
    pub program: String,
    /// Fields by kind, as YAML.
    pub probes: Vec<(&'static str, String)>,
}

/// A Service in front of an app.
#[derive(Clone, Debug)]
pub struct ServiceCase {
    pub name: String,
    pub app: u32,
    pub publishes_not_ready: bool,
}

impl Case {
    /// The case as a stream for `readyz run`.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for pod in &self.pods {
            pod.write(&mut out);
            out.push_str("---\n");
        }
        for service in &self.services {
            let _ = writeln!(
                out,
                "apiVersion: v1\nkind: Service\nmetadata: {{name: {}}}\nspec:\n  \
                 publishNotReadyAddresses: {}\n  selector: {{app: app-{}}}\n  ports: [{{port: 80}}]\n---",
                service.name, service.publishes_not_ready, service.app
            );
        }
        let _ = writeln!(
            out,
            "apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nmetadata: {{name: simulated}}\nspec:\n  \
             seed: {}\n  duration: {}s\n  nodes:",
            self.seed, self.seconds
        );
        for number in 1..=self.nodes {
            let _ = writeln!(out, "  - {{name: node-{number}, cpu: 16, memory: 64Gi}}");
        }
        if !self.steps.is_empty() {
            out.push_str("  steps:\n");
            for step in &self.steps {
                let _ = writeln!(out, "  - {step}");
            }
        }
        out
    }
}

impl PodCase {
    fn write(&self, out: &mut String) {
        let app = self.app;
        match self.replicas {
            None => {
                let _ = writeln!(
                    out,
                    "apiVersion: v1\nkind: Pod\nmetadata: {{name: {}, labels: {{app: app-{app}}}}}",
                    self.name
                );
                self.write_spec(out, "");
            }
            Some(replicas) => {
                let _ = writeln!(
                    out,
                    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {}}}\nspec:\n  \
                     replicas: {replicas}\n  selector: {{matchLabels: {{app: app-{app}}}}}\n  \
                     template:\n    metadata: {{labels: {{app: app-{app}}}}}",
                    self.name
                );
                self.write_spec(out, "    ");
            }
        }
    }

    fn write_spec(&self, out: &mut String, indent: &str) {
        let policy = match self.replicas {
            Some(_) => "Always",
            None => self.restart_policy,
        };
        let _ = writeln!(out, "{indent}spec:");
        let _ = writeln!(out, "{indent}  restartPolicy: {policy}");
        let _ = writeln!(
            out,
            "{indent}  terminationGracePeriodSeconds: {}",
            self.grace
        );
        for (field, containers) in [
            ("initContainers", &self.inits),
            ("containers", &self.containers),
        ] {
            if containers.is_empty() {
                continue;
            }
            let _ = writeln!(out, "{indent}  {field}:");
            for container in containers {
                container.write(out, indent);
            }
        }
    }
}

impl ContainerCase {
    fn write(&self, out: &mut String, indent: &str) {
        let _ = writeln!(out, "{indent}  - name: {}", self.name);
        for line in self.program.lines() {
            let _ = writeln!(out, "{indent}    {line}");
        }
        if self.is_sidecar {
            let _ = writeln!(out, "{indent}    restartPolicy: Always");
        }
        for (kind, fields) in &self.probes {
            let _ = writeln!(out, "{indent}    {kind}: {{{fields}}}");
        }
    }
}
