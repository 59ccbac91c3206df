//! Views of moments between a worker and the page: only what differs from the view before travels.

use readyz_engine::session::Reply;
use readyz_engine::time::Instant;
use readyz_engine::view::{
    ClusterView, DependencyView, DeploymentView, EventView, FaultView, NextProbeView, NodeView,
    PodView, ServiceView, StopsView,
};
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use std::sync::Arc;

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
pub enum Said {
    Reply(Reply),
    View(Box<Changes>),
}

/// A view, told from the one before. None: as it was.
#[derive(Debug, Serialize, Deserialize)]
pub struct Changes {
    at: Instant,
    valid_until: Instant,
    next_probe: Option<NextProbeView>,
    stops: StopsView,
    nodes: Option<Vec<NodeView>>,
    /// The identities of all Pods, in order.
    order: Option<Vec<u32>>,
    /// Those that are new or changed.
    pods: Vec<Arc<PodView>>,
    deployments: Option<Vec<DeploymentView>>,
    services: Option<Vec<Arc<ServiceView>>>,
    events: Option<Vec<EventView>>,
    faults: Option<Vec<FaultView>>,
    dependencies: Option<Vec<DependencyView>>,
}

/// The worker's end: knows what it said last.
#[derive(Default)]
pub struct Speaker {
    last: Option<Box<ClusterView>>,
    /// The one before, which can be taken apart later.
    former: Option<Box<ClusterView>>,
}

impl Speaker {
    /// What to say for a reply.
    pub fn say(&mut self, reply: Reply) -> Said {
        let Reply::View(view) = reply else {
            return Said::Reply(reply);
        };
        self.former = self.last.take();
        let changes = Changes::between(self.former.as_deref(), &view);
        self.last = Some(view);
        Said::View(Box::new(changes))
    }

    /// Drops what is not needed any more. To be called when what was said is on its way.
    pub fn tidy(&mut self) {
        self.former = None;
    }
}

/// The page's end: puts together what the worker left out. Must hear everything.
#[derive(Default)]
pub struct Listener(Option<Rc<ClusterView>>);

impl Listener {
    /// The view that changes lead to.
    pub fn view(&mut self, changes: Changes) -> Rc<ClusterView> {
        let view = Rc::new(changes.onto(self.0.take().as_deref()));
        self.0 = Some(view.clone());
        view
    }
}

fn unlike<T: Clone + PartialEq>(before: Option<&T>, now: &T) -> Option<T> {
    (before != Some(now)).then(|| now.clone())
}

fn find(view: Option<&ClusterView>, id: u32, hint: usize) -> Option<&Arc<PodView>> {
    let pods = &view?.pods;
    let near = pods.get(hint).filter(|pod| pod.id == id);
    near.or_else(|| pods.iter().find(|pod| pod.id == id))
}

impl Changes {
    fn between(before: Option<&ClusterView>, now: &ClusterView) -> Self {
        let ids = |view: &ClusterView| view.pods.iter().map(|pod| pod.id).collect::<Vec<u32>>();
        let changed = now.pods.iter().enumerate().filter(|(place, pod)| {
            let former = find(before, pod.id, *place);
            former.is_none_or(|former| former != *pod)
        });
        Changes {
            at: now.at,
            valid_until: now.valid_until,
            next_probe: now.next_probe,
            stops: now.stops,
            nodes: unlike(before.map(|view| &view.nodes), &now.nodes),
            order: unlike(before.map(ids).as_ref(), &ids(now)),
            pods: changed.map(|(_, pod)| pod.clone()).collect(),
            deployments: unlike(before.map(|view| &view.deployments), &now.deployments),
            services: unlike(before.map(|view| &view.services), &now.services),
            events: unlike(before.map(|view| &view.events), &now.events),
            faults: unlike(before.map(|view| &view.faults), &now.faults),
            dependencies: unlike(before.map(|view| &view.dependencies), &now.dependencies),
        }
    }

    fn onto(self, before: Option<&ClusterView>) -> ClusterView {
        let order = self.order.unwrap_or_else(|| {
            let pods = before.iter().flat_map(|view| &view.pods);
            pods.map(|pod| pod.id).collect()
        });
        // Changed Pods come in the order of all.
        let mut changed = self.pods.into_iter().peekable();
        let pods = order.into_iter().enumerate().filter_map(|(place, id)| {
            let new = changed.next_if(|pod| pod.id == id);
            new.or_else(|| find(before, id, place).cloned())
        });
        ClusterView {
            at: self.at,
            valid_until: self.valid_until,
            next_probe: self.next_probe,
            stops: self.stops,
            pods: pods.collect(),
            nodes: told(self.nodes, before.map(|view| &view.nodes)),
            deployments: told(self.deployments, before.map(|view| &view.deployments)),
            services: told(self.services, before.map(|view| &view.services)),
            events: told(self.events, before.map(|view| &view.events)),
            faults: told(self.faults, before.map(|view| &view.faults)),
            dependencies: told(self.dependencies, before.map(|view| &view.dependencies)),
        }
    }
}

fn told<T: Clone + Default>(now: Option<T>, before: Option<&T>) -> T {
    now.or_else(|| before.cloned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::wire::{decode, encode};
    use readyz_engine::session::{Request, Session};
    use readyz_engine::view::Look;

    /// Thirty Pods behind a Service.
    const TEXT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 30
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx
        readinessProbe: {httpGet: {path: /, port: 80}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
";

    fn view(session: &mut Session, at: Instant, look: &Look) -> Reply {
        let look = look.clone();
        session.handle(Request::Seek { at, look })
    }

    #[test]
    fn what_is_put_together_is_what_was_said() {
        let mut session = Session::new();
        session.handle(Request::Load {
            text: TEXT.into(),
            acts: vec!["{at: 20s, kill: {pod: \"deployment/web#1\", container: web}}".into()],
            seed: None,
            sight: Instant::NEVER,
        });
        let (mut speaker, mut listener) = (Speaker::default(), Listener::default());
        let events = Look {
            events: true,
            ..Look::default()
        };
        let mut sizes = Vec::new();
        for (secs, look) in [0, 1, 2, 5, 20, 21, 22, 40, 5, 90, 91]
            .into_iter()
            .zip([&Look::default(), &events].into_iter().cycle())
        {
            let reply = view(&mut session, Instant::from_secs(secs), look);
            let Reply::View(whole) = reply.clone() else {
                panic!("no view");
            };
            let bytes = encode(&speaker.say(reply));
            sizes.push(bytes.len());
            let Some(Said::View(changes)) = decode(&bytes) else {
                panic!("no changes");
            };
            assert_eq!(*listener.view(*changes), *whole, "at {secs} s");
        }
        assert!(sizes[9] > 1_000, "Events come whole: {sizes:?}");
        // Of a crowd whose probes go on passing there is nothing to say.
        let still = view(&mut session, Instant::from_secs(92), &Look::default());
        let again = encode(&speaker.say(still));
        assert!(again.len() < 200, "{} bytes", again.len());
    }
}
