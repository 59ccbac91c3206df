//! Suite `traces`: runs of a real two-node cluster, one pack of them a scenario.

#[cfg(test)]
mod pack;

#[cfg(test)]
mod fixture;
