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
        ("create deployment", "error: exactly one NAME is required, got 0\nSee 'kubectl create deployment -h' for help and examples\n"),
        ("create deployment a", "error: required flag(s) \"image\" not set\n"),
        ("create deployment a --foo", "error: unknown flag: --foo\nSee 'kubectl create deployment --help' for usage.\n"),
        ("create secret generic a --foo", "error: unknown flag: --foo\nSee 'kubectl create secret generic --help' for usage.\n"),
        ("create job a", "error: either --image or --from must be specified\n"),
        ("create job a --from=cronjob/b", "Error from server (NotFound): cronjobs.batch \"b\" not found\n"),
        ("create service clusterip a", "error: at least one tcp port specifier must be provided\n"),
        ("create service clusterip web --tcp=80", "error: failed to create ClusterIP service: services \"web\" already exists\n"),
        ("create configmap a --from-file=x.conf", "error: error reading x.conf: no such file or directory\n"),
        ("create configmap a --from-literal=x", "error: invalid literal source x, expected key=value\n"),
        ("create secret tls a --cert=c --key=k", "error: open c: no such file or directory\n"),
        ("create secret tls a --cert=c", "error: key and cert must be specified\n"),
        ("create secret docker-registry a", "error: either --from-file or the combination of --docker-username, --docker-password and --docker-server is required\n"),
        ("create role a", "error: \"kubectl create role\" is not simulated\n"),
        ("create secret other", "error: unknown command \"other\"\nSee 'kubectl create secret -h' for help and examples\n"),
        ("create thing", "Error: must specify one of -f and -k\n\nerror: unknown command \"thing\"\nSee 'kubectl create -h' for help and examples\n"),
        ("get pods -o go-template={{.x}}", "error: readyz does not simulate -o go-template; -o jsonpath=… or -o custom-columns=… prints the same fields\n"),
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
