//! The columns: their ids, the default set, and the kind of value that each holds. The ids and the order
//! are part of the public contract.

/// A field of the API that holds a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in the API")]
pub enum IntField {
    Id,
    OcpJobId,
    BackupClusterId,
    BackupObClusterId,
    BackupTenantId,
    BackupObTenantId,
    RestoreClusterId,
    RestoreObClusterId,
}

/// A field of the API that holds text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in the API")]
pub enum TextField {
    Status,
    StatusDesc,
    BackupMode,
    BackupClusterName,
    BackupTenantName,
    RestoreClusterName,
    RestoreTenantName,
    ErrorMsg,
    RestoreUri,
    RestorePoolListStr,
}

/// A field of the API that holds a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in the API")]
pub enum TimeField {
    CreateTime,
    FinishTime,
    RestoreEndTime,
}

impl IntField {
    /// How many fields there are.
    pub const COUNT: usize = 8;
    /// All fields, in the order of their discriminants.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Id,
        Self::OcpJobId,
        Self::BackupClusterId,
        Self::BackupObClusterId,
        Self::BackupTenantId,
        Self::BackupObTenantId,
        Self::RestoreClusterId,
        Self::RestoreObClusterId,
    ];
}

impl TextField {
    /// How many fields there are.
    pub const COUNT: usize = 10;
    /// All fields, in the order of their discriminants.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Status,
        Self::StatusDesc,
        Self::BackupMode,
        Self::BackupClusterName,
        Self::BackupTenantName,
        Self::RestoreClusterName,
        Self::RestoreTenantName,
        Self::ErrorMsg,
        Self::RestoreUri,
        Self::RestorePoolListStr,
    ];
}

impl TimeField {
    /// How many fields there are.
    pub const COUNT: usize = 3;
    /// All fields, in the order of their discriminants.
    pub const ALL: [Self; Self::COUNT] = [Self::CreateTime, Self::FinishTime, Self::RestoreEndTime];
}

/// The kind of value that a column holds. It decides how the column is sorted and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number from the API.
    Int(IntField),
    /// A text, shown as the API sent it.
    Text(TextField),
    /// A text that is shown in words of the reader's language: status and mode.
    Worded(TextField),
    /// A point in time.
    Time(TimeField),
    /// `finishTime` − `createTime`; for a running task, now − `createTime`.
    Duration,
    /// `createTime` − `restoreEndTime`.
    Rewind,
}

macro_rules! columns {
    ($($name:ident $id:literal $kind:expr;)*) => {
        /// A column of the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "named by the ids of the contract")]
        pub enum Column { $($name),* }

        impl Column {
            /// Every column, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The id in attributes, exports and `data-column`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// The kind of its values.
            pub fn kind(self) -> Kind {
                match self { $(Self::$name => $kind),* }
            }
        }
    };
}

columns! {
    Id "id" Kind::Int(IntField::Id);
    Status "status" Kind::Worded(TextField::Status);
    BackupMode "backupMode" Kind::Worded(TextField::BackupMode);
    BackupClusterName "backupClusterName" Kind::Text(TextField::BackupClusterName);
    BackupTenantName "backupTenantName" Kind::Text(TextField::BackupTenantName);
    RestoreClusterName "restoreClusterName" Kind::Text(TextField::RestoreClusterName);
    RestoreTenantName "restoreTenantName" Kind::Text(TextField::RestoreTenantName);
    CreateTime "createTime" Kind::Time(TimeField::CreateTime);
    FinishTime "finishTime" Kind::Time(TimeField::FinishTime);
    RestoreEndTime "restoreEndTime" Kind::Time(TimeField::RestoreEndTime);
    ErrorMsg "errorMsg" Kind::Text(TextField::ErrorMsg);
    RestoreUri "restoreUri" Kind::Text(TextField::RestoreUri);
    RestorePoolListStr "restorePoolListStr" Kind::Text(TextField::RestorePoolListStr);
    OcpJobId "ocpJobId" Kind::Int(IntField::OcpJobId);
    BackupClusterId "backupClusterId" Kind::Int(IntField::BackupClusterId);
    BackupObClusterId "backupObClusterId" Kind::Int(IntField::BackupObClusterId);
    BackupTenantId "backupTenantId" Kind::Int(IntField::BackupTenantId);
    BackupObTenantId "backupObTenantId" Kind::Int(IntField::BackupObTenantId);
    RestoreClusterId "restoreClusterId" Kind::Int(IntField::RestoreClusterId);
    RestoreObClusterId "restoreObClusterId" Kind::Int(IntField::RestoreObClusterId);
    Duration "duration" Kind::Duration;
    Rewind "rewind" Kind::Rewind;
}

/// The columns that are shown if the host names none, in order.
pub const DEFAULT: [Column; 12] = [
    Column::Id,
    Column::Status,
    Column::RestoreTenantName,
    Column::BackupClusterName,
    Column::BackupTenantName,
    Column::RestoreClusterName,
    Column::BackupMode,
    Column::CreateTime,
    Column::FinishTime,
    Column::Duration,
    Column::RestoreEndTime,
    Column::ErrorMsg,
];

impl Column {
    /// The column with this id, spelled exactly as in the API.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.id() == id)
    }

    /// Whether its values are numbers or lengths of time, which are aligned right.
    pub fn is_numeric(self) -> bool {
        matches!(self.kind(), Kind::Int(_) | Kind::Duration | Kind::Rewind)
    }
}
