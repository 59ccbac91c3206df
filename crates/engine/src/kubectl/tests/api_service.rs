//! The Service `kubernetes`, as a real cluster told of it (GET-01).

use super::Visitor;

#[test]
fn the_api_servers_service_is_there_in_the_namespace_default() {
    let mut visitor = Visitor::of("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
    let mut reads = |line: &str| visitor.types(20_000, line);
    assert_eq!(
        reads("get svc").0,
        "NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\n\
         kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP   10m\n"
    );
    assert_eq!(
        reads("get svc -n shop").1,
        "No resources found in shop namespace.\n"
    );
    let described = reads("describe svc kubernetes").0;
    for line in [
        "Labels:                   component=apiserver\n                          provider=kubernetes\n",
        "Port:                     https  443/TCP\n",
        "Endpoints:                192.168.0.100:6443\n",
        "Events:                   <none>\n",
    ] {
        assert!(described.contains(line), "{described}");
    }
    assert!(reads("get svc kubernetes -o yaml")
        .0
        .contains("  clusterIP: 10.96.0.1\n"));
    assert!(reads("describe endpointslices kubernetes")
        .0
        .contains("  - Addresses:  192.168.0.100\n    Conditions:\n      Ready:   true\n    Hostname:  <unset>\n"));
    for (line, refusal) in [
        (
            "expose svc kubernetes --name=x",
            "error: couldn't retrieve selectors via --selector flag or introspection: the service \
             has no pod selector set\n",
        ),
        (
            "logs svc/kubernetes",
            "error: cannot get the logs from *v1.Service: invalid service 'kubernetes': Service is \
             defined without a selector\n",
        ),
        (
            "port-forward svc/kubernetes 1:2",
            "error: cannot attach to *v1.Service: invalid service 'kubernetes': Service is defined \
             without a selector\n",
        ),
        (
            "label svc kubernetes a=b",
            "error: readyz does not change the Service by which the API server is reached\n",
        ),
    ] {
        assert_eq!(reads(line).1, refusal, "{line}");
    }
    // What is deleted is made anew.
    assert_eq!(
        reads("delete svc kubernetes").0,
        "service \"kubernetes\" deleted from default namespace\n"
    );
    assert_eq!(reads("get svc -o name").0, "service/kubernetes\n");
}
