use super::super::{list, map, Value};
use super::GoTemplate;

/// A List of two Pods.
fn pods() -> Value {
    let pod = |name: &str, restarts: i64, ready: bool| {
        let container = map().set("name", "web").set("image", "nginx");
        let status = map()
            .set("name", "web")
            .set("ready", ready)
            .set("restartCount", restarts);
        let labels = map().set("app", name).set("tier", "front");
        let metadata = map().set("name", name).set("labels", labels);
        map()
            .set("metadata", metadata)
            .set("spec", map().set("containers", list([container])))
            .set("status", map().set("containerStatuses", list([status])))
    };
    let items = list([pod("a", 0, true), pod("b", 3, false)]);
    map().set("items", items).set("kind", "List").into()
}

fn print(template: &str) -> String {
    match GoTemplate::parse(template) {
        Ok(read) => match read.print(&pods(), false) {
            (text, None) => text,
            (_, Some(failure)) => failure.line(),
        },
        Err(failure) => failure.line(),
    }
}

/// What Go 1.25's text/template prints for the same data, decoded from JSON.
#[test]
fn templates_print_as_go_does() {
    for (template, printed) in [
        ("{{range .items}}{{.metadata.name}} {{end}}", "a b "),
        (
            "{{range $i, $p := .items}}{{if $i}}, {{end}}{{$i}}={{$p.metadata.name}}{{end}}",
            "0=a, 1=b",
        ),
        ("{{(index .items 1).metadata.name}}", "b"),
        ("{{.nothing}} {{.nothing.at.all}}", "<no value> <no value>"),
        ("{{len .items}}", "2"),
        (
            "{{range .items}}{{range $k, $v := .metadata.labels}}{{$k}}:{{$v}};{{end}}{{end}}",
            "app:a;tier:front;app:b;tier:front;",
        ),
        (
            "{{range .items}}{{range .status.containerStatuses}}{{if .ready}}up{{else}}down \
             {{.restartCount}}{{end}} {{end}}{{end}}",
            "up down 3 ",
        ),
        (
            "{{range .items}}{{if eq .metadata.name \"b\" \"c\"}}{{$.kind}}{{end}}{{end}}",
            "List",
        ),
        (
            "{{range .items}}{{with .spec}}{{range .containers}}{{.image | printf \"%-8s|\"}}\
             {{end}}{{end}}{{end}}",
            "nginx   |nginx   |",
        ),
        ("a  {{- /* gone */ -}}  b {{- \" c \" -}} d", "ab c d"),
        ("{{if and .kind .nothing}}x{{else if or .nothing .kind}}y{{end}}", "y"),
        ("{{not .kind}} {{eq .kind \"List\"}} {{ne 1 2}} {{lt 1 2}} {{ge \"a\" \"b\"}}", "false true true true false"),
        ("{{printf \"%s %v %q %5d|%t %d\" .kind 7 \"x\" 42 true .nothing}}", "List 7 \"x\"    42|true %!d(<nil>)"),
        ("{{range .items}}{{range .status.containerStatuses}}{{printf \"%d %.0f;\" .restartCount .restartCount}}{{end}}{{end}}",
            "%!d(float64=0) 0;%!d(float64=3) 3;"),
        ("{{(index .items 0).metadata.labels}}", "map[app:a tier:front]"),
        ("{{range .nothing}}x{{else}}none{{end}}", "none"),
        ("{{$x := 1}}{{range .items}}{{$x = 2}}{{end}}{{$x}}", "2"),
        ("{{range .items}}{{if eq .metadata.name \"a\"}}{{continue}}{{end}}{{.metadata.name}}{{break}}{{end}}", "b"),
        ("{{println 1 2 \"x\"}}{{print 1 2 \"x\" 3}}", "1 2 x\n1 2x3"),
        ("{{`raw \\n`}}{{\"a\\tb\"}}", "raw \\na\tb"),
        ("{{slice \"abcdef\" 1 3}} {{len (slice .items 1)}}", "bc 1"),
        ("{{index (index .items 0).metadata.labels \"app\"}} {{index .items 0 \"kind\"}}", "a <no value>"),
        ("{{\"aGVsbG8=\" | base64decode}} {{exists . \"items\" 1 \"metadata\"}} {{exists . \"x\"}}", "hello true false"),
        ("{{range 3}}{{.}}{{end}}", "012"),
        ("{{true}} {{.kind | len}}\n", "true 4\n"),
        ("{{define \"T\"}}<{{.}}{{$}}>{{end}}{{template \"T\" .kind}}{{template \"T\"}}", "<ListList><<no value><no value>>"),
        ("{{range .items}}{{template `name` .metadata}},{{end}}{{define `name`}}{{.name}}{{end}}", "a,b,"),
        ("{{block \"K\" .kind}}[{{.}}]{{end}}{{template \"K\" 1}}", "[List][1]"),
        ("{{define \"E\"}} {{end}}{{define \"E\"}}x{{end}}{{define \"E\"}}{{end}}{{template \"E\"}}", "x"),
        ("{{html `<a href=\"x\">'&`}} {{html .nothing 1}}", "&lt;a href=&#34;x&#34;&gt;&#39;&amp; &lt;no value&gt;1"),
        ("{{js `a='<b>\\\"é`}} {{`\\t` | js}}", "a\\u003D\\'\\u003Cb\\u003E\\\\\\\"é \\\\t"),
        ("{{js \"\\t&\"}} {{urlquery \"a b/é~\" \"?\"}} {{.kind | urlquery}}", "\\u0009\\u0026 a+b%2F%C3%A9~%3F List"),
    ] {
        assert_eq!(print(template), printed, "{template}");
    }
}

/// A template that cannot be read, and what is said of it.
#[track_caller]
fn parsing(template: &str, words: &str) {
    let line = format!("error: error parsing template {template}, template: output:1: {words}\n");
    assert_eq!(print(template), line);
}

#[test]
fn what_cannot_be_read_is_said_as_go_says_it() {
    parsing("{{.x", "unclosed action");
    parsing("{{if .x}}y", "unexpected EOF");
    parsing("{{end}}", "unexpected {{end}}");
    parsing("{{foo .x}}", "function \"foo\" not defined");
    parsing("{{$x}}", "undefined variable \"$x\"");
    parsing("{{}}", "missing value for command");
    parsing("{{\"x}}", "unterminated quoted string");
    parsing("{{(.x}}", "unclosed left paren");
    parsing("{{.x | }}", "missing value for command");
    parsing(
        "{{.x | \"y\"}}",
        "non executable command in pipeline stage 2",
    );
}

#[test]
fn templates_with_names_are_read_as_go_reads_them() {
    parsing("{{template x}}", "unexpected \"x\" in template clause");
    parsing("{{block \"x\"}}{{end}}", "missing value for block clause");
    parsing(
        "{{define \"x\" .}}{{end}}",
        "unexpected <.> in define clause",
    );
    parsing("{{define \"x\"}}a", "unexpected EOF");
    parsing(
        "{{define \"x\"}}{{else}}{{end}}",
        "unexpected {{else}} in define clause",
    );
    parsing(
        "{{if 1}}{{define \"x\"}}{{end}}{{end}}",
        "unexpected <define> in command",
    );
    parsing(
        "{{$a := 1}}{{define \"x\"}}{{$a}}{{end}}",
        "undefined variable \"$a\"",
    );
    parsing(
        "{{define \"x\"}}a{{end}}{{define \"x\"}}b{{end}}",
        "template: multiple definition of template \"x\"",
    );
    parsing("{{break}}", "{{break}} outside {{range}}");
}

#[test]
fn what_goes_wrong_is_said_as_go_says_it() {
    let running = |template: &str, words: &str| {
        let quoted = crate::manifest::yaml::quote(template);
        let line = format!("error: error executing template {quoted}: template: output:{words}\n");
        assert_eq!(print(template), line);
    };
    running(
        "{{.kind.x}}",
        "1:7: executing \"output\" at <.kind.x>: can't evaluate field x in type interface {}",
    );
    running(
        "{{gt (len .items) .kind}}",
        "1:2: executing \"output\" at <gt (len .items) .kind>: error calling gt: incompatible types \
         for comparison",
    );
    running(
        "{{template \"x\" .kind}}",
        "1:11: executing \"output\" at <{{template \"x\" .kind}}>: template \"x\" not defined",
    );
    running(
        "{{define \"x\"}}{{.kind.y}}{{end}}{{template \"x\" .}}",
        "1:21: executing \"x\" at <.kind.y>: can't evaluate field y in type interface {}",
    );
    running(
        "{{call .items 1}}",
        "1:2: executing \"output\" at <call .items 1>: error calling call: non-function .items of type \
         []interface {}",
    );
    running(
        "{{.nothing | call}}",
        "1:13: executing \"output\" at <call>: error calling call: call of nil",
    );
    running(
        "{{index .items 5}}",
        "1:2: executing \"output\" at <index .items 5>: error calling index: index out of range: 5",
    );
    running(
        "{{range .kind}}{{end}}",
        "1:8: executing \"output\" at <.kind>: range can't iterate over List",
    );
    running(
        "{{len .none}}",
        "1:2: executing \"output\" at <len .none>: error calling len: reflect: call of \
         reflect.Value.Type on zero Value",
    );
}

#[test]
fn missing_keys_can_be_errors() {
    let template = GoTemplate::parse("{{.kind}} {{.nothing}}").expect("a template");
    let (text, failure) = template.print(&pods(), true);
    assert!(
        text.starts_with("List Error executing template: "),
        "{text}"
    );
    assert!(text.contains(
        "\n\ttemplate was:\n\t\t{{.kind}} {{.nothing}}\n\traw data was:\n\t\t{\"items\":"
    ));
    assert!(
        text.contains("engine was:\n\t\tmap[items:[map[metadata:map[labels:map["),
        "{text}"
    );
    let line = failure.expect("refused").line();
    assert!(
        line.ends_with(
            "1:12: executing \"output\" at <.nothing>: map has no entry for key \"nothing\"\n"
        ),
        "{line}"
    );
}

/// A template that would print without end is stopped.
#[test]
fn nothing_runs_away() {
    let loops = "{{range 100000}}{{range 100000}}x{{end}}{{end}}";
    assert!(print(loops).contains("readyz ends a template"));
    let calls = "{{define `x`}}{{template `x`}}{{end}}{{template `x`}}";
    assert!(print(calls).contains("readyz ends templates"));
    assert!(print("{{template `output` .}}").contains("readyz ends templates"));
    assert!(print(&"{{if .kind}}".repeat(1_000)).contains("nested too deeply"));
    assert!(print(&["{{", &"(".repeat(1_000)].concat()).contains("nested too deeply"));
}
