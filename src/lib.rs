//! Restore tasks of an OceanBase cluster.
