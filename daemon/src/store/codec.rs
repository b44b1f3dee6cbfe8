//! Owns the bytes of a stored value: `version ‖ revision ‖ checksum ‖ body`. A value that was
//! altered, cut or moved to another key is recognised and named, never taken for the truth and
//! never a reason to panic.

use super::engine::{Revision, Versioned};
use super::key::Key;

const VERSION: u8 = 1;
const HEADER: usize = 1 + 8 + 4;

/// What is wrong with a stored value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// Shorter than any value written.
    #[error("it is cut short")]
    Short,
    /// Written in a way this program does not know.
    #[error("its layout {0} is unknown")]
    Version(u8),
    /// The checksum over key, revision and body differs.
    #[error("its checksum does not match")]
    Checksum,
    /// Its key is not one this program writes.
    #[error("its key is not valid")]
    Key,
}

/// A stored value that cannot be read, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Couldn't read record {key}: {damage}; restore it from a backup")]
pub struct Unreadable {
    /// The key, with control characters escaped.
    pub key: String,
    /// What is wrong.
    pub damage: Damage,
}

/// The bytes to store under `key`.
pub(crate) fn encode(key: &[u8], revision: Revision, body: &[u8]) -> Vec<u8> {
    let revision = revision.0.to_be_bytes();
    let mut bytes = Vec::with_capacity(HEADER + body.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(&revision);
    bytes.extend_from_slice(&checksum(key, revision, body).to_be_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// The value stored under `key`.
pub(crate) fn decode(key: &[u8], bytes: &[u8]) -> Result<Versioned, Unreadable> {
    let (revision, body) = open(key, bytes).map_err(|damage| unreadable(key, damage))?;
    Ok(Versioned {
        revision,
        body: body.to_vec(),
    })
}

/// Only the revision of the value stored under `key`; the whole value is checked nevertheless.
pub(crate) fn revision(key: &[u8], bytes: &[u8]) -> Result<Revision, Unreadable> {
    open(key, bytes)
        .map(|(revision, _)| revision)
        .map_err(|damage| unreadable(key, damage))
}

/// A stored key back in its typed form.
pub(crate) fn key(bytes: &[u8]) -> Result<Key, Unreadable> {
    std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| Key::parse(text).ok())
        .ok_or_else(|| unreadable(bytes, Damage::Key))
}

fn open<'a>(key: &[u8], bytes: &'a [u8]) -> Result<(Revision, &'a [u8]), Damage> {
    let (&version, rest) = bytes.split_first().ok_or(Damage::Short)?;
    if version != VERSION {
        return Err(Damage::Version(version));
    }
    let (revision, rest) = rest.split_first_chunk::<8>().ok_or(Damage::Short)?;
    let (sum, body) = rest.split_first_chunk::<4>().ok_or(Damage::Short)?;
    if checksum(key, *revision, body) != u32::from_be_bytes(*sum) {
        return Err(Damage::Checksum);
    }
    Ok((Revision(u64::from_be_bytes(*revision)), body))
}

fn checksum(key: &[u8], revision: [u8; 8], body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(&revision);
    hasher.update(body);
    hasher.finalize()
}

fn unreadable(key: &[u8], damage: Damage) -> Unreadable {
    let key = String::from_utf8_lossy(key);
    let key = key.chars().flat_map(|c| match c.is_control() {
        true => c.escape_default().collect::<Vec<_>>(),
        false => vec![c],
    });
    Unreadable {
        key: key.collect(),
        damage,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_and_any_altered_bit_is_noticed(
            body in prop::collection::vec(any::<u8>(), 0..200),
            revision: u64,
            at: prop::sample::Index,
            bit in 0u8..8,
        ) {
            let key = b"wsp_1/jobs/job_1";
            let bytes = encode(key, Revision(revision), &body);
            let read = decode(key, &bytes).unwrap();
            prop_assert_eq!(read, Versioned { revision: Revision(revision), body });

            let mut altered = bytes.clone();
            altered[at.index(bytes.len())] ^= 1 << bit;
            prop_assert_eq!(decode(key, &altered).unwrap_err().key, "wsp_1/jobs/job_1");
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(decode(b"a/b/c", &bytes).is_err());
        }
    }

    #[test]
    fn a_value_moved_to_another_key_is_noticed() {
        let bytes = encode(b"wsp_1/jobs/one", Revision(1), b"{}");
        let refused = decode(b"wsp_1/jobs/two", &bytes).unwrap_err();
        assert_eq!(refused.damage, Damage::Checksum);
    }
}
