// Manifests that visitors paste. None of them has a Scenario document.
export const livenessExec = `apiVersion: v1
kind: Pod
metadata:
  labels:
    test: liveness
  name: liveness-exec
spec:
  containers:
  - name: liveness
    image: busybox:1.36
    args:
    - /bin/sh
    - -c
    - touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600
    livenessProbe:
      exec:
        command:
        - cat
        - /tmp/healthy
      initialDelaySeconds: 5
      periodSeconds: 5
`;

export const livenessHttp = `apiVersion: v1
kind: Pod
metadata:
  name: liveness-http
spec:
  containers:
  - name: liveness
    image: porbe-server:v1
    livenessProbe:
      httpGet:
        path: /healthz
        port: 8080
        httpHeaders:
        - {name: Custom-Header, value: Awesome}
      initialDelaySeconds: 3
      periodSeconds: 3
`;

export const webWithService = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: server
        image: porbe-server:v1
        ports:
        - {name: http, containerPort: 8080}
        readinessProbe:
          httpGet: {path: /healthz, port: http}
          periodSeconds: 5
          failureThreshold: 2
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - {port: 80, targetPort: http}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {name: web}
spec:
  duration: 3m
  traffic:
  - {service: web, rate: 4}
`;

export const readiness404 = `apiVersion: v1
kind: Pod
metadata:
  name: readiness-httpget-pod
spec:
  containers:
  - name: readiness-httpget-container
    image: escape/nginx-test:v1
    imagePullPolicy: IfNotPresent
    readinessProbe:
      httpGet:
        port: 80
        path: /index1.html
      initialDelaySeconds: 1
      periodSeconds: 3
`;

export const livenessTest = `apiVersion: v1
kind: Pod
metadata:
  name: liveness-exec-pod
spec:
  containers:
  - name: liveness-exec-container
    image: busybox
    imagePullPolicy: IfNotPresent
    command:
    - "/bin/sh"
    - "-c"
    - "touch /tmp/live ; sleep 60; rm -rf /tmp/live; sleep 3600 "
    livenessProbe:
      exec:
        command: ["test", "-e", "/tmp/live"]
      initialDelaySeconds: 1
      periodSeconds: 3
`;

export const livenessTcp = `apiVersion: v1
kind: Pod
metadata:
  name: probe-tcp
spec:
  containers:
  - name: nginx
    image: escape/nginx-test:v1
    livenessProbe:
      initialDelaySeconds: 5
      timeoutSeconds: 1
      tcpSocket:
        port: 80
`;

export const livenessNamedPort = `apiVersion: v1
kind: Pod
metadata:
  name: liveness-httpget-pod
spec:
  containers:
  - name: liveness-httpget-container
    image: escape/nginx-test:v1
    imagePullPolicy: IfNotPresent
    ports:
    - name: http
      containerPort: 80
    livenessProbe:
      httpGet:
        port: http
        path: /index.html
      initialDelaySeconds: 1
      periodSeconds: 3
      timeoutSeconds: 10
`;

export const goproxy = `apiVersion: v1
kind: Pod
metadata:
  name: goproxy
spec:
  containers:
  - name: goproxy
    image: porbe-server:v1
    ports:
    - containerPort: 8080
    readinessProbe:
      tcpSocket: {port: 8080}
      initialDelaySeconds: 15
      periodSeconds: 10
    livenessProbe:
      tcpSocket: {port: 8080}
      initialDelaySeconds: 15
      periodSeconds: 10
`;

export const startup = `apiVersion: v1
kind: Pod
metadata:
  name: slow
spec:
  containers:
  - name: server
    image: registry.example/slow:1.0
    ports:
    - {name: liveness-port, containerPort: 8080}
    livenessProbe:
      httpGet: {path: /healthz, port: liveness-port}
      failureThreshold: 1
      periodSeconds: 10
    startupProbe:
      httpGet: {path: /healthz, port: liveness-port}
      failureThreshold: 30
      periodSeconds: 10
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {name: slow}
spec:
  duration: 2m
  images:
  - {image: "registry.example/slow:1.0", startup: 25s, listen: [8080]}
`;

/** Two nginx containers in one Pod, a Service for each; the paths of the second one's probes. */
export const twoContainers = (live, ready) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: probes
spec:
  replicas: 1
  selector:
    matchLabels: {app: probes}
  template:
    metadata:
      labels: {app: probes}
    spec:
      containers:
      - name: nginx-8080
        image: nginx-8080:v1
        ports: [{containerPort: 8080}]
        livenessProbe: {httpGet: {path: /, port: 8080}}
        readinessProbe: {httpGet: {path: /, port: 8080}}
      - name: nginx-8081
        image: nginx-8081:v1
        ports: [{containerPort: 8081}]
        livenessProbe: {httpGet: {path: ${live}, port: 8081}}
        readinessProbe: {httpGet: {path: ${ready}, port: 8081}}
---
apiVersion: v1
kind: Service
metadata: {name: probes-8080}
spec:
  selector: {app: probes}
  ports: [{port: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: probes-8081}
spec:
  selector: {app: probes}
  ports: [{port: 8081}]
`;
