//! `greenroom outreach read`.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::reply::ReplyRead;
use greenroom_protocol::time::Instant;
use serde::de::DeserializeOwned;

use super::session::Session;
use super::time;
use crate::client::Client;
use crate::output::Stop;

/// The longest email that the daemon reads, and one byte more to see that it is longer.
const LONGEST: u64 = (256 << 10) + 1;

#[derive(Debug, Args)]
pub(crate) struct Read {
    /// When the email arrived: RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = time::instant)]
    now: Option<Instant>,
    /// The candidate's IANA time zone [default: the proposal's, else yours]
    #[arg(long)]
    zone: Option<String>,
    /// How their country orders day and month, such as en_US [default: the zone's country]
    #[arg(long)]
    locale: Option<String>,
    /// The slots it answers, as JSON: {"slots":[{"n","start","end"}],"zone"}. Without them nothing
    /// can be booked
    #[arg(long, value_name = "FILE")]
    proposal: Option<PathBuf>,
    /// What else stands around it, as JSON: booked, author, others, earlier
    #[arg(long, value_name = "FILE")]
    around: Option<PathBuf>,
}

impl Read {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let proposal = self.proposal.as_deref();
        let proposal = proposal.map(|it| json(it, "proposal")).transpose()?;
        let around = self.around.as_deref();
        let around = around.map(|it| json(it, "around")).transpose()?;
        let mail = standard_input()?;
        let read = ReplyRead {
            mail,
            now: self.now,
            zone: self.zone,
            locale: self.locale,
            proposal,
            around,
        };
        let found = client.outreach_read(read).await?;
        match session.output.is_json() {
            true => session.output.json(&found),
            false => session.output.pretty(&found),
        }
    }
}

/// What a file says as JSON.
fn json<T: DeserializeOwned>(file: &Path, field: &str) -> Result<T, Error> {
    let refuse = |why: String| {
        let why = format!("Couldn't read {}: {why}", file.display());
        Error::usage(why).field(field)
    };
    let mut text = String::new();
    let opened = File::open(file).map_err(|error| refuse(error.to_string()))?;
    let read = opened.take(LONGEST).read_to_string(&mut text);
    read.map_err(|error| refuse(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| refuse(error.to_string()))
}

fn standard_input() -> Result<String, Error> {
    let mut bytes = Vec::new();
    let read = io::stdin().take(LONGEST).read_to_end(&mut bytes);
    read.map_err(|error| Error::usage(format!("Couldn't read standard input: {error}")))?;
    if bytes.len() as u64 >= LONGEST {
        return Err(Error::usage("The email is larger than 256 kB").field("mail"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
