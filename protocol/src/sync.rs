//! How two replicas become equal: digest, heights, ranges.
