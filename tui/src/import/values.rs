//! What a file can say of a candidate, whatever the file is.

use greenroom_protocol::pipeline::{ApplicationState, CandidateAdd, NoteAdd};
use greenroom_protocol::time::Instant;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub(super) const FIELDS: usize = Field::ALL.len();

/// A column, or a field of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    Email,
    Phone,
    Zone,
    Source,
    Job,
    Stage,
    Applied,
    State,
    Notes,
    Link,
}

impl Field {
    pub(super) const ALL: [Self; 11] = [
        Self::Name,
        Self::Email,
        Self::Phone,
        Self::Zone,
        Self::Source,
        Self::Job,
        Self::Stage,
        Self::Applied,
        Self::State,
        Self::Notes,
        Self::Link,
    ];

    /// The field that people, or other programs, call so.
    pub(super) fn called(name: &str) -> Option<Self> {
        Some(match name.to_lowercase().replace('_', " ").as_str() {
            "name" => Self::Name,
            "email" | "address" => Self::Email,
            "phone" => Self::Phone,
            "zone" | "time zone" | "timezone" => Self::Zone,
            "source" => Self::Source,
            "job" => Self::Job,
            "stage" => Self::Stage,
            "applied" | "applied at" | "applied on" => Self::Applied,
            "state" | "status" => Self::State,
            "note" | "notes" => Self::Notes,
            "link" | "links" | "resume" | "résumé" | "resume url" | "cv" => Self::Link,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Zone => "zone",
            Self::Source => "source",
            Self::Job => "job",
            Self::Stage => "stage",
            Self::Applied => "applied",
            Self::State => "state",
            Self::Notes => "notes",
            Self::Link => "link",
        }
    }
}

/// One candidate as the file has it.
#[derive(Debug, Default)]
pub(super) struct Values([Option<String>; FIELDS]);

impl Values {
    /// Sets a value, an empty one to none; whether there was one already.
    pub(super) fn set(&mut self, field: Field, value: &str) -> bool {
        let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        let former = std::mem::replace(&mut self.0[field as usize], value);
        former.is_some()
    }

    /// What they say together; rows without a job are for `job`. Or which field says nothing that
    /// can be read.
    pub(super) fn candidate(self, job: Option<&str>) -> Result<CandidateAdd, (Field, String)> {
        let [
            name,
            email,
            phone,
            zone,
            source,
            own,
            stage,
            when,
            state,
            note,
            link,
        ] = self.0;
        let state = state.map(|text| self::state(&text)).transpose();
        let note = note.map(|text| NoteAdd {
            text,
            ..NoteAdd::default()
        });
        let links = link.iter().flat_map(|text| text.split_whitespace());
        let links = links.map(|link| NoteAdd {
            link: Some(link.to_owned()),
            ..NoteAdd::default()
        });
        let notes = note.into_iter().chain(links).collect();
        let applied_at = when.map(|text| applied(&text)).transpose();
        Ok(CandidateAdd {
            name: name.unwrap_or_default(),
            email: email.unwrap_or_default(),
            phone,
            zone,
            source,
            job: own.or_else(|| job.map(str::to_owned)),
            stage,
            applied_at: applied_at.map_err(|message| (Field::Applied, message))?,
            state: state.map_err(|message| (Field::State, message))?,
            notes,
        })
    }
}

/// A day (noon in UTC, so that it is that day nearly everywhere) or a moment.
fn applied(text: &str) -> Result<Instant, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment.into());
    }
    let noon = text.parse::<Date>().ok().map(|day| day.at(12, 0, 0, 0));
    let noon = noon.and_then(|noon| noon.to_zoned(TimeZone::UTC).ok());
    let noon = noon.ok_or("it is neither a day such as 2026-11-30 nor a time with an offset")?;
    Ok(noon.timestamp().into())
}

/// How an application stands, as people write it.
fn state(text: &str) -> Result<ApplicationState, String> {
    let text = text.to_lowercase().replace(['-', '_'], " ");
    let found = ApplicationState::ALL
        .into_iter()
        .find(|state| state.words() == text);
    found.ok_or_else(|| {
        let known = ApplicationState::ALL.map(ApplicationState::words);
        format!("it is none of {}", known.join(", "))
    })
}

/// A note of an export: an object with text and link, or a text alone.
pub(super) fn note(value: &serde_json::Value) -> Option<NoteAdd> {
    if let Some(text) = value.as_str() {
        return Some(NoteAdd {
            text: text.to_owned(),
            ..NoteAdd::default()
        });
    }
    let note = value.as_object()?;
    let text = |name: &str| note.get(name).and_then(serde_json::Value::as_str);
    let marked = note.get("for_interviewers");
    Some(NoteAdd {
        text: text("text").unwrap_or_default().to_owned(),
        link: text("link").map(str::to_owned),
        for_interviewers: marked
            .and_then(serde_json::Value::as_bool)
            .unwrap_or_default(),
    })
}
