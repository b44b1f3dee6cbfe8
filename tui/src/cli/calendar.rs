//! `greenroom calendar …`.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::calendar::{
    BusySpan, CalendarBusy, CalendarFile, CalendarRead, CalendarUpload,
};
use greenroom_protocol::time::Instant;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::session::Session;
use super::time;
use crate::client::Client;
use crate::output::{Lines, Stop};

/// The longest calendar that the daemon reads, and one byte more to see that it is longer.
const LONGEST: u64 = (5 << 20) + 1;

/// Bytes of text in one frame: each may need six in JSON.
const PART: usize = 128 << 10;

#[derive(Debug, Subcommand)]
pub(crate) enum Calendar {
    /// Show when the owner of a calendar is busy, as availability reads it; nothing is kept
    Read(Read),
}

#[derive(Debug, Args)]
pub(crate) struct Read {
    /// An iCalendar file (.ics); `-` for standard input
    file: PathBuf,
    /// From when: a day, a local time or RFC 3339
    #[arg(long, value_name = "TIME")]
    from: String,
    /// Up to when
    #[arg(long, value_name = "TIME")]
    to: String,
    /// The IANA time zone of whole days and of times that name none [default: yours]
    #[arg(long)]
    zone: Option<String>,
    /// Whose calendar it is: what they declined is left out
    #[arg(long, value_name = "EMAIL")]
    member: Option<String>,
}

impl Calendar {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        match self {
            Self::Read(read) => read.run(session).await,
        }
    }
}

impl Read {
    async fn run(self, session: &Session) -> Result<(), Stop> {
        let text = contents(&self.file)?;
        let client = session.client().await?;
        let zone = self.zone.as_deref();
        let from = moment(&client, "from", &self.from, zone).await?;
        let to = moment(&client, "to", &self.to, zone).await?;
        let read = CalendarRead {
            file: sent(&client, text).await?,
            from,
            to,
            zone: self.zone,
            member: self.member,
        };
        let zone = read.zone.clone();
        let found = client.calendar_read(read).await?;
        for warning in &found.warnings {
            session.output.warn(&warning.message);
        }
        if session.output.is_json() {
            return session.output.json(&found);
        }
        session
            .output
            .record(&found, || lines(&found, zone.as_deref()))?;
        if found.busy.is_empty() {
            session.output.note("never busy in that time");
        }
        Ok(())
    }
}

/// A moment as it is written: RFC 3339, else a day or a time in the zone.
async fn moment(
    client: &Client,
    option: &str,
    text: &str,
    zone: Option<&str>,
) -> Result<Instant, Error> {
    let local = text.parse::<DateTime>().ok();
    let local = local.or_else(|| {
        Some(
            text.parse::<Date>()
                .ok()?
                .to_datetime(jiff::civil::Time::midnight()),
        )
    });
    let has_offset = text.parse::<jiff::Timestamp>().is_ok();
    let zone = zone.and_then(|it| TimeZone::get(it).ok());
    if let (Some(local), Some(zone), false) = (local, zone, has_offset)
        && let Ok(moment) = zone.to_ambiguous_timestamp(local).compatible()
    {
        return Ok(moment.into());
    }
    time::moment(client, option, text).await
}

/// A calendar's text.
pub(super) fn contents(file: &Path) -> Result<String, Error> {
    let failed = |error: io::Error| {
        let why = format!("Couldn't read {}: {error}", file.display());
        Error::usage(why).field("file")
    };
    let mut bytes = Vec::new();
    let read = match file == Path::new("-") {
        true => io::stdin().take(LONGEST).read_to_end(&mut bytes),
        false => File::open(file)
            .map_err(failed)?
            .take(LONGEST)
            .read_to_end(&mut bytes),
    };
    read.map_err(failed)?;
    if bytes.len() as u64 >= LONGEST {
        return Err(Error::usage("The calendar is larger than 5 MB").field("file"));
    }
    Ok(decoded(&bytes))
}

/// The text of a calendar's bytes, in the encodings that calendars come in.
fn decoded(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], join: fn([u8; 2]) -> u16| {
        let pairs = bytes.chunks_exact(2).map(|it| join([it[0], it[1]]));
        String::from_utf16_lossy(&pairs.collect::<Vec<_>>())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        bytes => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A calendar's text in the way it gets to the daemon: whole, or uploaded in parts.
pub(super) async fn sent(client: &Client, text: String) -> Result<CalendarFile, Error> {
    if text.len() <= PART {
        return Ok(CalendarFile {
            text: Some(text),
            upload: None,
        });
    }
    let mut upload = None;
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest.floor_char_boundary(PART);
        let (part, after) = rest.split_at(end);
        let part = CalendarUpload {
            upload,
            text: part.to_owned(),
        };
        upload = Some(client.calendar_upload(part).await?.upload);
        rest = after;
    }
    Ok(CalendarFile { text: None, upload })
}

fn lines(found: &CalendarBusy, zone: Option<&str>) -> Lines {
    let zone = zone.map(str::to_owned);
    let zone = zone.or_else(|| Some(TimeZone::system().iana_name()?.to_owned()));
    let zone = zone.unwrap_or_else(|| "UTC".to_owned());
    let line = |span: &BusySpan| {
        let (start, end) = (span.start.in_zone(&zone), span.end.in_zone(&zone));
        format!("{start} to {end}")
    };
    Lines::new().each("busy", found.busy.iter().map(line))
}
