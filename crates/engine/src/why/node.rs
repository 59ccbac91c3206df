//! Why a Pod is on its node, or on none: the scheduler's steps, reckoned anew from the state just
//! before its decision (SCH-02, SCH-07).

use super::place::Place;
use super::walk::{Found, Walk};
use super::words::{Key, Sentence};
use super::{Link, NodeScore, Scores};
use crate::controllers::{decision, Decision};
use crate::events::Object;
use crate::ids::{NodeId, PodId, RecordId};
use crate::record::What;
use crate::status::ConditionType;
use crate::time::Instant;

/// Names of nodes that a sentence lists; the others are counted.
const NAMES_SHOWN: usize = 6;
/// Nodes whose scores are shown, the best first.
const NODES_SHOWN: usize = 12;

impl Walk<'_> {
    /// The answer to [`super::Question::Node`].
    pub(super) fn node(&self, place: &Place) -> Option<Found> {
        let bound = self.newest(|what| match what {
            What::PodBound { pod, .. } => *pod == self.pod_id,
            _ => false,
        });
        let last = bound.or_else(|| self.last_failure());
        let Some(last) = last else {
            return self.held();
        };
        let at = self.records[last].at;
        let before = self.timeline.before(RecordId::at(last))?;
        let mut found = Found {
            answer: Sentence::new(Key::PodBound, []),
            path: self.path(last),
            between: Vec::new(),
            state: None,
            scores: None,
        };
        let chosen = match self.records[last].what {
            What::PodBound { node, .. } => Some(node),
            _ => None,
        };
        if !before.controllers.scheduler.is_waiting(self.pod_id) {
            let node = self.node_name(chosen?);
            found.answer = Sentence::new(Key::PlacedBySpec, [&self.pod.name, node]);
            return Some(found);
        }
        let decision = decision(&before, self.pod_id, at);
        let mut told = Told {
            at,
            links: Vec::new(),
        };
        self.refused(&decision, place, &mut told);
        if let Some(chosen) = chosen {
            found.answer = self.choice(&decision, chosen, &mut told);
            found.scores = self.scores(&decision, chosen);
        } else {
            found.answer = self.no_node(&decision, &mut told);
        }
        found.between = told.links;
        Some(found)
    }

    /// The newest Event that says that no node was found.
    fn last_failure(&self) -> Option<usize> {
        self.newest(|what| match what {
            What::Event { event, .. } => {
                let stored = self.cluster.events.get(*event);
                stored.is_some_and(|stored| {
                    let emission = &stored.emission;
                    emission.reason == "FailedScheduling"
                        && emission.object == Object::Pod(self.pod_id)
                })
            }
            _ => false,
        })
    }

    /// A Pod that the scheduler does not even take up (SCH-08).
    fn held(&self) -> Option<Found> {
        let scheduled = self.pod.status.condition(ConditionType::PodScheduled);
        let message = self.cluster.texts.get(scheduled.message);
        let created = self.newest(|what| match what {
            What::PodCreated { pod } => *pod == self.pod_id,
            _ => false,
        })?;
        if self.pod.spec.scheduling_gates.is_empty() || message.is_empty() {
            return None;
        }
        let answer = Sentence::new(Key::Unschedulable, [&self.pod.name, message]);
        let mut told = Told {
            at: self.records[created].at,
            links: Vec::new(),
        };
        told.say("SCH-08", answer.clone());
        Some(Found {
            answer,
            path: self.path(created),
            between: Vec::new(),
            state: told.links.pop(),
            scores: None,
        })
    }

    /// One link for all nodes that the same filter refused with the same words.
    fn refused(&self, decision: &Decision, place: &Place, told: &mut Told) {
        let mut left: Vec<_> = decision.refused.iter().collect();
        while let Some(first) = left.first().copied() {
            let same = |other: &&_| is_same(first, other);
            let nodes: Vec<NodeId> = left.iter().filter(|r| same(r)).map(|r| r.node).collect();
            left.retain(|other| !is_same(first, other));
            let reasons = first.reasons.join(", ");
            let nodes = self.names(&nodes);
            let text = Sentence::new(Key::NodesRefused, [&nodes, first.plugin, &reasons]);
            told.say("SCH-02", text);
            if let Some(link) = told.links.last_mut() {
                (link.path, link.line) = field(first.plugin, place);
            }
        }
    }

    /// What decided among the nodes that fitted.
    fn choice(&self, decision: &Decision, chosen: NodeId, told: &mut Told) -> Sentence {
        let (pod, node) = (&*self.pod.name, self.node_name(chosen));
        let count = decision.fitting.len().to_string();
        if decision.nominated.is_some() {
            told.say("SCH-03", Sentence::new(Key::RoomWasMade, [node]));
            return Sentence::new(Key::PlacedWhereRoom, [pod, node]);
        }
        if decision.sums.is_empty() {
            told.say("SCH-07", Sentence::new(Key::OneFits, [node]));
            return Sentence::new(Key::PlacedOnly, [pod, node]);
        }
        let names = self.names(&decision.fitting);
        told.say("SCH-02", Sentence::new(Key::NodesFit, [&count, &names]));
        let best = self.best(decision);
        let most = decision.sums.iter().max().copied().unwrap_or(0).to_string();
        let names = self.names(&best);
        told.say("SCH-07", Sentence::new(Key::ScoredHighest, [&names, &most]));
        if best.len() == 1 {
            return Sentence::new(Key::PlacedBest, [pod, node, &count]);
        }
        let equals = best.len().to_string();
        told.say("SCH-07", Sentence::new(Key::WasDrawn, [node, &equals]));
        Sentence::new(Key::PlacedDrawn, [pod, node, &equals, &count])
    }

    /// What became of a Pod that fits nowhere.
    fn no_node(&self, decision: &Decision, told: &mut Told) -> Sentence {
        let pod = &*self.pod.name;
        let scheduled = self.pod.status.condition(ConditionType::PodScheduled);
        let message = self.cluster.texts.get(scheduled.message);
        let says = Sentence::new(Key::Unschedulable, [pod, message]);
        told.say("SCH-03", says.clone());
        if let Some((node, victims)) = &decision.victims {
            let names = victims.iter().map(|pod| self.pod_name(*pod));
            let names: Vec<&str> = names.collect();
            let text = Sentence::new(Key::MakesRoom, [&names.join(", "), self.node_name(*node)]);
            told.say("SCH-03", text);
        }
        match decision.refused.len() {
            0 => says,
            count => Sentence::new(Key::FitsNowhere, [pod, &count.to_string()]),
        }
    }

    fn best(&self, decision: &Decision) -> Vec<NodeId> {
        let most = decision.sums.iter().max();
        let nodes = decision.fitting.iter().zip(&decision.sums);
        let best = nodes.filter(|(_, sum)| Some(*sum) == most);
        best.map(|(node, _)| *node).collect()
    }

    /// The table, the best node first and the chosen one before its equals.
    fn scores(&self, decision: &Decision, chosen: NodeId) -> Option<Scores> {
        if decision.sums.is_empty() {
            return None;
        }
        let mut order: Vec<usize> = (0..decision.fitting.len()).collect();
        order.sort_by_key(|index| (-decision.sums[*index], decision.fitting[*index] != chosen));
        let left_out = order.len().saturating_sub(NODES_SHOWN) as u32;
        order.truncate(NODES_SHOWN);
        let row = |index: usize| NodeScore {
            node: self.node_name(decision.fitting[index]).to_string(),
            scores: decision.scores.iter().map(|of| of.scores[index]).collect(),
            sum: decision.sums[index],
            is_chosen: decision.fitting[index] == chosen,
        };
        let plugins = decision.scores.iter();
        Some(Scores {
            plugins: plugins
                .map(|of| (of.plugin.to_string(), of.weight))
                .collect(),
            nodes: order.into_iter().map(row).collect(),
            left_out,
        })
    }

    fn names(&self, nodes: &[NodeId]) -> String {
        let shown = nodes.iter().take(NAMES_SHOWN);
        let mut names: Vec<&str> = shown.map(|node| self.node_name(*node)).collect();
        let more = nodes.len().saturating_sub(NAMES_SHOWN);
        let more_text = format!("+{more}");
        if more > 0 {
            names.push(&more_text);
        }
        names.join(", ")
    }

    fn node_name(&self, node: NodeId) -> &str {
        &self.cluster.nodes[node.index()].name
    }

    fn pod_name(&self, pod: PodId) -> &str {
        &self.cluster.pods[pod.index()].name
    }
}

/// Links at the moment of a decision.
struct Told {
    at: Instant,
    links: Vec<Link>,
}

impl Told {
    fn say(&mut self, rule: &str, text: Sentence) {
        self.links.push(Link {
            at: self.at,
            record: None,
            rule: rule.into(),
            text,
            path: String::new(),
            line: None,
        });
    }
}

/// Whether two nodes were refused in the same words.
fn is_same(one: &crate::controllers::Refused, other: &crate::controllers::Refused) -> bool {
    one.plugin == other.plugin && one.reasons == other.reasons
}

/// The Pod's field that a filter reads, where the text has it.
fn field(plugin: &str, place: &Place) -> (String, Option<u32>) {
    let fields: &[&str] = match plugin {
        "NodeAffinity" => &["nodeSelector", "affinity"],
        "InterPodAffinity" => &["affinity"],
        "TaintToleration" => &["tolerations"],
        "PodTopologySpread" => &["topologySpreadConstraints"],
        "NodeResourcesFit" => return place.of_container_if_written("resources"),
        "NodePorts" => return place.of_container_if_written("ports"),
        _ => &[],
    };
    let found = fields.iter().map(|field| place.if_written(field));
    let mut found = found.filter(|(_, line)| line.is_some());
    found.next().unwrap_or_default()
}
