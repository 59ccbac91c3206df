//! The terminal.

use super::words::words;
use super::Word;

words! {
    /// Sentences of the terminal.
    TerminalWords
    name: Word = "Terminal", "终端";
    output: Word = "Output", "输出";
    input: Word = "Command line", "命令行";
    keys: Word = "Tab completes. Esc, then Tab leaves.", "Tab 补全；先按 Esc 再按 Tab 离开。";
    clock_stops: Word = "The clock stops while you type.", "输入时时钟暂停。";
    unfinished: Word = "Still running: it goes on as time does.", "仍在运行：随时间继续。";
    stop: Word = "Stop (Ctrl+C)", "停止（Ctrl+C）";
    copy: Word = "Copy as text", "复制为文本";
    clear: Word = "Clear", "清空";
    run: Word = "Run", "运行";
    hint: Word = "kubectl, curl, pipes and shells in containers. To begin with:",
        "可用 kubectl、curl、管道和容器内的命令行。不妨先试：";
    first: Word = "kubectl get pods -o wide", "kubectl get pods -o wide";
}
