//! ★ The file of a backup: one line of JSON in the open, then numbered frames that only the vault's
//! key opens, then an end mark with what was written. A file that was cut, altered, put in another
//! order or continued does not pass for a whole one.
//!
//! ```text
//! {"greenroom_backup":1,"id":…,"made_at":…,"store":…,"build":…,"data_key":{"key":…,"sealed":…}}\n
//! kind (1 byte: 0 lines, 1 ring, 2 end) ‖ length (4 bytes, big-endian) ‖ XChaCha20-Poly1305 of as many bytes
//! ```
//!
//! Every file has a random key of its own, so the nonce of a frame is its number; kind, number and
//! a digest of the first line are bound into it. The first line names no person and holds no secret
//! in the open.

use std::io::{self, BufRead, Read, Write};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::line;
use crate::store::Revision;
use crate::store::copy::Line;
use crate::vault::{Key, Sealed, Vault, VaultError, random};

/// The layout this program writes.
const FORMAT: u32 = 1;

/// The bytes of lines that fill a frame.
const FULL: usize = 64 * 1024;

/// The longest frame that is read: a full one and the longest line.
const LONGEST_FRAME: usize = 512 * 1024;

/// The longest first line that is read.
const LONGEST_HEADER: u64 = 4096;

const LINES: u8 = 0;
const RING: u8 = 1;
const END: u8 = 2;

/// What is wrong with a file, or with the key to it.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    /// The file system failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("it is not a backup of Greenroom")]
    Foreign,
    /// It was made by a newer program.
    #[error("it has format {found}, and this program knows up to {FORMAT}")]
    Newer {
        /// Its format.
        found: u32,
    },
    /// Another key opens it.
    #[error("it was sealed with the vault key {sealed_with}, and the key here is {have}")]
    OtherKey {
        /// The id of the key it needs.
        sealed_with: String,
        /// The id of the key there is.
        have: String,
    },
    /// It ends too soon.
    #[error("it is cut short: it ends within part {frame}, before its end mark")]
    Cut {
        /// The frame that is not whole, from 1.
        frame: u64,
    },
    /// A frame is not what was written in its place.
    #[error("part {frame} of it is not what was written there: altered, or moved from its place")]
    Altered {
        /// The frame, from 1.
        frame: u64,
    },
    /// Something follows the end.
    #[error("something was added after its end")]
    Longer,
    /// What was written is not what the end mark says.
    #[error("its end mark does not fit what stands before it")]
    Misfit,
    /// The vault failed.
    #[error(transparent)]
    Vault(VaultError),
}

/// The first line.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Header {
    greenroom_backup: u32,
    /// Tells one backup from another.
    id: String,
    /// When it was begun.
    pub(super) made_at: Instant,
    /// The store it is a copy of.
    pub(super) store: String,
    /// The version that made it.
    pub(super) build: String,
    data_key: Sealed,
}

/// What was written, as the end mark says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    /// The revision the copy is exact as of.
    pub(super) revision: Revision,
    /// How many lines there are.
    pub(super) rows: u64,
    /// SHA-256 of everything before, hexadecimal.
    digest: String,
}

/// Writes a file, frame after frame.
pub(super) struct Sealer<W: Write> {
    out: W,
    frames: Frames,
    buffer: Zeroizing<Vec<u8>>,
    sum: Sha256,
    rows: u64,
}

/// Reads a file, frame after frame.
pub(super) struct Opener<R: BufRead> {
    input: R,
    /// The first line.
    pub(super) header: Header,
    frames: Frames,
    sum: Sha256,
    rows: u64,
}

/// What comes next in a file.
pub(super) enum Part {
    Lines(Vec<Line>),
    /// A piece of the vault's ring; the pieces follow each other.
    Ring(Vec<u8>),
    /// The end; everything was as it was written.
    End(End),
}

struct Frames {
    cipher: XChaCha20Poly1305,
    header: [u8; 32],
    number: u64,
}

impl Frames {
    fn new(key: &Key, header: &[u8]) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new((&**key).into()),
            header: Sha256::digest(header).into(),
            number: 0,
        }
    }

    /// The nonce of the next frame, and what is bound into it.
    fn next(&mut self, kind: u8) -> (XNonce, Vec<u8>) {
        self.number += 1;
        let mut nonce = [0; 24];
        nonce[16..].copy_from_slice(&self.number.to_be_bytes());
        let bound = [&self.header[..], &[kind], &self.number.to_be_bytes()].concat();
        (XNonce::from(nonce), bound)
    }
}

impl Header {
    /// The first line of what `input` reads. Whether it can be opened, [`Opener::open`] finds out.
    pub(super) fn read(input: &mut impl BufRead) -> Result<(Self, Vec<u8>), SealedError> {
        let mut line = Vec::new();
        input.take(LONGEST_HEADER).read_until(b'\n', &mut line)?;
        let text = line.strip_suffix(b"\n").ok_or(SealedError::Foreign)?;
        #[derive(Deserialize)]
        struct Known {
            greenroom_backup: u32,
        }
        let known: Known = serde_json::from_slice(text).map_err(|_| SealedError::Foreign)?;
        if known.greenroom_backup > FORMAT {
            let found = known.greenroom_backup;
            return Err(SealedError::Newer { found });
        }
        let header = serde_json::from_slice(text).map_err(|_| SealedError::Foreign)?;
        Ok((header, line))
    }
}

impl<W: Write> Sealer<W> {
    /// Begins a file.
    pub(super) fn begin(
        mut out: W,
        vault: &Vault,
        made_at: Instant,
        store: &str,
    ) -> Result<Self, SealedError> {
        let id = uuid::Uuid::now_v7().simple().to_string();
        let key = random().map_err(|cause| SealedError::Vault(VaultError::Randomness(cause)))?;
        let header = Header {
            greenroom_backup: FORMAT,
            made_at,
            store: store.to_owned(),
            build: greenroom_protocol::BUILD.to_owned(),
            data_key: vault.seal_key(&name(&id), &key).map_err(not_open)?,
            id,
        };
        let mut line = serde_json::to_vec(&header).map_err(io::Error::from)?;
        line.push(b'\n');
        out.write_all(&line)?;
        Ok(Self {
            out,
            frames: Frames::new(&key, &line),
            buffer: Zeroizing::default(),
            sum: Sha256::new(),
            rows: 0,
        })
    }

    /// Adds lines.
    pub(super) fn add(&mut self, lines: &[Line]) -> Result<(), SealedError> {
        for line in lines {
            line::write(line, &mut self.buffer).map_err(io::Error::from)?;
            self.rows += 1;
            if self.buffer.len() >= FULL {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Adds the vault's ring and sets the end mark. What was written, and where to.
    pub(super) fn end(mut self, revision: Revision, ring: &[u8]) -> Result<(End, W), SealedError> {
        if !self.buffer.is_empty() {
            self.flush()?;
        }
        for piece in ring.chunks(FULL) {
            self.sum.update(piece);
            self.frame(RING, piece)?;
        }
        let end = End {
            revision,
            rows: self.rows,
            digest: hexadecimal(&self.sum.clone().finalize()),
        };
        let text = serde_json::to_vec(&end).map_err(io::Error::from)?;
        self.frame(END, &text)?;
        Ok((end, self.out))
    }

    fn flush(&mut self) -> Result<(), SealedError> {
        let plain = std::mem::take(&mut self.buffer);
        self.sum.update(plain.as_slice());
        self.frame(LINES, &plain)
    }

    fn frame(&mut self, kind: u8, plain: &[u8]) -> Result<(), SealedError> {
        let (nonce, bound) = self.frames.next(kind);
        let payload = Payload {
            msg: plain,
            aad: &bound,
        };
        let sealed = self.frames.cipher.encrypt(&nonce, payload);
        let sealed = sealed.map_err(|_| SealedError::Vault(VaultError::Seal))?;
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        self.out.write_all(&[kind])?;
        self.out.write_all(&length.to_be_bytes())?;
        Ok(self.out.write_all(&sealed)?)
    }
}

impl<R: BufRead> Opener<R> {
    /// Begins to read a file.
    pub(super) fn open(mut input: R, vault: &Vault) -> Result<Self, SealedError> {
        let (header, line) = Header::read(&mut input)?;
        let key = vault.open_key(&name(&header.id), &header.data_key);
        let key = key.map_err(not_open)?;
        Ok(Self {
            input,
            header,
            frames: Frames::new(&key, &line),
            sum: Sha256::new(),
            rows: 0,
        })
    }

    /// What was read from.
    pub(super) fn into_inner(self) -> R {
        self.input
    }

    /// What comes next. After the end nothing does.
    pub(super) fn next(&mut self) -> Result<Part, SealedError> {
        let (kind, plain) = self.frame()?;
        let frame = self.frames.number;
        if kind == END {
            let end: End = serde_json::from_slice(&plain).map_err(|_| SealedError::Misfit)?;
            let digest = hexadecimal(&self.sum.clone().finalize());
            if end.rows != self.rows || end.digest != digest {
                return Err(SealedError::Misfit);
            }
            return match self.input.fill_buf()? {
                [] => Ok(Part::End(end)),
                _ => Err(SealedError::Longer),
            };
        }
        self.sum.update(plain.as_slice());
        if kind == RING {
            return Ok(Part::Ring(plain.to_vec()));
        }
        let lines = plain.split_inclusive(|byte| *byte == b'\n');
        let read = |text: &[u8]| {
            let text = text.strip_suffix(b"\n")?;
            line::read(text).ok()
        };
        let lines: Option<Vec<_>> = lines.map(read).collect();
        let lines = lines.ok_or(SealedError::Altered { frame })?;
        self.rows += lines.len() as u64;
        Ok(Part::Lines(lines))
    }

    fn frame(&mut self) -> Result<(u8, Zeroizing<Vec<u8>>), SealedError> {
        let frame = self.frames.number + 1;
        let cut = |cause: io::Error| match cause.kind() {
            io::ErrorKind::UnexpectedEof => SealedError::Cut { frame },
            _ => cause.into(),
        };
        let mut head = [0; 5];
        self.input.read_exact(&mut head).map_err(cut)?;
        let [kind, length @ ..] = head;
        let length = u32::from_be_bytes(length) as usize;
        if kind > END || length > LONGEST_FRAME {
            return Err(SealedError::Altered { frame });
        }
        let mut sealed = vec![0; length];
        self.input.read_exact(&mut sealed).map_err(cut)?;
        let (nonce, bound) = self.frames.next(kind);
        let payload = Payload {
            msg: &sealed,
            aad: &bound,
        };
        let plain = self.frames.cipher.decrypt(&nonce, payload);
        let plain = plain.map_err(|_| SealedError::Altered { frame })?;
        Ok((kind, Zeroizing::new(plain)))
    }
}

/// What the data key is sealed under.
fn name(id: &str) -> String {
    format!("backup/{id}")
}

fn not_open(error: VaultError) -> SealedError {
    match error {
        VaultError::OtherKey { sealed_with, have } => SealedError::OtherKey { sealed_with, have },
        // The key is the right one, so the first line is not as it was written.
        VaultError::Damaged => SealedError::Altered { frame: 0 },
        other => SealedError::Vault(other),
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
