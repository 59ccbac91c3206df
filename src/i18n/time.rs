//! Moving in time, branches in the timeline, and undo.

use super::words::words;
use super::Word;

words! {
    /// Sentences about time.
    TimeWords
    step_by: Word = "Step by", "步进";
    moments: Word = "moment", "时刻";
    event: Word = "event", "事件";
    probe: Word = "probe", "探测";
    restart: Word = "restart", "重启";
    next_restart: Word = "Next restart", "下一次重启";
    previous_restart: Word = "Previous restart", "上一次重启";
    mark: Word = "Marker here", "在此标记";
    marker: fn(&str) -> String = |at| format!("Marker at {at}"), |at| format!("{at} 处的标记");
    marker_keys: Word = "Delete takes it out.", "Delete 移除。";
    looped: Word = "Loop: from here, to here, off", "循环：从此处、到此处、关闭";
    loop_name: fn(&str, &str) -> String = |from, to| format!("loop {from} to {to}"),
        |from, to| format!("循环 {from} 至 {to}");
    fork: Word = "Fork", "分叉";
    fork_here: Word = "Fork here: what was done later stays on the former branch",
        "在此分叉：之后的操作留在原分支";
    overview: Word = "Stretch of the run that is shown", "所示的时间段";
    differences: Word = "Differences", "差异";
    side_ready: Word = "ready", "就绪";
    side_not_ready: Word = "not ready", "未就绪";
    showing: Word = "showing", "显示";
    undo: Word = "Undo", "撤销";
    redo: Word = "Redo", "重做";
    key_marker: Word = "marker, loop", "标记，循环";
    key_restarts: Word = "next restart (with Shift: previous)", "下一次重启（加 Shift：上一次）";
    key_branches: Word = "fork here, compare", "在此分叉，对比";
    key_undo: Word = "undo, redo (outside of the editor)", "撤销，重做（在编辑器之外）";
    hint: Word = "First steps", "入门";
    hint_lines: [Word; 3] = [
        "▶ or Space plays. Drag in the timeline: time goes both ways.",
        "Break something under Faults. In the past it forks the run.",
        "Why tells the causes of any state. The YAML is yours to edit.",
    ], [
        "▶ 或空格键播放。在时间线上拖动：时间可前可后。",
        "在“故障”里弄坏些什么；在过去操作会分出新时间线。",
        "“原因”说明任何状态的由来。YAML 可以随意修改。",
    ];
    nothing_runs: Word = "Nothing runs yet: the text has errors.", "尚未运行：文本有错误。";
    first_pod: Word = "To the first container", "跳到第一个容器";
    no_replicas: Word = "No Pods: the Deployment asks for 0 replicas.", "没有 Pod：Deployment 的 replicas 为 0。";
    run_beside: Word = "Run beside", "并行运行";
}
