//! GET-04: every answer here is kubectl 1.36's for an object like this one.

use super::super::{list, map, Value};
use super::JsonPath;

/// What `create deployment x --image=a:1 --image=b --replicas=2` makes, shortened.
fn deployment() -> Value {
    let container = |name: &str, image: &str| map().set("image", image).set("name", name);
    let containers = list([container("a", "a:1"), container("b", "b")]);
    map()
        .set("kind", "Deployment")
        .set("metadata", map().set("labels", map().set("a.b/c", "x")))
        .set(
            "spec",
            map().set("containers", containers).set("replicas", 2_i64),
        )
        .set("status", map().set("nothing", Value::Null))
        .into()
}

fn print(template: &str) -> String {
    let path = match JsonPath::parse(template) {
        Ok(path) => path,
        Err(why) => return format!("unread: {why}"),
    };
    match path.walk(&deployment()) {
        Ok(_) => path.print(&deployment()).unwrap_or_default(),
        Err(why) => format!("unfound: {why}"),
    }
}

#[test]
fn paths_and_filters_find() {
    for (template, text) in [
        ("{.kind}", "Deployment"),
        ("{.spec.containers[*].name}", "a b"),
        ("{.spec.containers[?(@.name==\"a\")].image}", "a:1"),
        ("{.spec.containers[?(@.name == 'a')].image}", "a:1"),
        ("{.spec.containers[?(@.name!='a')].image}", "b"),
        ("{.spec.containers[?(@.name>='b')].image}", "b"),
        ("{.spec.containers[?(@.image)].name}", "a b"),
        ("{.spec.containers[?(@.nope==1)].name}", ""),
        // What cannot be followed counts as there.
        ("{.spec.containers[?(name)].name}", "a b"),
        ("{.spec.containers[-1].name}", "b"),
        ("{.spec.containers[0,1].name}", "a b"),
        ("{.spec.containers[].name}", "a"),
        ("{.spec.containers[0:2:2].name}", "a"),
        ("{.spec.containers[2:].name}", ""),
        ("{.spec.containers[0]['name','image']}", "a a:1"),
        ("{.metadata.labels.a\\.b/c}", "x"),
        ("{['kind']}{.nosuch.field}", "Deployment"),
        ("{..name}", "a b"),
        ("{.spec .replicas}", "2"),
        ("{\"a\" 'b'}", "b"),
        ("{true}{-3}{1.50}", "true-31.5"),
        ("{.status.nothing}", "null"),
        ("{\"\\t\\x41\"}", "\tA"),
        ("no braces}", "no braces}"),
    ] {
        assert_eq!(print(template), text, "{template}");
    }
}

#[test]
fn ranges_go_over_what_is_found() {
    for (template, text) in [
        (
            "{range .spec.containers[*]}{.name}={.image}{';'}{end}",
            "a=a:1;b=b;",
        ),
        (
            "{range .nope[*]}{range .x}{.y}{end}{.z}{end}{.kind}",
            "Deployment",
        ),
        (
            "{range .spec.containers[*]}[{range .name}{.x}-{end}]{end}",
            "[-][-]",
        ),
        // What nothing ends is gone through once more.
        ("{range .spec.containers[*]}x", "xxx"),
        ("{end}", "unfound: not in range, nothing to end"),
    ] {
        assert_eq!(print(template), text, "{template}");
    }
    let deep = "{range .kind}".repeat(1_000);
    assert!(print(&deep).starts_with("unfound: ranges are nested too deeply"));
    let wide = "{range $..['kind','spec','containers','name']}{range ..}".repeat(12);
    assert!(print(&wide).starts_with("unfound: "));
}

#[test]
fn broken_templates_are_refused() {
    for (template, why) in [
        ("{", "unclosed action"),
        ("{.a", "unclosed action"),
        ("{.a\n}", "unclosed action"),
        ("{.a[}", "unterminated array"),
        ("{.a[x]}", "invalid array index x"),
        ("{[\"kind\"]}", "invalid array index \"kind\""),
        ("{.a[ 0 ]}", "invalid array index  0 "),
        (
            "{.a[99999999999999999999]}",
            "array index 99999999999999999999 is not a number",
        ),
        ("{.a[?(@.b}", "unterminated filter"),
        ("{.a[?(@.b=='c')}", "unclosed array expect ]"),
        (
            "{.a[?(@.b==)]}",
            "unrecognized character in action: U+003D '='",
        ),
        ("{\"x", "unterminated quoted string"),
        ("{\"a\\q\"}", "unquote string \"a\\q\" error invalid syntax"),
        ("{+}", "cannot parse number +"),
        ("{.a,.b}", "unrecognized character in action: U+002C ','"),
        ("{\t.a}", "unrecognized character in action: U+0009"),
    ] {
        assert_eq!(print(template), format!("unread: {why}"), "{template}");
    }
}

#[test]
fn what_is_not_as_expected_is_told() {
    for (template, why) in [
        (
            "{.spec.containers[9]}",
            "array index out of bounds: index 9, length 2",
        ),
        (
            "{.spec.containers[-9]}",
            "array index out of bounds: index -7, length 2",
        ),
        (
            "{.spec.containers[1:0]}",
            "starting index 1 is greater than ending index 0",
        ),
        ("{.spec.containers[::0]}", "step must be > 0"),
        ("{.kind[0]}", "string is not array or slice"),
        (
            "{.metadata.labels[*]}",
            "map[string]interface {} is not array or slice",
        ),
        (
            "{.kind[?(@.x)]}",
            "Deployment is not array or slice and cannot be filtered",
        ),
        ("{kind}", "unrecognized identifier kind"),
        (
            "{.spec.containers[?(@.name==0)]}",
            "incompatible types for comparison",
        ),
        (
            "{.spec.containers[?(@.*=='a')]}",
            "can only compare one element at a time",
        ),
    ] {
        assert_eq!(print(template), format!("unfound: {why}"), "{template}");
    }
}

/// The object is told as Go writes it.
#[test]
fn a_refusal_shows_what_it_was_given() {
    let path = JsonPath::printer("{.a[0]}", false).expect("a template");
    let object = map()
        .set("a", "b")
        .set("c", Value::Null)
        .set("d", list([1_i64]));
    let text = path.print(&object.into()).map_err(|failure| failure.line());
    assert_eq!(
        text,
        Err(
            "error: error executing jsonpath \"{.a[0]}\": Error executing template: string is not \
             array or slice. Printing more information for debugging the template:\n\ttemplate \
             was:\n\t\t{.a[0]}\n\tobject given to jsonpath engine was:\n\t\tmap[string]interface \
             {}{\"a\":\"b\", \"c\":interface {}(nil), \"d\":[]interface {}{1}}\n\n\n"
                .to_owned()
        )
    );
    let path = JsonPath::printer("{.spec.containers[*].name}{.nope}", true).expect("a template");
    assert_eq!(
        path.print(&deployment()),
        Ok("[\n    \"a\",\n    \"b\"\n]\n[]\n".to_owned())
    );
}

/// KUB-07, WAI-01: flags take a path without braces.
#[test]
fn paths_of_flags_are_relaxed() {
    for (path, text) in [
        ("kind", "{.kind}"),
        (".kind", "{.kind}"),
        ("{.kind}", "{.kind}"),
        ("{kind}", "{.kind}"),
        (".", "{..}"),
        ("", ""),
    ] {
        assert_eq!(JsonPath::relaxed_text(path).as_deref(), Ok(text), "{path}");
    }
    for path in ["{.kind", "{.a}{.b}", "kind}", "{}"] {
        assert!(JsonPath::relaxed_text(path).is_err(), "{path}");
    }
}
