//! Why a system call failed.

/// The errors that programs in a container can meet, with the C library's texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errno {
    NoEntry,
    Exists,
    IsDirectory,
    NotDirectory,
    NotEmpty,
    AccessDenied,
    NotPermitted,
    ReadOnly,
    NoSpace,
    Invalid,
    TooManyLinks,
    BadDescriptor,
    Busy,
    ExecFormat,
    NoProcess,
}

impl Errno {
    /// The text of `strerror`.
    pub fn text(self) -> &'static str {
        match self {
            Errno::NoEntry => "No such file or directory",
            Errno::Exists => "File exists",
            Errno::IsDirectory => "Is a directory",
            Errno::NotDirectory => "Not a directory",
            Errno::NotEmpty => "Directory not empty",
            Errno::AccessDenied => "Permission denied",
            Errno::NotPermitted => "Operation not permitted",
            Errno::ReadOnly => "Read-only file system",
            Errno::NoSpace => "No space left on device",
            Errno::Invalid => "Invalid argument",
            Errno::TooManyLinks => "Too many levels of symbolic links",
            Errno::BadDescriptor => "Bad file descriptor",
            Errno::Busy => "Resource busy",
            Errno::ExecFormat => "Exec format error",
            Errno::NoProcess => "No such process",
        }
    }

    /// Its number on Linux, as far as a server that cannot write meets it.
    pub fn number(self) -> u8 {
        match self {
            Errno::NoEntry => 2,
            Errno::AccessDenied => 13,
            Errno::NotDirectory => 20,
            Errno::IsDirectory => 21,
            Errno::NoSpace => 28,
            Errno::ReadOnly => 30,
            _ => 22,
        }
    }
}
