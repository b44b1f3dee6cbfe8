//! An interview as its letters tell of it: names in the place of ids, and what each reader may
//! know.

use greenroom_protocol::id::{InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::interview::{ChangeKind, InterviewStatus};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::template::TemplateName;
use greenroom_protocol::time::Instant;

use crate::mail::message::template::{Template, Values};
use crate::mail::message::{self, Attendee, Audience, Event, Join, Letter, Person, Reader, Says};
use crate::mail::{templates, token};
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Answer, Peer, Told};
use crate::records::notes::NotesRecord;
use crate::records::pipeline::{CandidateRecord, JobRecord, StageRecord};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::store::{GLOBAL, StoreError, Tx};

/// What stands in the place of a name that is gone.
const GONE: &str = "(removed)";

/// An interview as its letters tell of it, before a reader is chosen.
pub(super) struct Rendering {
    pub event: Event,
    /// Everybody invited, in the order of the event's attendees.
    pub readers: Vec<(Peer, Reader)>,
}

impl Rendering {
    /// Reads everything a letter tells. Nothing where the candidate is gone.
    pub async fn read(
        tx: &Tx,
        workspace: WorkspaceId,
        id: InterviewId,
        interview: &InterviewRecord,
    ) -> Result<Option<Self>, StoreError> {
        let space = workspace.to_string();
        let id_of_candidate = interview.candidate.to_string();
        let candidate = tx.peek::<CandidateRecord>(&space, &id_of_candidate).await?;
        let Some(candidate) = candidate else {
            return Ok(None);
        };
        let job = tx
            .peek::<JobRecord>(&space, &interview.job.to_string())
            .await?;
        let stage = tx
            .peek::<StageRecord>(&space, &interview.stage.to_string())
            .await?;
        let company = tx.peek::<WorkspaceRecord>(GLOBAL, &space).await?;
        let gone = || GONE.to_owned();
        let mut readers = vec![(
            Peer::Candidate(interview.candidate),
            Reader {
                person: person(candidate.name, candidate.email),
                zone: candidate.zone.unwrap_or_else(|| interview.zone.clone()),
                audience: Audience::Candidate,
                briefing: Vec::new(),
            },
        )];
        let notes = tx.get::<NotesRecord>(&space, &id_of_candidate).await?;
        let briefing = notes.map(|it| it.for_interviewers()).unwrap_or_default();
        for member in &interview.interviewers {
            let found = tx.peek::<MemberRecord>(&space, &member.to_string()).await?;
            let Some(found) = found else { continue };
            let reader = Reader {
                person: person(found.name, found.email),
                zone: found.zone,
                audience: Audience::Interviewer,
                briefing: briefing.clone(),
            };
            readers.push((Peer::Member(*member), reader));
        }
        let now = Told::by(interview);
        let attendee = |(guest, reader): &(Peer, Reader)| Attendee {
            person: reader.person.clone(),
            answer: match interview.invitation.of(*guest) {
                Some(invitee) => itip(invitee.answer_to(&now)),
                None => message::Answer::NeedsAction,
            },
        };
        let mut attendees = readers.iter().map(attendee);
        let Some(candidate) = attendees.next() else {
            return Ok(None);
        };
        let interviewers = attendees.collect();
        Ok(Some(Self {
            event: Event {
                uid: token::uid(id, workspace),
                sequence: interview.invitation.sequence,
                start: interview.start,
                duration_minutes: interview.duration_minutes,
                zone: interview.zone.clone(),
                workspace: company.map_or_else(gone, |it| it.name),
                job: job.map_or_else(gone, |it| it.title),
                stage: stage.map_or_else(gone, |it| it.name),
                organizer: organizer(tx, &space, interview.organizer).await?,
                candidate,
                interviewers,
                join: join(interview),
                zoom_notes: interview.zoom_writes_notes(),
            },
            readers,
        }))
    }

    /// The reader that this guest is.
    pub fn reader(&self, guest: Peer) -> Option<&Reader> {
        let found = self.readers.iter().find(|(it, _)| *it == guest);
        found.map(|(_, reader)| reader)
    }

    /// An email in these words, to the candidate or to the first interviewer, whomever they are for;
    /// `None` where they are of an email that is about no interview.
    pub fn in_words(self, template: Template, now: Instant) -> Option<Letter> {
        let name = template.name();
        let wanted = match name {
            TemplateName::NoReplyReminder => Audience::Interviewer,
            _ => Audience::Candidate,
        };
        let mut readers = self.readers.into_iter().map(|(_, reader)| reader);
        let reader = readers.find(|it| it.audience == wanted)?;
        let event = Box::new(self.event);
        let (from_name, to) = (event.organizer.name.clone(), reader.person.clone());
        let says = match name {
            TemplateName::Invitation | TemplateName::Update => Says::Invitation {
                event,
                reader,
                changed: name == TemplateName::Update,
                note: None,
                template: Some(template),
            },
            TemplateName::Cancellation => Says::Cancellation {
                event,
                reader,
                uninvited: false,
                note: None,
                template: Some(template),
            },
            TemplateName::Reminder => Says::Reminder {
                event,
                reader,
                template: Some(template),
            },
            TemplateName::NoReplyReminder => {
                template.says(&Values::of_interviewer(&event, &reader, now))
            }
            _ => return None,
        };
        Some(Letter {
            to,
            from_name,
            says,
        })
    }

    /// An email of this kind to this guest, who takes part or learns that they no longer do; `None`
    /// where the kind is about no interview, or nobody is there to read it.
    pub async fn letter(
        mut self,
        tx: &Tx,
        space: &str,
        kind: MailKind,
        guest: Peer,
        interview: &InterviewRecord,
        now: Instant,
    ) -> Result<Option<Letter>, StoreError> {
        let takes_part = self.reader(guest).cloned();
        let uninvited = takes_part.is_none();
        let reader = match takes_part {
            Some(reader) => reader,
            None => {
                let Some(reader) = former(tx, space, guest).await? else {
                    return Ok(None);
                };
                // Who takes no part any more is the only one their cancellation names.
                self.event.interviewers = vec![Attendee {
                    person: reader.person.clone(),
                    answer: message::Answer::NeedsAction,
                }];
                reader
            }
        };
        let note = note(interview, guest);
        let told = interview
            .invitation
            .of(guest)
            .and_then(|it| it.told.as_ref());
        let changed = told.is_some_and(|told| !told.same(&Told::by(interview)));
        let template = match named(kind, changed).filter(|_| reader.is_candidate()) {
            Some(name) => Some(templates::words(tx, space, name, Some(interview.stage)).await?),
            None => None,
        };
        let event = Box::new(self.event);
        let from_name = event.organizer.name.clone();
        let to = reader.person.clone();
        let says = match kind {
            MailKind::Invitation => Says::Invitation {
                event,
                reader,
                changed,
                note,
                template,
            },
            MailKind::Cancellation => Says::Cancellation {
                event,
                reader,
                uninvited: uninvited && interview.status == InterviewStatus::Confirmed,
                note,
                template,
            },
            MailKind::NoReplyReminder => {
                let (name, stage) = (TemplateName::NoReplyReminder, Some(interview.stage));
                let words = templates::words(tx, space, name, stage).await?;
                words.says(&Values::of_interviewer(&event, &reader, now))
            }
            MailKind::Reminder => Says::Reminder {
                event,
                reader,
                template,
            },
            _ => return Ok(None),
        };
        Ok(Some(Letter {
            to,
            from_name,
            says,
        }))
    }
}

/// The template of an email to a candidate.
fn named(kind: MailKind, changed: bool) -> Option<TemplateName> {
    match kind {
        MailKind::Invitation if changed => Some(TemplateName::Update),
        MailKind::Invitation => Some(TemplateName::Invitation),
        MailKind::Cancellation => Some(TemplateName::Cancellation),
        MailKind::Reminder => Some(TemplateName::Reminder),
        _ => None,
    }
}

/// The reason given for the change this guest reads of: for the cancellation, or for another time
/// than they know.
fn note(interview: &InterviewRecord, guest: Peer) -> Option<String> {
    let told = interview.invitation.of(guest)?.told.as_ref()?;
    let kind = match interview.status {
        InterviewStatus::Cancelled => ChangeKind::Cancelled,
        _ if told.same_time(&Told::by(interview)) => return None,
        _ => ChangeKind::Rescheduled,
    };
    let last = interview.changes.iter().rfind(|it| it.kind == kind)?;
    last.reason.clone()
}

fn itip(answer: Answer) -> message::Answer {
    match answer {
        Answer::None => message::Answer::NeedsAction,
        Answer::Accepted => message::Answer::Accepted,
        Answer::Declined => message::Answer::Declined,
        Answer::Tentative => message::Answer::Tentative,
    }
}

fn person(name: String, address: String) -> Person {
    Person { name, address }
}

async fn organizer(tx: &Tx, space: &str, member: MemberId) -> Result<Person, StoreError> {
    let found = tx.peek::<MemberRecord>(space, &member.to_string()).await?;
    Ok(found.map_or_else(
        || person(GONE.to_owned(), String::new()),
        |it| person(it.name, it.email),
    ))
}

/// An interviewer who takes no part any more.
async fn former(tx: &Tx, space: &str, guest: Peer) -> Result<Option<Reader>, StoreError> {
    let Peer::Member(member) = guest else {
        return Ok(None);
    };
    let found = tx.peek::<MemberRecord>(space, &member.to_string()).await?;
    Ok(found.map(|it| Reader {
        person: person(it.name, it.email),
        zone: it.zone,
        audience: Audience::Interviewer,
        briefing: Vec::new(),
    }))
}

fn join(interview: &InterviewRecord) -> Join {
    let meeting = &interview.meeting;
    let mut join = Join {
        kind: meeting.kind,
        ..Join::default()
    };
    if let Some(manual) = meeting.manual.clone() {
        join.url = manual.url;
        join.meeting_id = manual.meeting_id;
        join.passcode = manual.passcode;
        join.details = manual.details;
    } else if let Some(made) = meeting.zoom.meeting() {
        join.url = Some(made.join_url.clone());
        join.meeting_id = Some(made.id.to_string());
        join.passcode.clone_from(&made.passcode);
    }
    join
}
