//! Objects from words, and what kubectl says of its own settings.

use super::verbs::WEB;
use super::Visitor;

/// What `kubectl create … --dry-run=client -o yaml` prints is what would be created (KRN-01).
#[test]
fn create_shows_what_it_would_create() {
    let mut visitor = Visitor::of(WEB);
    let typed = visitor.answers(
        "create deployment shop --image=registry/shop:2 --replicas=2 --port=80 --dry-run=client -o yaml",
        "",
    );
    assert_eq!(
        typed.stdout,
        "apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app: shop
  name: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  strategy: {}
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
      - image: registry/shop:2
        name: shop
        ports:
        - containerPort: 80
        resources: {}
status: {}
"
    );
    assert!(typed.acts.is_empty(), "{typed:?}");
    let service = "create service nodeport shop --tcp=80:8080 -n other --dry-run=client -o yaml";
    assert_eq!(
        visitor.answers(service, "").stdout,
        "apiVersion: v1
kind: Service
metadata:
  labels:
    app: shop
  name: shop
  namespace: other
spec:
  ports:
  - name: 80-8080
    port: 80
    protocol: TCP
    targetPort: 8080
  selector:
    app: shop
  type: NodePort
status:
  loadBalancer: {}
"
    );
    let secret = "create secret generic key --from-literal=user=admin --dry-run=client -o yaml";
    assert_eq!(
        visitor.answers(secret, "").stdout,
        "apiVersion: v1\ndata:\n  user: YWRtaW4=\nkind: Secret\nmetadata:\n  name: key\n"
    );
    let registry = "create secret docker-registry reg --docker-username=u --docker-password=p \
                    --docker-server=example.org --dry-run=client -o jsonpath={.type}";
    let told = visitor.answers(registry, "").stdout;
    assert_eq!(told, "kubernetes.io/dockerconfigjson");
}

#[test]
fn create_makes_each_kind_and_says_so() {
    let mut visitor = Visitor::of(WEB);
    for (line, said) in [
        ("create namespace shop", "namespace/shop created"),
        (
            "create ns other --dry-run=server",
            "namespace/other created (server dry run)",
        ),
        (
            "create cm conf --from-literal=a=1",
            "configmap/conf created",
        ),
        (
            "create secret generic key --from-literal=a=1 -o name",
            "secret/key",
        ),
        (
            "create secret docker-registry reg --docker-username=u --docker-password=p",
            "secret/reg created",
        ),
        (
            "create deployment shop --image=nginx:1.27",
            "deployment.apps/shop created",
        ),
        (
            "create job once --image=busybox:1.36 -- true",
            "job.batch/once created",
        ),
        (
            "create service clusterip shop --tcp=80",
            "service/shop created",
        ),
        (
            "create service externalname out --external-name=example.org",
            "service/out created",
        ),
        (
            "create deployment dry --image=x --dry-run=client",
            "deployment.apps/dry created (dry run)",
        ),
        (
            "expose deploy api --port=80 --name=front --dry-run=client",
            "service/front exposed (dry run)",
        ),
        (
            "run one --image=nginx:1.27 --dry-run=client -o name",
            "pod/one",
        ),
    ] {
        let typed = visitor.answers(line, "");
        assert_eq!(
            typed.stdout,
            [said, "\n"].concat(),
            "{line}: {}",
            typed.stderr
        );
        let changes = !line.contains("dry-run");
        assert_eq!(!typed.acts.is_empty(), changes, "{line}");
    }
    // Ports and protocol come from the Pod.
    let exposed = visitor
        .answers("expose pod web --name=seen --dry-run=client -o yaml", "")
        .stdout;
    assert!(
        exposed.contains("  - port: 80\n    protocol: TCP\n    targetPort: 80\n"),
        "{exposed}"
    );
    assert!(
        exposed.contains("  selector:\n    app: web\n    tier: front\n"),
        "{exposed}"
    );
}

/// ERR-03, ERR-09.
#[test]
fn create_refuses_as_kubectl_does() {
    let mut visitor = Visitor::of(WEB);
    for (line, said) in [
        ("create deployment api --image=x", "error: failed to create deployment: deployments.apps \"api\" already exists\n"),
        ("create deployment", "error: required flag(s) \"image\" not set\n"),
        ("create deployment --image=x", "error: exactly one NAME is required, got 0\nSee 'kubectl create deployment -h' for help and examples\n"),
        ("create deployment a", "error: required flag(s) \"image\" not set\n"),
        ("create deployment a --foo", "error: unknown flag: --foo\nSee 'kubectl create deployment --help' for usage.\n"),
        ("create secret generic a --foo", "error: unknown flag: --foo\nSee 'kubectl create secret generic --help' for usage.\n"),
        ("create job a", "error: either --image or --from must be specified\n"),
        ("create job a --from=cronjob/b", "Error from server (NotFound): cronjobs.batch \"b\" not found\n"),
        ("create service clusterip a", "error: at least one tcp port specifier must be provided\n"),
        ("create service clusterip web --tcp=80", "error: failed to create ClusterIP service: services \"web\" already exists\n"),
        ("create configmap a --from-file=x.conf", "error: error reading x.conf: no such file or directory\n"),
        ("create configmap a --from-literal=x", "error: invalid literal source x, expected key=value\n"),
        ("create secret tls a --cert=c --key=k", "error: Cannot read file c, open c: no such file or directory\n"),
        ("create secret tls a --cert=c", "error: key and cert must be specified\n"),
        ("create secret docker-registry a", "error: either --from-file or the combination of --docker-username, --docker-password and --docker-server is required\n"),
        ("create deployment a --image=i --replicas=-1", "error: failed to create deployment: Deployment.apps \"a\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n"),
        ("create deployment a --image=", "error: failed to create deployment: Deployment.apps \"a\" is invalid: spec.template.spec.containers: Required value\n"),
        ("create service nodeport a --tcp=80 --node-port=99", "error: failed to create NodePort service: Service \"a\" is invalid: spec.ports[0].nodePort: Invalid value: 99: provided port is not in the valid range. The range of valid ports is 30000-32767\n"),
        ("create service clusterip a --tcp=x", "error: strconv.ParseUint: parsing \"x\": invalid syntax\n"),
        ("create service clusterip a --tcp=70000", "error: strconv.ParseUint: parsing \"70000\": value out of range\n"),
        ("create service clusterip a --tcp=80:0", "error: must be between 1 and 65535, inclusive\n"),
        ("create service clusterip a --tcp=80:", "error: must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-),must contain at least one letter (a-z)\n"),
        ("create service externalname a --external-name=x_y", "error: invalid service external name x_y\n"),
        ("create configmap a --from-literal=..=b", "error: \"..\" is not a valid key name for a ConfigMap: must not be '..'\n"),
        ("create configmap a --from-file==c", "error: key name for file path c missing\n"),
        ("create secret generic a --from-env-file=x --from-literal=a=b", "error: from-env-file cannot be combined with from-file or from-literal\n"),
        ("run a --image=", "error: --image is required\n"),
        ("run a --image=i --port=x", "error: strconv.Atoi: parsing \"x\": invalid syntax\n"),
        ("run a --image=i --port=99999", "The Pod \"a\" is invalid: spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive\n"),
        ("run a --image=i --restart=never", "error: invalid restart policy: never\nSee 'kubectl run -h' for help and examples\n"),
        ("run a --image=i -t", "error: -i/--stdin is required for containers with -t/--tty=true\nSee 'kubectl run -h' for help and examples\n"),
        ("run a --image=i --rm", "error: --rm should only be used for attached containers\nSee 'kubectl run -h' for help and examples\n"),
        ("run a --image=i --env=1a=b", "error: invalid env: 1a=b\n"),
        ("run a --image=i --labels=a=b,c", "error: unexpected label spec: c\n"),
        ("run a --image=i --annotations=a", "error: invalid annotations format: a\n"),
        ("create role a", "error: \"kubectl create role\" is not simulated\n"),
        ("create secret other", "error: unknown command \"other\"\nSee 'kubectl create secret -h' for help and examples\n"),
        ("create thing", "error: Unexpected args: [thing]\nSee 'kubectl create -h' for help and examples\n"),
        ("get pods -o go-template-file=x", "error: readyz does not simulate -o go-template-file; -o jsonpath=… or -o custom-columns=… prints the same fields\n"),
        ("config use-context other", "error: no context exists with the name: \"other\"\n"),
        ("config set-context --current -n x", "error: readyz keeps no kubeconfig; give -n NAMESPACE with each command\n"),
        ("set resources deploy api", "error: you must specify an update to requests or limits (in the form of --requests/--limits)\n"),
        ("set resources deploy api --limits=cpu=1 -c=no", "error: unable to find container named no\n"),
    ] {
        let typed = visitor.answers(line, "");
        assert_eq!((&*typed.stderr, typed.exit_code), (said, 1), "{line}");
        assert!(typed.acts.is_empty(), "{line}");
    }
}

/// KRN-01: `run` was silent about annotations and privileges, and left them out.
#[test]
fn run_writes_each_of_its_flags_into_the_pod() {
    let mut visitor = Visitor::of(WEB);
    let line = "run a --image=i --annotations=a=b,c=d --annotations=e= --privileged --env=A= \
                --env=b.c=d --labels=x=y,z= --restart= --dry-run=client -o yaml";
    let expected = "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    a: b,c=d\n    e: \"\"\n  \
                    labels:\n    x: \"y\"\n    z: \"\"\n  name: a\nspec:\n  containers:\n  - env:\n    \
                    - name: A\n    - name: b.c\n      value: d\n    image: i\n    name: a\n    \
                    resources: {}\n    securityContext:\n      privileged: true\n  dnsPolicy: \
                    ClusterFirst\n  restartPolicy: Always\nstatus: {}\n";
    assert_eq!(visitor.answers(line, "").stdout, expected);
}

#[test]
fn set_resources_changes_the_template() {
    let mut visitor = Visitor::of(WEB);
    let line = "set resources deploy api --limits=cpu=200m,memory=64Mi --requests=cpu=100m";
    let typed = visitor.answers(line, "");
    let said = "deployment.apps/api resource requirements updated\n";
    assert_eq!((&*typed.stdout, typed.acts.len()), (said, 1), "{typed:?}");
    let path = "{.spec.template.spec.containers[0].resources}";
    let shown = visitor
        .answers(&format!("get deploy api -o jsonpath={path}"), "")
        .stdout;
    assert_eq!(
        shown,
        r#"{"limits":{"cpu":"200m","memory":"64Mi"},"requests":{"cpu":"100m"}}"#
    );
}

#[test]
fn config_shows_the_one_context() {
    let mut visitor = Visitor::of(WEB);
    assert_eq!(
        visitor.answers("config current-context", "").stdout,
        "readyz\n"
    );
    assert_eq!(
        visitor.answers("config get-contexts", "").stdout,
        "CURRENT   NAME     CLUSTER   AUTHINFO   NAMESPACE\n*         readyz   readyz    readyz     \n"
    );
    let view = visitor.answers("config view", "").stdout;
    assert!(
        view.contains("current-context: readyz\nkind: Config\n"),
        "{view}"
    );
}

/// What `-n` names is where things are made and found (API-05).
#[test]
fn commands_mean_the_namespace_that_is_given() {
    const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: filed, labels: {app: filed}}
spec: {containers: [{name: a, image: nginx:1.27}]}
";
    let mut visitor = Visitor::of(WEB);
    visitor.answers("create namespace shop", "");
    for (line, said) in [
        (
            "-n shop create deployment a --image=nginx:1.27",
            "deployment.apps/a created",
        ),
        (
            "create -n shop job b --image=busybox:1.36 -- true",
            "job.batch/b created",
        ),
        (
            "create cm c --from-literal=a=1 -n shop",
            "configmap/c created",
        ),
        (
            "create secret -n=shop generic d --from-literal=a=1",
            "secret/d created",
        ),
        (
            "--namespace=shop create service clusterip e --tcp=80",
            "service/e created",
        ),
        ("-n shop run f --image=nginx:1.27", "pod/f created"),
        (
            "-n shop expose pod f --port=80 --name=g",
            "service/g exposed",
        ),
        ("-n shop create -f m.yaml", "pod/filed created"),
        ("-n shop apply -f m.yaml", "pod/filed configured"),
        (
            "-n shop scale deployment a --replicas=3",
            "deployment.apps/a scaled",
        ),
        ("-n shop label pod f tier=front", "pod/f labeled"),
        (
            "-n shop delete configmap c",
            "configmap \"c\" deleted from shop namespace",
        ),
    ] {
        let typed = visitor.answers(line, POD);
        let told = (&*typed.stdout, typed.exit_code, typed.acts.len());
        assert_eq!(
            told,
            (&*[said, "\n"].concat(), 0, 1),
            "{line}: {}",
            typed.stderr
        );
    }
    let names =
        "get deploy,job,cm,secret,svc,pod -n shop --no-headers -o custom-columns=N:.metadata.name";
    let names = visitor.answers(names, "").stdout;
    for made in ["a", "b", "d", "e", "f", "filed", "g"] {
        assert!(names.lines().any(|name| name == made), "{made}: {names}");
    }
    assert!(names.lines().all(|name| name != "c"), "{names}");
    let read = |visitor: &mut Visitor, line: &str| visitor.answers(line, "").stdout;
    let replicas = "get deploy a -n shop -o jsonpath={.spec.replicas}";
    assert_eq!(read(&mut visitor, replicas), "3");
    let tier = "get pod f -n shop -o jsonpath={.metadata.labels.tier}";
    assert_eq!(read(&mut visitor, tier), "front");
    let applied = read(&mut visitor, "get pod filed -n shop -o yaml");
    assert!(applied.contains("last-applied-configuration"), "{applied}");
    let own = "get pod -l app=filed -o name";
    assert_eq!(read(&mut visitor, own), "");
}

/// The namespace must exist (API-05), and be that of the file's objects if both name one.
#[test]
fn a_namespace_that_is_given_must_be_there() {
    let mut visitor = Visitor::of(WEB);
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: kube-public}\n\
               spec: {containers: [{name: a, image: nginx:1.27}]}\n";
    let missing = "namespaces \"nowhere\" not found\n";
    for (line, before) in [
        (
            "-n nowhere run f --image=nginx:1.27",
            "Error from server (NotFound): ",
        ),
        (
            "-n nowhere create deployment a --image=x",
            "error: failed to create deployment: ",
        ),
        (
            "-n nowhere create job b --image=x",
            "error: failed to create job: ",
        ),
        (
            "-n nowhere create cm c",
            "error: failed to create configmap: ",
        ),
        (
            "-n nowhere create secret generic d",
            "error: failed to create secret ",
        ),
        (
            "-n nowhere create service clusterip e --tcp=80",
            "error: failed to create ClusterIP service: ",
        ),
    ] {
        let typed = visitor.answers(line, "");
        let said = [before, missing].concat();
        assert_eq!((&*typed.stderr, typed.exit_code), (&*said, 1), "{line}");
        assert!(typed.acts.is_empty(), "{line}");
    }
    let typed = visitor.answers(
        "-n nowhere create -f m.yaml",
        &pod.replace(", namespace: kube-public", ""),
    );
    let said = "Error from server (NotFound): error when creating \"STDIN\": ";
    assert_eq!(typed.stderr, [said, missing].concat());
    let typed = visitor.answers("-n default create -f m.yaml", pod);
    let said = "error: the namespace from the provided object \"kube-public\" does not match the \
                namespace \"default\". You must pass '--namespace=kube-public' to perform this operation.\n";
    assert_eq!((&*typed.stdout, &*typed.stderr), ("", said));
    assert_eq!(
        visitor
            .answers("get pod p -A --ignore-not-found", "")
            .stdout,
        ""
    );
    let typed = visitor.answers("create -f m.yaml", pod);
    assert_eq!((&*typed.stdout, &*typed.stderr), ("pod/p created\n", ""));
    let found = visitor.answers("get pod p -n kube-public -o name", "");
    assert_eq!(found.stdout, "pod/p\n");
}
