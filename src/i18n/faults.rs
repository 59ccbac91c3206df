//! The faults panel.

use super::words::words;
use super::Word;

words! {
    /// Sentences of the faults panel.
    FaultWords
    target: Word = "Target", "目标";
    label: fn(&str) -> String = str::to_owned, label_in_chinese;
    deed: fn(&str) -> String = str::to_owned, deed_in_chinese;
    acts_at: Word = "Acts at the playhead. In the past, it forks the run.",
        "在播放头处生效；若在过去，则分出新时间线。";
    assumed: Word = "Nobody has described this image. Assumed: a server on the ports that the Pod names, answering 200 from 1 s on, gone with exit code 0 on SIGTERM.", "没有人描述过这个镜像。假定：在 Pod 写明的端口上提供服务，1 秒后开始返回 200，收到 SIGTERM 后以退出码 0 结束。";
    describe_image: Word = "Describe it in the text", "在文本里描述它";
    no_target: Word = "No container yet. Faults need one.", "还没有容器，无法注入故障。";
    process: Word = "Process", "进程";
    http_server: Word = "HTTP server", "HTTP 服务器";
    files: Word = "Files", "文件";
    network: Word = "Network and traffic", "网络与流量";
    node: Word = "Node and registry", "节点与镜像仓库";
    kill: Word = "Kill the process", "杀死进程";
    kill_button: Word = "Kill", "杀死";
    terminate: Word = "Ask the process to end", "请求进程结束";
    terminate_button: Word = "Terminate", "结束";
    exit: Word = "Let the process exit", "让进程退出";
    exit_button: Word = "Exit", "退出";
    exit_code: Word = "Exit code", "退出码";
    hang: Word = "Hang", "卡死";
    hang_command: Word = "accepts, never answers", "接受连接，从不应答";
    memory: Word = "Leak memory", "内存泄漏";
    memory_to: Word = "Grows to", "增长到";
    memory_command: Word = "OOMKilled, exit code 137", "OOMKilled，退出码 137";
    cpu: Word = "Throttle the CPU", "限制 CPU";
    cpu_share: Word = "Share of the CPU", "CPU 份额";
    status: Word = "Answer with a status", "返回状态码";
    status_code: Word = "Status", "状态码";
    slow: Word = "Respond slowly", "响应缓慢";
    latency: Word = "Seconds", "秒数";
    http_hang: Word = "Never answer", "从不应答";
    http_reset: Word = "Drop the connection", "断开连接";
    http_empty: Word = "Close without an answer", "不应答就关闭";
    http_refuse: Word = "Refuse the connection", "拒绝连接";
    grpc: Word = "Answer NOT_SERVING", "返回 NOT_SERVING";
    path: Word = "HTTP path", "HTTP 路径";
    how_long: Word = "How long", "持续";
    until_healed: Word = "until healed", "直到恢复";
    for_seconds: fn(u32) -> String = |seconds| format!("for {seconds} s"),
        |seconds| format!("{seconds} 秒");
    delete_file: fn(&str) -> String = |path| format!("Delete {path}"), |path| format!("删除 {path}");
    delete: Word = "Delete", "删除";
    create_file: fn(&str) -> String = |path| format!("Create {path}"), |path| format!("创建 {path}");
    create: Word = "Create", "创建";
    disk: Word = "Fill the disk", "写满磁盘";
    disk_command: Word = "No space left on device", "No space left on device";
    close_port: fn(u16) -> String = |port| format!("Stop listening on {port}"),
        |port| format!("停止监听 {port}");
    drop_port: fn(u16) -> String = |port| format!("Drop packets to {port}"),
        |port| format!("丢弃发往 {port} 的包");
    drop_command: Word = "connections time out", "连接超时";
    partition: fn(&str) -> String = |service| format!("Cut {service} off from this Pod"),
        |service| format!("切断 {service} 与此 Pod");
    traffic: fn(&str) -> String = |service| format!("Change the traffic of {service}"),
        |service| format!("改变 {service} 的流量");
    rate: Word = "Requests a second", "每秒请求数";
    image_missing: Word = "Remove the image from the registry", "从仓库移除镜像";
    image_denied: Word = "Take the right to pull away", "取消拉取权限";
    unreachable: fn(&str) -> String = |node| format!("Cut {node} off"), |node| format!("断开 {node} 的网络");
    down: fn(&str) -> String = |node| format!("Take {node} down"), |node| format!("关闭 {node}");
    memory_pressure: fn(&str) -> String = |node| format!("Use up the memory of {node}"),
        |node| format!("耗尽 {node} 的内存");
    disk_pressure: fn(&str) -> String = |node| format!("Use up the disk of {node}"),
        |node| format!("耗尽 {node} 的磁盘");
    drain: fn(&str) -> String = |node| format!("Drain {node}"), |node| format!("排空 {node}");
    drain_button: Word = "Drain", "排空";
    kubelet_stop: Word = "Stop the kubelet", "停止 kubelet";
    kubelet_restart: Word = "Restart the kubelet", "重启 kubelet";
    restart_button: Word = "Restart", "重启";
    delete_pod: Word = "Delete the Pod", "删除 Pod";
    run_command: Word = "Run a command", "执行命令";
    command_line: Word = "Command", "命令";
    run_button: Word = "Run", "执行";
    outside: Word = "Outside of the cluster", "集群之外";
    take_down: fn(&str) -> String = |name| format!("Take {name} down"), |name| format!("让 {name} 停机");
    bring_up: fn(&str) -> String = |name| format!("Bring {name} up"), |name| format!("让 {name} 恢复");
    no_dependency: Word = "The Scenario document names no dependencies.", "Scenario 文档没有声明 dependencies。";
    told: fn(&str) -> Option<(Word, Word)> = told_in_english, told_in_chinese;
    told_name: fn(&str) -> String = |name| format!("What it does: {name}"), |name| format!("作用说明：{name}");
    inject: Word = "Inject", "注入";
    heal: Word = "Heal", "恢复";
    active_since: fn(&str) -> String = |at| format!("active since {at}"), |at| format!("自 {at} 起生效");
    active_until: fn(&str, &str) -> String = |at, until| format!("active since {at}, until {until}"),
        |at, until| format!("自 {at} 起生效，至 {until}");
    other: Word = "Other faults in force", "其他生效中的故障";
    acts: Word = "What you did", "你的操作";
    undo: Word = "Undo", "撤销";
    no_effect: fn(&str) -> String = |why| format!("No effect: {why}"), |why| format!("无效：{why}");
    go_to_start: fn(&str) -> String = |at| format!("Go to {at}, where it runs"), |at| format!("前往 {at}，那时进程在运行");
    no_process: Word = "No process runs in this container.", "此容器没有运行中的进程。";
    nothing_listens: Word = "Nothing listens in this container.", "此容器没有监听端口。";
    no_file_probe: Word = "No probe of this container reads a file.", "此容器没有探针读取文件。";
    no_grpc_probe: Word = "No probe of this container asks gRPC.", "此容器没有 gRPC 探针。";
    no_node: Word = "The Pod is on no node.", "此 Pod 不在任何节点上。";
    no_service: Word = "No Service selects this Pod.", "没有 Service 选中此 Pod。";
}

/// The engine's name of a fault in force ([`readyz_engine::fault::Undo::label`]).
fn label_in_chinese(label: &str) -> String {
    const WHOLE: [(&str, Word); 12] = [
        ("hangs", "卡死"),
        ("memory leak", "内存泄漏"),
        ("cpu throttled", "CPU 受限"),
        ("disk full", "磁盘已满"),
        ("network cut", "网络中断"),
        ("node unreachable", "节点失联"),
        ("node down", "节点断电"),
        ("memory pressure", "内存压力"),
        ("disk pressure", "磁盘压力"),
        ("kubelet stopped", "kubelet 已停止"),
        ("traffic", "流量"),
        ("broken every path", "所有路径异常"),
    ];
    const PARTS: [(&str, Word); 8] = [
        (" every path", " 所有路径"),
        ("broken ", "异常 "),
        (" deleted", " 已删除"),
        (" created", " 已创建"),
        ("port ", "端口 "),
        ("image ", "镜像 "),
        (" down", " 停机"),
        (" up", " 恢复"),
    ];
    if let Some((about, label)) = label.split_once(": ") {
        return [about, "：", &label_in_chinese(label)].concat();
    }
    if let Some((_, word)) = WHOLE.iter().find(|(english, _)| *english == label) {
        return (*word).to_owned();
    }
    for (english, word) in PARTS {
        let rest = match english.starts_with(' ') {
            true => label
                .strip_suffix(english)
                .map(|rest| [rest, word].concat()),
            false => label
                .strip_prefix(english)
                .map(|rest| [word, rest].concat()),
        };
        if let Some(whole) = rest {
            return whole;
        }
    }
    label.to_owned()
}

/// The engine's name of an act. What kubectl or a shell would be told stays.
fn deed_in_chinese(label: &str) -> String {
    if let Some((label, container)) = label.split_once(" (") {
        return [&deed_in_chinese(label), " (", container].concat();
    }
    const WHOLE: [(&str, Word); 9] = [
        ("hang", "卡死"),
        ("memory", "内存"),
        ("cpu", "CPU"),
        ("disk", "磁盘"),
        ("port", "端口"),
        ("image", "镜像"),
        ("network", "网络"),
        ("traffic", "流量"),
        ("heal", "恢复"),
    ];
    if let Some((_, word)) = WHOLE.iter().find(|(english, _)| *english == label) {
        return (*word).to_owned();
    }
    match label.split_once(' ') {
        Some(("node", name)) => ["节点 ", name].concat(),
        Some((name, "down")) => [name, " 停机"].concat(),
        Some((name, "up")) => [name, " 恢复"].concat(),
        _ => label.to_owned(),
    }
}

/// What a fault does to the world, and what cannot see it.
fn told_in_english(id: &str) -> Option<(Word, Word)> {
    let kind = readyz_engine::fault::KINDS
        .iter()
        .find(|kind| kind.id == id)?;
    Some((kind.does, kind.unseen))
}

fn told_in_chinese(id: &str) -> Option<(Word, Word)> {
    Some(match id {
        "kill" => (
            "从宿主机向容器的首个进程或指定进程发送信号。",
            "处理该信号的进程，或忽略它的首个进程，会照常运行；只有 KILL 必定结束进程。",
        ),
        "exit" => (
            "容器的首个进程以此退出码结束，就像应用崩溃。",
            "探针不会发现：容器先被重启；无论退出码多少，重启都计数。",
        ),
        "file" => (
            "在容器里创建、改写或删除文件。",
            "只有读取该文件的 exec 探针能发现；HTTP、TCP、gRPC 探针都不会。",
        ),
        "exec" => (
            "在容器里执行命令，与 kubectl exec 相同。",
            "没人查看就没人发现：没有探针读取的文件、没有探针询问的进程。",
        ),
        "http" => (
            "HTTP 服务器返回别的状态码、变慢、从不应答，或断开连接。",
            "TCP 探针只能发现拒绝连接；exec 探针若不询问服务器则毫无察觉；询问其他路径或端口的探针也一样。",
        ),
        "grpc" => (
            "gRPC 健康服务返回此状态。",
            "只有询问该服务的 gRPC 探针能发现；HTTP、TCP、exec 探针不询问健康服务。",
        ),
        "port" => (
            "端口拒绝连接、让数据包消失，或在没有监听时也接受连接。Pod 内经 localhost 的连接不受影响。",
            "检查文件或进程的 exec 探针不会发现，经 localhost 询问的也不会。",
        ),
        "hang" => (
            "服务器接受连接却从不应答，直到重启。",
            "TCP 探针看不到死锁：接受连接的是内核，直到等待的连接填满服务器的 backlog。exec 探针只有询问服务器才会发现。",
        ),
        "memory" => (
            "容器内存增长到此大小；超过限制时内核杀死它：退出码 137，原因 OOMKilled。",
            "没有探针能看到内存增长；没有内存限制时容器安然无恙。",
        ),
        "cpu" => (
            "容器只得到此份额的 CPU 时间：每个应答和 exec 命令都要等下一个 100 ms 时间片，工作越积越多。",
            "TCP 探针不会发现：内核接受连接。应答超过 timeoutSeconds 后，HTTP 或 exec 探针才会发现。",
        ),
        "disk" => (
            "没有空间写入：Pod 的容器（或节点上所有 Pod）每次写入都以“No space left on device”失败。",
            "只读取、只连接或只询问服务器的探针不会发现；写文件的探针会。",
        ),
        "image" => (
            "仓库里没有此镜像、不再允许拉取、不应答，或很慢。运行过它的节点保留副本。",
            "运行中的容器及其探针毫无察觉；在已有镜像的节点上重启也一样，除非 imagePullPolicy 是 Always。",
        ),
        "network" => (
            "Service 的客户端与 Pod（或节点上所有 Pod）之间的包丢失：发往那里的请求超时。",
            "探针不会发现：kubelet 在 Pod 所在节点上探测。端点保持就绪，继续分到请求。",
        ),
        "node" => (
            "节点断网或断电；或 Pod 之外的东西占用其内存或磁盘，kubelet 每 10 秒驱逐一个 Pod。",
            "没有探针能看到断网的节点：其 kubelet 在原地继续探测。节点的 Lease 错过 50 秒后，控制平面才会发现。",
        ),
        "drain" => (
            "节点不再接受新 Pod，其上的 Pod 逐个被驱逐，各有宽限期；PodDisruptionBudget 会让其余 Pod 等待。节点保持不可调度。",
            "探针不会发现：这些 Pod 和其他 Pod 一样被删除，删除开始时就离开 Service。没有控制器的 Pod 不会回来。",
        ),
        "kubelet" => (
            "节点的 kubelet 停止或重启；容器继续运行。退避、事件计数与探测结果都被忘记。",
            "停止期间没人探测：节点上的一切都不会被发现、重启或摘除，直到 Lease 错过 50 秒。",
        ),
        "dependency" => (
            "集群之外的数据库或其他服务停机：需要它的路径返回 503，按名字询问它的命令被拒绝。",
            "只有所询问的内容需要它时探针才会发现；只询问进程本身的探针不会。",
        ),
        "traffic" => (
            "Service 的客户端每秒发送这么多请求。",
            "只有工作积压时探针才会发现：CPU 限制跟不上速率，应答晚于 timeoutSeconds。",
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use readyz_engine::fault::Undo;

    #[test]
    fn every_fault_is_explained_in_every_language() {
        for kind in readyz_engine::fault::KINDS {
            for words in [&FaultWords::ENGLISH, &FaultWords::CHINESE] {
                assert!((words.told)(kind.id).is_some(), "{}", kind.id);
            }
        }
    }

    #[test]
    fn faults_in_force_have_chinese_names() {
        let http = |path: &str| Undo::Http {
            status: Some(500),
            path: path.into(),
        };
        let told = |undo: Undo| label_in_chinese(&undo.label());
        assert_eq!(told(http("")), "500 所有路径");
        assert_eq!(told(http("/healthz")), "500 /healthz");
        assert_eq!(told(Undo::Port { port: 80 }), "端口 80");
        assert_eq!(label_in_chinese("node-1: node down"), "node-1：节点断电");
        assert_eq!(label_in_chinese("web: traffic"), "web：流量");
        let deeds = [
            "kill KILL",
            "hang (web/app)",
            "db down",
            "ip link set eth0 down",
        ];
        assert_eq!(
            deeds.map(deed_in_chinese),
            [
                "kill KILL",
                "卡死 (web/app)",
                "db 停机",
                "ip link set eth0 down"
            ]
        );
        for undo in [Undo::Hang, Undo::Memory, Undo::Disk, Undo::Network] {
            let name = told(undo);
            assert!(!name.contains(|c: char| c.is_ascii_alphabetic()), "{name}");
        }
    }
}
