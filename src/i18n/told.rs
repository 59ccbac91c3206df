//! What the engine tells of a text in English, in 简体中文: its advice and its ways out. The API
//! server's and kubectl's own words are none of these: they stay as they are.

/// English as the engine writes it, then Chinese; `{}` stands for what comes with the case.
const CHINESE: &[(&str, &str)] = &[
    ("accepted, not simulated: {}", "接受，但不模拟：{}"),
    ("did you mean {} in {}?", "是不是 {}（{}）？"),
    ("did you mean {}?", "是不是 {}？"),
    ("known here: {}", "此处可用的字段：{}"),
    ("{} belongs to the container", "{} 属于容器"),
    ("{} belongs to the Pod's spec", "{} 属于 Pod 的 spec"),
    ("{} belongs to the probe", "{} 属于探针"),
    ("{} belongs to the Deployment's spec", "{} 属于 Deployment 的 spec"),
    ("{} belongs to the Service's port", "{} 属于 Service 的端口"),
    ("{} belongs to the Service's spec", "{} 属于 Service 的 spec"),
    ("{} belongs to the selector", "{} 属于选择器"),
    ("{} belongs to {}", "{} 属于 {}"),
    ("this version of the Scenario is not known", "不认识这个版本的 Scenario"),
    ("this kind is not known in readyz.dev", "readyz.dev 里没有这个 kind"),
    ("this field is missing", "缺少这个字段"),
    ("there is no such field in a Scenario", "Scenario 里没有这个字段"),
    ("the word {} is not known here", "此处不认识 {}"),
    ("one of: present, missing, denied, refused, or a duration such as 3s", "可用的值：present、missing、denied、refused，或 3s 这样的时长"),
    ("one of: {}", "可用的值：{}"),
    ("a map is expected here", "此处应为映射"),
    ("write key: value", "写成 key: value"),
    ("a list is expected here", "此处应为列表"),
    ("begin each entry with a dash", "每一项以短横开头"),
    ("a text is expected here", "此处应为文本"),
    ("put it in quotes", "请加引号"),
    ("a text or number is expected here", "此处应为文本或数字"),
    ("a number is expected here", "此处应为数字"),
    ("a whole number is expected here", "此处应为整数"),
    ("a whole number, not below 0, is expected here", "此处应为不小于 0 的整数"),
    ("this number is out of range", "这个数超出范围"),
    ("true or false is expected here", "此处应为 true 或 false"),
    ("this is no duration", "这不是时长"),
    ("this is no moment on a whole second", "这不是整秒的时刻"),
    ("this is no amount", "这不是数量"),
    ("this is no rate", "这不是速率"),
    ("requests a second, as in 5 or 0.5", "每秒请求数，如 5 或 0.5"),
    ("this is no port", "这不是端口"),
    ("a number from 1 to 65535", "1 到 65535 之间的整数"),
    ("this is no way to pull", "不能这样写 pull"),
    ("this is no HTTP header", "这不是 HTTP 头"),
    ("a name such as X-Served-By, and a value on one line", "名称如 X-Served-By，值只占一行"),
    ("this is no way to stop", "不能这样写 onStop"),
    ("write ignore, or {after: 5s, exitCode: 0}", "写 ignore，或 {after: 5s, exitCode: 0}"),
    (
        "this image runs a shell, which serves nothing: it holds for an httpd that a container's command starts",
        "这个镜像运行 shell，不提供服务：此设置只对容器命令启动的 httpd 有效",
    ),
    (
        "start httpd -f -p PORT in the command, or give the image a name of your own: then it is a server",
        "在命令里启动 httpd -f -p PORT，或给镜像起个自己的名字：那样它就是服务器",
    ),
    (
        "this image waits for signals and never listens: it changes nothing",
        "这个镜像只等待信号，从不监听：此设置不起作用",
    ),
    ("give the image a name of your own: then it is a server", "给镜像起个自己的名字：那样它就是服务器"),
    ("a step needs something to do", "这一步没有要做的事"),
    ("add one of exec, kill, file, http, delete, scale, …", "加上 exec、kill、file、http、delete、scale 等之一"),
    ("a step does one thing", "一步只做一件事"),
    ("make a step of its own of each", "每件事各写一步"),
    ("this is no signal", "这不是信号"),
    ("write KILL, TERM, INT, HUP, …", "写 KILL、TERM、INT、HUP 等"),
    ("this is no share", "这不是份额"),
    ("this names no Pod", "这不是 Pod 的写法"),
    (
        "write a Pod's name, deployment/web#2, or labels such as app=web",
        "写 Pod 的名称、deployment/web#2，或 app=web 这样的标签",
    ),
    ("this is no workload", "这不是工作负载"),
    ("write deployment, pod, …", "写 deployment、pod 等"),
    ("an expectation needs its moment", "expect 的这一项缺少时刻"),
    ("add at, by, always or never", "加上 at、by、always 或 never"),
    ("an expectation has one moment", "expect 的一项只有一个时刻"),
    ("keep one of at, by, always, never", "at、by、always、never 只保留一个"),
    ("an expectation needs its subject", "expect 的这一项缺少对象"),
    ("add pod, deployment, service, event or requests", "加上 pod、deployment、service、event 或 requests"),
    ("this is no number or bound", "这不是数字或界限"),
    ("steps are a list", "步骤应为列表"),
    ("begin each step with a dash", "每一步以短横开头"),
    ("there is a Scenario document already; only the first one counts", "已经有一个 Scenario 文档，只有第一个有效"),
    ("the text is longer than {} MB, which is the limit", "文本超过 {} MB，这是上限"),
    ("leave out what the scenario does not need", "去掉场景用不到的内容"),
    ("write it as in 90s, 1m30s or 500ms", "写法如 90s、1m30s 或 500ms"),
    ("write it as in 2026-01-01T00:00:00Z", "写法如 2026-01-01T00:00:00Z"),
    ("write it as in 500m, 64Mi or 1.5", "写法如 500m、64Mi 或 1.5"),
    ("write it as in 0.2 or 20%", "写法如 0.2 或 20%"),
    ("write it as in 1, \">= 1\" or \"< 5\"", "写法如 1、\">= 1\" 或 \"< 5\""),
    ("no Pod matches {}", "没有匹配 {} 的 Pod"),
    ("Pod {} has no container {}", "Pod {} 没有容器 {}"),
    ("there is no node {}", "没有节点 {}"),
    ("there is no Service {}", "没有 Service {}"),
    ("neither a node nor a Pod is called {}", "没有名为 {} 的节点或 Pod"),
    ("nothing listens in Pod {}", "Pod {} 里没有监听的端口"),
    ("{} cannot be changed: is the container running?", "无法改动 {}：容器在运行吗？"),
    ("the container is not running", "容器没有运行"),
    ("there is no such process in the container", "容器里没有这个进程"),
    ("unknown signal {}", "不认识信号 {}"),
    (
        "between names two parties: service/NAME and pod/NAME or a node",
        "between 要写两方：service/NAME，以及 pod/NAME 或节点",
    ),
    (
        "one of the two must be service/NAME: only the clients of Services send requests",
        "其中一方必须是 service/NAME：只有 Service 的客户端发送请求",
    ),
    ("this act is not simulated yet", "尚未模拟这种操作"),
    ("there is no run to act upon", "没有可以操作的运行"),
    ("no answer within {} s", "{} 秒内没有应答"),
    ("the engine's answer could not be read", "无法读取引擎的应答"),
    ("expected a base64 text", "应为 base64 文本"),
    ("expected a list", "应为列表"),
    ("expected a map", "应为映射"),
    ("expected a number of 32 bits", "应为 32 位整数"),
    ("expected a text; put it in quotes", "应为文本，请加引号"),
    ("expected a time", "应为时间"),
    ("expected a whole number or a name", "应为整数或名称"),
    ("expected a whole number, without quotes or unit", "应为整数，不带引号和单位"),
    ("expected a whole number", "应为整数"),
    ("expected true or false", "应为 true 或 false"),
    ("use apiVersion: {}; {} was removed in Kubernetes {}", "请用 apiVersion: {}；{} 已在 Kubernetes {} 中移除"),
    ("use apiVersion: {}", "请用 apiVersion: {}"),
    ("use httpGet", "改用 httpGet"),
    ("use {}", "改为 {}"),
    ("write kind: {}", "写成 kind: {}"),
    ("write : and a space, not ：", "写半角冒号加空格，不要写全角的 ："),
    ("write {}, not {}", "写 {}，不是 {}"),
    ("every object begins with apiVersion: and kind:", "每个对象都以 apiVersion: 和 kind: 开头"),
    (
        "this looks like a Compose file; Kubernetes takes a Deployment and a Service for each of its services",
        "这像是 Compose 文件；在 Kubernetes 里，其中每个服务对应一个 Deployment 和一个 Service",
    ),
    ("a custom resource: the cluster here has no such definition", "这是自定义资源：这里的集群没有它的定义"),
    ("{{ }} is a template: render it first, with helm template or whatever fills it in", "{{ }} 是模板：请先用 helm template 等工具渲染"),
    ("leave out the lines of ``` around the YAML", "去掉 YAML 前后的 ``` 行"),
    ("leave out the line numbers", "去掉行号"),
    ("the line breaks are lost: copy the text from where it has them", "换行丢失了：请从保留换行的地方复制"),
    ("the indentation is lost: copy the text from where it has it", "缩进丢失了：请从保留缩进的地方复制"),
    ("a colon is missing: write key: value", "缺少冒号：应写成 key: value"),
    ("close the quote or bracket that is opened in line {}", "补上第 {} 行开始的引号或括号的另一半"),
    ("close the quote or bracket", "补上引号或括号的另一半"),
    (
        "check the indentation: keys (and dashes) of one level begin in the same column",
        "检查缩进：同一层的键（和短横）要从同一列开始",
    ),
    ("quote a value that holds a colon, or indent the line like its siblings", "含冒号的值要加引号，或让这一行与同层对齐"),
    ("indent with spaces, not with tabs", "用空格缩进，不要用制表符"),
    ("put the value in quotes", "给这个值加上引号"),
    ("write it out flatter, with fewer anchors", "写得平一些，少用锚点"),
    ("define it before its use, as in: key: &name value", "先定义再使用，例如 key: &name value"),
    ("remove the invisible characters", "删去不可见字符"),
    ("check the lines around", "检查上下几行"),
    ("this key appears again in line {}, and the last one wins", "这个键在第 {} 行又出现一次，以最后一个为准"),
    ("remove one of them", "删去其中一个"),
    ("leave nothing but --- on the line", "这一行只留 ---"),
    ("there are more than {} Pods, which is the limit", "Pod 超过 {} 个，这是上限"),
    ("leave out Pods from here on, or run them apart", "删去此后的 Pod，或分开运行"),
    ("create it before, by a document of kind Namespace", "先用一个 kind: Namespace 的文档创建它"),
    ("keep one Scenario document", "只保留一个 Scenario 文档"),
    ("add a volume of this name to spec.volumes", "在 spec.volumes 里加一个同名的卷"),
    ("give the template the labels of spec.selector.matchLabels", "让模板带上 spec.selector.matchLabels 里的标签"),
    ("restartPolicy: Always makes it a sidecar", "加上 restartPolicy: Always 就成为边车"),
    ("add exec, httpGet, tcpSocket or grpc", "加上 exec、httpGet、tcpSocket 或 grpc"),
    ("without quotes it is a number", "不加引号就是数字"),
    ("set type: NodePort", "设置 type: NodePort"),
    (
        "a run may take {} s and the period is {} s: while the server hangs, runs follow each other without a pause",
        "单次探测可长达 {} 秒，周期是 {} 秒：服务器挂起时，探测会一次紧接一次",
    ),
    ("keep the timeout below the period", "让超时小于周期"),
    (
        "liveness asks what readiness asks and gives up as early: an overloaded container is restarted where leaving rotation would do",
        "存活探针与就绪探针问的一样，放弃得也一样早：容器过载时本可只摘流量，却会被重启",
    ),
    ("ask a cheaper question, or give liveness a higher failureThreshold", "让存活探针问得更简单，或调高它的 failureThreshold"),
    (
        "for {} s after every start nothing is noticed, and a start that takes longer is cut off",
        "每次启动后的 {} 秒内什么也发现不了，而更慢的启动会被打断",
    ),
    (
        "a startupProbe of the same kind with failureThreshold: {} waits exactly as long as the start takes",
        "同类的 startupProbe 加 failureThreshold: {}，启动多久就等多久",
    ),
    (
        "the start takes {} s, and liveness gives up after {} s: the container will be restarted for ever",
        "启动需要 {} 秒，存活探针 {} 秒后就放弃：容器会不停重启",
    ),
    ("add a startupProbe that allows for the start", "加一个容得下启动时间的 startupProbe"),
    ("a hung process keeps the container down for {} s more before it is killed", "挂起的进程还要再过 {} 秒才会被杀死，其间容器不可用"),
    ("set terminationGracePeriodSeconds in the livenessProbe", "在 livenessProbe 里设置 terminationGracePeriodSeconds"),
    ("{} processes a minute in every such container", "每个这样的容器每分钟多 {} 个进程"),
    ("httpGet, tcpSocket and grpc cost no process", "httpGet、tcpSocket 和 grpc 不产生进程"),
    (
        "no port of this container is called {}: every run ends in an error, which neither restarts nor unreadies",
        "这个容器没有叫 {} 的端口：每次探测都以错误结束，既不会重启，也不会变为未就绪",
    ),
    ("name the port in ports, or write its number", "在 ports 里给端口命名，或直接写端口号"),
    ("no Pod of this text has these labels: every connection is refused", "文本中没有 Pod 带这些标签：所有连接都会被拒绝"),
    ("the nearest has no label {}", "最接近的 Pod 没有标签 {}"),
    ("the nearest has {}: {}", "最接近的 Pod 是 {}: {}"),
    ("no container of the selected Pods has a port called {}", "所选 Pod 的容器都没有叫 {} 的端口"),
    ("name the port in the container's ports", "在容器的 ports 里给端口命名"),
    (
        "a TCP connection says nothing about HTTP: it succeeds while every request fails",
        "TCP 连接说明不了 HTTP：请求全部失败时它照样成功",
    ),
    ("when this sidecar is not ready the whole Pod gets no traffic", "这个边车未就绪时，整个 Pod 都收不到流量"),
    ("leave it out if the Pod can serve without the sidecar", "没有边车也能服务的话，去掉它"),
    (
        "the hook takes {} s of a grace of {} s: SIGTERM comes with 2 s left",
        "钩子要用 {} 秒，宽限期共 {} 秒：SIGTERM 到来时只剩 2 秒",
    ),
    ("raise terminationGracePeriodSeconds", "调高 terminationGracePeriodSeconds"),
    (
        "the shell is process 1 and ignores SIGTERM: every stop takes {} s and ends with SIGKILL, exit code 137",
        "shell 是 1 号进程，会忽略 SIGTERM：每次停止都要 {} 秒，并以 SIGKILL（退出码 137）告终",
    ),
    ("exec the server, or trap TERM", "用 exec 启动服务器，或 trap TERM"),
    (
        "with one replica every update takes the only Pod away before the next is ready",
        "只有一个副本：每次更新都会在新 Pod 就绪之前拿走唯一的 Pod",
    ),
    ("0 waits for the new Pod", "设为 0 会等待新 Pod"),
    (
        "a Service sends requests as soon as the process runs, and goes on while liveness fails",
        "进程一运行 Service 就发来请求，存活探针失败期间也不停",
    ),
    ("add a readinessProbe", "加一个 readinessProbe"),
    ("a single failure, a pause of the node included, restarts the container", "一次失败就重启容器，节点卡顿也算"),
    ("3 is the default", "默认是 3"),
    ("30 is the default", "默认是 30"),
    (
        "the kubelet asks from the node: this is the node itself, not the container",
        "kubelet 从节点发起探测：这里指的是节点本身，不是容器",
    ),
    (
        "the probe asks another host: its failures restart or unready this container",
        "探针问的是别的主机：它的失败会让这个容器重启或未就绪",
    ),
    ("leave host out: then it is the Pod's address", "去掉 host：那就是 Pod 自己的地址"),
    (
        "readiness needs {} s to take the Pod out of rotation, liveness kills after {} s",
        "就绪探针要 {} 秒才摘掉流量，存活探针 {} 秒就会杀死容器",
    ),
    ("let readiness be the faster one", "让就绪探针更快"),
    ("a start may take {} s, and the rollout counts as failed after {} s", "启动最长可达 {} 秒，而发布 {} 秒后就算失败"),
    ("raise progressDeadlineSeconds", "调高 progressDeadlineSeconds"),
    ("requests under way are cut off: SIGKILL follows after 2 s", "进行中的请求会被切断：2 秒后就是 SIGKILL"),
];

/// In 简体中文, if it is the engine's own sentence. A field may stand before it, a way out after it.
#[inline(never)]
pub(super) fn in_chinese(english: &str) -> String {
    let parts = [("; ", "；"), (": ", "：")];
    let of_parts = || {
        parts.into_iter().find_map(|(mark, chinese)| {
            let (before, after) = english.split_once(mark)?;
            let told = sentence(after)?;
            Some([&in_chinese(before), chinese, &told].concat())
        })
    };
    sentence(english)
        .or_else(of_parts)
        .unwrap_or_else(|| english.to_owned())
}

/// A sentence of the table in 简体中文.
fn sentence(english: &str) -> Option<String> {
    let (chinese, holes) = CHINESE
        .iter()
        .find_map(|(pattern, chinese)| Some((chinese, holes(pattern, english)?)))?;
    let mut parts = chinese.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (part, hole) in parts.zip(holes) {
        text.push_str(hole);
        text.push_str(part);
    }
    Some(text)
}

/// What stands in a sentence where a pattern has `{}`; None if it is another sentence.
fn holes<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut holes = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let end = match parts.peek() {
            Some(_) => rest.find(part)?,
            None => rest.strip_suffix(part)?.len(),
        };
        holes.push(&rest[..end]);
        rest = &rest[end + part.len()..];
    }
    rest.is_empty().then_some(holes)
}

#[cfg(test)]
mod tests;
