//! `greenroom calendar …`.

use std::path::PathBuf;

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
pub(super) use crate::import::calendar::contents;
use crate::import::calendar::parts;
use crate::output::{Lines, Stop};

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

/// A calendar's text in the way it gets to the daemon: whole, or uploaded in parts.
pub(super) async fn sent(client: &Client, text: String) -> Result<CalendarFile, Error> {
    let mut parts = parts(&text);
    if parts.len() == 1 {
        return Ok(CalendarFile {
            text: parts.pop(),
            upload: None,
        });
    }
    let mut upload = None;
    for text in parts {
        let part = CalendarUpload { upload, text };
        upload = Some(client.calendar_upload(part).await?.upload);
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
