// The manifests of the traps, each with what befalls it.
import { livenessExec } from './manifests.mjs';

const lines = (text, indent) => text.trim().split('\n').map(line => `${' '.repeat(indent)}${line}\n`).join('');

/** A Scenario document for a text. */
export const scenario = (duration, rest = '') => `---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {name: trap}
spec:
  duration: ${duration}
${rest ? lines(rest, 2) : ''}`;

/** An image of our own that listens on 8080. */
export const image = (startup, rest = '') =>
  `images:\n- image: registry.example/app:1\n  startup: ${startup}\n  listen: [8080]\n${rest ? lines(rest, 2) : ''}`;

/** A container `app` of that image. */
export const app = (rest = '') =>
  `- name: app\n  image: registry.example/app:1\n  ports: [{containerPort: 8080}]\n${rest ? lines(rest, 2) : ''}`;

/** A Pod `app` of containers; `rest` are further fields of its spec. */
export const pod = (containers, rest = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: app, labels: {app: web}}\nspec:\n${rest ? lines(rest, 2) : ''}  containers:\n${lines(containers, 2)}`;

/** A Deployment `web`. */
export const deployment = (replicas, containers, rest = '', podRest = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
${rest ? lines(rest, 2) : ''}  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
${podRest ? lines(podRest, 6) : ''}      containers:
${lines(containers, 6)}`;

/** A Service of this name before port 8080 of the Pods of `web`. */
export const service = (name = 'web') =>
  `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}\n`;

const job = (containers, rest = '') =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n${rest ? lines(rest, 6) : ''}      containers:\n${lines(containers, 6)}`;

const get = (path = '/healthz') => `httpGet: {path: ${path}, port: 8080}`;
const first = 'pod: "deployment/web#1", container: app';
const shell = script => `- name: main\n  image: busybox:1.36\n  command: [sh, -c, "${script}"]\n`;

export const traps = {
  B03: deployment(2, app(`livenessProbe: {${get()}, periodSeconds: 5}`)) + service()
    + scenario('2m', `${image('1s', 'onStop: ignore')}traffic: [{service: web, rate: 5}]\nsteps: [{at: 30s, hang: {${first}}}]`),
  B07: pod(app()) + scenario('8m', `dependencies: [{name: db, state: down}]\n${image('1s', 'exit: {after: 1s, needs: db, code: 1}')}steps: [{at: 220s, dependency: {name: db, state: up}}]`),
  B10: deployment(3, app(`livenessProbe: {${get()}, periodSeconds: 10}`))
    + scenario('3m', `dependencies: [{name: db, state: up}]\n${image('8s', 'http: [{path: /healthz, needs: db}]')}steps: [{at: 45s, dependency: {name: db, state: down}, for: 60s}]`),
  B11: deployment(3, app(`readinessProbe: {${get()}, periodSeconds: 5}`)) + service()
    + scenario('2m', `dependencies: [{name: db, state: up}]\n${image('1s', 'http: [{path: /healthz, needs: db}]')}traffic: [{service: web, rate: 10}]\nsteps: [{at: 30s, dependency: {name: db, state: down}, for: 30s}]`),
  B14: pod(app(`startupProbe: {${get()}, periodSeconds: 10, failureThreshold: 30}\nlivenessProbe: {${get()}, periodSeconds: 10, failureThreshold: 1}`)) + service()
    + scenario('2m', `${image('25s')}steps: [{at: 60s, http: {pod: app, container: app, status: 500}, for: 5s}]`),
  B15: pod(app(`readinessProbe: {${get()}, periodSeconds: 5}`))
    + scenario('5m', image('1s', 'http: [{path: /healthz, status: 404, until: 150s}]')),
  B16: pod(app(`livenessProbe: {${get()}, periodSeconds: 4, failureThreshold: 4}`))
    + scenario('2m', `${image('1s', 'http: [{path: /healthz, status: 503, until: 12s}]')}steps: [{at: 9s, exit: {pod: app, container: app, code: 1}}]`),
  B17: pod(`- name: main\n  image: nginx\n  readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 2}\n${app(`readinessProbe: {${get()}, periodSeconds: 2}`)}`)
    + service('main').replace('targetPort: 8080', 'targetPort: 80') + service('metrics')
    + scenario('1m', `${image('1s')}traffic: [{service: main, rate: 5}]\nsteps: [{at: 12s, http: {pod: app, container: app, status: 503}, for: 18s}]`),
  B18: job(`${shell('sleep 8; exit 0')}- name: logger\n  image: busybox:1.36\n  command: [sh, -c, "sleep 3600"]\n`) + scenario('3m'),
  B19: job(`- name: main\n  image: registry.example/app:1\n  livenessProbe: {${get()}, periodSeconds: 3}\n`)
    + scenario('1m', image('1s', 'http: [{path: /healthz, status: 500, from: 1s}]\nonStop: {after: 1s, exitCode: 0}')),
  B20: deployment(4, app(`readinessProbe: {${get()}, periodSeconds: 2}`)) + service()
    + scenario('2m', `${image('1s')}traffic: [{service: web, rate: 50}]\nsteps: [{at: 30s, rollout: {deployment: web, action: restart}}]`),
  B21: pod(app('lifecycle: {preStop: {exec: {command: [sleep, "40"]}}}'), 'terminationGracePeriodSeconds: 30')
    + scenario('2m', `${image('1s', 'onStop: {after: 10s, exitCode: 0}')}steps: [{at: 20s, delete: {pod: app}}]`),
  B23: deployment(4, app(`readinessProbe: {${get()}, periodSeconds: 2}`), 'progressDeadlineSeconds: 30') + service()
    + scenario('2m', `${image('1s', 'http: [{path: /nope, status: 404}]')}steps:\n- at: 15s\n  patch:\n    kind: deployment\n    name: web\n    patch: {spec: {template: {spec: {containers: [{name: app, readinessProbe: {httpGet: {path: /nope, port: 8080}}}]}}}}`),
  B24: pod(app(`readinessProbe: {${get()}, periodSeconds: 2}`)) + service()
    + scenario('1m', `${image('1s', 'bind: 127.0.0.1')}traffic: [{service: web, rate: 5}]`),
};
export { livenessExec };
