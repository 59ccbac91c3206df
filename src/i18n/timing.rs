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
