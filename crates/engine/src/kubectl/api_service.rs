//! The Service `kubernetes` by which Pods reach the API server: the server makes it, with its
//! endpoints, in every cluster (GET-01). Only kubectl shows it here, nothing else asks for it.
//! https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/

use super::failure::Failure;
use super::item::{Item, Thing, CLUSTER_AGE_SECS};
use super::object::made_uid;
use super::resource::Resource;
use super::stamp::Stamp;
use crate::api::{
    EndpointPort, Endpoints, Metadata, PortRef, Protocol, Service, ServicePort, ServiceType,
    StringMap, Subset, WrittenEndpoint, WrittenSlice, SERVICE_NAME,
};
use crate::controllers::{EndpointSlice, EndpointsState, ServiceState, SliceState};
use crate::time::Instant;
use std::sync::{Arc, LazyLock};

const NAME: &str = "kubernetes";
const NAMESPACE: &str = "default";
/// Where the API server is, and where it listens.
pub const ADDRESS: &str = "192.168.0.100";
pub const PORT: u16 = 6443;
/// The first address of the Services' range, 10.96.0.1.
const CLUSTER_IP: u32 = u32::from_be_bytes([10, 96, 0, 1]);

static STATE: LazyLock<ServiceState> = LazyLock::new(|| {
    let port = ServicePort {
        name: "https".into(),
        port: 443,
        target_port: PortRef::Number(i32::from(PORT)),
        protocol: Protocol::Tcp,
        node_port: 0,
    };
    ServiceState {
        name: NAME.into(),
        namespace: NAMESPACE.into(),
        uid: made_uid("Service", NAMESPACE, NAME).into(),
        created_at: Instant::ZERO,
        removed_at: None,
        object: Arc::new(Service {
            metadata: metadata(&labels(&[("component", "apiserver"), ("provider", NAME)])),
            service_type: ServiceType::ClusterIp,
            selector: StringMap::new(),
            ports: vec![port],
            headless: false,
            cluster_ip: String::new(),
            publish_not_ready_addresses: false,
            affinity_seconds: None,
            is_internal_local: false,
            is_external_local: false,
            external_name: String::new(),
        }),
        cluster_ip: Some(CLUSTER_IP),
        slice: EndpointSlice::default(),
        sync_at: Instant::NEVER,
    }
});

/// The Service.
pub fn state() -> &'static ServiceState {
    &STATE
}

/// What refuses a change of it: here it stays as it is.
pub fn refusal(item: &Item) -> Option<Failure> {
    let text = "readyz does not change the Service by which the API server is reached";
    matches!(item.thing, Thing::ApiServer).then(|| Failure::client(text))
}

fn labels(pairs: &[(&str, &str)]) -> StringMap {
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect()
}

fn metadata(labels: &StringMap) -> Metadata {
    Metadata {
        name: NAME.into(),
        namespace: NAMESPACE.into(),
        labels: labels.clone(),
        ..Metadata::default()
    }
}

fn endpoint(ready: Option<bool>) -> WrittenEndpoint {
    WrittenEndpoint {
        addresses: vec![ADDRESS.into()],
        ready,
        ..WrittenEndpoint::default()
    }
}

/// The Service, its Endpoints or its slice.
pub fn item(resource: &'static Resource) -> Item {
    let ports = vec![EndpointPort {
        name: "https".into(),
        protocol: Protocol::Tcp,
        port: PORT,
        app_protocol: String::new(),
    }];
    let uid: Arc<str> = made_uid(resource.kind, NAMESPACE, NAME).into();
    let created_at = Instant::ZERO;
    let (labels, thing) = match resource.kind {
        "Endpoints" => {
            let labels = labels(&[("endpointslice.kubernetes.io/skip-mirror", "true")]);
            let subset = Subset {
                endpoints: vec![endpoint(None)],
                ports,
            };
            let object = Endpoints {
                metadata: metadata(&labels),
                subsets: vec![subset],
            };
            let state = EndpointsState {
                object,
                uid,
                created_at,
            };
            (labels, Thing::WrittenEndpoints(Arc::new(state)))
        }
        "EndpointSlice" => {
            let labels = labels(&[(SERVICE_NAME, NAME)]);
            let object = WrittenSlice {
                metadata: metadata(&labels),
                address_type: "IPv4".into(),
                endpoints: vec![endpoint(Some(true))],
                ports,
            };
            let state = SliceState {
                object,
                uid,
                created_at,
                generation: 1,
                is_mirror: false,
            };
            (labels, Thing::WrittenSlice(Arc::new(state)))
        }
        _ => (STATE.object.metadata.labels.clone(), Thing::ApiServer),
    };
    Item {
        resource,
        thing,
        name: NAME.into(),
        namespace: NAMESPACE.into(),
        labels,
        created: Stamp::before_start(CLUSTER_AGE_SECS),
    }
}
