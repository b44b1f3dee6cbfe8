//! What is shown of an interview before it is booked.

use greenroom_protocol::Error;
use greenroom_protocol::interview::Outcome;
use greenroom_protocol::schedule::{Finding, FindingCode};
use greenroom_protocol::time::Instant;
use serde::Serialize;

use crate::mcp::read::{Found, Person, When};
use crate::mcp::untrusted::{Untrusted, line};

/// The most reasons on a card.
const MOST: usize = 20;

/// Everything that a card says or stands for: where any of it would be another, the card is void.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) start: Option<Instant>,
    duration_minutes: u32,
    /// Where the invitation goes; it is not on the card, and a changed one still voids it.
    candidate: (String, String, String),
    application: String,
    stage_name: String,
    organizer: String,
    interviewers: Vec<String>,
    host: Option<String>,
    advice: Vec<(FindingCode, String)>,
}

impl Shown {
    pub(super) fn of(judged: &Outcome) -> Self {
        let it = &judged.interview;
        let candidate = &it.candidate;
        let said = |it: &Finding| (it.code, it.message.clone());
        Self {
            start: Some(it.start),
            duration_minutes: it.duration_minutes,
            candidate: (
                candidate.id.to_string(),
                candidate.name.clone(),
                candidate.email.clone(),
            ),
            application: it.application.to_string(),
            stage_name: it.stage_name.clone(),
            organizer: it.organizer.id.to_string(),
            interviewers: it.interviewers.iter().map(|it| it.id.to_string()).collect(),
            host: it.host.as_ref().map(|it| it.zoom_email.clone()),
            advice: judged.verdict.advises.iter().map(said).collect(),
        }
    }

    /// Whether something spoke against it, which the person has seen.
    pub(super) fn has_advice(&self) -> bool {
        !self.advice.is_empty()
    }

    /// What is another by now, in words.
    pub(super) fn differs_from(&self, now: &Self) -> Vec<&'static str> {
        let differs = [
            (self.start != now.start, "the time"),
            (
                self.duration_minutes != now.duration_minutes,
                "the duration",
            ),
            (
                self.candidate != now.candidate,
                "the candidate's name or address",
            ),
            (self.application != now.application, "the application"),
            (self.stage_name != now.stage_name, "the stage"),
            (self.organizer != now.organizer, "the organizer"),
            (self.interviewers != now.interviewers, "the interviewers"),
            (self.host != now.host, "the Zoom host"),
            (self.advice != now.advice, "what speaks against it"),
        ];
        let differs = differs.into_iter().filter(|(differs, _)| *differs);
        differs.map(|(_, what)| what).collect()
    }
}

/// A card, for the person who decides.
#[derive(Debug, Serialize)]
pub(super) struct Card {
    when: When,
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates_clock: Option<String>,
    duration_minutes: u32,
    candidate: Untrusted,
    job_title: String,
    stage_name: String,
    organizer: Person,
    interviewers: Vec<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zoom_host: Option<String>,
    /// What the person should know before they say yes.
    advice: Vec<Found>,
    what_happens: &'static str,
}

const WHAT_HAPPENS: &str = "The interview is booked and confirmed, its Zoom meeting is created, and invitations are emailed \
    to the candidate and the interviewers after ten seconds, in which it can be undone.";

impl Card {
    pub(super) fn of(judged: &Outcome) -> Self {
        let it = &judged.interview;
        let end = it.start.plus_minutes(i64::from(it.duration_minutes));
        let theirs = it.candidate.zone.as_deref();
        let theirs = theirs.filter(|zone| *zone != it.zone);
        Self {
            when: When::new(it.start, end, &it.zone),
            candidates_clock: theirs.map(|zone| When::new(it.start, end, zone).words),
            duration_minutes: it.duration_minutes,
            candidate: Untrusted::new(&it.candidate.name),
            job_title: line(&it.job_title),
            stage_name: line(&it.stage_name),
            organizer: Person::from(&it.organizer),
            interviewers: it.interviewers.iter().map(Person::from).collect(),
            zoom_host: it.host.as_ref().map(|host| line(&host.name)),
            advice: judged
                .verdict
                .advises
                .iter()
                .take(MOST)
                .map(Found::from)
                .collect(),
            what_happens: WHAT_HAPPENS,
        }
    }

    /// The same as a question to a person.
    pub(super) fn question(&self) -> String {
        let names = self.interviewers.iter().map(|it| it.name.as_str());
        let names = names.collect::<Vec<_>>().join(", ");
        let mut lines = vec![
            "Book this interview?".to_owned(),
            format!("When: {}, {} min", self.when.words, self.duration_minutes),
        ];
        lines.extend(
            self.candidates_clock
                .iter()
                .map(|it| format!("For the candidate: {it}")),
        );
        lines.push(format!("Candidate: {}", self.candidate.as_str()));
        lines.push(format!(
            "Job: {}, stage: {}",
            self.job_title, self.stage_name
        ));
        lines.push(format!("Interviewers: {names}"));
        lines.extend(self.zoom_host.iter().map(|it| format!("Zoom host: {it}")));
        lines.extend(
            self.advice
                .iter()
                .map(|it| format!("Note: {}", it.message.as_str())),
        );
        lines.push(self.what_happens.to_owned());
        lines.join("\n")
    }
}

/// Refused where the daemon would not book it.
///
/// # Errors
/// `conflict`, with the reasons.
pub(super) fn bookable(judged: &Outcome) -> Result<(), Error> {
    match judged.verdict.refusal() {
        None => Ok(()),
        Some(why) => Err(Error::conflict(why).hint("`slots` finds times that work")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_void_where_anything_on_it_is_another() {
        let shown = Shown {
            candidate: ("can_1".into(), "Ana".into(), "ana@mail.example".into()),
            interviewers: vec!["mem_1".into()],
            ..Shown::default()
        };
        assert_eq!(shown.differs_from(&shown.clone()), Vec::<&str>::new());
        let mut now = shown.clone();
        now.candidate.2 = "eve@mail.example".into();
        now.interviewers.push("mem_2".into());
        now.start = Some(Instant::from_second(1_796_029_200));
        assert_eq!(
            shown.differs_from(&now),
            [
                "the time",
                "the candidate's name or address",
                "the interviewers"
            ]
        );
    }
}
