//! The list of the demo clusters.

/// Where the tasks of a cluster come from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// The documented sample.
    Sample,
    /// This many generated tasks.
    Generated(usize),
    /// Computed at each request from the time.
    Live,
    /// A cluster without permission: every request is refused.
    Forbidden,
}

/// A cluster of the demo.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cluster {
    pub(crate) id: i64,
    pub(crate) kind: Kind,
}

/// All clusters.
pub(crate) const CLUSTERS: [Cluster; 9] = [
    Cluster {
        id: 1_000_001,
        kind: Kind::Generated(0),
    },
    Cluster {
        id: 1_000_005,
        kind: Kind::Sample,
    },
    Cluster {
        id: 1_000_009,
        kind: Kind::Live,
    },
    Cluster {
        id: 1_000_403,
        kind: Kind::Forbidden,
    },
    Cluster {
        id: 1_000_050,
        kind: Kind::Generated(50),
    },
    Cluster {
        id: 1_001_240,
        kind: Kind::Generated(1240),
    },
    Cluster {
        id: 1_010_000,
        kind: Kind::Generated(10_000),
    },
    Cluster {
        id: 1_100_000,
        kind: Kind::Generated(100_000),
    },
    Cluster {
        id: 1_300_000,
        kind: Kind::Generated(300_000),
    },
];

/// The cluster with this id.
pub(crate) fn cluster(id: i64) -> Option<Cluster> {
    CLUSTERS.into_iter().find(|c| c.id == id)
}
