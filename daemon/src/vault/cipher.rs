//! Owns the one way bytes are sealed: XChaCha20-Poly1305, a random 24-byte nonce in front of each,
//! bound to a text that says what they are, so that sealed bytes moved elsewhere do not open. The
//! key is wiped when the cipher is dropped.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// The length of every key in bytes.
pub(super) const LENGTH: usize = 32;

/// How much longer sealed bytes are than what is in them: a nonce before, a tag behind.
pub(super) const OVERHEAD: usize = NONCE + 16;

const NONCE: usize = 24;

/// A key, wiped when dropped.
pub type Key = Zeroizing<[u8; LENGTH]>;

/// A fresh key.
pub fn random() -> Result<Key, getrandom::Error> {
    let mut key = Zeroizing::new([0; LENGTH]);
    getrandom::fill(key.as_mut_slice())?;
    Ok(key)
}

/// Why bytes were not sealed.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub enum SealError {
    /// The system gave no randomness.
    #[error("no randomness from the system: {0}")]
    Randomness(#[from] getrandom::Error),
    /// There was too much of it.
    #[error("it is too long")]
    TooLong,
}

/// Seals and opens with one key.
pub(super) struct Cipher(XChaCha20Poly1305);

impl Cipher {
    pub(super) fn new(key: &Key) -> Self {
        Self(XChaCha20Poly1305::new((&**key).into()))
    }

    /// `nonce ‖ ciphertext ‖ tag`.
    pub(super) fn seal(&self, plain: &[u8], bound_to: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)?;
        let payload = Payload {
            msg: plain,
            aad: bound_to,
        };
        let boxed = self.0.encrypt(&XNonce::from(nonce), payload);
        let boxed = boxed.map_err(|_| SealError::TooLong)?;
        Ok([&nonce[..], &boxed].concat())
    }

    /// What was sealed, if these are the bytes, the key and the text it was bound to.
    pub(super) fn open(&self, sealed: &[u8], bound_to: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, boxed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload {
            msg: boxed,
            aad: bound_to,
        };
        let plain = self.0.decrypt(&XNonce::from(*nonce), payload);
        plain.map(Zeroizing::new).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_bytes_open_only_whole_with_their_key_and_where_they_belong() {
        let cipher = Cipher::new(&random().unwrap());
        let sealed = cipher.seal(b"rotated", b"here").unwrap();
        assert_eq!(sealed.len(), b"rotated".len() + OVERHEAD);
        assert_eq!(&**cipher.open(&sealed, b"here").unwrap(), b"rotated");
        assert!(cipher.open(&sealed, b"there").is_none());
        let other = Cipher::new(&random().unwrap());
        assert!(other.open(&sealed, b"here").is_none());
        for length in 0..sealed.len() {
            assert!(cipher.open(&sealed[..length], b"here").is_none());
            let mut altered = sealed.clone();
            altered[length] ^= 1;
            assert!(cipher.open(&altered, b"here").is_none());
        }
    }

    #[test]
    fn sealing_twice_never_looks_the_same_and_never_shows_the_secret() {
        let cipher = Cipher::new(&random().unwrap());
        let [one, two] = [(); 2].map(|()| cipher.seal(b"rotated", b"").unwrap());
        assert_ne!(one, two);
        assert!(!one.windows(7).any(|part| part == b"rotated"));
    }
}
