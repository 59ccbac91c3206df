//! The example picker's manifests: one file in `examples/` and one line here each.

use crate::i18n::{examples::remark_in_chinese, Language};

/// An example.
#[derive(Debug)]
pub struct Example {
    /// Its name in links, equal to the file's.
    pub slug: &'static str,
    english: &'static str,
    chinese: &'static str,
    text: fn() -> &'static str,
}

impl Example {
    /// Its manifests. A function, so that the page loads the texts of the others later.
    pub fn text(&self) -> &'static str {
        (self.text)()
    }

    /// Its manifests, with their remark in a language.
    pub fn text_in(&self, language: Language) -> String {
        match language {
            Language::English => self.text().into(),
            Language::SimplifiedChinese => {
                let (_, manifests) = parts(self.text());
                [remark_in_chinese(self.slug), manifests].concat()
            }
        }
    }

    /// Its title.
    pub const fn title(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::SimplifiedChinese => self.chinese,
        }
    }
}

macro_rules! example {
    ($slug:literal, $english:literal, $chinese:literal) => {
        Example {
            slug: $slug,
            english: $english,
            chinese: $chinese,
            text: || include_str!(concat!("../examples/", $slug, ".yaml")),
        }
    };
}

/// All examples, in the picker's order. The first opens with the page.
pub static EXAMPLES: &[Example] = &[
    example!(
        "liveness-exec",
        "Liveness by a file: restart after three misses",
        "用文件做存活探针：三次失败后重启"
    ),
    example!(
        "service-readiness",
        "Readiness and a Service: out of rotation and back",
        "就绪探针与 Service：摘除再恢复"
    ),
    example!(
        "liveness-http",
        "Liveness over HTTP: 500 after /shutdown",
        "HTTP 存活探针：/shutdown 之后返回 500"
    ),
    example!(
        "goproxy-tcp",
        "Readiness and liveness on one TCP port",
        "同一 TCP 端口上的就绪与存活探针"
    ),
    example!(
        "startup",
        "Startup gives a slow server time",
        "启动探针给慢启动的服务留时间"
    ),
    example!(
        "readiness-404",
        "Readiness asks for a page that is not there",
        "就绪探针请求不存在的页面"
    ),
    example!(
        "two-containers",
        "Two containers, one Pod, two Services",
        "一个 Pod 两个容器，两个 Service"
    ),
    example!(
        "two-containers-liveness-404",
        "Two containers: one restarts, the other does not",
        "两个容器：一个重启，另一个不受影响"
    ),
    example!(
        "two-containers-readiness-404",
        "Two containers: one not ready takes both out",
        "两个容器：一个未就绪，两个都被摘除"
    ),
    example!(
        "liveness-exec-test",
        "Liveness with test -e",
        "用 test -e 做存活探针"
    ),
    example!(
        "liveness-named-port",
        "Liveness on a named port",
        "用命名端口做存活探针"
    ),
    example!(
        "liveness-tcp",
        "Liveness by TCP connect",
        "TCP 连接存活探针"
    ),
    example!(
        "squid",
        "A proxy whose probe asks its own command",
        "用自身命令检查的代理"
    ),
    example!(
        "squid-volume",
        "The proxy with its Namespace and claim, shut down",
        "带 Namespace 与存储声明的代理，被关闭"
    ),
    example!(
        "tomcat-nodeport",
        "A Deployment behind a NodePort",
        "NodePort 之后的 Deployment"
    ),
];

/// An example by its name in links.
pub fn by_slug(slug: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.slug == slug)
}

/// The example with exactly this text, in any language.
pub fn by_text(text: &str) -> Option<&'static Example> {
    let (remark, manifests) = parts(text);
    EXAMPLES.iter().find(|example| {
        let (english, own) = parts(example.text());
        manifests == own && (remark == english || remark == remark_in_chinese(example.slug))
    })
}

/// The remark at the head of a text, and what follows.
fn parts(text: &str) -> (&str, &str) {
    let remarks = text
        .split_inclusive('\n')
        .take_while(|line| line.starts_with('#'));
    text.split_at(remarks.map(str::len).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_says_what_it_shows() {
        for example in EXAMPLES {
            assert!(example.text().starts_with("# "), "{}", example.slug);
            assert!(example.text().ends_with('\n'), "{}", example.slug);
        }
    }

    /// A line of the manifest has one number, whatever the language.
    #[test]
    fn every_remark_is_as_long_in_chinese() {
        for example in EXAMPLES {
            let (english, manifests) = parts(example.text());
            let chinese = example.text_in(Language::SimplifiedChinese);
            let (remark, same) = parts(&chinese);
            assert_eq!(manifests, same);
            assert_eq!(remark.lines().count(), english.lines().count(), "{remark}");
            assert!(
                remark.lines().all(|line| line.starts_with("# ")),
                "{remark}"
            );
            assert_ne!(remark, english);
        }
    }

    #[test]
    fn names_are_unique() {
        for example in EXAMPLES {
            assert!(std::ptr::eq(by_slug(example.slug).unwrap(), example));
            for language in Language::ALL {
                let text = example.text_in(language);
                assert!(std::ptr::eq(by_text(&text).unwrap(), example));
            }
        }
    }

    #[test]
    fn every_file_is_registered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
        let files = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(files, EXAMPLES.len());
    }
}
