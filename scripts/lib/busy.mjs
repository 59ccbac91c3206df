// A cluster with much to do, for measuring.

/** `count` Pods with all three probes behind a Service, for `duration`. */
export function manifest(count, duration, nodes) {
  const names = Array.from({ length: nodes }, (_, number) => `{name: node-${number + 1}, cpu: "64", memory: 256Gi}`).join(', ');
  const probe = 'httpGet: {path: /, port: 80}';
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${count}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx
        ports: [{containerPort: 80}]
        startupProbe: {${probe}}
        readinessProbe: {${probe}}
        livenessProbe: {${probe}, failureThreshold: 3}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {name: measure}
spec: {duration: ${duration}, nodes: [${names}]}
`;
}
