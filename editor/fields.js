// What fields do, in our own words, and the values that some of them take. Names, types and which
// fields exist come from the engine's schema; this adds what a schema cannot know.
// definition.field: [default, range or values, English, 简体中文]

export const docs = {
  'Probe.initialDelaySeconds': ['0', '≥ 0', 'Seconds after the container has started before this probe may run.', '容器启动后，至少经过这么多秒才会运行此探针。'],
  'Probe.periodSeconds': ['10', '≥ 1', 'Seconds between two runs. Detection takes about this times failureThreshold.', '两次探测的间隔秒数。发现故障约需此值乘以 failureThreshold。'],
  'Probe.timeoutSeconds': ['1', '≥ 1', 'A run that takes longer than this counts as failed.', '一次探测超过这么多秒即算失败。'],
  'Probe.failureThreshold': ['3', '≥ 1', 'Failures in a row until the probe acts: liveness and startup kill the container, readiness takes the Pod out of rotation.', '连续失败这么多次后才生效：存活与启动探针杀死容器，就绪探针让 Pod 不再接收流量。'],
  'Probe.successThreshold': ['1', '≥ 1, 1', 'Successes in a row until a failed probe counts as passed. Liveness and startup allow only 1.', '失败后需连续成功这么多次才算通过。存活与启动探针只能为 1。'],
  'Probe.terminationGracePeriodSeconds': ['Pod', '≥ 1', 'Grace period when this probe kills the container, instead of the Pod’s. Not for readiness.', '此探针杀死容器时的宽限期，取代 Pod 的设置。就绪探针不可用。'],
  'Probe.exec': ['', '', 'Runs a command inside the container; exit code 0 passes.', '在容器内运行命令，退出码为 0 即通过。'],
  'Probe.httpGet': ['', '', 'Sends a GET request; status 200 to 399 passes.', '发送 GET 请求，状态码 200 至 399 即通过。'],
  'Probe.tcpSocket': ['', '', 'Opens a connection; being accepted passes.', '建立 TCP 连接，连上即通过。'],
  'Probe.grpc': ['', '', 'Asks the gRPC health service; SERVING passes.', '询问 gRPC 健康服务，答复 SERVING 即通过。'],
  'HTTPGetAction.path': ['/', '', 'Path of the request.', '请求路径。'],
  'HTTPGetAction.port': ['', '1–65535', 'Number, or the name of a port of this container.', '端口号，或此容器某个端口的名称。'],
  'HTTPGetAction.host': ['Pod IP', '', 'Another host to ask; rarely right.', '改为请求其他主机，很少需要。'],
  'HTTPGetAction.scheme': ['HTTP', 'HTTP, HTTPS', 'HTTPS certificates are not verified.', '使用 HTTPS 时不校验证书。'],
  'HTTPGetAction.httpHeaders': ['', '', 'Headers to send along.', '附带的请求头。'],
  'TCPSocketAction.port': ['', '1–65535', 'Number, or the name of a port of this container.', '端口号，或此容器某个端口的名称。'],
  'GRPCAction.port': ['', '1–65535', 'A number; names are not allowed here.', '只能是数字，不能用端口名称。'],
  'GRPCAction.service': ['""', '', 'Name sent to the health service.', '发送给健康服务的名称。'],
  'ExecAction.command': ['', '', 'The program and its arguments; no shell unless you call one.', '程序及其参数；不会自动经过 shell。'],
  'Container.startupProbe': ['', '', 'Until it passes once, liveness and readiness wait. At its threshold the container is killed.', '它通过之前，存活与就绪探针都等待；到阈值则杀死容器。'],
  'Container.readinessProbe': ['', '', 'Decides whether the Pod gets traffic. Never restarts a container.', '决定 Pod 是否接收流量，不会重启容器。'],
  'Container.livenessProbe': ['', '', 'At its threshold the kubelet kills the container, and restartPolicy decides what follows.', '到阈值时 kubelet 杀死容器，之后由 restartPolicy 决定。'],
  'Container.image': ['', '', 'Known images behave like the real ones; others answer 200 on their ports.', '已知镜像如实模拟，其余镜像在其端口上答 200。'],
  'Container.imagePullPolicy': ['IfNotPresent; Always for :latest', 'Always, IfNotPresent, Never', 'When to ask the registry for the image.', '何时向镜像仓库拉取。'],
  'Container.command': ['ENTRYPOINT', '', 'Replaces the image’s entry point. No shell unless you call one.', '取代镜像的入口程序；不会自动经过 shell。'],
  'Container.args': ['CMD', '', 'Replaces the image’s arguments.', '取代镜像的参数。'],
  'Container.ports': ['', '', 'Names for ports; a port that is not listed is reachable all the same.', '给端口命名；未列出的端口同样可以访问。'],
  'Container.restartPolicy': ['', 'Always', 'On an init container: Always makes it a sidecar.', '用于 init 容器时，Always 使它成为 sidecar。'],
  'Container.lifecycle': ['', '', 'What runs after the start and before the stop.', '启动之后与停止之前运行什么。'],
  'Container.resources': ['', '', 'Requests decide where the Pod fits; passing the memory limit kills (OOMKilled, 137).', 'requests 决定能否调度，超出内存 limits 会被杀死（OOMKilled，137）。'],
  'PodSpec.terminationGracePeriodSeconds': ['30', '≥ 0', 'Seconds between SIGTERM and SIGKILL, preStop included.', '从 SIGTERM 到 SIGKILL 的秒数，含 preStop。'],
  'PodSpec.restartPolicy': ['Always', 'Always, OnFailure, Never', 'Whether containers that end are started again, with growing back-off.', '容器结束后是否重新启动，等待时间逐次增长。'],
  'PodSpec.initContainers': ['', '', 'Run one after the other before the others start.', '在其他容器之前依次运行。'],
  'PodSpec.readinessGates': ['', '', 'Further conditions that must be True before the Pod is Ready.', 'Pod 就绪前还须为 True 的其他条件。'],
  'DeploymentSpec.replicas': ['1', '≥ 0', 'How many Pods there shall be.', '应有多少个 Pod。'],
  'DeploymentSpec.minReadySeconds': ['0', '≥ 0', 'How long a Pod must stay ready to count as available.', 'Pod 须保持就绪多久才算可用。'],
  'DeploymentSpec.progressDeadlineSeconds': ['600', '', 'Without progress for this long the rollout is reported as failed.', '这么久没有进展，发布即报告为失败。'],
  'DeploymentSpec.strategy': ['RollingUpdate', '', 'How old Pods are replaced by new ones.', '如何以新 Pod 取代旧 Pod。'],
  'RollingUpdateDeployment.maxUnavailable': ['25%', '', 'How many Pods may be missing during a rollout.', '发布期间最多缺少多少个 Pod。'],
  'RollingUpdateDeployment.maxSurge': ['25%', '', 'How many Pods may exist on top during a rollout.', '发布期间最多多出多少个 Pod。'],
  'ServiceSpec.selector': ['', '', 'Labels of the Pods that become endpoints.', '成为端点的 Pod 的标签。'],
  'ServiceSpec.publishNotReadyAddresses': ['false', '', 'Sends traffic to Pods that are not ready, too.', '也向未就绪的 Pod 发送流量。'],
  'ServiceSpec.sessionAffinity': ['None', 'None, ClientIP', 'ClientIP keeps a client on one Pod.', 'ClientIP 让同一客户端固定访问一个 Pod。'],
  'ServicePort.targetPort': ['port', '', 'Number or name of the Pod’s port.', 'Pod 的端口号或名称。'],
};

/** Values of fields that take one of a few. */
export const values = {
  apiVersion: ['v1', 'apps/v1', 'batch/v1', 'readyz.dev/v1alpha1'],
  kind: ['Pod', 'Deployment', 'Service', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'ConfigMap', 'Secret', 'Namespace', 'Node', 'Scenario'],
  imagePullPolicy: ['Always', 'IfNotPresent', 'Never'],
  restartPolicy: ['Always', 'OnFailure', 'Never'],
  protocol: ['TCP', 'UDP', 'SCTP'],
  scheme: ['HTTP', 'HTTPS'],
  sessionAffinity: ['None', 'ClientIP'],
  effect: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  podManagementPolicy: ['OrderedReady', 'Parallel'],
};

/** What is written after a field's name: an object begins on the next line. */
export const snippets = {
  livenessProbe: '\n  httpGet:\n    path: /healthz\n    port: 8080',
  readinessProbe: '\n  httpGet:\n    path: /ready\n    port: 8080',
  startupProbe: '\n  httpGet:\n    path: /healthz\n    port: 8080\n  failureThreshold: 30',
};

/** Words of the editor itself. CodeMirror's own sentences are looked up by their English text. */
export const words = {
  en: { default: 'default', next: 'Next', manifest: 'YAML manifest', hint: 'Tab leaves the editor. Once you have typed it indents; then Esc and Tab leave.' },
  'zh-Hans': {
    default: '默认', next: '下一个', manifest: 'YAML 清单', hint: '按 Tab 离开编辑器。输入之后 Tab 缩进，此时先按 Esc 再按 Tab 离开。',
    phrases: {
      Find: '查找', Replace: '替换为', next: '下一个', previous: '上一个', all: '全选', 'match case': '区分大小写', regexp: '正则', 'by word': '整词',
      replace: '替换', 'replace all': '全部替换', close: '关闭', 'current match': '当前匹配', 'replaced $ matches': '已替换 $ 处', 'replaced match on line $': '已替换第 $ 行的匹配', 'on line': '位于行',
      'Folded lines': '已折叠', 'Unfolded lines': '已展开', to: '至', 'folded code': '已折叠的代码', unfold: '展开', 'Fold line': '折叠', 'Unfold line': '展开', Completions: '补全', 'Control character': '控制字符',
    },
  },
};
