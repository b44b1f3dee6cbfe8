//! Email to admins about what only somebody who looks after the machine can set right: one when it
//! begins, one when it is over.
//!
//! Owns the record of what is wrong, in every workspace; it lasts across restarts, so that nothing
//! is said twice. Invariant: something is over only when it was seen to work again, not because a
//! new daemon has not come to it yet. Must not decide what is wrong: that is read where it happens.

use futures::future::BoxFuture;
use greenroom_protocol::id::{MailId, WorkspaceId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::status::{Problem, ProblemKind};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Role;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::mail::message::{Says, greeting, when};
use crate::mail::reader::reader;
use crate::mail::{Author, Written};
use crate::outbox::Settled;
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::outbox::{self, Draft};
use crate::records::workspace::MemberRecord;
use crate::services::Services;
use crate::store::{Record, StoreError, Tx};

/// How something that can go wrong is.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// Wrong.
    Wrong(Problem),
    /// It was seen to work at this moment.
    Works(Instant),
    /// Nobody has looked yet, or it is about to be one or the other.
    Unknown,
}

/// Something that was wrong, or is. Its id is the kind's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct AlarmRecord {
    /// What it is.
    kind: ProblemKind,
    /// Since when.
    since: Instant,
    /// Until when; `None` while it is wrong.
    over: Option<Instant>,
    /// Why, in the words of the one that failed.
    detail: Option<String>,
}

impl Record for AlarmRecord {
    const TABLE: &'static str = "alarm";
    const SCHEMA: u32 = 1;
}

/// What an alarm's commit does.
#[derive(Debug, PartialEq)]
enum Step {
    Nothing,
    Begins,
    Ends,
}

/// Whether something begins or ends. Pure.
fn step(before: Option<&AlarmRecord>, standing: &Standing) -> Step {
    let wrong_since = before.filter(|it| it.over.is_none()).map(|it| it.since);
    match (standing, wrong_since) {
        (Standing::Wrong(_), None) => Step::Begins,
        (Standing::Works(at), Some(since)) if *at > since => Step::Ends,
        _ => Step::Nothing,
    }
}

/// Notes in a workspace how one thing stands, and emails its admins where that begins or ends
/// something.
pub async fn note(
    services: &Services,
    workspace: WorkspaceId,
    kind: ProblemKind,
    standing: &Standing,
) -> Result<(), StoreError> {
    let space = &workspace.to_string();
    let known = services
        .store
        .get::<AlarmRecord>(space, kind.code())
        .await?;
    let known = known.map(|stored| stored.record);
    if step(known.as_ref(), standing) == Step::Nothing {
        return Ok(());
    }
    let admins: Vec<_> = services
        .index
        .members(workspace)
        .into_iter()
        .filter(|row| row.record.roles.contains(&Role::Admin))
        .map(|row| row.id)
        .collect();
    let admins = &admins;
    let noted = services.store.transact(|tx| async move {
        let before = tx.get::<AlarmRecord>(space, kind.code()).await?;
        let now = services.clock.now();
        let after = match (step(before.as_ref(), standing), standing, before) {
            (Step::Begins, Standing::Wrong(problem), _) => AlarmRecord {
                kind,
                since: problem.since.unwrap_or(now),
                over: None,
                detail: problem.detail.clone(),
            },
            (Step::Ends, _, Some(before)) => AlarmRecord {
                over: Some(now),
                ..before
            },
            _ => return Ok(()),
        };
        tx.put(space, kind.code(), &after)?;
        for admin in admins {
            let draft = Draft {
                kind: MailKind::ProblemNotice,
                to: Recipient::Member(*admin),
                about: About::Problem(kind),
                not_before: now,
                follows: None,
                memo: after.over.map(|over| over.to_string()),
            };
            outbox::post(&tx, space, draft, now)?;
        }
        Ok::<_, StoreError>(())
    });
    noted.await.map(drop)
}

/// The author of email about what is wrong.
pub struct Alarms {
    /// What time it is.
    pub clock: Clock,
}

impl Alarms {
    async fn email(
        &self,
        tx: &Tx,
        space: &str,
        kind: ProblemKind,
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
        let reader = match reader(tx, space, mail).await? {
            Ok(reader) => reader,
            Err(why) => return unwanted(why),
        };
        let Some(alarm) = tx.get::<AlarmRecord>(space, kind.code()).await? else {
            return unwanted("nothing is known about it");
        };
        let about_the_end = mail.memo.is_some();
        if alarm.over.is_some() != about_the_end {
            return unwanted("it has changed since");
        }
        let (member, workspace) = (&reader.member, &reader.workspace.name);
        let says = words(member, workspace, &alarm, self.clock.now());
        Ok(Written::Letter {
            letter: Box::new(reader.letter(says)),
            memo: mail.memo.clone(),
        })
    }
}

/// What the email says.
fn words(admin: &MemberRecord, workspace: &str, alarm: &AlarmRecord, now: Instant) -> Says {
    let time = |at: Instant| when::moment(at, &admin.zone, now);
    let hello = greeting(&admin.name);
    let (what, kind) = (alarm.kind.message(), alarm.kind);
    let since = time(alarm.since);
    let reason = alarm
        .detail
        .as_deref()
        .map(|why| format!("Reason: {why}\n"));
    let reason = reason.unwrap_or_default();
    match alarm.over {
        None => {
            let hint = kind.hint();
            Says::Text {
                subject: format!("Greenroom needs you: {what} ({workspace})"),
                text: format!(
                    "{hello}\n\n{what}.\n\nSince: {since}\n{reason}\nWhat to do: {hint}.\n\n\
                     To see the current state, run greenroom doctor. You will get one more email when this is over.\n"
                ),
            }
        }
        Some(over) => Says::Text {
            subject: format!("Over: {what} ({workspace})"),
            text: format!(
                "{hello}\n\nThis is over: {what}.\n\nSince: {since}\nUntil: {}\n{reason}",
                time(over)
            ),
        },
    }
}

impl Author for Alarms {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(async move {
            match mail.about {
                About::Problem(kind) => self.email(tx, space, kind, mail).await,
                _ => Ok(Written::Unwanted("it is about no problem".into())),
            }
        })
    }

    /// The alarm itself says how it stands: nothing is noted of the email.
    fn settled<'a>(
        &'a self,
        _: &'a Tx,
        _: &'a str,
        _: MailId,
        _: &'a MessageRecord,
        _: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_second(second)
    }

    fn alarm(over: Option<i64>) -> AlarmRecord {
        AlarmRecord {
            kind: ProblemKind::Mailbox,
            since: at(100),
            over: over.map(at),
            detail: Some("the server refused the password".into()),
        }
    }

    /// Case R8: said once when it begins, once when it ends, and not again by a daemon that only
    /// started anew.
    #[test]
    fn an_alarm_begins_once_and_ends_when_it_was_seen_to_work() {
        let wrong = Standing::Wrong(ProblemKind::Mailbox.problem(Some(at(100)), None));
        for (before, standing, expected) in [
            (None, wrong.clone(), Step::Begins),
            (None, Standing::Works(at(1)), Step::Nothing),
            (None, Standing::Unknown, Step::Nothing),
            (Some(alarm(None)), wrong.clone(), Step::Nothing),
            (Some(alarm(None)), Standing::Unknown, Step::Nothing),
            // What worked before it failed says nothing.
            (Some(alarm(None)), Standing::Works(at(99)), Step::Nothing),
            (Some(alarm(None)), Standing::Works(at(101)), Step::Ends),
            (
                Some(alarm(Some(200))),
                Standing::Works(at(300)),
                Step::Nothing,
            ),
            (Some(alarm(Some(200))), wrong, Step::Begins),
        ] {
            assert_eq!(
                step(before.as_ref(), &standing),
                expected,
                "{before:?} {standing:?}"
            );
        }
    }

    fn dana() -> MemberRecord {
        MemberRecord {
            name: "Dana Reyes".into(),
            email: "dana@acme.example".into(),
            zoom_email: None,
            zone: "America/New_York".into(),
            roles: vec![Role::Admin],
            hiring_jobs: Vec::new(),
            unix_uid: None,
            shared: true,
            created_at: at(0),
        }
    }

    /// Case U11: times as the admin's country writes them.
    #[test]
    fn the_email_says_what_since_when_why_and_what_to_do() {
        let now = at(1000);
        let Says::Text { subject, text } = words(&dana(), "Acme", &alarm(None), now) else {
            panic!("a text")
        };
        assert_eq!(
            subject,
            "Greenroom needs you: Replies to our emails can't be read (Acme)"
        );
        for part in [
            "Hello Dana,",
            "Since: 7:01 PM Eastern Time on Wednesday, December 31",
            "Reason: the server refused the password",
            "What to do: ",
        ] {
            assert!(text.contains(part), "{text}");
        }
        let Says::Text { subject, text } = words(&dana(), "Acme", &alarm(Some(200)), now) else {
            panic!("a text")
        };
        assert!(subject.starts_with("Over: "), "{subject}");
        assert!(text.contains("Until: 7:03 PM Eastern Time"), "{text}");
    }
}
