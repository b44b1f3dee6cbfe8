//! Owns the bytes of a ring: a header, then a slot a data key. Pure.
//!
//! Whatever a slot holds is sealed under the vault's key and bound to its name and its key's; a
//! checksum tells a slot that was being written when the power went from a whole one.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::super::cipher::{self, LENGTH, OVERHEAD, SealError};
use super::super::key::Master;

/// The size of a slot, the first of which is the header; never across two sectors of a disk.
pub(super) const SLOT: usize = 128;

pub(super) const MAGIC: &[u8; 16] = b"greenroom-ring\0\x01";
pub(super) const MASTER_ID: usize = 8;

/// A data key in its slot: what it is, its name, the sealed key, a checksum.
pub(super) const BOXED: usize = LENGTH + OVERHEAD;
pub(super) const USED: usize = 1 + KEY_ID + BOXED;
pub(super) const KEY_ID: usize = 16;

/// The name of a data key: random, and said by the secret it seals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in super::super) struct KeyId([u8; KEY_ID]);

impl KeyId {
    pub(super) fn random() -> Result<Self, SealError> {
        let mut id = [0; KEY_ID];
        getrandom::fill(&mut id)?;
        Ok(Self(id))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl Serialize for KeyId {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        let number = u128::from_str_radix(&text, 16).map_err(D::Error::custom)?;
        Ok(Self(number.to_be_bytes()))
    }
}

/// How a data key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Standing {
    Current = 1,
    /// It may be known to anyone who had the former vault key: what it seals is to be sealed again.
    Former = 2,
}

#[derive(Clone)]
pub(super) struct Slot {
    /// Where it is in the file.
    pub(super) at: u64,
    pub(super) standing: Standing,
    pub(super) boxed: [u8; BOXED],
}

pub(super) fn boxed(master: &Master, id: KeyId, key: &[u8]) -> Result<[u8; BOXED], SealError> {
    let sealed = master.cipher.seal(key, &bound_to(master, id))?;
    <[u8; BOXED]>::try_from(sealed).map_err(|_| SealError::TooLong)
}

pub(super) fn unboxed(master: &Master, id: KeyId, boxed: &[u8; BOXED]) -> Option<cipher::Key> {
    let key = master.cipher.open(boxed, &bound_to(master, id))?;
    <[u8; LENGTH]>::try_from(key.as_slice())
        .ok()
        .map(Zeroizing::new)
}

fn bound_to(master: &Master, id: KeyId) -> Vec<u8> {
    format!("greenroom data key\0{}\0{id}", master.id).into_bytes()
}

/// A whole file: magic, the vault key's name and a proof of it, then the slots, then those that
/// could not be read.
pub(super) fn written(
    master: &Master,
    slots: &[(KeyId, Slot)],
    unread: &[[u8; SLOT]],
) -> Result<Vec<u8>, SealError> {
    let mut bytes = Vec::with_capacity((slots.len() + unread.len() + 1) * SLOT);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(master.id.as_bytes());
    bytes.extend_from_slice(&master.cipher.seal(b"", MAGIC)?);
    let sum = crc32fast::hash(&bytes).to_be_bytes();
    bytes.extend_from_slice(&sum);
    bytes.resize(SLOT, 0);
    for (id, slot) in slots {
        bytes.extend_from_slice(&slot_bytes(*id, slot));
    }
    for slot in unread {
        bytes.extend_from_slice(slot);
    }
    Ok(bytes)
}

pub(super) fn header(bytes: &[u8]) -> Option<(String, &[u8])> {
    let rest = bytes.get(..SLOT)?.strip_prefix(MAGIC)?;
    let (id, rest) = rest.split_first_chunk::<MASTER_ID>()?;
    let (check, rest) = rest.split_first_chunk::<OVERHEAD>()?;
    let (sum, _) = rest.split_first_chunk::<4>()?;
    let whole = bytes.get(..MAGIC.len() + MASTER_ID + OVERHEAD)?;
    let id = std::str::from_utf8(id).ok()?;
    (crc32fast::hash(whole).to_be_bytes() == *sum).then(|| (id.to_owned(), check.as_slice()))
}

pub(super) fn slot_bytes(id: KeyId, slot: &Slot) -> [u8; SLOT] {
    let mut bytes = [0; SLOT];
    bytes[0] = slot.standing as u8;
    bytes[1..=KEY_ID].copy_from_slice(&id.0);
    bytes[1 + KEY_ID..USED].copy_from_slice(&slot.boxed);
    let sum = crc32fast::hash(&bytes[..USED]).to_be_bytes();
    bytes[USED..USED + 4].copy_from_slice(&sum);
    bytes
}

/// The key in a slot; nothing in an empty one, or one that was being written when the power went.
pub(super) fn read_slot(at: u64, bytes: &[u8]) -> Option<(KeyId, Slot)> {
    let (used, rest) = bytes.split_first_chunk::<USED>()?;
    let (sum, _) = rest.split_first_chunk::<4>()?;
    if crc32fast::hash(used).to_be_bytes() != *sum {
        return None;
    }
    let (&[standing], rest) = used.split_first_chunk::<1>()?;
    let (id, boxed) = rest.split_first_chunk::<KEY_ID>()?;
    let standing = match standing {
        1 => Standing::Current,
        2 => Standing::Former,
        _ => return None,
    };
    let boxed = <[u8; BOXED]>::try_from(boxed).ok()?;
    Some((
        KeyId(*id),
        Slot {
            at,
            standing,
            boxed,
        },
    ))
}
