#!/usr/bin/env python3
"""Records what BusyBox's shell prints for the one-liners of the engine's shell test.

Usage: scripts/record-busybox.py            (as root, with `busybox` installed)

Each line of crates/engine/tests/busybox/cases.txt is run by `sh -c` in a fresh root directory
that holds BusyBox, its libraries and the directories of the simulated image; `␤` in a case
stands for a line end. The result goes to recorded.txt next to it: three lines a case, the case
itself, the exit code, and standard output with `\\n` for line ends.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "..", "crates", "engine", "tests", "busybox")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def make_root():
    root = tempfile.mkdtemp(prefix="busybox-root-")
    for name in ("bin", "dev", "etc", "tmp", "root", "work", "usr/bin", "lib", "lib64"):
        os.makedirs(os.path.join(root, name))
    busybox = shutil.which("busybox")
    shutil.copy(busybox, os.path.join(root, "bin/busybox"))
    listing = subprocess.run(["ldd", busybox], capture_output=True, text=True).stdout
    for library in re.findall(r"(/\S+)", listing):
        target = root + library
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(library, target)
    subprocess.run(["chroot", root, "/bin/busybox", "--install", "-s", "/bin"], check=True)
    with open(root + "/etc/passwd", "w") as f:
        f.write("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n")
    with open(root + "/etc/group", "w") as f:
        f.write("root:x:0:\nnogroup:x:65534:\n")
    for name, minor in (("null", 3), ("zero", 5)):
        os.mknod(f"{root}/dev/{name}", 0o20666, os.makedev(1, minor))
        os.chmod(f"{root}/dev/{name}", 0o666)
    os.chmod(root + "/tmp", 0o1777)
    os.makedirs(root + "/proc")
    subprocess.run(["mount", "-t", "proc", "proc", root + "/proc"], check=False)
    return root


def run(root, script):
    work = os.path.join(root, "work")
    shutil.rmtree(work)
    os.makedirs(work)
    env = {"PATH": PATH, "HOME": "/root", "TZ": "UTC", "HOSTNAME": "box"}
    command = ["chroot", root, "/bin/sh", "-c", 'cd /work; exec sh -c "$0"', script]
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return code, done.stdout.decode("utf-8", "replace")


def main():
    root = make_root()
    out = []
    with open(os.path.join(FOLDER, "cases.txt"), encoding="utf-8") as f:
        cases = [line.rstrip("\n") for line in f if line.strip()]
    for case in cases:
        code, stdout = run(root, case.replace("␤", "\n"))
        text = stdout.replace("\\", "\\\\").replace("\n", "\\n")
        out += [case, str(code), text]
    with open(os.path.join(FOLDER, "recorded.txt"), "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n")
    subprocess.run(["umount", root + "/proc"], check=False)
    shutil.rmtree(root)
    print(f"{len(cases)} cases recorded", file=sys.stderr)


main()
