//! Command lines against small clusters.
