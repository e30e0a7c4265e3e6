//! The rows, in SQLite: one connection behind a lock, filled once, queried by page and bounds.
//!
//! Deep pages are cheap: the page is found on an index that has all that is needed (cluster, newest first),
//! and only the rows of that page are then looked up. It imports `task` and `error`, and nothing of
//! HTTP.

mod sql;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use rusqlite::{Connection, OptionalExtension, params};

use super::error::StoreError;
use super::task::Task;

/// Rows that are written per lock, so that requests can run in between.
const CHUNK: usize = 1000;

/// The rows to select: a part of a cluster's tasks, newest first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selection {
    pub(super) cluster: i64,
    /// Inclusive bounds of the creation time.
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
    pub(super) offset: i64,
    pub(super) limit: i64,
}

/// A page, and the number of all tasks within the bounds.
#[derive(Debug)]
pub(super) struct SelectedPage {
    pub(super) total: i64,
    pub(super) tasks: Vec<Task>,
}

/// The database.
#[derive(Debug)]
pub(super) struct Store {
    connection: Mutex<Connection>,
    /// Set when the server stops, so that a long fill does not delay it.
    closing: AtomicBool,
}

impl Store {
    /// Opens the file, or a database in memory.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, StoreError> {
        let connection = match path {
            Some(path) => sql::open_file(path)?,
            None => {
                let connection = Connection::open_in_memory()?;
                sql::create(&connection)?;
                connection
            }
        };
        Ok(Self {
            connection: Mutex::new(connection),
            closing: AtomicBool::new(false),
        })
    }

    fn lock(&self) -> Result<MutexGuard<'_, Connection>, StoreError> {
        self.connection.lock().map_err(|_| StoreError::Poisoned)
    }

    /// Whether all tasks of the cluster are stored.
    pub(super) fn has(&self, cluster: i64) -> Result<bool, StoreError> {
        let known = self
            .lock()?
            .query_row("SELECT 1 FROM cluster WHERE id = ?1", [cluster], |_| Ok(()))
            .optional()?;
        Ok(known.is_some())
    }

    /// Stores the tasks of a cluster in chunks. The cluster counts as stored only after the last one, so that
    /// a fill that was interrupted starts again. Returns `false` when the server is stopping.
    pub(super) fn fill(
        &self,
        cluster: i64,
        now_ms: i64,
        tasks: &mut dyn Iterator<Item = Task>,
    ) -> Result<bool, StoreError> {
        self.lock()?
            .execute("DELETE FROM task WHERE cluster = ?1", [cluster])?;
        loop {
            if self.closing.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let chunk: Vec<Task> = tasks.take(CHUNK).collect();
            let mut connection = self.lock()?;
            let transaction = connection.transaction()?;
            sql::insert(&transaction, cluster, &chunk)?;
            let last = chunk.len() < CHUNK;
            if last {
                transaction.execute(
                    "INSERT OR REPLACE INTO cluster (id, generated_ms) VALUES (?1, ?2)",
                    params![cluster, now_ms],
                )?;
            }
            transaction.commit()?;
            if last {
                return Ok(true);
            }
        }
    }

    /// Replaces all tasks of a cluster in one transaction.
    pub(super) fn replace(&self, cluster: i64, tasks: &[Task]) -> Result<(), StoreError> {
        let mut connection = self.lock()?;
        let transaction = connection.transaction()?;
        transaction.execute("DELETE FROM task WHERE cluster = ?1", [cluster])?;
        sql::insert(&transaction, cluster, tasks)?;
        transaction.commit()?;
        Ok(())
    }

    /// One page and the total, from the same moment.
    pub(super) fn select(&self, selection: Selection) -> Result<SelectedPage, StoreError> {
        let connection = self.lock()?;
        let total = connection.prepare_cached(sql::COUNT)?.query_row(
            params![selection.cluster, selection.from_ms, selection.to_ms],
            |row| row.get(0),
        )?;
        let tasks = if selection.offset >= total {
            Vec::new()
        } else {
            connection
                .prepare_cached(sql::PAGE)?
                .query_map(
                    params![
                        selection.cluster,
                        selection.from_ms,
                        selection.to_ms,
                        selection.limit,
                        selection.offset
                    ],
                    sql::read,
                )?
                .collect::<Result<_, _>>()?
        };
        Ok(SelectedPage { total, tasks })
    }

    /// Stops a running fill at its next chunk.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    /// Allows tests to fill again.
    #[cfg(test)]
    pub(super) fn reopen(&self) {
        self.closing.store(false, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
