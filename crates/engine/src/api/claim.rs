//! PersistentVolumeClaims.

use super::Metadata;
use serde::{Deserialize, Serialize};

/// `v1` PersistentVolumeClaim, as far as it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub metadata: Metadata,
    pub access_modes: Vec<String>,
    /// Requested, as written: `1Gi`.
    pub storage: String,
    /// None: the cluster's default class.
    pub class: Option<String>,
}

/// `persistentVolumeClaimRetentionPolicy`: when the claims of a StatefulSet are deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRetention {
    /// With the set.
    pub ends_with_set: bool,
    /// With the Pods that scaling takes away.
    pub ends_when_scaled: bool,
}
