//! Owns the ring: the data keys, one a secret, each sealed under the vault's key, in one file of
//! fixed slots beside the store.
//!
//! They are not records on purpose. The store's log keeps what was deleted until its space is used
//! again, so a key deleted there could still be found together with what it sealed. A slot is
//! overwritten in place: after that, neither the store's files nor the vault's key open the secret.
//! (Where the file system or the disk writes elsewhere instead, as btrfs and flash do, the former
//! bytes stay until that space is used again.)
//!
//! Invariants: a key is durable before anything is sealed with it; under another vault key the ring
//! is written whole and put in place at once. A slot that cannot be read is never used again,
//! emptied or left out of a copy: it may have been half written when the power went, and then
//! belongs to nothing, or it may be the damaged key of a secret.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) use self::layout::KeyId;
use self::layout::{
    MAGIC, SLOT, Slot, Standing, boxed, header, read_slot, slot_bytes, unboxed, written,
};
use super::cipher::{self, Cipher, SealError};
use super::key::Master;
use super::keyfile::wipe;

mod layout;

/// The file's name, in the store's directory: it belongs to the store and moves with it.
pub(super) const NAME: &str = "vault-ring";

/// Why the ring cannot be used. Its file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RingError {
    /// The file system refused.
    #[error("{what} {}: {cause}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// It is not a ring, or the vault's key of this name does not open it.
    #[error(
        "Couldn't open the keys in {}: the file is damaged; restore it from a copy of the data directory, \
         or start over with `greenroomd rekey --lost`",
        .0.display()
    )]
    Damaged(PathBuf),
    /// No fresh key could be sealed.
    #[error("Couldn't make a key: {0}")]
    Seal(#[from] SealError),
}

/// The data keys.
pub(super) struct Ring {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    master: Master,
    keys: HashMap<KeyId, Slot>,
    /// Slots that cannot be read, as they are in the file.
    unread: Vec<[u8; SLOT]>,
    /// Slots that may be used again.
    free: Vec<u64>,
    /// Where the next new slot goes.
    end: u64,
    /// None: it lives in memory alone.
    file: Option<File>,
}

/// The name of the vault key that opens the ring in this file; nothing where there is no file.
pub(super) fn needs(path: &Path) -> Result<Option<String>, RingError> {
    match fs::read(path) {
        Ok(bytes) => match header(&bytes) {
            Some((id, _)) => Ok(Some(id)),
            None => Err(RingError::Damaged(path.to_owned())),
        },
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(failed("read", path)(cause)),
    }
}

/// Puts a [`Ring::copy`] where there is no ring yet.
pub(super) fn put(path: &Path, copy: &[u8]) -> Result<(), RingError> {
    if header(copy).is_none() {
        return Err(RingError::Damaged(path.to_owned()));
    }
    put_in_place(path, copy).map(drop)
}

impl Ring {
    /// A ring that lives as long as this process.
    pub(super) fn in_memory(master: Master) -> Self {
        Self::new(PathBuf::new(), master, None)
    }

    /// A new one in a file, which must not be there.
    pub(super) fn create(path: &Path, master: Master) -> Result<Self, RingError> {
        let file = put_in_place(path, &written(&master, &[], &[])?)?;
        Ok(Self::new(path.to_owned(), master, Some(file)))
    }

    /// The one in the file, with the key it [`needs`].
    pub(super) fn open(path: &Path, master: Master) -> Result<Self, RingError> {
        let bytes = fs::read(path).map_err(failed("read", path))?;
        let genuine = header(&bytes).is_some_and(|(id, check)| {
            id == master.id && master.cipher.open(check, MAGIC).is_some()
        });
        if !genuine {
            return Err(RingError::Damaged(path.to_owned()));
        }
        let file = File::options().write(true).open(path);
        let ring = Self::new(
            path.to_owned(),
            master,
            Some(file.map_err(failed("open", path))?),
        );
        let mut state = ring.locked();
        for (number, slot) in (1..).zip(bytes.chunks(SLOT).skip(1)) {
            let at = number * SLOT as u64;
            match read_slot(at, slot) {
                Some((id, slot)) => drop(state.keys.insert(id, slot)),
                None if slot.iter().any(|byte| *byte != 0) => state.unread.push(padded(slot)),
                None => state.free.push(at),
            }
            state.end = at + SLOT as u64;
        }
        if !state.unread.is_empty() {
            let slots = state.unread.len();
            tracing::warn!(slots, file = %path.display(), "places of the vault's ring cannot be read; they are left as they are");
        }
        drop(state);
        Ok(ring)
    }

    fn new(path: PathBuf, master: Master, file: Option<File>) -> Self {
        Self {
            path,
            state: Mutex::new(State {
                master,
                keys: HashMap::new(),
                unread: Vec::new(),
                free: Vec::new(),
                end: SLOT as u64,
                file,
            }),
        }
    }

    /// Fresh keys, durable when this returns.
    pub(super) fn make(&self, count: usize) -> Result<Vec<KeyId>, RingError> {
        let mut state = self.locked();
        let mut made = Vec::with_capacity(count);
        for _ in 0..count {
            let id = KeyId::random()?;
            let key = cipher::random().map_err(SealError::from)?;
            let boxed = boxed(&state.master, id, key.as_slice())?;
            let at = state.place();
            let standing = Standing::Current;
            made.push((
                id,
                Slot {
                    at,
                    standing,
                    boxed,
                },
            ));
        }
        let written = state.file.as_ref().map_or(Ok(()), |file| {
            for (id, slot) in &made {
                file.write_all_at(&slot_bytes(*id, slot), slot.at)?;
            }
            file.sync_data()
        });
        if let Err(cause) = written {
            state.free.extend(made.iter().map(|(_, slot)| slot.at));
            return Err(failed("write", &self.path)(cause));
        }
        let ids = made.iter().map(|(id, _)| *id).collect();
        state.keys.extend(made);
        Ok(ids)
    }

    /// Destroys keys: from here on nothing opens what they sealed.
    pub(super) fn destroy(&self, ids: &[KeyId]) -> Result<(), RingError> {
        let mut state = self.locked();
        let gone: Vec<u64> = ids
            .iter()
            .filter_map(|id| Some(state.keys.remove(id)?.at))
            .collect();
        state.empty(&gone).map_err(failed("write", &self.path))
    }

    /// The cipher of a data key; nothing where there is no such key (any more).
    pub(super) fn cipher(&self, id: KeyId) -> Option<Cipher> {
        let state = self.locked();
        unboxed(&state.master, id, &state.keys.get(&id)?.boxed)
            .as_ref()
            .map(Cipher::new)
    }

    /// What the vault's key itself seals and opens.
    pub(super) fn with_master<T>(&self, act: impl FnOnce(&Master) -> T) -> T {
        act(&self.locked().master)
    }

    /// Whether more may be sealed with this key.
    pub(super) fn is_current(&self, id: KeyId) -> bool {
        let state = self.locked();
        let slot = state.keys.get(&id);
        slot.is_some_and(|slot| slot.standing == Standing::Current)
    }

    /// How many slots cannot be read.
    pub(super) fn unread(&self) -> usize {
        self.locked().unread.len()
    }

    pub(super) fn ids(&self) -> Vec<KeyId> {
        self.locked().keys.keys().copied().collect()
    }

    /// The whole file, as it would be written now.
    pub(super) fn copy(&self) -> Result<Vec<u8>, SealError> {
        let state = self.locked();
        let slots: Vec<_> = state
            .keys
            .iter()
            .map(|(id, slot)| (*id, slot.clone()))
            .collect();
        written(&state.master, &slots, &state.unread)
    }

    /// Seals every data key under another vault key, puts the new file in place at once and wipes
    /// the former one. From here on the former vault key opens nothing; the data keys are marked,
    /// since anyone who had it may know them.
    pub(super) fn change(&self, master: Master) -> Result<(), RingError> {
        let mut state = self.locked();
        let mut slots = Vec::with_capacity(state.keys.len());
        let mut end = SLOT as u64;
        let mut unread = state.unread.clone();
        for (id, slot) in &state.keys {
            let Some(key) = unboxed(&state.master, *id, &slot.boxed) else {
                unread.push(slot_bytes(*id, slot));
                continue;
            };
            let slot = Slot {
                at: end,
                standing: Standing::Former,
                boxed: boxed(&master, *id, key.as_slice())?,
            };
            slots.push((*id, slot));
            end += SLOT as u64;
        }
        let fresh = match &state.file {
            Some(_) => Some(put_in_place(
                &self.path,
                &written(&master, &slots, &unread)?,
            )?),
            None => None,
        };
        let former = std::mem::replace(&mut state.file, fresh);
        state.end = end + (unread.len() * SLOT) as u64;
        state.unread = unread;
        state.free.clear();
        state.keys = slots.into_iter().collect();
        state.master = master;
        match former {
            Some(former) => wipe(&former).map_err(failed("wipe the former", &self.path)),
            None => Ok(()),
        }
    }

    /// No lock here guards what a panic could leave half done: the file decides.
    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Overwrites slots where they are.
    fn empty(&mut self, slots: &[u64]) -> io::Result<()> {
        self.free.extend(slots);
        match &self.file {
            Some(file) if !slots.is_empty() => {
                for at in slots {
                    file.write_all_at(&[0; SLOT], *at)?;
                }
                file.sync_data()
            }
            _ => Ok(()),
        }
    }

    fn place(&mut self) -> u64 {
        self.free.pop().unwrap_or_else(|| {
            let at = self.end;
            self.end += SLOT as u64;
            at
        })
    }
}

/// A slot of which the end is missing.
fn padded(slot: &[u8]) -> [u8; SLOT] {
    std::array::from_fn(|at| slot.get(at).copied().unwrap_or(0))
}

fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> RingError {
    let path = path.to_owned();
    move |cause| RingError::Io { what, path, cause }
}

/// Puts a whole file in the place of the former, durably; open for writing slots.
fn put_in_place(path: &Path, bytes: &[u8]) -> Result<File, RingError> {
    let fresh = path.with_extension("new");
    let put = || {
        // What a killed process left half written.
        let _ = fs::remove_file(&fresh);
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(file)
    };
    put().map_err(failed("write", path))
}

#[cfg(test)]
mod tests;
