//! The daemon's own backups: one a night, of which a few are kept.
//!
//! Invariant: an old one is removed only after a newer one was read back, and nothing is ever
//! removed that does not have the name this room gives.

use std::fs;
use std::io::BufReader;
use std::path::Path;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::tz::TimeZone;

use super::make::{self, blocking};
use super::sealed::Header;
use super::{BackupError, Backups, Last, fetch, receive};
use crate::clock::night_after;
use crate::index::Index;
use crate::store::Revision;
use crate::work::rounds::Round;

/// How often it is looked: it is due by the clock on the wall, which may be set at any time.
const LOOK_EVERY: Duration = Duration::from_secs(600);

/// How long after a failure it is tried again.
const AFTER_A_FAILURE: Duration = Duration::from_secs(3600);

const PREFIX: &str = "greenroom-";
const SUFFIX: &str = ".backup";

/// Makes the nightly backups, once people no longer wait for the index.
pub struct NightlyBackup {
    /// Where they are.
    pub backups: Backups,
    /// What people wait for first.
    pub index: Index,
}

impl Round for NightlyBackup {
    fn name(&self) -> &'static str {
        "nightly backup"
    }

    fn go(&self) -> BoxFuture<'_, Duration> {
        Box::pin(async {
            if self.index.ready().await.is_err() {
                return AFTER_A_FAILURE;
            }
            match self.backups.tonight().await {
                Ok(()) => LOOK_EVERY,
                Err(error) => {
                    self.backups.fail(&error);
                    AFTER_A_FAILURE
                }
            }
        })
    }
}

impl Backups {
    /// Makes a backup if one is due. Also for tests.
    pub async fn tonight(&self) -> Result<(), BackupError> {
        let last = self.0.state().last;
        let now = self.0.clock.now();
        // An empty store has nothing to lose.
        let wanted = self.0.places.keep > 0 && self.0.store.revision() > Revision(0);
        if !wanted || last.is_some_and(|last| now < night_after(last.at, &TimeZone::system())) {
            return Ok(());
        }
        let stamp = now.timestamp().strftime("%Y%m%dT%H%M%SZ");
        let made = make::make(&self.0, &format!("{PREFIX}{stamp}{SUFFIX}")).await?;
        let (bytes, rows) = (made.bytes, made.rows);
        tracing::info!(bytes, rows, revision = %made.revision, "made the nightly backup");
        let at = made.made_at;
        self.succeed(Last { at, bytes });
        let (directory, keep) = (self.0.places.directory.clone(), self.0.places.keep as usize);
        blocking(move || prune(&directory, keep)).await
    }

    /// Finds the newest backup there is, and clears up what a killed daemon left. Before any caller
    /// is let in: from then on the same names are those of this life.
    pub async fn look_around(&self) {
        if let Err(error) = self.clear_up().await {
            self.fail(&error);
        }
    }

    async fn clear_up(&self) -> Result<(), BackupError> {
        let directory = self.0.places.directory.clone();
        let last = blocking(move || {
            let failed = BackupError::io("read the directory of backups", &directory);
            let entries = match fs::read_dir(&directory) {
                Ok(entries) => entries,
                Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                Err(cause) => return Err(failed(cause)),
            };
            for entry in entries {
                let entry = entry.map_err(&failed)?;
                let name = entry.file_name();
                let name = name.to_string_lossy();
                if fetch::is_left_over(&name) || receive::is_left_over(&name) {
                    let _ = fs::remove_file(entry.path());
                }
            }
            let names = names(&directory)?;
            let newest = names.last().map(|name| directory.join(name));
            Ok(newest.and_then(|path| read(&path)))
        });
        let last = last.await?;
        self.0.state().last = last;
        Ok(())
    }

    fn succeed(&self, last: Last) {
        let mut state = self.0.state();
        state.last = Some(last);
        state.problem = None;
    }

    fn fail(&self, error: &BackupError) {
        tracing::error!(%error, "the nightly backup failed; it is tried again in an hour");
        self.0.state().problem = Some(error.to_string());
    }
}

/// The names of our backups, oldest first: they sort by the time in them.
fn names(directory: &Path) -> Result<Vec<String>, BackupError> {
    let failed = BackupError::io("read the directory of backups", directory);
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(&failed)? {
        let name = entry.map_err(&failed)?.file_name();
        names.extend(
            name.to_str()
                .filter(|name| is_ours(name))
                .map(str::to_owned),
        );
    }
    names.sort_unstable();
    Ok(names)
}

fn is_ours(name: &str) -> bool {
    let stamp = name
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX));
    stamp.is_some_and(|stamp| {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        stamp.len() == 16
            && digits(&stamp[..8])
            && &stamp[8..9] == "T"
            && digits(&stamp[9..15])
            && &stamp[15..] == "Z"
    })
}

fn read(path: &Path) -> Option<Last> {
    let file = fs::File::open(path).ok()?;
    let bytes = file.metadata().ok()?.len();
    let (header, _) = Header::read(&mut BufReader::new(file)).ok()?;
    let at = header.made_at;
    Some(Last { at, bytes })
}

/// Removes all but the `keep` newest.
fn prune(directory: &Path, keep: usize) -> Result<(), BackupError> {
    let names = names(directory)?;
    let old = names.len().saturating_sub(keep);
    for name in &names[..old] {
        let path = directory.join(name);
        fs::remove_file(&path).map_err(BackupError::io("remove an old backup", &path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::time::Instant;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    #[test]
    fn the_next_is_due_the_night_after() {
        let new_york = TimeZone::get("America/New_York").unwrap();
        for (last, expected) in [
            // 14:00 there.
            ("2026-11-24T19:00:00Z", "2026-11-25T08:00:00Z"),
            // 02:59 there, then 03:00.
            ("2026-11-25T07:59:00Z", "2026-11-25T08:00:00Z"),
            ("2026-11-25T08:00:00Z", "2026-11-26T08:00:00Z"),
            // The clocks go forward on 14 March 2027, from 02:00 to 03:00.
            ("2027-03-13T09:00:00Z", "2027-03-14T07:00:00Z"),
        ] {
            assert_eq!(night_after(at(last), &new_york), at(expected), "{last}");
        }
        // Where that hour does not exist, the night is not left out.
        let lord_howe = TimeZone::get("Australia/Lord_Howe").unwrap();
        let next = night_after(at("2026-10-03T12:00:00Z"), &lord_howe);
        assert!(next.since(at("2026-10-03T12:00:00Z")).as_hours() < 24);
    }

    #[test]
    fn only_ours_are_removed_and_the_newest_stay() {
        let dir = tempfile::tempdir().unwrap();
        let ours: Vec<_> = (1..=5)
            .map(|day| format!("greenroom-202611{day:02}T030000Z.backup"))
            .collect();
        let others = [
            "greenroom-20261101T030000Z.backup.txt",
            "greenroom-monday.backup",
            "greenroom-20261101T030000Zé.backup",
            "precious",
        ];
        for name in ours.iter().map(String::as_str).chain(others) {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        prune(dir.path(), 2).unwrap();
        assert_eq!(names(dir.path()).unwrap(), ours[3..]);
        assert!(others.iter().all(|name| dir.path().join(name).exists()));
        prune(dir.path(), 7).unwrap();
        assert_eq!(names(dir.path()).unwrap().len(), 2);
    }
}
