//! What is stored of a piece of work.

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::{Record, StoreError, Tx};

/// A piece of work. Its id is its kind and the record it is for, so a record has at most one of a
/// kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkRecord {
    /// What is to be done.
    pub kind: String,
    /// For which record.
    pub record: String,
    /// When it is tried next.
    pub due: Instant,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it is not done.
    pub last_error: Option<String>,
    /// It only waits for its time: nobody is kept waiting, and nothing else wakes it.
    #[serde(default)]
    pub timer: bool,
}

impl Record for WorkRecord {
    const TABLE: &'static str = "work";
    const SCHEMA: u32 = 1;
}

impl WorkRecord {
    /// The id of the work of `kind` for `record`.
    pub fn id(kind: &str, record: &str) -> String {
        format!("{kind}.{record}")
    }

    /// The kind of the work of this id, and the record it is for.
    pub fn parts(id: &str) -> Option<(&str, &str)> {
        id.split_once('.')
    }

    /// Asks for work, due at once; a waiting piece of the same kind is woken.
    pub fn ask(
        tx: &Tx,
        space: &str,
        kind: &str,
        record: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        Self::set(tx, space, kind, record, now, false)
    }

    /// Asks for work that is not due before.
    pub fn ask_at(
        tx: &Tx,
        space: &str,
        kind: &str,
        record: &str,
        due: Instant,
    ) -> Result<(), StoreError> {
        Self::set(tx, space, kind, record, due, false)
    }

    /// Sets a timer: work that nobody waits for before it is due. One that is set already is set
    /// anew.
    pub fn timer(
        tx: &Tx,
        space: &str,
        kind: &str,
        record: &str,
        due: Instant,
    ) -> Result<(), StoreError> {
        Self::set(tx, space, kind, record, due, true)
    }

    fn set(
        tx: &Tx,
        space: &str,
        kind: &str,
        record: &str,
        due: Instant,
        timer: bool,
    ) -> Result<(), StoreError> {
        let work = Self {
            kind: kind.to_owned(),
            record: record.to_owned(),
            due,
            attempts: 0,
            last_error: None,
            timer,
        };
        tx.put(space, &Self::id(kind, record), &work)
    }

    /// Sets a timer, unless work of the kind waits for the record already.
    pub async fn timer_unless_there(
        tx: &Tx,
        space: &str,
        kind: &str,
        record: &str,
        due: Instant,
    ) -> Result<(), StoreError> {
        match tx.get::<Self>(space, &Self::id(kind, record)).await? {
            Some(_) => Ok(()),
            None => Self::timer(tx, space, kind, record, due),
        }
    }

    /// Leaves it for later, and says why.
    pub async fn later(
        tx: &Tx,
        space: &str,
        kind: &str,
        record: &str,
        due: Instant,
        why: Option<String>,
    ) -> Result<(), StoreError> {
        let id = Self::id(kind, record);
        let attempts = tx
            .get::<Self>(space, &id)
            .await?
            .map_or(0, |work| work.attempts);
        let work = Self {
            kind: kind.to_owned(),
            record: record.to_owned(),
            due,
            attempts: attempts + 1,
            last_error: why,
            timer: false,
        };
        tx.put(space, &id, &work)
    }

    /// Leaves it until then without counting a try: it was woken before its time. What was said of
    /// it stays.
    pub async fn wait(
        tx: &Tx,
        space: &str,
        kind: &str,
        record: &str,
        due: Instant,
    ) -> Result<(), StoreError> {
        let id = Self::id(kind, record);
        match tx.get::<Self>(space, &id).await? {
            Some(work) if work.due == due => Ok(()),
            Some(work) => tx.put(space, &id, &Self { due, ..work }),
            None => Self::later(tx, space, kind, record, due, None).await,
        }
    }

    /// Leaves it until then without counting a try, and says why: nothing is wrong with it.
    ///
    /// # Errors
    /// What the store says.
    pub async fn hold(
        tx: &Tx,
        space: &str,
        kind: &str,
        record: &str,
        due: Instant,
        why: String,
    ) -> Result<(), StoreError> {
        let id = Self::id(kind, record);
        match tx.get::<Self>(space, &id).await? {
            Some(work) => {
                let last_error = Some(why);
                tx.put(
                    space,
                    &id,
                    &Self {
                        due,
                        last_error,
                        ..work
                    },
                )
            }
            None => Self::later(tx, space, kind, record, due, Some(why)).await,
        }
    }

    /// Leaves it until then, as a try that came to nothing, unless something else has become of it
    /// since `tried` was read.
    ///
    /// # Errors
    /// What the store says.
    pub async fn later_if_unchanged(
        tx: &Tx,
        space: &str,
        tried: &Self,
        due: Instant,
        why: &str,
    ) -> Result<(), StoreError> {
        let id = Self::id(&tried.kind, &tried.record);
        if tx.get::<Self>(space, &id).await?.as_ref() != Some(tried) {
            return Ok(());
        }
        let later = Self {
            due,
            attempts: tried.attempts + 1,
            last_error: Some(why.to_owned()),
            ..tried.clone()
        };
        tx.put(space, &id, &later)
    }

    /// Removes it, unless something else has become of it since `tried` was read.
    ///
    /// # Errors
    /// What the store says.
    pub async fn done_if_unchanged(tx: &Tx, space: &str, tried: &Self) -> Result<(), StoreError> {
        let id = Self::id(&tried.kind, &tried.record);
        match tx.get::<Self>(space, &id).await?.as_ref() == Some(tried) {
            true => tx.delete::<Self>(space, &id),
            false => Ok(()),
        }
    }

    /// Removes it: it is done, or no longer wanted.
    pub fn done(tx: &Tx, space: &str, kind: &str, record: &str) -> Result<(), StoreError> {
        tx.delete::<Self>(space, &Self::id(kind, record))
    }
}
