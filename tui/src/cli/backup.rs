//! `greenroom backup`: fetched in parts from the daemon, written here, read back, then named.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::backup::{Backup as Taken, BackupForget, BackupRead};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::place::Place;
use super::session::Session;
use super::words::{here, size};
use crate::client::Client;
use crate::output::{Lines, Stop};

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to write
    file: PathBuf,
}

impl Backup {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let mut place = Place::at(session, &self.file)?;
        let client = session.client().await?;
        let taken = client.backup_take().await?;
        let fetched = fetch(&client, &taken, &mut place).await;
        let id = taken.id.clone();
        let forgotten = client.backup_forget(BackupForget { id }).await;
        fetched?;
        if let Err(error) = forgotten {
            session.output.warn(&format!(
                "the daemon keeps its copy for an hour: {}",
                error.message
            ));
        }
        place.keep()?;
        let record = json!({
            "file": self.file.display().to_string(),
            "made_at": taken.made_at,
            "store": taken.store,
            "revision": taken.revision,
            "rows": taken.rows,
            "bytes": taken.bytes,
            "sha256": taken.digest,
            "key": taken.key,
            "verified": true,
        });
        session.output.record(&record, || {
            Lines::new()
                .line("backup", self.file.display().to_string())
                .line("made", here(taken.made_at))
                .line("rows", taken.rows.to_string())
                .line("size", size(taken.bytes))
                .line("sealed with", format!("vault key {}", taken.key))
                .line(
                    "verified",
                    "verified: opened by the daemon and read back here",
                )
        })
    }
}

async fn fetch(client: &Client, taken: &Taken, place: &mut Place) -> Result<(), Error> {
    let mut offset = 0;
    while offset < taken.bytes {
        let id = taken.id.clone();
        let part = client.backup_read(BackupRead { id, offset }).await?;
        let part = STANDARD.decode(part.data);
        let part =
            part.map_err(|_| Error::failed("Couldn't fetch the backup: a part is not base64"))?;
        if part.is_empty() {
            return Err(Error::failed("Couldn't fetch the backup: it ends too soon"));
        }
        place.write(&part)?;
        offset += part.len() as u64;
    }
    // The daemon opened the file with this digest: what is here is the same, or it is not kept.
    match digest(place.sync()?)? == taken.digest {
        true => Ok(()),
        false => Err(Error::failed(
            "The backup was discarded: what was read back differs from what was sent",
        )
        .hint("check the disk, and try again")),
    }
}

fn digest(path: &Path) -> Result<String, Error> {
    let failed = |error: std::io::Error| {
        Error::failed(format!("Couldn't read {} back: {error}", path.display()))
    };
    let mut file = File::open(path).map_err(failed)?;
    let (mut sum, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            let digest = sum.finalize();
            return Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        sum.update(&buffer[..read]);
    }
}
