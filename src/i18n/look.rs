//! Describe, logs, metrics, the ledger and branches.

use super::words::words;
use super::Word;
use crate::splitter::Side;
use readyz_engine::timeline::{Limit, Stop};
use std::borrow::Cow;

words! {
    /// Sentences of these panels.
    LookWords
    describe: Word = "Describe", "详情";
    logs: Word = "Logs", "日志";
    metrics: Word = "Metrics", "指标";
    requests: Word = "Ledger", "请求";
    branches: Word = "Branches", "分支";
    records: Word = "Records", "记录";
    records_of: fn(&str, &str, &str) -> String = |lane, from, to| format!("{lane}, {from} to {to}: what the timeline shows"),
        |lane, from, to| format!("{lane}，{from} 至 {to}：时间线所示内容");
    records_more: fn(usize) -> String = |count| format!("{count} more: zoom in to see them."),
        |count| format!("另有 {count} 条：放大后可见。");
    no_command: Word = "No command has these words.", "没有含这些字的命令。";
    moment: Word = "Moment", "时刻";
    what: Word = "What happened", "发生了什么";
    open_records: Word = "The lane as a table", "以表格查看此泳道";
    ended_unseen: Word = "process ended, not noticed yet", "进程已结束，尚未被发现";
    is_off: Word = ": no", "：否";
    previous: Word = "Previous instance", "上一实例";
    current: Word = "Current instance", "当前实例";
    instance: Word = "Instance", "实例";
    waiting: Word = "Asking kubectl.", "正在查询 kubectl。";
    no_requests: Word = "No client asks a Service. Traffic is a line of the Scenario document.",
        "没有客户端访问 Service；流量写在 Scenario 文档里。";
    next_one: fn(&str) -> String = |at| format!("next at {at}"), |at| format!("下一个在 {at}");
    no_next: Word = "no more", "没有了";
    last_one: fn(&str) -> String = |at| format!("last at {at}"), |at| format!("最近在 {at}");
    cause_no_endpoint: Word = "no ready endpoint in the Service", "Service 没有就绪端点";
    cause_state: fn(&str) -> String = |state| format!("the container was: {state}"),
        |state| format!("容器状态：{state}");
    cause_act: fn(&str) -> String = |label| format!("your act: {label}"), |label| format!("你的操作：{label}");
    restarts: Word = "Restarts", "重启次数";
    ready_endpoints: Word = "Ready endpoints", "就绪端点";
    request_rate: Word = "Requests a second", "每秒请求";
    lost_rate: Word = "Lost a second", "每秒失败";
    probe_failures: fn(&str) -> String = |kind| format!("Failures in a row, {kind}"),
        |kind| format!("{kind}探针连续失败");
    probe_total: fn(&str, &str) -> String = |kind, result| format!("Probe runs, {kind}, {result}"),
        |kind, result| format!("{kind}探针运行次数，{result}");
    successful: Word = "successful", "成功";
    failed: Word = "failed", "失败";
    probe_duration: fn(&str) -> String = |kind| format!("Average probe duration, {kind}"),
        |kind| format!("{kind}探针平均耗时");
    cpu: Word = "CPU", "CPU";
    memory: Word = "Memory", "内存";
    kubelet_text: Word = "What the kubelet tells", "kubelet 的指标文本";
    chart: fn(&str, &str, &str) -> String = |name, now, most| format!("{name}: {now} now, {most} at most"),
        |name, now, most| format!("{name}：现在 {now}，最多 {most}");
    splitter: fn(Side) -> Word = |side| match side {
        Side::Left => "Width of the left pane",
        Side::Right => "Width of the inspector",
        Side::Timeline => "Height of the timeline",
    }, |side| match side {
        Side::Left => "左栏宽度",
        Side::Right => "检查器宽度",
        Side::Timeline => "时间线高度",
    };
    compare: Word = "Compare", "对比";
    show: Word = "Show", "显示";
    rename: Word = "Name", "名称";
    from: fn(&str) -> String = |at| format!("from {at}"), |at| format!("自 {at} 起");
    acts: fn(usize) -> String = |count| if count == 1 { "1 act".into() } else { format!("{count} acts") }, |count| format!("{count} 个操作");
    another: Word = "Run the editor's text beside this one", "与编辑器中的文本并行运行";
    another_name: fn(usize) -> String = |number| format!("text {number}"), |number| format!("文本 {number}");
    what_if_name: fn(&str, u32, u32) -> String =
        |field, value, now| format!("{field} {value} instead of {now}"),
        |field, value, now| format!("{field} {value}（原为 {now}）");
    branch: fn(&str) -> Cow<'_, str> = |name| Cow::Borrowed(name), |name| match name.strip_prefix("branch ") {
        Some(number) => Cow::Owned(["分支 ", number].concat()),
        None => Cow::Borrowed(name),
    };
    shown: Word = "shown", "显示中";
    facts: fn(u32, &str, u32) -> String = |restarts, unready, lost| {
        let word = if restarts == 1 { "restart" } else { "restarts" };
        format!("{restarts} {word}, not ready {unready} s, {lost} requests lost")
    },
        |restarts, unready, lost| format!("重启 {restarts} 次，未就绪 {unready} 秒，失败 {lost} 个请求");
    later: fn(&str) -> String = |secs| format!("first restart {secs} s later"),
        |secs| format!("首次重启晚 {secs} 秒");
    earlier: fn(&str) -> String = |secs| format!("first restart {secs} s earlier"),
        |secs| format!("首次重启早 {secs} 秒");
    no_restart: Word = "no restart", "没有重启";
    only_restart: fn(&str) -> String = |at| format!("a restart at {at} instead of none"),
        |at| format!("原本没有重启，现在 {at} 重启");
    fewer: fn(u32) -> String = |count| format!("{count} fewer requests lost"), |count| format!("少失败 {count} 个请求");
    more: fn(u32) -> String = |count| format!("{count} more requests lost"), |count| format!("多失败 {count} 个请求");
    same: Word = "no difference", "没有差别";
    sum: fn(&str, &str) -> String = |branch, what| format!("{branch}: {what}."), |branch, what| format!("{branch}：{what}。");
    comma: Word = ", ", "，";
    equal_lanes: fn(usize) -> String = |count| format!("{count} equal {} folded", if count == 1 { "lane" } else { "lanes" }), |count| format!("已折叠 {count} 条相同泳道");
    listens: fn(&str) -> String = |ports| format!("listens on {ports}"), |ports| format!("监听 {ports}");
    file_exists: fn(&str) -> String = |path| format!("{path} exists"), |path| format!("{path} 存在");
    file_is_gone: fn(&str) -> String = |path| format!("no {path}"), |path| format!("没有 {path}");
    grace_left: Word = "preStop runs, grace left", "preStop 执行中，宽限期剩余";
    state: fn(&str) -> Cow<'_, str> = |state| Cow::Borrowed(state), state_in_chinese;
    limit: fn(Stop) -> String = |stop| format!("This is too big: {stop}. What came before is shown."),
        limit_in_chinese;
    changes: fn(usize, usize) -> String = |more, fewer| format!("Changes against what runs: +{more} −{fewer}"),
        |more, fewer| format!("与运行版本的差异：+{more} −{fewer}");
    format: Word = "Format the YAML", "整理 YAML 格式";
    added: Word = "added", "新增";
    removed: Word = "removed", "删除";
    is_down: fn(&str) -> String = |name| format!("{name} is down"), |name| format!("{name} 停机");
    is_up: fn(&str) -> String = |name| format!("{name} is up"), |name| format!("{name} 正常");
    in_force: Word = "Faults outside of the Pods", "Pod 之外的故障";
    differs: fn(&str, &str) -> String = |which, what| format!("{which} {what}"), |which, what| format!("{which} {what}");
}

/// A container's state on its lane: the API's words stay.
fn state_in_chinese(state: &str) -> Cow<'_, str> {
    if let Some(code) = state.strip_prefix("Error, exit code ") {
        return Cow::Owned(["Error，退出码 ", code].concat());
    }
    if let Some(left) = state.strip_prefix("back-off ") {
        return Cow::Owned(["退避 ", left].concat());
    }
    Cow::Borrowed(match state {
        "Starting" => "启动中",
        "Running, preStop" => "Running，preStop",
        "Running, stopping" => "Running，停止中",
        state => state,
    })
}

fn limit_in_chinese(stop: Stop) -> String {
    let why = match stop.limit {
        Limit::Timers(max) => format!("已触发 {max} 个定时器，达到上限"),
        Limit::Pods(max) => format!("超过了 {max} Pods 的上限"),
        Limit::Endless => "有事情在同一时刻不断发生，时间无法前进".into(),
    };
    let secs = stop.at.as_secs();
    format!("规模过大：运行到 {secs} 秒处停止，{why}。此前的部分照常显示。")
}

#[cfg(test)]
mod tests {
    use super::*;
    use readyz_engine::time::Instant;

    #[test]
    fn a_limit_is_told_in_the_pages_language() {
        let at = Instant::from_secs(7);
        let told = |limit| {
            let tables = [LookWords::ENGLISH, LookWords::CHINESE];
            tables.map(|words| (words.limit)(Stop { at, limit }))
        };
        for limit in [Limit::Timers(100), Limit::Pods(2_000), Limit::Endless] {
            let [english, chinese] = told(limit);
            assert!(english.contains("stopped at 7 s"), "{english}");
            assert!(chinese.contains("7 秒"), "{chinese}");
            let latin = chinese.replace("Pods", "");
            assert!(
                !latin.contains(|c: char| c.is_ascii_alphabetic()),
                "{chinese}"
            );
        }
        assert!(told(Limit::Pods(2_000))
            .iter()
            .all(|told| told.contains("2000 Pods")));
    }

    #[test]
    fn states_on_a_lane_keep_the_words_of_the_api_only() {
        for (english, chinese) in [
            ("Running", "Running"),
            ("Running, stopping", "Running，停止中"),
            ("Error, exit code 137", "Error，退出码 137"),
            ("back-off 20 s", "退避 20 s"),
        ] {
            assert_eq!((LookWords::CHINESE.state)(english), chinese);
            assert_eq!((LookWords::ENGLISH.state)(english), english);
        }
    }
}
