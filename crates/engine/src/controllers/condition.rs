//! Conditions of a Deployment (DEP-12).

use crate::ids::TextId;
use crate::status::ConditionStatus;
use crate::time::Instant;

/// `reason` of a Deployment's condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeploymentReason {
    MinimumReplicasAvailable,
    MinimumReplicasUnavailable,
    NewReplicaSetCreated,
    FoundNewReplicaSet,
    ReplicaSetUpdated,
    NewReplicaSetAvailable,
    ProgressDeadlineExceeded,
    DeploymentPaused,
    DeploymentResumed,
    /// Of condition ReplicaFailure.
    FailedCreate,
}

impl DeploymentReason {
    /// The API's word.
    pub const fn name(self) -> &'static str {
        match self {
            DeploymentReason::MinimumReplicasAvailable => "MinimumReplicasAvailable",
            DeploymentReason::MinimumReplicasUnavailable => "MinimumReplicasUnavailable",
            DeploymentReason::NewReplicaSetCreated => "NewReplicaSetCreated",
            DeploymentReason::FoundNewReplicaSet => "FoundNewReplicaSet",
            DeploymentReason::ReplicaSetUpdated => "ReplicaSetUpdated",
            DeploymentReason::NewReplicaSetAvailable => "NewReplicaSetAvailable",
            DeploymentReason::ProgressDeadlineExceeded => "ProgressDeadlineExceeded",
            DeploymentReason::DeploymentPaused => "DeploymentPaused",
            DeploymentReason::DeploymentResumed => "DeploymentResumed",
            DeploymentReason::FailedCreate => "FailedCreate",
        }
    }

    /// The condition's status, which the reason decides.
    pub const fn status(self) -> ConditionStatus {
        match self {
            DeploymentReason::MinimumReplicasUnavailable
            | DeploymentReason::ProgressDeadlineExceeded => ConditionStatus::False,
            DeploymentReason::DeploymentPaused | DeploymentReason::DeploymentResumed => {
                ConditionStatus::Unknown
            }
            _ => ConditionStatus::True,
        }
    }

    /// `message`, for the name of the newest ReplicaSet.
    pub fn message(self, replica_set: &str) -> String {
        match self {
            DeploymentReason::MinimumReplicasAvailable => {
                "Deployment has minimum availability.".to_owned()
            }
            DeploymentReason::MinimumReplicasUnavailable => {
                "Deployment does not have minimum availability.".to_owned()
            }
            DeploymentReason::NewReplicaSetCreated => {
                format!("Created new replica set \"{replica_set}\"")
            }
            DeploymentReason::FoundNewReplicaSet => {
                format!("Found new replica set \"{replica_set}\"")
            }
            DeploymentReason::ReplicaSetUpdated => {
                format!("ReplicaSet \"{replica_set}\" is progressing.")
            }
            DeploymentReason::NewReplicaSetAvailable => {
                format!("ReplicaSet \"{replica_set}\" has successfully progressed.")
            }
            DeploymentReason::ProgressDeadlineExceeded => {
                format!("ReplicaSet \"{replica_set}\" has timed out progressing.")
            }
            DeploymentReason::DeploymentPaused => "Deployment is paused".to_owned(),
            DeploymentReason::DeploymentResumed => "Deployment is resumed".to_owned(),
            // Copied from the ReplicaSet.
            DeploymentReason::FailedCreate => String::new(),
        }
    }
}

/// One condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeploymentCondition {
    pub reason: DeploymentReason,
    pub message: TextId,
    /// Whole seconds.
    pub last_update: Instant,
    /// Whole seconds; changes only with the status.
    pub last_transition: Instant,
}

impl DeploymentCondition {
    /// The condition after `reason` was found at `now`. The same reason leaves it as it was,
    /// unless `refresh`: progress counts anew (DEP-12).
    pub fn next(
        current: Option<DeploymentCondition>,
        reason: DeploymentReason,
        message: TextId,
        now: Instant,
        refresh: bool,
    ) -> DeploymentCondition {
        let now = now.floor_secs();
        let new = DeploymentCondition {
            reason,
            message,
            last_update: now,
            last_transition: now,
        };
        match current {
            Some(current) if current.reason == reason && !refresh => current,
            Some(current) if current.reason.status() == reason.status() => DeploymentCondition {
                last_transition: current.last_transition,
                ..new
            },
            _ => new,
        }
    }
}
