//! `metadata.resourceVersion` (API-01): one counter of all writes to the store, and for each object
//! its value at the object's last write. Renewals of leases are not counted.

use crate::ids::{DeploymentId, NodeId, PodId, ReplicaSetId, ServiceId, WorkloadId};
use crate::record::What;
use crate::sorted::Map;

/// The counter when a scenario begins: what is there by then was written before.
const FIRST: u64 = 1_000;

/// An object that has an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versioned {
    Pod(PodId),
    Deployment(DeploymentId),
    ReplicaSet(ReplicaSetId),
    Workload(WorkloadId),
    Service(ServiceId),
    /// The EndpointSlice and Endpoints that are made of a Service's selector.
    Slice(ServiceId),
    Node(NodeId),
}

const KINDS: usize = 7;

/// The versions of all objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Writes since the scenario began.
    count: u64,
    /// By kind, then by id: the counter after the last write; 0: none since the scenario began.
    tables: [Vec<u64>; KINDS],
    /// Of objects without ids, by kind, namespace and name.
    named: Map<(String, String, String), u64>,
}

impl Versioned {
    fn place(self) -> (usize, usize) {
        match self {
            Versioned::Pod(id) => (0, id.index()),
            Versioned::Deployment(id) => (1, id.index()),
            Versioned::ReplicaSet(id) => (2, id.index()),
            Versioned::Workload(id) => (3, id.index()),
            Versioned::Service(id) => (4, id.index()),
            Versioned::Slice(id) => (5, id.index()),
            Versioned::Node(id) => (6, id.index()),
        }
    }
}

/// What a record says was written to the store.
#[derive(Clone, Copy)]
pub enum Write {
    Object(Versioned),
    /// An Event, whose version nobody sees.
    Event,
}

impl Write {
    /// None: the record tells of no write.
    pub fn of(what: &What) -> Option<Write> {
        Some(Write::Object(match *what {
            What::PodCreated { pod }
            | What::PodBound { pod, .. }
            | What::PodDeleting { pod, .. }
            | What::PodRemoved { pod }
            | What::StatusWritten { pod } => Versioned::Pod(pod),
            What::DeploymentChanged { deployment } => Versioned::Deployment(deployment),
            What::ReplicaSetChanged { replica_set } => Versioned::ReplicaSet(replica_set),
            What::WorkloadChanged { workload } => Versioned::Workload(workload),
            What::NodeChanged { node } => Versioned::Node(node),
            What::Endpoint { service, .. } => Versioned::Slice(service),
            What::Event { .. } => return Some(Write::Event),
            _ => return None,
        }))
    }
}

impl Versions {
    /// What a record tells of was written.
    pub fn note(&mut self, write: Write) {
        match write {
            Write::Object(object) => self.write(object),
            Write::Event => self.count += 1,
        }
    }

    /// An object was written.
    pub fn write(&mut self, object: Versioned) {
        self.count += 1;
        let (table, row) = object.place();
        let table = &mut self.tables[table];
        if table.len() <= row {
            table.resize(row + 1, 0);
        }
        table[row] = self.count;
    }

    /// An object without an id was written.
    pub fn write_named(&mut self, kind: &str, namespace: &str, name: &str) {
        self.count += 1;
        let key = (kind.to_owned(), namespace.to_owned(), name.to_owned());
        self.named.insert(key, self.count);
    }

    /// The version of an object.
    pub fn of(&self, object: Versioned) -> u64 {
        let (table, row) = object.place();
        FIRST + self.tables[table].get(row).copied().unwrap_or(0)
    }

    /// The version of an object without an id.
    pub fn of_named(&self, kind: &str, namespace: &str, name: &str) -> u64 {
        let key = (kind.to_owned(), namespace.to_owned(), name.to_owned());
        FIRST + self.named.get(&key).copied().unwrap_or(0)
    }
}
