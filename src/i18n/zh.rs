//! 简体中文。

use std::sync::OnceLock;

use super::{FaultWords, LookWords, TerminalWords, Texts, TimeWords, TimingWords, WhyWords};

/// Its sentences, put together at the first call: a page in another language does not load them before.
#[inline(never)]
pub(super) fn texts() -> &'static Texts {
    static READY: OnceLock<Texts> = OnceLock::new();
    READY.get_or_init(|| TEXTS)
}

const TEXTS: Texts = Texts {
    skip_to_cluster: "跳到集群",
    panes: "面板",
    example: "示例",
    own_text: "你的文本",
    seed: "种子",
    seed_hint: "所有随机取值都来自种子",
    reset: "重置",
    reset_hint: "回到 0:00 并清除操作，保留 YAML",
    theme_light: "主题：浅色",
    theme_dark: "主题：深色",
    theme_auto: "主题：跟随系统",
    help: "帮助与快捷键",
    close: "关闭",
    dismiss: "知道了",
    retry: "重试",

    commands: "命令",
    projector: "投影：只留图示与时间线，放大显示",
    previous_input: "上一个操作",
    next_input: "下一个操作",
    open_in_readyz: "在 readyz 中打开",
    pin_keys:
        "拖动或 Shift 加方向键移动时刻；D 或按住 Alt 拖动则复制；Delete 移除。都会分出新时间线。",

    share: "分享",
    share_kind: "链接指向",
    share_moment: "此刻",
    share_start: "起点",
    share_embed: "嵌入代码",
    copy: "复制",
    link_copied: "链接已复制，含 YAML、故障、种子与时刻。",
    link_not_copied: "此处不允许复制。链接已选中，请按 Ctrl C。",
    link_holds: |acts, length| {
        format!("含 YAML、{acts} 次操作、种子、时刻、速度、视图、语言与主题。共 {length} 个字符，不会发送到服务器。")
    },
    link_long: "超过 2000 个字符的链接可能被某些程序截断。",
    link_newer: "此链接由更新的版本生成，请刷新。",
    link_broken: |read| match read {
        "" => "链接已损坏，无法读取。".into(),
        read => format!("链接已损坏。已读取：{read}，其余缺失。"),
    },
    link_differs: |engine| format!("此链接由 readyz {engine} 生成，当时的结果不同。"),

    manifest: "YAML 清单",
    manifest_hint: "按 Tab 离开编辑器。输入之后 Tab 缩进，此时先按 Esc 再按 Tab 离开。",
    empty_editor: "粘贴清单，或选一个示例开始。",
    no_problems: "没有问题",
    problems: |errors, warnings| match (errors, warnings) {
        (0, warnings) => format!("{warnings} 条提示"),
        (errors, 0) => format!("{errors} 个错误"),
        (errors, warnings) => format!("{errors} 个错误，{warnings} 条提示"),
    },
    problem_list: "问题",
    line_column: |line, column| format!("第 {line} 行，第 {column} 列"),
    go_to_line: |line| format!("跳到第 {line} 行"),
    fix: |replacement| format!("修正：改为 {replacement}"),
    fix_add: |document| format!("修正：加上 {document}"),
    fix_remove: "修正：删除",
    told: super::told::in_chinese,
    not_applied: |revision| format!("未应用。集群仍运行第 {revision} 版。"),
    applied: |revision| format!("第 {revision} 版"),
    edited: "已编辑",
    restart_with_this: "用它重新开始",
    restart_hint: |acts| format!("从 0:00 运行这份文本，并重放 {acts} 次操作。"),
    discard: "放弃修改",

    cluster: "集群",
    view: "视图",
    picture: "图示",
    table: "表格",
    pods_and_nodes: |pods, nodes| format!("{pods} 个 Pod · {nodes} 个节点"),
    clients: "客户端",
    rate: |rate| format!("{rate} 次/秒"),
    no_clients: "没有流量",
    ready: "就绪",
    started: "已启动",
    restarts: |_| "次重启".into(),
    pod_name: |name, ready, total, restarts| {
        format!("Pod {name}：{total} 个容器中 {ready} 个就绪，重启 {restarts} 次")
    },
    container_name: |name| format!("容器 {name}"),
    requests: "自 0:00 起的请求",
    served: "成功",
    server_errors: "5xx",
    refused: "拒绝连接",
    reset_by_peer: "连接重置",
    timed_out: "超时",
    no_endpoint: "无端点",
    out_of_rotation: "已摘除",
    no_service: "没有 Service 选中这些 Pod。",
    service_without_pods: "选择器没有匹配任何 Pod。",
    no_endpoints: "无端点",
    unscheduled: "未调度",
    no_pods: "还没有 Pod。Pod 来自 Pod、Deployment、ReplicaSet、StatefulSet、DaemonSet 或 Job；\
              未模拟的内容在 YAML 中以下划线标出。",
    no_pods_now: "此刻没有 Pod。",
    running_for: "已运行",
    not_listening: "尚未监听",
    sigkill_in: "距 SIGKILL",
    to_restart: "后重启",
    of_total: |total| format!("共 {total} s"),
    back_off_name: |reason, total| format!("{reason}：等待 {total} 秒"),
    exit_code: |code| format!("退出码 {code}"),
    exit: "退出码",
    init: "初始化",
    sidecar: "边车",
    more_rows: |count| format!("另有 {count} 行"),

    startup: "启动",
    readiness: "就绪",
    liveness: "存活",
    none_yet: "尚未探测",
    held: "等待启动探针通过",
    on_hold: "暂停",
    passed: "已通过",
    stopped: "未运行",
    next_in: "还有",
    gauge_failing: |kind, run, threshold| {
        if run > threshold {
            format!("{kind}探针：连续失败 {run} 次，阈值 {threshold}")
        } else {
            format!("{kind}探针：第 {run}/{threshold} 次失败")
        }
    },
    gauge_passing: |kind, run| format!("{kind}探针：连续通过 {run} 次"),
    gauge_other: |kind, state| format!("{kind}探针：{state}"),

    playback: "播放控制",
    to_start: "回到开头",
    previous_moment: "上一时刻",
    play: "播放",
    pause: "暂停",
    next_moment: "下一时刻",
    live_edge: "到最新处",
    speed: "速度",
    more_speeds: "其他速度",
    max: "最快",
    clock: "虚拟时间",
    next: "接下来：",
    zoom_in: "放大",
    zoom_out: "缩小",
    fit: "全览",
    timeline: "时间线",
    playhead: "播放头",
    inputs: "操作",
    traffic: "流量",
    events: "事件",
    events_row: "事件",
    in_service: "接收流量",
    predicted: "预测：若不再操作",
    branch: "分支",
    branch_name: |name, forked_at| format!("{name}，自 {forked_at}"),
    time_in_words: |minutes, seconds| match minutes {
        0 => format!("{seconds} 秒"),
        minutes => format!("{minutes} 分 {seconds} 秒"),
    },
    pods_ready: |ready, total| format!("{total} 个 Pod 中 {ready} 个就绪。"),
    pin_name: |at, label, pod| match pod {
        "" => format!("{at} 的操作：{label}"),
        pod => format!("{at} 的操作：{label}，{pod}"),
    },
    lane: |pod, container| format!("{pod}，容器 {container}"),

    tick_passed: |kind, run| format!("{kind}探针连续通过 {run} 次"),
    tick_failed: |kind, run, threshold| {
        if run > threshold {
            format!("{kind}探针连续失败 {run} 次")
        } else {
            format!("{kind}探针第 {run}/{threshold} 次失败")
        }
    },
    tick_error: |kind| format!("{kind}探针无法执行"),
    effect_none: "无变化。",
    effect_below: "未到阈值，暂无影响。",
    effect_kill: "已到阈值，kubelet 将杀死容器。",
    effect_not_ready: "已到阈值，容器变为未就绪。",
    effect_ready: "容器变为就绪。",
    effect_started: "容器已启动。",
    effect_discarded: "结果被丢弃。",
    readiness_never_restarts: "就绪探针不会重启容器。",

    inspector: "检查器",
    faults: "故障",
    fault: FaultWords::CHINESE,
    terminal: TerminalWords::CHINESE,
    why: WhyWords::CHINESE,
    timing: TimingWords::CHINESE,
    look: LookWords::CHINESE,
    time: TimeWords::CHINESE,
    yaml: "YAML",
    age: "时间",
    reason_and_message: "原因与消息",
    event_count: |events, rows| format!("{events} 个事件，{rows} 行"),
    no_events: "还没有事件。",
    repeated: |count, over| format!("x{count} over {over}"),
    warning: "Warning",

    loading: "正在加载模拟器。YAML 已可阅读和复制。",
    worker_restarted: |message| format!("模拟出错，已重新启动；你的文本保留。（{message}）"),
    simulation_stopped: |at, message| format!("模拟停在 {at}。你的文本保留。（{message}）"),

    says_ready: |pod| format!("{pod} 已就绪。"),
    says_not_ready: |pod| format!("{pod} 未就绪。"),
    says_restarted: |pod, restarts| format!("{pod} 已重启，共 {restarts} 次。"),
    says_stopping: |pod| format!("{pod} 停止中。"),
    says_back_off: |pod, left| format!("{pod} 等待重启，还有 {left} 秒。"),
    says_threshold: |pod, kind, run, threshold| {
        format!("{pod}：{kind}探针第 {run}/{threshold} 次失败。")
    },

    keyboard: "快捷键",
    shapes: "图形",
    key_play: "播放、暂停",
    key_moments: "上一时刻、下一时刻",
    key_inputs: "上一个操作、下一个操作",
    key_seconds: "1 秒（Shift 为 10 秒，Alt 为 0.1 秒）",
    key_ends: "开头、最新处",
    key_zoom: "放大、缩小、全览，向前，向后",
    key_speeds: "1×、10×、60×、最快",
    key_lanes: "上一条、下一条泳道",
    key_panes: "转到某个面板或集群（C）",
    key_editor: "在编辑器中：用它重新开始",
    key_help: "本页",
    legend_success: "一次探测成功",
    legend_failure: "一次探测失败：向阈值下移一级",
    legend_decisive: "已到阈值：这次失败生效",
    legend_triggered: "计划外的就绪探测",
    legend_in_service: "Pod 是就绪端点；圆点表示不是",
    legend_predicted: "若不再操作的未来",
    not_simulated: "不模拟的内容",
    not_simulated_text:
        "镜像都是模型：已知镜像按其行为运行，其他镜像视为返回 200 的服务器。数据不会离开此页面。",
};
