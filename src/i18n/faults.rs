//! The faults panel.

use super::words::words;
use super::Word;

words! {
    /// Sentences of the faults panel.
    FaultWords
    target: Word = "Target", "目标";
    acts_at: Word = "Acts at the playhead. In the past, it forks the run.",
        "在播放头处生效；若在过去，则分出新时间线。";
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
    path: Word = "Path", "路径";
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
    inject: Word = "Inject", "注入";
    heal: Word = "Heal", "恢复";
    active_since: fn(&str) -> String = |at| format!("active since {at}"), |at| format!("自 {at} 起生效");
    active_until: fn(&str, &str) -> String = |at, until| format!("active since {at}, until {until}"),
        |at, until| format!("自 {at} 起生效，至 {until}");
    other: Word = "Other faults in force", "其他生效中的故障";
    acts: Word = "What you did", "你的操作";
    undo: Word = "Undo", "撤销";
    no_effect: fn(&str) -> String = |why| format!("No effect: {why}"), |why| format!("无效：{why}");
    no_process: Word = "No process runs in this container.", "此容器没有运行中的进程。";
    nothing_listens: Word = "Nothing listens in this container.", "此容器没有监听端口。";
    no_http: Word = "Nothing answers HTTP in this container.", "此容器没有 HTTP 服务。";
    no_file_probe: Word = "No probe of this container reads a file.", "此容器没有探针读取文件。";
    no_grpc_probe: Word = "No probe of this container asks gRPC.", "此容器没有 gRPC 探针。";
    no_node: Word = "The Pod is on no node.", "此 Pod 不在任何节点上。";
    no_service: Word = "No Service selects this Pod.", "没有 Service 选中此 Pod。";
}
