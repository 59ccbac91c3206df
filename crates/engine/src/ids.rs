//! Small integers that name things inside the engine. They index vectors that only grow, so an id
//! stays valid, and comparable, for a whole run.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// No such thing.
            pub const NONE: $name = $name(u32::MAX);

            /// The position in the vector that this id names.
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of position `index`.
            pub const fn at(index: usize) -> Self {
                $name(index as u32)
            }

            /// Whether it names something.
            pub const fn is_some(self) -> bool {
                self.0 != u32::MAX
            }
        }
    };
}

id!(
    /// A Pod object, in order of creation over the whole run.
    PodId
);
id!(
    /// A node.
    NodeId
);
id!(
    /// A Service.
    ServiceId
);
id!(
    /// A Deployment.
    DeploymentId
);
id!(
    /// A ReplicaSet.
    ReplicaSetId
);
id!(
    /// A StatefulSet, DaemonSet or Job.
    WorkloadId
);
id!(
    /// A stored Event object.
    EventId
);
id!(
    /// An entry of the record log.
    RecordId
);
id!(
    /// An interned text.
    TextId
);

impl Default for TextId {
    /// The empty text.
    fn default() -> Self {
        TextId::EMPTY
    }
}
