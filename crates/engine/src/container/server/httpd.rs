//! BusyBox's `httpd`: serves the files of a directory.

use super::{Act, Behaviour, ServerIo};
use crate::container::filesystem::Content;
use crate::container::memory::MemoryUse;
use crate::container::network::{HttpReply, HttpRequest};
use crate::container::signal::Signal;
use crate::time::Instant;

/// The running server.
#[derive(Clone, Debug, PartialEq)]
pub struct Httpd {
    port: u16,
    home: Box<str>,
    listen_at: Option<Instant>,
}

impl Httpd {
    pub fn new(port: u16, home: &str, started: Instant) -> Httpd {
        Httpd {
            port,
            home: home.trim_end_matches('/').into(),
            listen_at: Some(started),
        }
    }

    fn file(&self, route: &str) -> String {
        let mut file = format!("{}{route}", self.home);
        if file.ends_with('/') {
            file.push_str("index.html");
        }
        file
    }
}

impl Behaviour for Httpd {
    fn wake_at(&self) -> Option<Instant> {
        self.listen_at
    }

    fn run(&mut self, io: &mut ServerIo<'_>) {
        io.listens(&mut self.listen_at, self.port);
    }

    fn signal(&mut self, _io: &mut ServerIo<'_>, signal: Signal) -> bool {
        signal == Signal::HUP
    }

    fn http(&mut self, io: &mut ServerIo<'_>, _port: u16, request: &HttpRequest<'_>) -> HttpReply {
        let found = io.files.find("/", &self.file(request.route()));
        match found.map(|(_, node)| node.content.clone()) {
            Ok(Content::File(_)) => HttpReply::status(200),
            Ok(Content::Directory) => HttpReply::status(302),
            _ => HttpReply::status(404),
        }
    }

    fn body(
        &self,
        io: &ServerIo<'_>,
        _port: u16,
        request: &HttpRequest<'_>,
        status: u16,
    ) -> String {
        if status == 404 {
            return "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not \
                    Found</H1>\nThe requested URL was not found\n</BODY></HTML>\n"
                .to_string();
        }
        io.files
            .read("/", &self.file(request.route()))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    fn port_taken(&mut self, io: &mut ServerIo<'_>, _port: u16) {
        io.complain("httpd: bind: Address already in use");
        io.acts.push(Act::Exit(1));
    }

    fn listens_at(&mut self) -> Option<&mut Instant> {
        self.listen_at.as_mut()
    }

    /// Of BusyBox's call of listen.
    fn backlog(&self) -> u32 {
        9
    }

    fn memory(&self) -> MemoryUse {
        MemoryUse::steady(1 << 20)
    }
}
