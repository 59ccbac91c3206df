//! The timing panel.

use super::words::words;
use super::Word;
use readyz_engine::timing::{PartKind, Question};

words! {
    /// Sentences of the timing panel.
    TimingWords
    name: Word = "Timing", "用时";
    hint: Word = "The numbers are those of the YAML: change them here or there.",
        "这些数字来自 YAML：可在此或在编辑器中修改。";
    nothing: Word = "No probe, no times.", "没有探针，也就没有用时。";
    never: Word = "never by a probe", "探针不会触发";
    range: fn(&str, &str) -> String = |best, worst| format!("{best} to {worst} s"),
        |best, worst| format!("{best} 至 {worst} 秒");
    this_run: fn(&str) -> String = |secs| format!("this run {secs} s"), |secs| format!("本次 {secs} 秒");
    best: Word = "best", "最快";
    worst: Word = "worst", "最慢";
    default: Word = "default", "默认值";
    field: fn(&str, u32) -> String = |name, line| format!("{name}, line {line}"),
        |name, line| format!("{name}，第 {line} 行");
    question: fn(Question) -> Word = |question| match question {
        Question::FirstProbe => "Start to first run",
        Question::StartupBudget => "Boot budget",
        Question::Detection => "Fault to verdict",
        Question::Restart => "Fault to restart",
        Question::OutOfService => "Fault to no traffic",
        Question::BackInService => "Recovery to traffic",
        Question::Shutdown => "Delete to end",
    }, |question| match question {
        Question::FirstProbe => "启动到首次探测",
        Question::StartupBudget => "启动时限",
        Question::Detection => "故障到判定",
        Question::Restart => "故障到重启",
        Question::OutOfService => "故障到无流量",
        Question::BackInService => "恢复到有流量",
        Question::Shutdown => "删除到结束",
    };
    tuner: Word = "Tuner", "调优";
    tuner_hint: Word = "How does the app really behave? Each pair of numbers meets the same starts, pauses and failures, in the simulator. In seconds:",
        "应用实际表现如何？每一对数字都在模拟器中经历同样的启动、停顿与故障。单位：秒。";
    command: Word = "A command decides this liveness probe. What makes it fail is not described here, so there is nothing to sweep.",
        "此存活探针由命令决定。命令因何失败，这里无从描述，因此没有可扫描的内容。";
    starts: Word = "starts in", "启动需要";
    to: Word = "to", "至";
    pauses: Word = "pauses up to", "停顿最长";
    every: Word = "once in", "每隔";
    then: Word = "then it", "最后";
    hangs: Word = "never answers again", "不再应答";
    errs: Word = "answers 500", "应答 500";
    sweep: Word = "Sweep", "扫描";
    lives: fn(u32, u32) -> String = |lived, all| format!("{lived} of {all} lives, with a seed each: a start, ten minutes with pauses, a failure"),
        |lived, all| format!("已模拟 {lived}/{all} 次，每次一个种子：启动，十分钟内有停顿，最后故障");
    pair: fn(u32, u32) -> String = |period, count| format!("{period} s × {count}"),
        |period, count| format!("{period} 秒 × {count}");
    outcome: fn(&str, &str, &str, bool) -> String = |pair, down, hourly, capped| {
        let least = if capped { "at least " } else { "" };
        format!("{pair}: down {least}{down} s, {hourly} needless restarts an hour")
    }, |pair, down, hourly, capped| {
        let least = if capped { "至少" } else { "" };
        format!("{pair}：停机{least} {down} 秒，每小时多余重启 {hourly} 次")
    };
    as_now: Word = " (now)", "（现值）";
    pick: Word = "periodSeconds × failureThreshold", "periodSeconds × failureThreshold";
    plot: Word = "Downtime after a failure against needless restarts. The list below holds the same.",
        "故障后的停机时间与多余重启的对照图。下面的列表内容相同。";
    axis_down: Word = "downtime after a failure", "故障后的停机时间";
    axis_needless: fn(&str) -> String = |most| format!("needless restarts, up to {most} an hour"),
        |most| format!("多余重启，每小时最多 {most} 次");
    write: Word = "Write into the YAML", "写入 YAML";
    part: fn(PartKind) -> Word = |kind| kind.english(), |kind| match kind {
        PartKind::InitialDelay => "初始延迟",
        PartKind::NextTick => "等待下次探测",
        PartKind::FurtherRuns => "后续探测",
        PartKind::LastRun => "最后一次探测",
        PartKind::Sync => "同步",
        PartKind::PreStop => "preStop",
        PartKind::Grace => "宽限期",
        PartKind::Proxy => "转发规则",
    };
}
