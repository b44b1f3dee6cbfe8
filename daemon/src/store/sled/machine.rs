//! Owns which machine this is, for what is true on one machine only: a Unix user's number.
//!
//! 32 random hexadecimal digits and their checksum in a file of the store's directory that only this
//! user reads, made when a store is first opened there. It is not `/etc/machine-id`, which clones
//! and containers share. Invariant: it belongs to the directory and not to the store, so it stays
//! when a restored store replaces the former one: a backup restored where it was made finds its Unix
//! users, and elsewhere nobody is mistaken for somebody else. A copy of the whole directory is the
//! same machine, moved. A damaged id is refused: another id in its place would unlink everybody
//! without a word.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::open::OpenError;

/// The file's name.
pub(super) const MACHINE: &str = "machine";

const DIGITS: usize = 32;

/// Which machine the store's directory `dir` is on; made where there is no such file yet.
///
/// # Errors
/// The file cannot be read or made, or holds something else.
pub(crate) fn read_or_make(dir: &Path) -> Result<String, OpenError> {
    let path = dir.join(MACHINE);
    match fs::read(&path) {
        // It is written whole or not at all, so the daemon did not write what cannot be read.
        Ok(bytes) => read(&bytes).ok_or_else(|| {
            let why = "it is damaged; remove it, then link people again";
            let cause = io::Error::new(io::ErrorKind::InvalidData, why);
            failed("read the machine's id", &path, cause)
        }),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            make(dir, &path).map_err(|cause| failed("write the machine's id", &path, cause))
        }
        Err(cause) => Err(failed("read the machine's id", &path, cause)),
    }
}

/// The id in these bytes; `None` where they are not what [`line()`] writes.
fn read(bytes: &[u8]) -> Option<String> {
    let id = std::str::from_utf8(bytes).ok()?.get(..DIGITS)?;
    (is_id(id) && bytes == line(id).as_bytes()).then(|| id.to_owned())
}

fn line(id: &str) -> String {
    format!("{id} {:08x}\n", crc32fast::hash(id.as_bytes()))
}

fn make(dir: &Path, path: &Path) -> io::Result<String> {
    let mut bytes = [0; DIGITS / 2];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let id = format!("{:032x}", u128::from_be_bytes(bytes));
    let made = dir.join(format!("{MACHINE}.new"));
    // Left where a former start was killed.
    let _ = fs::remove_file(&made);
    let mut options = File::options();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&made)?;
    file.write_all(line(&id).as_bytes())?;
    file.sync_all()?;
    fs::rename(&made, path)?;
    File::open(dir)?.sync_all()?;
    Ok(id)
}

fn failed(what: &'static str, path: &Path, cause: io::Error) -> OpenError {
    OpenError::Io {
        what,
        path: path.to_owned(),
        cause,
    }
}

fn is_id(text: &str) -> bool {
    let digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    text.len() == DIGITS && text.bytes().all(digit)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_machine_gets_one_id_that_only_its_user_reads() {
        let dir = tempfile::tempdir().unwrap();
        let id = read_or_make(dir.path()).unwrap();
        assert!(is_id(&id), "{id}");
        assert_eq!(read_or_make(dir.path()).unwrap(), id);
        let about = fs::metadata(dir.path().join(MACHINE)).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
        let other = tempfile::tempdir().unwrap();
        assert_ne!(read_or_make(other.path()).unwrap(), id);
    }

    #[test]
    fn what_is_no_id_is_an_error_and_stays_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(MACHINE), "dana").unwrap();
        read_or_make(dir.path()).unwrap_err();
        assert_eq!(fs::read(dir.path().join(MACHINE)).unwrap(), b"dana");
    }

    #[test]
    fn an_id_with_one_bit_flipped_is_no_id() {
        let whole = line("0123456789abcdef0123456789abcdef").into_bytes();
        assert!(read(&whole).is_some());
        for at in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert_eq!(read(&flipped), None, "bit {at}");
        }
    }
}
