//! The why panel and the engine's causes.

use super::words::words;
use super::Word;
use readyz_engine::why::{Key, Question};

words! {
    /// Sentences of the why panel.
    WhyWords
    name: Word = "Why", "原因";
    question: Word = "Question", "问题";
    asks: fn(Question, &str) -> String = |question, container| match question {
        Question::State => format!("Why is {container} in this state?"),
        Question::Restart => format!("Why was {container} restarted?"),
        Question::Ready => format!("Why is {container} ready, or not?"),
        Question::Service => format!("Why does the Pod of {container} get traffic, or none?"),
        Question::Node => format!("Why is the Pod of {container} on its node, or on none?"),
    }, |question, container| match question {
        Question::State => format!("{container} 为什么处于此状态？"),
        Question::Restart => format!("{container} 为什么重启？"),
        Question::Ready => format!("{container} 为什么就绪，或未就绪？"),
        Question::Service => format!("{container} 所在的 Pod 为什么有流量，或没有？"),
        Question::Node => format!("{container} 所在的 Pod 为什么在这个节点，或没有节点？"),
    };
    causes: Word = "Causes", "原因链";
    line: fn(u32) -> String = |line| format!("L{line}"), |line| format!("第 {line} 行");
    select_line: fn(u32) -> String = |line| format!("Select line {line} of the YAML"),
        |line| format!("选中 YAML 第 {line} 行");
    rule: Word = "Rules of the simulation, by the names that its tests cite", "模拟所依据的规则编号，测试按此引用";
    page: Word = "About this at kubernetes.io, in a new tab", "kubernetes.io 上的说明，在新标签页打开";
    not_cause: Word = "Not the cause", "并非原因";
    readiness_not: fn(&str) -> String =
        |at| format!("Readiness failed too, at {at}. It never restarts a container."),
        |at| format!("就绪探针也在 {at} 失败过，但它不会重启容器。");
    liveness_not: fn(u32, u32) -> String =
        |run, threshold| format!("Liveness failed {run} of {threshold}. Below the threshold: no effect yet."),
        |run, threshold| format!("存活探针失败 {run}/{threshold} 次，未到阈值，暂无影响。");
    what_if: Word = "What if", "假如";
    scores: Word = "Scores of the nodes that fitted", "通过过滤的节点的得分";
    plugin: Word = "Plugin × weight", "插件 × 权重";
    sum: Word = "Sum", "合计";
    chosen: Word = "chosen", "选中";
    more_nodes: fn(u32) -> String = |count| format!("and {count} more nodes"),
        |count| format!("另有 {count} 个节点");
    nothing: Word = "No container at this moment.", "此刻没有容器。";
    sentence: fn(Key) -> Word = |key| key.english(), chinese;
}

/// The causes in Chinese; API words stay.
const fn chinese(key: Key) -> Word {
    match key {
        Key::Acted => "操作：{0}",
        Key::Healed => "{0} 结束",
        Key::Applied => "清单已应用",
        Key::DeploymentChanged => "Deployment {0} 已同步",
        Key::ReplicaSetChanged => "ReplicaSet {0} 已同步",
        Key::NodeChanged => "节点 {0} 有变化",
        Key::ServiceChanged => "Service {0} 有变化",
        Key::PodCreated => "Pod {0} 已创建",
        Key::PodBound => "Pod {0} 已绑定到 {1}",
        Key::PodDeleting => "Pod {0} 将被删除，宽限期 {1} 秒",
        Key::PodRemoved => "Pod {0} 已移除",
        Key::PullBegan => "开始拉取 {0}",
        Key::FirstStart => "{0} 启动",
        Key::StartedAgain => "{0} 再次启动，第 {1} 次重启",
        Key::ProbeFailed => "{0}探针第 {1}/{2} 次失败",
        Key::ProbePassed => "{0}探针第 {1}/{2} 次成功",
        Key::Verdict => "{0}探针达到 failureThreshold {1}",
        Key::Recovered => "{0}探针达到 successThreshold {1}",
        Key::Stored => "{0}探针结果变为 {1}",
        Key::StopSignalled => "kubelet 向 {0} 发送停止信号：{1}；{2} 秒后 SIGKILL",
        Key::HookBegan => "{0} 的 preStop 开始执行，其时间从宽限期中扣除",
        Key::Exited => "{0} 退出，退出码 {1}",
        Key::BackOff => "{0} 的启动因退避被推迟到 {1}",
        Key::EndpointReady => "Pod 成为 {0} 的就绪端点",
        Key::EndpointUnready => "Pod 成为 {0} 的未就绪端点",
        Key::EndpointGone => "Pod 离开 {0} 的端点",
        Key::WaitsBecause => "{0} 等待：{1} {2}",
        Key::HeldByStartup => "{0} 等待启动探针通过",
        Key::NoReadinessProbe => "{0} 没有就绪探针：运行即就绪",
        Key::Unschedulable => "Pod {0} 没有节点：{1}",
        Key::IsWaiting => "{0} 等待：{1}",
        Key::IsInBackOff => "{0} 退避到 {1}",
        Key::RunsFirst => "{0} 自 {1} 起运行，首次启动",
        Key::RunsAgain => "{0} 自 {1} 起运行，重启过 {2} 次",
        Key::IsStopping => "{0} 自 {1} 起停止中",
        Key::IsInHook => "{0} 自 {1} 起执行 preStop；进程尚未收到任何信号",
        Key::Missed => "{1} 停机，{0} 没有它便退出",
        Key::HasEnded => "{0} 于 {1} 退出，退出码 {2}",
        Key::WasRestarted => "{0} 于 {1} 重启",
        Key::IsReady => "{0} 已就绪",
        Key::IsNotReady => "{0} 未就绪",
        Key::GetsTraffic => "{0} 是 {1} 的就绪端点",
        Key::NodesRefused => "{0}：被 {1} 拒绝，{2}",
        Key::NodesFit => "{0} 个节点通过全部过滤：{1}",
        Key::OneFits => "只有 {0} 通过全部过滤，因此不评分",
        Key::ScoredHighest => "{0} 得分最高：{1}",
        Key::WasDrawn => "在 {1} 个同分节点中抽中 {0}，机会均等",
        Key::RoomWasMade => "{0} 上已腾出位置，因此不评分",
        Key::MakesRoom => "{0} 须离开，以便在 {1} 上腾出位置",
        Key::PlacedBySpec => "{0} 在 {1} 上：由 spec 指定，未经调度器",
        Key::PlacedOnly => "{0} 在 {1} 上：唯一通过过滤的节点",
        Key::PlacedBest => "{0} 在 {1} 上：{2} 个节点中得分最高",
        Key::PlacedDrawn => "{0} 在 {1} 上：从 {3} 个通过过滤的节点里 {2} 个同分者中抽取",
        Key::PlacedWhereRoom => "{0} 在 {1} 上：那里为它腾出了位置",
        Key::FitsNowhere => "{0} 没有节点：{1} 个节点都不合适",
        Key::GetsNoTraffic => "{0} 不再从 {1} 获得新连接",
    }
}
