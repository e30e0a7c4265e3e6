//! The documented sample, value by value (OCP V4.3.4, "Query recovery tasks of a cluster").

use crate::demo::task::Task;

/// The two tasks of the sample. `restoreTenantId` and others are missing there, so they are missing here.
pub(super) fn tasks() -> Vec<Task> {
    let common = Task {
        ocp_job_id: -1,
        backup_mode: "PHYSICAL_BACKUP".to_owned(),
        backup_cluster_id: 1_000_005,
        backup_cluster_name: "yc0820_17".to_owned(),
        backup_ob_cluster_id: 5,
        backup_ob_tenant_id: 1001,
        backup_tenant_id: 1_000_012,
        backup_tenant_name: "yctest".to_owned(),
        restore_cluster_id: 1_000_005,
        restore_cluster_name: "yc0820_17".to_owned(),
        restore_ob_cluster_id: 5,
        finished: Some(true),
        ..Task::default()
    };
    vec![
        Task {
            id: 1,
            create_ms: 1_630_390_643_808,
            finish_ms: Some(1_630_390_722_265),
            restore_end_ms: 1_630_375_200_000,
            restore_pool_list: "pool_ycrestore_zone1_gmb".to_owned(),
            restore_tenant_name: "ycrestore".to_owned(),
            restore_uri: "file:///obbackup/".to_owned(),
            status: "RESTORE_SUCCESS".to_owned(),
            error_msg: Some(String::new()),
            successful: Some(true),
            ..common.clone()
        },
        Task {
            id: 4,
            create_ms: 1_631_183_538_833,
            finish_ms: Some(1_631_183_540_066),
            restore_end_ms: 1_631_179_140_000,
            restore_pool_list: "pool_restoretest_zone1_oqy".to_owned(),
            restore_tenant_name: "restoretest".to_owned(),
            restore_uri: "file:///obbackup/backup_backup2".to_owned(),
            status: "RESTORE_FAIL".to_owned(),
            error_msg: Some(
                "CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"xxx.xxx.xxx.xxx:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF"
                    .to_owned(),
            ),
            successful: Some(false),
            ..common
        },
    ]
}
