//! What an example says of itself, in 简体中文: as many lines as in English, so that each line of the
//! manifest keeps its number.

/// The remark at the head of each example.
const REMARKS: [(&str, &str); 15] = [
    (
        "goproxy-tcp",
        "# 两个探针都向 8080 端口建立 TCP 连接：\n\
         # 启动 15 秒后开始，之后每 10 秒一次。\n\
         # 0:40 起端口关闭一段时间：\n\
         # 就绪与存活同时失败，\n\
         # 但只有其中一个会重启容器。\n",
    ),
    (
        "liveness-exec",
        "# 探针每 5 秒读一次 /tmp/healthy。\n\
         # 脚本在 30 秒后删除这个文件。\n\
         # 连续三次失败后，kubelet 停止容器。\n\
         # shell 忽略 SIGTERM，\n\
         # 所以 30 秒宽限期用完才有 SIGKILL：\n\
         # 退出码 137，RESTARTS 1。\n\
         # 试试看：自己提前删除这个文件。\n",
    ),
    (
        "liveness-exec-test",
        "# test -e 每 3 秒检查一次 /tmp/live；\n\
         # 脚本在一分钟后删除它。\n\
         # 重启后脚本从头开始，文件也随之重现：\n\
         # 同样的一分钟，一遍又一遍。\n",
    ),
    (
        "liveness-http",
        "# 服务器对 /healthz 返回 200，\n\
         # 直到有人访问 /shutdown，此后返回 500。\n\
         # 这里发生在 0:20。它会处理 SIGTERM，\n\
         # 所以马上就重启。\n",
    ),
    (
        "liveness-named-port",
        "# 探针用名称而不是数字指定端口。\n\
         # 0:20 时它请求的页面被删除：\n\
         # 三次 404，kubelet 重启容器。\n\
         # 页面又回来了，\n\
         # 因为它属于镜像。\n",
    ),
    (
        "liveness-tcp",
        "# 探针只向 80 端口建立连接。\n\
         # 0:30 起 nginx 不再监听：\n\
         # 三次拒绝连接，\n\
         # kubelet 重启容器。\n",
    ),
    (
        "readiness-404",
        "# nginx 没有 /index1.html：每次探测都是 404。\n\
         # Pod 在运行，却永远不就绪，\n\
         # 也没有什么会重启它。创建\n\
         # /usr/share/nginx/html/index1.html，\n\
         # 它就会就绪。\n",
    ),
    (
        "service-readiness",
        "# 一个 Service 后面有三个 Pod，\n\
         # 每秒五个请求。0:30 起其中一个 Pod\n\
         # 对一切请求返回 500，持续 25 秒。\n\
         # 客户端会看到错误，直到就绪探针失败两次、\n\
         # 端点变为未就绪。没有重启，\n\
         # Pod 会自己恢复。\n",
    ),
    (
        "squid",
        "# 探针在容器里执行 squid -k check。\n\
         # 0:30 有人执行 squid -k shutdown：\n\
         # 检查失败三次，\n\
         # 每次都有一行关于 pid 文件的 FATAL，\n\
         # 然后容器重启。\n",
    ),
    (
        "squid-volume",
        "# 教程里的 Deployment，\n\
         # 外加教程默认已有的 Namespace 和存储声明。\n\
         # 守护进程在 0:25 被关闭；\n\
         # 它的 PID 文件还会留五秒。\n",
    ),
    (
        "startup",
        "# 这个服务器启动 25 秒后才监听。\n\
         # 启动探针最多容许 30 × 10 秒；\n\
         # 在它通过之前，存活探针一直等待，\n\
         # 尽管存活探针一次失败都不容忍。\n",
    ),
    (
        "tomcat-nodeport",
        "# NodePort 后面有三个 tomcat，没有任何探针：\n\
         # 容器一运行就算就绪，\n\
         # 尽管 tomcat 还没有监听。\n\
         # 最初的请求要为此付出代价。\n",
    ),
    (
        "two-containers",
        "# 一个 Pod 里有两个 Web 服务器，\n\
         # 各有一个 Service。两个都对 / 返回 200，\n\
         # 一切正常。把路径改成 /hehe，\n\
         # 看看 404 会怎样：存活探针只重启一个容器，\n\
         # 就绪探针让整个 Pod\n\
         # 退出两个 Service。\n",
    ),
    (
        "two-containers-liveness-404",
        "# 第二个容器的存活探针请求 /hehe，得到 404。\n\
         # 三次失败后 kubelet 重启这个容器，\n\
         # 一次又一次。\n\
         # 另一个容器照常运行，\n\
         # Pod 的 IP 不变。\n",
    ),
    (
        "two-containers-readiness-404",
        "# 第二个容器的就绪探针请求 /hehe，得到 404：\n\
         # READY 1/2。所有容器都就绪，Pod 才就绪，\n\
         # 所以它的端点在两个 Service 里都未就绪，\n\
         # 包括服务器其实会应答的\n\
         # 那一个。\n",
    ),
];

/// The remark of an example.
#[inline(never)]
pub fn remark_in_chinese(slug: &str) -> &'static str {
    let found = REMARKS.iter().find(|(of, _)| *of == slug);
    found.map_or("", |(_, remark)| remark)
}
