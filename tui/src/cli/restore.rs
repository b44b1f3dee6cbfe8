//! `greenroom restore`: handed in to the daemon in parts, opened by it, confirmed by a person, and
//! put in the store's place.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use greenroom_protocol::backup::{
    BackupForget, RestoreBegin, RestoreFinish, RestorePart, Restored,
};
use greenroom_protocol::{Error, ErrorKind};
use tokio::time::{Duration, Instant, sleep};

use super::ask;
use super::session::Session;
use super::words::here;
use crate::client::{Client, Target};
use crate::output::{Failure, Lines, Stop};

/// The bytes of a part; in base64 they fit into a frame.
const PART: usize = 512 * 1024;

/// How long the daemon may take to begin again.
const BEGINS_AGAIN: Duration = Duration::from_secs(120);

const LOOK: Duration = Duration::from_millis(50);

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup
    file: PathBuf,
    /// Only open it and show what is in it
    #[arg(long)]
    dry_run: bool,
    /// Keep people linked: the daemon's machine has the same Unix users as the one the backup is
    /// from
    #[arg(long)]
    same_people: bool,
}

impl Restore {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let failed = read_failed(&self.file);
        let mut file = File::open(&self.file).map_err(failed)?;
        let client = session
            .client()
            .await
            .map_err(|error| offline(error, &self.file))?;
        let hello = client.hello();
        if self.same_people && hello.protocol < RestoreFinish::SAME_PEOPLE_SINCE {
            let why = format!("The daemon ({}) is too old for --same-people", hello.build);
            let refused = Error::new(ErrorKind::Version, why);
            return Err(refused.hint("restart it: greenroom daemon restart").into());
        }
        let id = hand_in(&client, &mut file, &self.file).await?;
        let done = match self.finish(session, &client, &id).await {
            Ok(done) if !done.dry_run => done,
            undone => {
                // It would be forgotten in an hour; nobody has to wait for that.
                client.backup_forget(BackupForget { id }).await.ok();
                return tell(session, &undone?);
            }
        };
        if let Err(error) = begun_again(&session.target, &done).await {
            return Err(Failure::with(error, "restored", &done).into());
        }
        session.output.note(
            "connections are being renewed and upcoming meetings compared with Zoom; see: greenroom status",
        );
        tell(session, &done)
    }

    /// Has the daemon open what it was handed, and then, if a person says so, restore it.
    async fn finish(
        &self,
        session: &Session,
        client: &Client,
        id: &str,
    ) -> Result<Restored, Error> {
        let finish = |dry_run| RestoreFinish {
            id: id.to_owned(),
            dry_run,
            same_people: self.same_people,
        };
        let found = client.restore_finish(finish(true)).await?;
        if self.dry_run {
            return Ok(found);
        }
        let question = format!(
            "Replace all data with the backup of {} ({} rows); the current data is set aside",
            here(found.made_at),
            found.rows
        );
        ask::confirm(session, &question)?;
        client.restore_finish(finish(false)).await
    }
}

async fn hand_in(client: &Client, file: &mut File, path: &Path) -> Result<String, Error> {
    let bytes = file.metadata().map_err(read_failed(path))?.len();
    let id = client.restore_begin(RestoreBegin { bytes }).await?.id;
    let (mut offset, mut buffer) = (0, vec![0; PART]);
    loop {
        let mut full = 0;
        while full < PART {
            match file.read(&mut buffer[full..]).map_err(read_failed(path))? {
                0 => break,
                read => full += read,
            }
        }
        if full == 0 {
            return Ok(id);
        }
        let part = RestorePart {
            id: id.clone(),
            offset,
            data: STANDARD.encode(&buffer[..full]),
        };
        client.restore_part(part).await?;
        offset += full as u64;
    }
}

/// Waits until the daemon answers with the restored store.
async fn begun_again(target: &Target, done: &Restored) -> Result<(), Error> {
    let end = Instant::now() + BEGINS_AGAIN;
    let only_that_one = Target {
        workspace: None,
        acting_as: None,
        daemon: None,
        ..target.clone()
    };
    loop {
        if let Ok(client) = Client::connect(&only_that_one).await
            && Some(&client.hello().store) == done.replaced_by.as_ref()
        {
            return Ok(());
        }
        if Instant::now() > end {
            let error = Error::new(
                ErrorKind::Unreachable,
                "The backup is restored, but the daemon does not respond yet",
            );
            return Err(error.hint("see: greenroom daemon logs"));
        }
        sleep(LOOK).await;
    }
}

/// A daemon that cannot start is a reason to restore.
fn offline(error: Error, file: &Path) -> Error {
    if error.kind != ErrorKind::Unreachable {
        return error;
    }
    let hint = format!(
        "if the daemon can't start because of its store: greenroomd restore {}",
        file.display()
    );
    error.hint(hint)
}

fn read_failed(path: &Path) -> impl Fn(std::io::Error) -> Error {
    move |error| Error::usage(format!("Couldn't read {}: {error}", path.display()))
}

fn tell(session: &Session, restored: &Restored) -> Result<(), Stop> {
    session.output.record(restored, || {
        let what = match restored.dry_run {
            true => "can be restored",
            false => "restored",
        };
        let asked = |count: u64, what: &str| {
            (count > 0 && !restored.dry_run).then(|| format!("{count} {what}"))
        };
        Lines::new()
            .line("backup", here(restored.made_at))
            .line("rows", restored.rows.to_string())
            .line("result", what)
            .maybe("former store", restored.set_aside.as_ref())
            .maybe("connections", asked(restored.connections, "being renewed"))
            .maybe(
                "meetings",
                asked(restored.meetings, "being looked for in Zoom"),
            )
            .maybe(
                "mail",
                asked(
                    restored.letters,
                    "held, as they may already be sent: see greenroom mail list",
                ),
            )
    })
}
