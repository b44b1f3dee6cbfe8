//! Emails to candidates about their applications: turned down, withdrawn, on hold, and what somebody
//! writes to them.
//!
//! Owns what such an email says, from the records as they are when it leaves, and when nobody should
//! get it any more. Invariant: one email has one recipient, and nothing in it is of another
//! candidate, nor the reason that was noted for colleagues.

mod words;

use futures::future::BoxFuture;
use greenroom_protocol::id::{ApplicationId, CandidateId, MailId, MemberId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::pipeline::{ApplicationState, StateAction};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use self::words::Facts;
use crate::clock::Clock;
use crate::mail::bounce::BounceRecord;
use crate::mail::message::{Letter, Person, Says};
use crate::mail::{Author, Written};
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::outbox::{Draft, Settled, UNDO_SECONDS};
use crate::records::pipeline::{ApplicationRecord, CandidateRecord, JobRecord};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::store::{GLOBAL, StoreError, Tx};

/// What stands in the place of a name that is gone.
const GONE: &str = "(removed)";

/// What is kept with such an email until it leaves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Memo {
    /// Who sends it; `None`: the workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<MemberId>,
}

/// The kind of email about a change of state; `None` where there is none.
pub(super) fn kind(action: StateAction) -> Option<MailKind> {
    match action {
        StateAction::Reject => Some(MailKind::Rejected),
        StateAction::Withdraw => Some(MailKind::Withdrawn),
        StateAction::Hold => Some(MailKind::OnHold),
        StateAction::Hire | StateAction::Reopen | StateAction::Undo => None,
    }
}

/// An email to a candidate about their application, to be asked for; it leaves when the time to
/// undo is over.
pub(super) fn draft(
    kind: MailKind,
    application: ApplicationId,
    candidate: CandidateId,
    by: Option<MemberId>,
    now: Instant,
) -> Draft {
    Draft {
        kind,
        to: Recipient::Candidate(candidate),
        about: About::Application(application),
        not_before: now.plus_seconds(UNDO_SECONDS),
        follows: None,
        memo: serde_json::to_string(&Memo { by }).ok(),
    }
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
        if let Some(why) = needless(mail.kind, application.state()) {
            return unwanted(why);
        }
        let candidate = application.candidate.to_string();
        let Some(candidate) = tx.peek::<CandidateRecord>(space, &candidate).await? else {
            return unwanted("the candidate is gone");
        };
        let job = tx
            .peek::<JobRecord>(space, &application.job.to_string())
            .await?;
        let workspace = tx.peek::<WorkspaceRecord>(GLOBAL, space).await?;
        let memo: Memo = mail
            .memo
            .as_deref()
            .and_then(|memo| serde_json::from_str(memo).ok())
            .unwrap_or_default();
        let sender = match memo.by {
            Some(member) => tx.peek::<MemberRecord>(space, &member.to_string()).await?,
            None => None,
        };
        let gone = || GONE.to_owned();
        let facts = Facts {
            candidate: candidate.name.clone(),
            job: job.map_or_else(gone, |it| it.title),
            workspace: workspace.map_or_else(gone, |it| it.name),
            sender: sender.map(|it| it.name),
        };
        let Some((subject, text)) = words::built_in(mail.kind, &facts) else {
            return unwanted("nobody writes it");
        };
        Ok(Written::Letter {
            letter: Box::new(Letter {
                to: Person {
                    name: candidate.name,
                    address: candidate.email,
                },
                from_name: facts.signed_by().to_owned(),
                says: Says::Text { subject, text },
            }),
            memo: mail.memo.clone(),
        })
    }
}

/// Why nobody should get this email any more.
fn needless(kind: MailKind, state: ApplicationState) -> Option<&'static str> {
    let told = match kind {
        MailKind::Rejected => ApplicationState::Rejected,
        MailKind::Withdrawn => ApplicationState::Withdrawn,
        MailKind::OnHold => ApplicationState::OnHold,
        _ => return None,
    };
    (state != told).then_some("the application is in another state now")
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
