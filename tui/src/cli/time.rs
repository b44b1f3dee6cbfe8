//! `greenroom time …`.

use std::io::Read as _;

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::schedule::{Ambiguous, Grain, Reading, TimeFound, TimeRead, TimesRead};
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::session::Session;
use crate::client::Client;
use crate::client::moment::{Named, named};
use crate::output::{Lines, Stop};
use crate::typed::duration;

/// The longest text that the daemon reads, and one byte more to see that it is longer.
const LONGEST: u64 = 20_001;

#[derive(Debug, Subcommand)]
pub(crate) enum Time {
    /// Find the times in a text, such as "thu 10:30" or "Mon or Tue 3-4pm their time"
    Read(Read),
}

#[derive(Debug, Args)]
pub(crate) struct Read {
    /// The text; `-` for standard input
    #[arg(allow_hyphen_values = true)]
    text: String,
    /// The moment that "tomorrow" counts from: RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = instant)]
    now: Option<Instant>,
    /// The IANA time zone of times that name none [default: yours]
    #[arg(long)]
    zone: Option<String>,
    /// The IANA time zone that "their time" means
    #[arg(long, value_name = "ZONE")]
    their_zone: Option<String>,
    /// How day and month are ordered, such as en_US [default: LC_ALL, LC_TIME or LANG, else the
    /// zone's country]
    #[arg(long)]
    locale: Option<String>,
}

impl Time {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        match self {
            Self::Read(read) => read.run(session).await,
        }
    }
}

impl Read {
    async fn run(self, session: &Session) -> Result<(), Stop> {
        let text = match self.text.as_str() {
            "-" => standard_input()?,
            _ => self.text,
        };
        let client = session.client().await?;
        let read = TimeRead {
            text,
            now: self.now,
            zone: self.zone,
            their_zone: self.their_zone,
            locale: self.locale.or_else(locale),
        };
        let found = client.time_read(read).await?;
        if session.output.is_json() {
            return session.output.json(&found);
        }
        session.output.record(&found, || lines(&found))?;
        if found.times.is_empty() && found.ambiguous.is_empty() {
            session.output.note("no time in it");
        }
        Ok(())
    }
}

/// A moment: RFC 3339.
pub(super) fn instant(text: &str) -> Result<Instant, String> {
    let moment = text.parse::<Timestamp>().map(Instant::from);
    moment.map_err(|_| "write it as 2026-12-01T10:00:00Z".to_owned())
}

/// The locale of this run, by which day and month are ordered; one without a country, such as `C`,
/// says nothing, and then the zone's country does.
fn locale() -> Option<String> {
    let set = |name: &str| std::env::var(name).ok().filter(|it| !it.is_empty());
    let found = set("LC_ALL")
        .or_else(|| set("LC_TIME"))
        .or_else(|| set("LANG"));
    found.filter(|it| it.contains(['_', '-']))
}

/// The locale to send with a time that is written in a request, if the daemon knows that field.
pub(super) fn locale_for(client: &Client) -> Option<String> {
    locale().filter(|_| client.hello().protocol >= TimeRead::SINCE)
}

/// The moment that a day or a time in a text begins: `2026-12-01`, `last monday`, RFC 3339.
///
/// # Errors
/// Usage: a text with no time, or with several.
pub(super) async fn moment(client: &Client, option: &str, text: &str) -> Result<Instant, Error> {
    let refused = match duration::moment(text) {
        Ok(moment) => return Ok(moment),
        Err(why) => Error::usage(format!("--{option} `{text}`: {why}")).field(option),
    };
    if client.hello().protocol < TimeRead::SINCE {
        return Err(refused);
    }
    let read = TimeRead {
        text: text.to_owned(),
        locale: locale(),
        ..TimeRead::default()
    };
    match named(client, read).await? {
        Named::One(moment) => Ok(moment),
        Named::Nothing => {
            Err(refused.hint("a day or a time, such as 2026-12-01 or \"last monday\""))
        }
        Named::Several => {
            Err(Error::usage(format!("--{option} `{text}` has several readings")).field(option))
        }
    }
}

/// The moment of an option that may be absent.
pub(super) async fn maybe_moment(
    client: &Client,
    option: &str,
    text: Option<&str>,
) -> Result<Option<Instant>, Error> {
    match text {
        Some(text) => moment(client, option, text).await.map(Some),
        None => Ok(None),
    }
}

fn standard_input() -> Result<String, Error> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().take(LONGEST).read_to_end(&mut bytes);
    read.map_err(|error| Error::usage(format!("Couldn't read the text: {error}")).field("text"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn lines(found: &TimesRead) -> Lines {
    let times = found.times.iter().map(time);
    let lines = times.fold(Lines::new(), Lines::all);
    let lines = found.ambiguous.iter().map(doubt).fold(lines, Lines::all);
    lines.each("unread", found.unread.iter().map(|it| quoted(&it.words)))
}

fn quoted(words: &str) -> String {
    format!("\"{words}\"")
}

fn time(time: &TimeFound) -> Lines {
    let others = time.others.iter().map(|other| {
        let said = stretch(other.start, other.end, time.grain, &time.zone);
        format!("{said} ({})", other.rule)
    });
    Lines::new()
        .line(
            "time",
            stretch(time.start, time.end, time.grain, &time.zone),
        )
        .line("words", quoted(&time.words))
        .line("rule", &time.rule)
        .each("other", others)
}

fn doubt(doubt: &Ambiguous) -> Lines {
    let said = |it: &Reading| {
        let from = it.start.in_zone("UTC");
        let until = it.end.map(|end| format!(" to {}", end.in_zone("UTC")));
        format!("{from}{} ({})", until.unwrap_or_default(), it.rule)
    };
    Lines::new()
        .line("ambiguous", quoted(&doubt.words))
        .line("why", &doubt.why)
        .each("reading", doubt.readings.iter().map(said))
}

/// From one moment to another as exactly as they are known.
fn stretch(start: Instant, end: Option<Instant>, grain: Grain, zone: &str) -> String {
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let local = |it: Instant| it.timestamp().to_zoned(tz.clone());
    let from = local(start);
    let day = |it: &Zoned| it.strftime("%a %-d %b %Y").to_string();
    if matches!(grain, Grain::Day | Grain::Longer) {
        let last = end.map(|end| local(end.plus_seconds(-1)));
        let last = last.filter(|last| last.date() > from.date());
        let until = last.map(|last| format!(" to {}", day(&last)));
        return format!("{}{}, {zone}", day(&from), until.unwrap_or_default());
    }
    let until = end.map(local).map(|to| match to.date() == from.date() {
        true => to.strftime("–%H:%M").to_string(),
        false => to.strftime(" to %a %-d %b %Y %H:%M").to_string(),
    });
    format!(
        "{} {}{}, {zone}",
        day(&from),
        from.strftime("%H:%M"),
        until.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        instant(text).expect("a moment")
    }

    #[test]
    fn stretches_are_as_exact_as_what_was_said() {
        let noon = at("2026-12-01T12:00:00Z");
        let said = |end: Option<&str>, grain| stretch(noon, end.map(at), grain, "Europe/Berlin");
        let minute = said(Some("2026-12-01T12:45:00Z"), Grain::Minute);
        assert_eq!(minute, "Tue 1 Dec 2026 13:00–13:45, Europe/Berlin");
        assert_eq!(said(None, Grain::Day), "Tue 1 Dec 2026, Europe/Berlin");
        let week = said(Some("2026-12-07T23:00:00Z"), Grain::Longer);
        assert_eq!(week, "Tue 1 Dec 2026 to Mon 7 Dec 2026, Europe/Berlin");
    }
}
