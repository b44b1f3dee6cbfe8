//! An example for every email, to preview words where there is no such interview or proposal.

use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::template::TemplateName;
use greenroom_protocol::time::Instant;

use super::{Between, Template, Times, Values};
use crate::mail::message::{
    Answer, Attendee, Audience, Event, Join, Letter, Person, Reader, Says, when,
};

/// The candidate of the example.
const CANDIDATE: &str = "Priya Nair";

/// Where she is written to; an address nobody has. Source: RFC 2606, 2.
const ADDRESS: &str = "priya.nair@candidate.example";

/// Where she is.
const ZONE: &str = "Asia/Kolkata";

/// How long the interview takes.
const MINUTES: u32 = 45;

/// Slots of a proposal, in hours after the interview's start.
const SLOTS: [i64; 3] = [0, 25, 48];

/// What an example takes from the workspace, and whom it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The workspace's name.
    pub workspace: String,
    /// The job's title.
    pub job: String,
    /// The stage's name.
    pub stage: String,
    /// Who invites and signs.
    pub organizer: Person,
    /// Their zone.
    pub zone: String,
    /// The candidate and their zone; `None`: one who does not exist.
    pub candidate: Option<(Person, String)>,
    /// The assistant's name.
    pub assistant: String,
    /// Now.
    pub now: Instant,
}

impl Example {
    /// An email with these words.
    #[must_use]
    pub fn letter(&self, template: Template) -> Letter {
        let name = template.name();
        let event = Box::new(self.event());
        let (to, says) = match name {
            TemplateName::NoReplyReminder => {
                let reader = Reader {
                    person: self.organizer.clone(),
                    zone: self.zone.clone(),
                    audience: Audience::Interviewer,
                    briefing: Vec::new(),
                };
                let values = Values::of_interviewer(&event, &reader, self.now);
                (reader.person, template.says(&values))
            }
            TemplateName::Invitation
            | TemplateName::Update
            | TemplateName::Cancellation
            | TemplateName::Reminder => {
                let reader = self.reader();
                let to = reader.person.clone();
                (to, about_interview(event, reader, template))
            }
            TemplateName::Rejected | TemplateName::Withdrawn | TemplateName::OnHold => {
                let to = self.reader().person;
                let values = Values::of_application(name, &self.between(&to.name));
                (to, template.says(&values))
            }
            TemplateName::Proposal
            | TemplateName::Nudge
            | TemplateName::Fresh
            | TemplateName::Ask
            | TemplateName::Gone
            | TemplateName::Handover => {
                let reader = self.reader();
                let says = template.says(&self.times(name, &reader));
                (reader.person, says)
            }
        };
        Letter {
            to,
            from_name: self.organizer.name.clone(),
            says,
        }
    }

    fn between<'a>(&'a self, candidate: &'a str) -> Between<'a> {
        Between {
            candidate,
            job: &self.job,
            workspace: &self.workspace,
            organizer: &self.organizer.name,
        }
    }

    fn times(&self, name: TemplateName, reader: &Reader) -> Values {
        let start = self.start();
        let stretch = |hours: i64| {
            let from = start.plus_minutes(hours * 60);
            let to = from.plus_minutes(MINUTES.into());
            when::stretch(from, to, &reader.zone, &reader.zone, self.now)
        };
        let slots: Vec<_> = match name {
            TemplateName::Handover => Vec::new(),
            _ => SLOTS.iter().map(|hours| stretch(*hours)).collect(),
        };
        let until = when::short(start.plus_minutes(-24 * 60), &reader.zone, self.now);
        let times = Times {
            sender: &self.assistant,
            by_assistant: true,
            minutes: MINUTES,
            slots: &slots,
            until: Some(&until),
            question: Some("Which of these times do you mean?"),
            shared: false,
            booked: None,
        };
        Values::of_times(name, &self.between(&reader.person.name), &times)
    }

    fn reader(&self) -> Reader {
        let example = || {
            let person = Person {
                name: CANDIDATE.to_owned(),
                address: ADDRESS.to_owned(),
            };
            (person, ZONE.to_owned())
        };
        let (person, zone) = self.candidate.clone().unwrap_or_else(example);
        Reader {
            person,
            zone,
            audience: Audience::Candidate,
            briefing: Vec::new(),
        }
    }

    /// Three days from now, at the full hour.
    fn start(&self) -> Instant {
        let seconds = self.now.plus_minutes(3 * 24 * 60).timestamp().as_second();
        Instant::from_second(seconds - seconds.rem_euclid(3600))
    }

    fn event(&self) -> Event {
        let attendee = |person: Person| Attendee {
            person,
            answer: Answer::NeedsAction,
        };
        Event {
            uid: "example@greenroom".to_owned(),
            sequence: 0,
            start: self.start(),
            duration_minutes: MINUTES,
            zone: self.zone.clone(),
            workspace: self.workspace.clone(),
            job: self.job.clone(),
            stage: self.stage.clone(),
            organizer: self.organizer.clone(),
            candidate: attendee(self.reader().person),
            interviewers: vec![attendee(self.organizer.clone())],
            join: Join {
                kind: MeetingType::Zoom,
                url: Some("https://zoom.example/j/81234567890".to_owned()),
                meeting_id: Some("81234567890".to_owned()),
                passcode: Some("g7Kp2x".to_owned()),
                details: None,
            },
            zoom_notes: false,
        }
    }
}

fn about_interview(event: Box<Event>, reader: Reader, template: Template) -> Says {
    let name = template.name();
    let note = "the position was filled".to_owned();
    match name {
        TemplateName::Cancellation => Says::Cancellation {
            event,
            reader,
            uninvited: false,
            note: Some(note),
            template: Some(template),
        },
        TemplateName::Reminder => Says::Reminder {
            event,
            reader,
            template: Some(template),
        },
        _ => Says::Invitation {
            event,
            reader,
            changed: name == TemplateName::Update,
            note: Some("the interviewer is ill".to_owned()),
            template: Some(template),
        },
    }
}
