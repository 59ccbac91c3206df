//! Flags of the simulated commands against those of kubectl 1.36.3 (`flags.txt`), and what the
//! front of kubectl says before any verb looks at the cluster (ERR-07, ERR-09).

use super::verbs::WEB;
use super::Visitor;
use crate::kubectl::args::{find, Flags};
use crate::kubectl::flags::{Flag, Takes, NONE};
use crate::kubectl::verbs;

/// Command, flag with its letter, what it takes.
fn facts() -> Vec<(&'static str, char, &'static str, &'static str)> {
    let mut command = "";
    let mut facts = Vec::new();
    for line in include_str!("flags.txt").lines() {
        if line.starts_with('#') {
            continue;
        }
        let Some(flag) = line.strip_prefix("  ") else {
            command = line;
            continue;
        };
        let (name, takes) = flag.split_once(':').unwrap();
        let (short, long) = match name.strip_prefix('-') {
            Some(both) => (both.chars().next().unwrap(), &both[2..]),
            None => (NONE, name),
        };
        facts.push((command, short, long, takes));
    }
    facts
}

fn flags(command: &str) -> Flags {
    let verb = verbs().find(|verb| verb.name == command);
    verb.map_or(&[], |verb| verb.flags)
}

fn takes(flag: &Flag) -> &'static str {
    match flag.takes {
        Takes::Switch => "bool",
        Takes::Text => "text",
        Takes::Optional(_) => "optional",
        Takes::Whole(32) => "int32",
        Takes::Whole(_) => "int",
        Takes::Duration => "duration",
    }
}

/// ERR-09: what kubectl knows is never called unknown, and takes what it takes there.
#[test]
fn every_flag_of_kubectl_is_known() {
    let facts = facts();
    assert!(facts.len() > 600);
    for (command, short, long, wanted) in facts {
        let place = format!("{command} --{long}");
        let flag = find(flags(command), long, NONE).unwrap_or_else(|| panic!("{place}"));
        assert_eq!((flag.short, takes(flag)), (short, wanted), "{place}");
        if short != NONE {
            let by_letter = find(flags(command), "", short).map(|flag| flag.long);
            assert_eq!(by_letter, Some(long), "{place}");
        }
    }
}

/// ERR-09: what kubectl does not know is known to no verb either.
#[test]
fn no_flag_is_known_that_kubectl_does_not_know() {
    let facts = facts();
    for verb in verbs() {
        let known = verb.flags.iter().flat_map(|group| group.iter());
        for flag in known {
            // kubectl takes it still, and says so, but does not list it.
            let is_old = verb.name == "autoscale" && flag.long == "cpu-percent";
            let is_listed = facts
                .iter()
                .any(|(command, _, long, _)| (*command, *long) == (verb.name, flag.long));
            assert!(is_listed || is_old, "{} --{}", verb.name, flag.long);
        }
    }
}

/// ERR-07, ERR-09: refusals of values, in kubectl's and Go's words.
#[test]
fn flags_are_refused_in_kubectl_s_words() {
    let usage =
        |verb: &str, text: &str| format!("error: {text}\nSee 'kubectl {verb}--help' for usage.\n");
    let bad = |verb: &str, value: &str, flag: &str, fault: &str| {
        usage(
            verb,
            &format!("invalid argument {value:?} for {flag:?} flag: {fault}"),
        )
    };
    let mut visitor = Visitor::of(WEB);
    for (line, said) in [
        ("--nosuch", usage("", "unknown flag: --nosuch")),
        ("-n", usage("", "flag needs an argument: 'n' in -n")),
        ("rollout --foo", usage("rollout ", "unknown flag: --foo")),
        ("get pods -w=", usage("get ", "unknown shorthand flag: '=' in -=")),
        ("get pods --=x", usage("get ", "bad flag syntax: --=x")),
        ("create --edit secret generic a", usage("create secret ", "unknown flag: --edit")),
        ("get pods -w=x", bad("get ", "x", "-w, --watch", "strconv.ParseBool: parsing \"x\": invalid syntax")),
        ("get pods --help=x", bad("get ", "x", "-h, --help", "strconv.ParseBool: parsing \"x\": invalid syntax")),
        ("logs p --tail=0x", bad("logs ", "0x", "--tail", "strconv.ParseInt: parsing \"0x\": invalid syntax")),
        ("create deployment a --replicas=2147483648", bad("create deployment ", "2147483648", "-r, --replicas", "strconv.ParseInt: parsing \"2147483648\": value out of range")),
        ("wait pod/x --timeout=5", bad("wait ", "5", "--timeout", "time: missing unit in duration \"5\"")),
        ("get pods --context=x", "Error in configuration: context was not found for specified context: x\n".to_owned()),
        ("version --context=x", "error: context \"x\" does not exist\n".to_owned()),
        ("patch --dry-run=foo", "error: Invalid dry-run value (foo). Must be \"none\", \"server\", or \"client\".\n".to_owned()),
        ("delete pod x --cascade=foo", "error: invalid cascade value (foo). Must be \"background\", \"foreground\", or \"orphan\"\n".to_owned()),
        ("rollout statsu", "error: unknown command \"statsu\"\nSee 'kubectl rollout -h' for help and examples\n".to_owned()),
        ("get pods --as=bob", "error: readyz does not simulate --as\n".to_owned()),
    ] {
        let typed = visitor.answers(line, "");
        assert_eq!((typed.stderr, typed.exit_code), (said, 1), "{line}");
    }
    // Who compares ends with 1 where there are differences.
    let typed = visitor.answers("diff --foo", "");
    let said = "error: unknown flag: --foo\nSee 'kubectl diff -h' for help and examples\n";
    assert_eq!((typed.stderr.as_str(), typed.exit_code), (said, 2));
}

/// Values that Go takes and that are not written as usual.
#[test]
fn values_are_read_as_go_reads_them() {
    let mut visitor = Visitor::of(WEB);
    let line = "create deployment a --image=b --replicas=0x10 --dry-run=client -o jsonpath={.spec.replicas}";
    assert_eq!(visitor.reads(20_000, line), "16");
    let plain = visitor.reads(20_000, "get pods --no_headers=T");
    assert_eq!(plain, visitor.reads(20_000, "get pods --no-headers"));
    assert!(!plain.contains("NAME"));
    let behind = visitor.reads(20_000, "get -- pods");
    assert_eq!(behind, visitor.reads(20_000, "get pods"));
}

/// A group alone shows its commands: kubectl ends with 1, and only `rollout` writes to stdout.
#[test]
fn groups_alone_show_their_commands() {
    let mut visitor = Visitor::of(WEB);
    for group in [
        "set",
        "top",
        "config",
        "auth",
        "create secret",
        "create svc",
    ] {
        let typed = visitor.answers(group, "");
        assert_eq!((typed.stdout.as_str(), typed.exit_code), ("", 1), "{group}");
        assert!(typed.stderr.contains("Available Commands:\n"), "{group}");
    }
    let typed = visitor.answers("rollout", "");
    assert_eq!((typed.stderr.as_str(), typed.exit_code), ("", 1));
    assert!(typed
        .stdout
        .contains("\n  undo      Undo a previous rollout\n"));
    let typed = visitor.answers("help foo bar", "");
    assert!(typed
        .stderr
        .starts_with("Unknown help topic [`foo` `bar`]\n"));
    assert_eq!(typed.exit_code, 0);
    assert_eq!(visitor.answers("rollout foo -h", "").exit_code, 0);
}

/// What `config` and `auth can-i` say of words that they do not take or know.
#[test]
fn settings_and_rights_are_asked_in_kubectl_s_words() {
    let mut visitor = Visitor::of(WEB);
    let titles = "CURRENT   NAME   CLUSTER   AUTHINFO   NAMESPACE\n";
    for (line, stdout, stderr, exit_code) in [
        ("config get-contexts a", titles, "error: context a not found\n", 1),
        ("config get-contexts a b", titles, "context a not found\ncontext b not found\n", 1),
        ("config get-contexts -o wide", "", "error: --output wide is not available in kubectl config get-contexts; resetting to default output format\n", 1),
        ("config get-users", "NAME\nreadyz\n", "", 0),
        ("config set-context", "", "error: you must specify a non-empty context name or --current\n", 1),
        ("config set-context --current a", "", "error: you cannot specify both a context name and --current\n", 1),
        ("config view a", "", "error: unexpected arguments: [a]\nSee 'kubectl config view -h' for help and examples\n", 1),
        ("auth can-i get pods", "yes\n", "", 0),
        ("auth can-i get pods web", "", "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.\n", 1),
        ("auth can-i eat foo -q", "", "Warning: the server doesn't have a resource type 'foo'\n\nWarning: verb 'eat' is not a known verb\n\n", 0),
        ("auth can-i get nodes/x", "yes\n", "Warning: resource 'nodes' is not namespace scoped\n\n", 0),
        ("auth can-i get sc", "yes\n", "Warning: resource 'storageclasses' is not namespace scoped in group 'storage.k8s.io'\n\n", 0),
        ("auth can-i get nodes -A", "yes\n", "", 0),
        ("auth can-i put /healthz", "yes\n", "", 0),
        ("auth can-i get deploy.foo", "yes\n", "Warning: the server doesn't have a resource type 'deploy' in group 'foo'\n\n", 0),
    ] {
        let typed = visitor.answers(line, "");
        let said = (typed.stdout.as_str(), typed.stderr.as_str(), typed.exit_code);
        assert_eq!(said, (stdout, stderr, exit_code), "{line}");
    }
    let typed = visitor.answers("config use-context a b", "");
    assert!(typed.stdout.contains("kubectl config use-context [flags]"));
    assert_eq!(typed.stderr, "error: Unexpected args: [a b]\n");
}

/// A file's name may be joined to its flag; what is behind `--` is another program's.
#[test]
fn files_are_named_in_any_way() {
    let mut visitor = Visitor::of(WEB);
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    for flag in ["-f a.yaml", "-fa.yaml", "-f=a.yaml", "--filename=a.yaml"] {
        let line = format!("create {flag} --dry-run=client");
        let typed = visitor.answers(&line, text);
        assert_eq!(typed.stdout, "configmap/a created (dry run)\n", "{line}");
    }
    let line = "run a --image=b --dry-run=client -o jsonpath={.spec.containers[0].args} -- sh -f x";
    assert_eq!(visitor.answers(line, text).stdout, "[\"sh\",\"-f\",\"x\"]");
}

/// Flags of `get` and `top` that do not go together (GET-04).
#[test]
fn flags_that_do_not_go_together_are_refused() {
    let mut visitor = Visitor::of(WEB);
    let unknown = "unable to match a printer suitable for the output format \"yaml=x\", allowed \
                   formats are: custom-columns,custom-columns-file,go-template,go-template-file,\
                   json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,\
                   wide,yaml";
    for (line, said) in [
        ("get pods -o yaml=x", unknown),
        (
            "get pods --show-labels -o yaml",
            "--show-labels option cannot be used with yaml printer",
        ),
        (
            "get pods --output-watch-events",
            "--output-watch-events option can only be used with --watch or --watch-only",
        ),
        (
            "get pods --subresource=status",
            "subresource cannot be used when bulk resources are specified",
        ),
        (
            "get --raw=version",
            "--raw must be a valid URL path: parse \"version\": invalid URI for request",
        ),
        (
            "get --raw=/version -o yaml",
            "--raw and --output are mutually exclusive",
        ),
        (
            "top pod --sort-by=name",
            "--sort-by accepts only cpu or memory",
        ),
        (
            "top pod web -l a=b",
            "only one of NAME or selector can be provided",
        ),
        (
            "top node a b",
            "node [NAME | -l label]\nSee 'kubectl top node -h' for help and examples",
        ),
    ] {
        let typed = visitor.answers(line, "");
        let said = format!("error: {said}\n");
        assert_eq!((typed.stderr, typed.exit_code), (said, 1), "{line}");
    }
    let small = visitor.reads(20_000, "get pods -o YAML");
    assert_eq!(small, visitor.reads(20_000, "get pods -o yaml"));
}

/// WAI-01: what `wait --for` takes is read before anything is asked for.
#[test]
fn conditions_are_read_as_kubectl_reads_them() {
    let mut visitor = Visitor::of(WEB);
    let path = "unexpected path string, expected a 'name1.name2' or '.name1.name2' or \
                '{name1.name2}' or '{.name1.name2}'";
    let form = "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or \
                --for=jsonpath='{.status.readyReplicas}'";
    for (condition, said) in [
        ("foo", "unrecognized condition: \"foo\""),
        ("Condition=Ready", "unrecognized condition: \"Condition=Ready\""),
        ("jsonpath=", "jsonpath expression cannot be empty"),
        ("jsonpath={.x", path),
        ("jsonpath={.a}{.b}=c", path),
        ("jsonpath={.x}=a=b", form),
        ("jsonpath={.x}=", "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3"),
        ("jsonpath={.metadata}=x", "jsonpath leads to a nested object or list which is not supported"),
        ("jsonpath={.nosuch}", "condition not met for deployments.apps/api"),
        ("condition=a=b=c", "condition not met for deployments.apps/api"),
    ] {
        let line = format!("wait deploy/api --timeout=0 --for={condition}");
        let typed = visitor.answers(&line, "");
        assert_eq!(typed.stderr, format!("error: {said}\n"), "{line}");
    }
    for condition in [
        "jsonpath=.metadata.name=api",
        "jsonpath={metadata.name}='api'",
        "jsonpath={.metadata}",
        "CREATE",
        "condition=available=TRUE",
    ] {
        let line = format!("wait deploy/api --timeout=0 --for={condition}");
        assert_eq!(
            visitor.answers(&line, "").stdout,
            "deployment.apps/api condition met\n"
        );
    }
}
