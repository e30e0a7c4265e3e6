//! The layout of the database and its statements, side by side so that their columns stay equal.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, Row, Transaction, params};

use crate::demo::error::StoreError;
use crate::demo::task::Task;

/// Marks a file as one of this server ("OBRT"), so that data of other programs are never touched.
const APPLICATION: i64 = 0x4F42_5254;
/// The version of the layout below and of the demo data in it. Change it with either.
const LAYOUT: i64 = 1;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS cluster (id INTEGER PRIMARY KEY, generated_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS task (
  cluster INTEGER NOT NULL, id INTEGER NOT NULL, ocp_job_id INTEGER NOT NULL, backup_mode TEXT NOT NULL,
  backup_cluster_id INTEGER NOT NULL, backup_cluster_name TEXT NOT NULL, backup_ob_cluster_id INTEGER NOT NULL,
  backup_ob_tenant_id INTEGER NOT NULL, backup_tenant_id INTEGER NOT NULL, backup_tenant_name TEXT NOT NULL,
  restore_cluster_id INTEGER NOT NULL, restore_cluster_name TEXT NOT NULL, restore_ob_cluster_id INTEGER NOT NULL,
  restore_tenant_name TEXT NOT NULL, restore_pool_list TEXT NOT NULL, restore_uri TEXT NOT NULL,
  create_ms INTEGER NOT NULL, finish_ms INTEGER, restore_end_ms INTEGER NOT NULL, status TEXT NOT NULL,
  error_msg TEXT, finished INTEGER, successful INTEGER
);
CREATE INDEX IF NOT EXISTS task_newest ON task (cluster, create_ms DESC, id DESC);
";

/// Counts on the index alone.
pub(super) const COUNT: &str = "SELECT count(*) FROM task INDEXED BY task_newest \
    WHERE cluster = ?1 AND create_ms BETWEEN ?2 AND ?3";

/// Skips on the index alone, then looks up the rows of the page. The rowid decides ties.
pub(super) const PAGE: &str = "SELECT t.id, t.ocp_job_id, t.backup_mode, t.backup_cluster_id, \
    t.backup_cluster_name, t.backup_ob_cluster_id, t.backup_ob_tenant_id, t.backup_tenant_id, \
    t.backup_tenant_name, t.restore_cluster_id, t.restore_cluster_name, t.restore_ob_cluster_id, \
    t.restore_tenant_name, t.restore_pool_list, t.restore_uri, t.create_ms, t.finish_ms, t.restore_end_ms, \
    t.status, t.error_msg, t.finished, t.successful \
    FROM (SELECT rowid AS r FROM task INDEXED BY task_newest WHERE cluster = ?1 AND create_ms BETWEEN ?2 AND ?3 \
          ORDER BY create_ms DESC, id DESC, rowid LIMIT ?4 OFFSET ?5) AS page \
    JOIN task AS t ON t.rowid = page.r ORDER BY t.create_ms DESC, t.id DESC, t.rowid";

const INSERT: &str = "INSERT INTO task VALUES \
    (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23)";

/// Opens a file, creates the layout in an empty one, and refuses files of others.
pub(super) fn open_file(path: &Path) -> Result<Connection, StoreError> {
    let foreign = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::Foreign(path.to_owned()),
        _ => StoreError::Sqlite(error),
    };
    let connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get(0));
    let application: i64 = number("application_id").map_err(foreign)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .map_err(foreign)?;
    if tables > 0 {
        if application != APPLICATION {
            return Err(StoreError::Foreign(path.to_owned()));
        }
        let found: i64 = number("user_version")?;
        if found != LAYOUT {
            return Err(StoreError::Layout {
                path: path.to_owned(),
                found,
                wanted: LAYOUT,
            });
        }
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    create(&connection)?;
    Ok(connection)
}

/// Creates what does not exist yet.
pub(super) fn create(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.pragma_update(None, "user_version", LAYOUT)?;
    connection.execute_batch(SCHEMA)?;
    Ok(())
}

/// Inserts tasks with one prepared statement.
pub(super) fn insert(transaction: &Transaction<'_>, cluster: i64, tasks: &[Task]) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(INSERT)?;
    for t in tasks {
        statement.execute(params![
            cluster,
            t.id,
            t.ocp_job_id,
            t.backup_mode,
            t.backup_cluster_id,
            t.backup_cluster_name,
            t.backup_ob_cluster_id,
            t.backup_ob_tenant_id,
            t.backup_tenant_id,
            t.backup_tenant_name,
            t.restore_cluster_id,
            t.restore_cluster_name,
            t.restore_ob_cluster_id,
            t.restore_tenant_name,
            t.restore_pool_list,
            t.restore_uri,
            t.create_ms,
            t.finish_ms,
            t.restore_end_ms,
            t.status,
            t.error_msg,
            t.finished,
            t.successful,
        ])?;
    }
    Ok(())
}

/// Reads a task as [`PAGE`] selects it.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Task> {
    Ok(Task {
        id: row.get(0)?,
        ocp_job_id: row.get(1)?,
        backup_mode: row.get(2)?,
        backup_cluster_id: row.get(3)?,
        backup_cluster_name: row.get(4)?,
        backup_ob_cluster_id: row.get(5)?,
        backup_ob_tenant_id: row.get(6)?,
        backup_tenant_id: row.get(7)?,
        backup_tenant_name: row.get(8)?,
        restore_cluster_id: row.get(9)?,
        restore_cluster_name: row.get(10)?,
        restore_ob_cluster_id: row.get(11)?,
        restore_tenant_name: row.get(12)?,
        restore_pool_list: row.get(13)?,
        restore_uri: row.get(14)?,
        create_ms: row.get(15)?,
        finish_ms: row.get(16)?,
        restore_end_ms: row.get(17)?,
        status: row.get(18)?,
        error_msg: row.get(19)?,
        finished: row.get(20)?,
        successful: row.get(21)?,
    })
}
