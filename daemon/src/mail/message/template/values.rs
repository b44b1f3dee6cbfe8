//! What stands in the place of each variable, for every email that has a template.

use std::collections::BTreeMap;

use greenroom_protocol::template::TemplateName;
use greenroom_protocol::text::{seen, steers};
use greenroom_protocol::time::Instant;

use super::Variable;
use crate::mail::message::words::{self, first_name, greeting};
use crate::mail::message::{Event, Reader, when};

/// What stands in the place of each variable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<Variable, String>);

/// Between whom an email to a candidate is, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Between<'a> {
    /// The candidate.
    pub candidate: &'a str,
    /// The job's title.
    pub job: &'a str,
    /// The company.
    pub workspace: &'a str,
    /// The member who signs, or who is responsible.
    pub organizer: &'a str,
}

/// What an email about times to choose from says beyond whom it is between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times<'a> {
    /// Who writes it: the assistant or a member.
    pub sender: &'a str,
    /// Whether the assistant does, which is said then.
    pub by_assistant: bool,
    /// How long the interview takes, in minutes.
    pub minutes: u32,
    /// The slots, as the candidate reads them.
    pub slots: &'a [String],
    /// Until when they are held, as the candidate reads it.
    pub until: Option<&'a str>,
    /// What is asked back.
    pub question: Option<&'a str>,
    /// Whether others may have the same slots, which is said then.
    pub shared: bool,
    /// When the interview is that is moved, as the candidate reads it; `None`: a new one is booked.
    pub booked: Option<&'a str>,
}

impl Values {
    /// With this in the place of a variable. A block keeps its lines; everything else is one line.
    #[must_use]
    pub fn with(mut self, variable: Variable, value: &str) -> Self {
        let value = match variable.is_block() {
            true => value.lines().map(one_line).collect::<Vec<_>>().join("\n"),
            false => one_line(value).trim().to_owned(),
        };
        self.0.insert(variable, value);
        self
    }

    pub(super) fn of(&self, variable: Variable) -> &str {
        self.0.get(&variable).map_or("", String::as_str)
    }

    /// Of an email to a candidate about their interview. `details` is what no template removes.
    #[must_use]
    pub fn of_interview(
        event: &Event,
        reader: &Reader,
        reason: Option<&str>,
        details: &str,
        now: Instant,
    ) -> Self {
        let between = Between {
            candidate: &event.candidate.person.name,
            job: &event.job,
            workspace: &event.workspace,
            organizer: &event.organizer.name,
        };
        let interviewers: Vec<_> = event
            .interviewers
            .iter()
            .map(|it| it.person.name.as_str())
            .collect();
        let join = event.join.url.as_ref().or(event.join.details.as_ref());
        let reason = reason.map(words::sentence).unwrap_or_default();
        Self::between(&between)
            .at(event, reader, now)
            .with(Variable::Interviewers, &interviewers.join(", "))
            .with(Variable::Join, join.map_or("", String::as_str))
            .with(Variable::Reason, &reason)
            .with(Variable::Details, details)
    }

    /// Of an email to an interviewer who has not replied.
    #[must_use]
    pub fn of_interviewer(event: &Event, reader: &Reader, now: Instant) -> Self {
        let name = &reader.person.name;
        Self::default()
            .with(Variable::Greeting, &greeting(name))
            .with(Variable::FirstName, first_name(name))
            .with(Variable::Interviewer, name)
            .with(Variable::Candidate, &event.candidate.person.name)
            .with(Variable::Job, &event.job)
            .with(Variable::Stage, &event.stage)
            .with(Variable::Workspace, &event.workspace)
            .with(Variable::Organizer, &event.organizer.name)
            .at(event, reader, now)
            .with(Variable::Details, &words::description(event, reader, now))
    }

    /// Of an email to a candidate about their application.
    #[must_use]
    pub fn of_application(name: TemplateName, between: &Between<'_>) -> Self {
        let details = match name {
            TemplateName::Withdrawn => "If this is a mistake, reply to this email.",
            TemplateName::OnHold => {
                "If you have questions, or your plans change, reply to this email."
            }
            _ => "If you have questions, reply to this email.",
        };
        Self::between(between).with(Variable::Details, details)
    }

    /// Of an email to a candidate about times to choose from.
    #[must_use]
    pub fn of_times(name: TemplateName, between: &Between<'_>, times: &Times<'_>) -> Self {
        let numbered = times.slots.iter().enumerate();
        let slots: Vec<_> = numbered
            .map(|(at, slot)| format!("  {}  {slot}", at + 1))
            .collect();
        let minutes = format!("{} minutes", times.minutes);
        Self::between(between)
            .with(Variable::Sender, times.sender)
            .with(Variable::Duration, &minutes)
            .with(Variable::Slots, &slots.join("\n"))
            .with(Variable::Until, times.until.unwrap_or_default())
            .with(Variable::Question, times.question.unwrap_or_default())
            .with(Variable::Details, &how_to_answer(name, between, times))
    }

    fn between(between: &Between<'_>) -> Self {
        Self::default()
            .with(Variable::Greeting, &greeting(between.candidate))
            .with(Variable::FirstName, first_name(between.candidate))
            .with(Variable::Candidate, between.candidate)
            .with(Variable::Job, between.job)
            .with(Variable::Workspace, between.workspace)
            .with(Variable::Organizer, between.organizer)
    }

    fn at(self, event: &Event, reader: &Reader, now: Instant) -> Self {
        let zone = &reader.zone;
        let when = when::stretch(event.start, event.end(), zone, zone, now);
        let minutes = format!("{} minutes", event.duration_minutes);
        self.with(Variable::When, &when)
            .with(Variable::WhenShort, &when::short(event.start, zone, now))
            .with(Variable::Duration, &minutes)
    }
}

/// How to reply, the way to a person, and who is writing: the reader learns when it is no person.
/// Source: Regulation (EU) 2024/1689, article 50.
fn how_to_answer(name: TemplateName, between: &Between<'_>, times: &Times<'_>) -> String {
    let mut sentences = Vec::new();
    if let Some(booked) = times.booked {
        sentences.push(format!(
            "Until you choose, your interview stays as booked: {booked}."
        ));
    }
    if !times.slots.is_empty() {
        sentences
            .push("Reply with the number of a time, or say when you are free instead.".to_owned());
    }
    if times.shared && !times.slots.is_empty() {
        let first =
            "Another candidate may have the same times: each goes to the first who replies.";
        sentences.push(first.to_owned());
    }
    if times.by_assistant {
        sentences.push(format!(
            "This email was written by {}, an automated assistant.",
            times.sender
        ));
    }
    if times.by_assistant && name != TemplateName::Handover {
        sentences.push(format!(
            "To speak with a person, say so in your reply, and {} will answer.",
            between.organizer
        ));
    }
    if sentences.is_empty() {
        sentences.push("If you have questions, reply to this email.".to_owned());
    }
    sentences.join(" ")
}

/// One line of a value: what steers a terminal or ends a line becomes a space.
fn one_line(text: &str) -> String {
    let plain = |letter: char| match steers(letter) {
        true => ' ',
        false => letter,
    };
    seen(text).chars().map(plain).collect()
}
