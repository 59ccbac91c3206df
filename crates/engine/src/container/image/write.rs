//! What a server writes when it begins: without it there is no server.

use super::super::filesystem::Errno;

/// A file or directory that a server makes. What an image declares as a volume is none: the runtime
/// mounts one that can be written to.
#[derive(Debug)]
pub struct Write {
    pub path: &'static str,
    /// What it says where it cannot: `{stamp}` for the time, `{number}` and `{error}` for the cause.
    pub says: &'static str,
    pub exit_code: i32,
}

impl Write {
    /// Its last words.
    pub fn words(&self, stamp: &str, errno: Errno) -> String {
        let number = errno.number().to_string();
        let says = self.says.replace("{stamp}", stamp);
        says.replace("{number}", &number)
            .replace("{error}", errno.text())
    }
}
