//! Emails to candidates about their applications: turned down, withdrawn, on hold, and what somebody
//! writes to them.
//!
//! Owns what such an email says, from the records and the workspace's templates as they are when it
//! leaves, and when nobody should get it any more. Invariant: one email has one recipient, and
//! nothing in it is of another candidate, nor the reason that was noted for colleagues.

use futures::future::BoxFuture;
use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, CandidateId, MailId, MemberId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::pipeline::{ApplicationState, StateAction};
use greenroom_protocol::template::TemplateName;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::mail::bounce::BounceRecord;
use crate::mail::message::template::{Between, Flaw, Template, Values, Variable};
use crate::mail::message::{Letter, Person, Says};
use crate::mail::{Author, Written, templates};
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::outbox::{Draft, Settled, UNDO_SECONDS};
use crate::records::pipeline::{ApplicationRecord, CandidateRecord, JobRecord};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::store::{GLOBAL, StoreError, Tx};

/// What stands in the place of a name that is gone.
const GONE: &str = "(removed)";

/// The email whose variables a text has that somebody writes.
const WRITTEN_AS: TemplateName = TemplateName::Rejected;

/// What is kept with such an email until it leaves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Memo {
    /// Who sends it; `None`: the workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<MemberId>,
    /// What they wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<Text>,
}

/// A text that somebody writes to candidates, with the variables of an email about an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Text {
    subject: String,
    text: String,
}

impl Text {
    /// Checks a text.
    ///
    /// # Errors
    /// It is empty, too long, or has a variable that such an email does not have.
    pub fn checked(subject: &str, text: &str) -> Result<Self, Error> {
        let template = Template::parse(WRITTEN_AS, subject, text).map_err(|flaw| {
            let why = match &flaw {
                Flaw::Unknown { unknown, .. } => {
                    format!("An email to candidates has no variable {{{{{unknown}}}}}")
                }
                flaw => flaw.to_string(),
            };
            let error = Error::usage(why).field(flaw.part().field());
            match flaw.hint() {
                Some(hint) => error.hint(hint),
                None => error,
            }
        })?;
        let words = template.words();
        Ok(Self {
            subject: words.subject.clone(),
            text: words.text.clone(),
        })
    }

    fn template(&self) -> Option<Template> {
        Template::parse(WRITTEN_AS, &self.subject, &self.text).ok()
    }
}

/// What a candidate is emailed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Message {
    /// That their application is in this state.
    State(ApplicationState),
    /// What somebody wrote.
    Text(Text),
}

impl Message {
    /// The email about a change of state; `None` where there is none.
    pub fn about(action: StateAction) -> Option<Self> {
        let state = action.leads_to().filter(|_| action.has_email());
        state.map(Self::State)
    }

    fn kind(&self) -> Option<MailKind> {
        Some(match self {
            Self::State(ApplicationState::Rejected) => MailKind::Rejected,
            Self::State(ApplicationState::Withdrawn) => MailKind::Withdrawn,
            Self::State(ApplicationState::OnHold) => MailKind::OnHold,
            Self::State(ApplicationState::Active | ApplicationState::Hired) => return None,
            Self::Text(_) => MailKind::Message,
        })
    }

    /// The email, to be asked for; it leaves when the time to undo is over.
    pub fn draft(
        self,
        application: ApplicationId,
        candidate: CandidateId,
        by: Option<MemberId>,
        now: Instant,
    ) -> Option<Draft> {
        let kind = self.kind()?;
        let text = match self {
            Self::Text(text) => Some(text),
            Self::State(_) => None,
        };
        Some(Draft {
            kind,
            to: Recipient::Candidate(candidate),
            about: About::Application(application),
            not_before: now.plus_seconds(UNDO_SECONDS),
            follows: None,
            memo: serde_json::to_string(&Memo { by, text }).ok(),
        })
    }
}

/// The state an email is about, and the template it has.
fn told(kind: MailKind) -> Option<(ApplicationState, TemplateName)> {
    Some(match kind {
        MailKind::Rejected => (ApplicationState::Rejected, TemplateName::Rejected),
        MailKind::Withdrawn => (ApplicationState::Withdrawn, TemplateName::Withdrawn),
        MailKind::OnHold => (ApplicationState::OnHold, TemplateName::OnHold),
        _ => return None,
    })
}

/// The author of emails about applications.
pub struct ApplicationLetters {
    /// What time it is.
    pub clock: Clock,
}

impl ApplicationLetters {
    async fn letter(
        tx: &Tx,
        space: &str,
        application: ApplicationId,
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
        let key = application.to_string();
        let Some(application) = tx.get::<ApplicationRecord>(space, &key).await? else {
            return unwanted("the application is gone");
        };
        let memo = mail.memo.as_deref();
        let memo = memo.and_then(|memo| serde_json::from_str::<Memo>(memo).ok());
        let memo = memo.unwrap_or_default();
        let template = match (told(mail.kind), &memo.text) {
            (Some((state, _)), _) if application.state() != state => {
                return unwanted("the application is in another state now");
            }
            (Some((_, name)), _) => {
                Some(templates::words(tx, space, name, Some(application.stage)).await?)
            }
            (None, Some(text)) => text.template(),
            (None, None) => None,
        };
        let Some(template) = template else {
            return unwanted("there is nothing to say");
        };
        let candidate = application.candidate.to_string();
        let Some(candidate) = tx.peek::<CandidateRecord>(space, &candidate).await? else {
            return unwanted("the candidate is gone");
        };
        let job = tx
            .peek::<JobRecord>(space, &application.job.to_string())
            .await?;
        let workspace = tx.peek::<WorkspaceRecord>(GLOBAL, space).await?;
        let sender = match memo.by {
            Some(member) => tx.peek::<MemberRecord>(space, &member.to_string()).await?,
            None => None,
        };
        let job = job.map_or_else(|| GONE.to_owned(), |it| it.title);
        let workspace = workspace.map_or_else(|| GONE.to_owned(), |it| it.name);
        let sender = sender.map_or_else(|| workspace.clone(), |it| it.name);
        let between = Between {
            candidate: &candidate.name,
            job: &job,
            workspace: &workspace,
            organizer: &sender,
        };
        let values = Values::of_application(template.name(), &between);
        let values = match mail.kind {
            // Who writes a text says in it how to reply, if at all.
            MailKind::Message => values.with(Variable::Details, ""),
            _ => values,
        };
        let says: Says = template.says(&values);
        Ok(Written::Letter {
            letter: Box::new(Letter {
                to: Person {
                    name: candidate.name,
                    address: candidate.email,
                },
                from_name: sender,
                says,
            }),
            memo: mail.memo.clone(),
        })
    }
}

impl Author for ApplicationLetters {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(async move {
            match mail.about {
                About::Application(id) => Self::letter(tx, space, id, mail).await,
                _ => Ok(Written::Unwanted("it is about no application".into())),
            }
        })
    }

    /// That an address takes no email is known of everybody's; nothing else is noted.
    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        _: MailId,
        mail: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let Settled::Refused { why, address: true } = outcome else {
                return Ok(());
            };
            let Some(to) = &mail.address else {
                return Ok(());
            };
            BounceRecord::mark(tx, space, to, &why, self.clock.now())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_variables_of_an_email_about_an_application_and_no_other() {
        let fine = Text::checked("About {{job}}", "{{greeting}}\n\nCall me.\n\n{{organizer}}");
        assert!(fine.is_ok(), "{fine:?}");
        for (subject, text, field, part) in [
            ("", "x", "subject", "Enter a subject"),
            ("x", " ", "text", "Enter a text"),
            ("{{reason}}", "x", "subject", "no variable {{reason}}"),
            ("x", "{{when}}", "text", "no variable {{when}}"),
            ("x\nBcc: y@z.example", "x", "subject", "one line"),
        ] {
            let refused = Text::checked(subject, text).expect_err("refused");
            assert_eq!(refused.field.as_deref(), Some(field), "{refused:?}");
            assert!(refused.message.contains(part), "{refused:?}");
        }
    }
}
