//! Volumes of a Pod.

use super::EnvValue;
use serde::{Deserialize, Serialize};

/// `v1.Volume`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    pub name: String,
    pub source: VolumeSource,
}

/// Where a volume's content comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VolumeSource {
    EmptyDir {
        /// Bytes (RES-05).
        limit: Option<u64>,
    },
    ConfigMap {
        name: String,
        optional: bool,
        items: Vec<KeyPath>,
        /// `defaultMode`, where it is set.
        mode: Option<u16>,
    },
    Secret {
        name: String,
        optional: bool,
        items: Vec<KeyPath>,
        mode: Option<u16>,
    },
    Projected(Box<Projected>),
    Claim {
        name: String,
    },
    HostPath {
        path: String,
        /// `type`; empty: whatever is there.
        kind: String,
    },
    /// Accepted, not simulated: behaves as an empty directory.
    Other,
}

/// What a volume of a ConfigMap or Secret says.
pub struct Keys<'a> {
    pub secret: bool,
    pub name: &'a str,
    pub optional: bool,
    pub items: &'a [KeyPath],
    /// Of its files, unless an item has its own.
    pub mode: u16,
}

impl VolumeSource {
    /// The ConfigMap or Secret that it is filled from, if from one alone.
    pub fn keys(&self) -> Option<Keys<'_>> {
        let secret = matches!(self, VolumeSource::Secret { .. });
        match self {
            VolumeSource::ConfigMap {
                name,
                optional,
                items,
                mode,
            }
            | VolumeSource::Secret {
                name,
                optional,
                items,
                mode,
            } => Some(Keys {
                secret,
                name,
                optional: *optional,
                items,
                mode: mode.unwrap_or(FILE_MODE),
            }),
            _ => None,
        }
    }
}

/// `defaultMode` where it is not set.
pub const FILE_MODE: u16 = 0o644;

/// `v1.KeyToPath`: a key and its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPath {
    pub key: String,
    pub path: String,
    /// Over the volume's `defaultMode`.
    pub mode: Option<u16>,
}

/// `v1.ProjectedVolumeSource`, and `v1.DownwardAPIVolumeSource` as one with one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projected {
    pub sources: Vec<Projection>,
    pub mode: Option<u16>,
    /// `downwardAPI` instead of `projected`.
    pub is_downward: bool,
}

/// `v1.VolumeProjection`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Projection {
    /// Keys of a ConfigMap or Secret.
    Keys {
        secret: bool,
        name: String,
        optional: bool,
        items: Vec<KeyPath>,
    },
    Downward(Vec<DownwardFile>),
    Token {
        path: String,
        audience: String,
        seconds: i64,
    },
    /// Accepted, not simulated: no files.
    Other,
}

/// `v1.DownwardAPIVolumeFile`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DownwardFile {
    pub path: String,
    pub mode: Option<u16>,
    /// A field, or a resource.
    pub value: EnvValue,
}
