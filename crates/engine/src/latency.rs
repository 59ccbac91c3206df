//! How long things take in a quiet cluster: medians of the recordings (`world.json`, `findings.md`
//! §1). One place, so that no two parts disagree.

use crate::time::Duration;

/// Pod created → bound to a node.
pub const BIND: Duration = Duration::from_millis(5);
/// Stored by the API server → in the scheduler's view.
pub const SCHEDULER_SEES: Duration = Duration::from_millis(1);
/// An attempt fails → its condition is stored, and the scheduler takes up the next Pod.
pub const SCHEDULING_FAILED: Duration = Duration::from_millis(6);
/// Pod bound → the kubelet's first sync begins.
pub const KUBELET_SEES_POD: Duration = Duration::from_millis(3);
/// Status changed in the kubelet → stored by the API server.
pub const STATUS_PATCH: Duration = Duration::from_millis(7);
/// Stored by the API server → seen by a watching controller or kubelet.
pub const WATCH: Duration = Duration::from_millis(3);
/// A Pod's Ready changed in the API → EndpointSlice written.
pub const ENDPOINT_SLICE: Duration = Duration::from_millis(6);
/// EndpointSlice written → a node's forwarding rules follow.
pub const PROXY_RULES: Duration = Duration::from_millis(200);
/// First sync → volumes mounted: the poll interval, so every Pod waits once. Its end anchors the
/// periodic probes.
pub const VOLUME_WAIT: Duration = Duration::from_millis(300);
/// A sync generates a status → it has nothing left to do: longer than a probe worker that the
/// status triggers needs to store its first result, so that what that asks for merges with what
/// waits (SYN-01). Two readiness probes come of a start that way, not three.
pub const SYNC: Duration = Duration::from_millis(1);
/// Volumes mounted → sandbox ready.
pub const SANDBOX: Duration = Duration::from_millis(110);
/// Image looked up → container created.
pub const CREATE: Duration = Duration::from_millis(21);
/// Container created → started.
pub const START: Duration = Duration::from_millis(87);
/// A container's first process ends → the runtime says so. A relist on demand comes sooner, so that
/// a process which ends at once is still seen running (every one of the recorded instances was).
pub const EXIT_REPORT: Duration = Duration::from_millis(10);
/// A kubelet's process begins → its loops and relists do.
pub const KUBELET_LOOPS: Duration = Duration::from_millis(310);
/// A kubelet's process begins → its node's status is posted.
pub const KUBELET_POSTS: Duration = Duration::from_millis(457);
/// A kubelet's process begins → its Pods are synced: the runtime's first status check comes before.
pub const KUBELET_SYNCS: Duration = Duration::from_millis(1_200);
/// Stopping a sandbox.
pub const STOP_SANDBOX: Duration = Duration::from_millis(60);
/// Pull of a small image or of a tag that is present, policy Always.
pub const PULL_PRESENT: Duration = Duration::from_millis(20);
/// An exec probe whose command returns at once.
pub const EXEC_PROBE: Duration = Duration::from_millis(39);
/// An HTTP or TCP probe answered at once.
pub const NETWORK_PROBE: Duration = Duration::from_millis(1);
/// `kubectl exec` typed → effect inside the container.
pub const KUBECTL_EXEC: Duration = Duration::from_millis(116);
/// Another kubectl command typed → effect in the API.
pub const KUBECTL: Duration = Duration::from_millis(100);
/// Pod deleted → its ReplicaSet creates the replacement.
pub const REPLICA_SET_REACTS: Duration = Duration::from_millis(13);
/// A controller decides to create a Pod → the API server has it; also from one to the next.
pub const CREATE_POD: Duration = Duration::from_millis(6);
/// An owner is gone → the garbage collector deletes what it owned.
pub const COLLECT: Duration = Duration::from_millis(11);
/// A node cordoned or uncordoned → its taint follows.
pub const CORDON_TAINT: Duration = Duration::from_millis(6);
/// A node's Ready changed in the API → its NoSchedule taint follows.
pub const NODE_TAINT: Duration = Duration::from_millis(12);
/// A node is lost → its NoExecute taint, where none was handed out before.
pub const NODE_NO_EXECUTE: Duration = Duration::from_millis(80);
