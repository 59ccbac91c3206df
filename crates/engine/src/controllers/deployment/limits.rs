//! How many Pods a rolling update may add and take away (DEP-02).

use crate::api::{Amount, Deployment, Strategy};

/// Surge and unavailable, as numbers of Pods. Recreate: none.
pub fn limits(deployment: &Deployment) -> (u32, u32) {
    let Strategy::RollingUpdate {
        max_surge,
        max_unavailable,
    } = deployment.strategy
    else {
        return (0, 0);
    };
    let replicas = deployment.replicas;
    let surge = max_surge.of(replicas);
    let mut unavailable = match max_unavailable {
        Amount::Count(count) => count,
        Amount::Percent(percent) => (u64::from(replicas) * u64::from(percent) / 100) as u32,
    };
    if surge == 0 && unavailable == 0 {
        unavailable = 1;
    }
    (surge, unavailable.min(replicas))
}
