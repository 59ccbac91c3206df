//! Deterministic simulator of the part of Kubernetes that decides whether a container lives and gets traffic.
