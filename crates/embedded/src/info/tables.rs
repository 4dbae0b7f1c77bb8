//! Long constant answers.

/// What clients may rely on.
pub const FEATURES: &str = "batch-any;batch-index;blob-bits;cdt-index;cdt-list;cdt-map;\
cluster-stable;float;geo;sindex-exists;peers;pipelining;pquery;pscans;query-show;relaxed-sc;\
replicas;replicas-all;replicas-master;replicas-max;truncate-namespace;udf";
