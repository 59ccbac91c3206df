//! BusyBox itself, run in a small root directory of its own, where it can harm nothing: in a user
//! namespace whose root is nobody outside.

use super::Case;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What runs inside: every case in an empty working directory, its results beside the cases.
const DRIVER: &str = r#"
mount --bind /dev/null "$1/dev/null" && mount --bind /dev/zero "$1/dev/zero" || exit 9
mount -t proc proc "$1/proc" || exit 9
exec chroot "$1" /bin/busybox env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  HOME=/root TZ=UTC HOSTNAME=box /bin/busybox sh -c '
cd /cases
for case in *; do
  rm -rf /work /tmp; mkdir -m 755 /work; mkdir -m 1777 /tmp
  cd /work
  sh -c "exec >/out/$case.out 2>/out/$case.err </dev/null
    exec timeout -s KILL 20 sh -c \"\$(cat /cases/$case)\""
  echo $? >/out/$case.code
  cd /cases
done'
"#;

/// Where a program stands.
fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut found = std::env::split_paths(&path).map(|folder| folder.join(name));
    found.find(|file| file.is_file())
}

/// First line of what BusyBox says of itself.
pub fn version() -> String {
    let said = which("busybox").and_then(|busybox| Command::new(busybox).output().ok());
    let text = said.map_or(Vec::new(), |done| done.stdout);
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().next().unwrap_or("").to_string()
}

/// A root directory with BusyBox, its libraries and the directories of the simulated image.
fn make_root(busybox: &Path, root: &Path) -> std::io::Result<()> {
    for name in "bin dev etc tmp root work usr/bin proc cases out var".split(' ') {
        fs::create_dir_all(root.join(name))?;
    }
    fs::copy(busybox, root.join("bin/busybox"))?;
    let listing = Command::new("ldd").arg(busybox).output();
    let listing = listing.map_or(Vec::new(), |done| done.stdout);
    for word in String::from_utf8_lossy(&listing).split_whitespace() {
        if let Some(library) = word.strip_prefix('/').filter(|_| Path::new(word).is_file()) {
            let target = root.join(library);
            fs::create_dir_all(target.parent().unwrap_or(root))?;
            fs::copy(word, target)?;
        }
    }
    let names = Command::new(busybox).arg("--list").output()?.stdout;
    for name in String::from_utf8_lossy(&names).lines() {
        if name != "busybox" {
            std::os::unix::fs::symlink("busybox", root.join("bin").join(name))?;
        }
    }
    let passwd = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n";
    fs::write(root.join("etc/passwd"), passwd)?;
    fs::write(root.join("etc/group"), "root:x:0:\nnogroup:x:65534:\n")?;
    for device in ["dev/null", "dev/zero"] {
        fs::write(root.join(device), "")?;
    }
    Ok(())
}

/// What BusyBox does in these cases. Err: why it cannot be asked on this machine.
pub fn run(scripts: &[&str]) -> Result<Vec<Case>, String> {
    let busybox = which("busybox").ok_or("there is no busybox on PATH")?;
    let unshare = which("unshare").ok_or("there is no unshare on PATH")?;
    let name = format!("readyz-busybox-{}-{}", std::process::id(), scripts.len());
    let root = std::env::temp_dir().join(name);
    let result = run_in(&root, &busybox, &unshare, scripts);
    let _ = fs::remove_dir_all(&root);
    result
}

fn run_in(
    root: &Path,
    busybox: &Path,
    unshare: &Path,
    scripts: &[&str],
) -> Result<Vec<Case>, String> {
    let broken = |error: std::io::Error| format!("its root directory cannot be made: {error}");
    make_root(busybox, root).map_err(broken)?;
    for (at, script) in scripts.iter().enumerate() {
        fs::write(root.join(format!("cases/{at:05}")), script).map_err(broken)?;
    }
    // Whoever starts the tests may ignore signals, which no shell could trap then.
    let done = Command::new("env")
        .arg("--default-signal")
        .arg(unshare)
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
        ])
        .args(["/bin/sh", "-c", DRIVER, "sh"])
        .arg(root)
        .stdin(Stdio::null())
        .output()
        .map_err(broken)?;
    if !done.status.success() {
        let text = String::from_utf8_lossy(&done.stderr).into_owned();
        return Err(format!("it cannot be shut in: {}", text.trim()));
    }
    let read = |at: usize, kind: &str| fs::read(root.join(format!("out/{at:05}.{kind}")));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let mut cases = Vec::new();
    for (at, script) in scripts.iter().enumerate() {
        let code = text(read(at, "code").map_err(broken)?);
        cases.push(Case {
            script: (*script).to_string(),
            exit_code: code
                .trim()
                .parse()
                .map_err(|_| "no exit code".to_string())?,
            stdout: text(read(at, "out").map_err(broken)?),
            stderr: text(read(at, "err").map_err(broken)?),
        });
    }
    Ok(cases)
}
