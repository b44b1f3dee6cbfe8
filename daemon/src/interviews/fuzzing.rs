//! What the fuzz target of mail reaches into this room for: the bytes of an email through
//! everything they go through in the daemon, from the limits before parsing to what is decided and
//! committed. Built with the tests too, so that it goes with the room.

use std::path::PathBuf;
use std::sync::LazyLock;

use greenroom_protocol::id::{CandidateId, InterviewId, MailId, MemberId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
use serde_json::json;
use tokio::runtime::Runtime;

use super::answers::Answers;
use crate::clock::SetClock;
use crate::mail::inbound::read;
use crate::outbox::record::{About, MessageRecord, MessageState, PastMessage, Recipient};
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Invitee, Peer, Told};
use crate::records::pipeline::CandidateRecord;
use crate::store::{self, Store, StoreError};

/// The workspace, in every Message-ID and UID of the corpus.
pub const WORKSPACE: &str = "wsp_01kf00000074080000000000r0";
/// The interview.
pub const INTERVIEW: &str = "int_01kf00000074080000000000r1";
/// The invitation of the candidate, and that of the interviewer.
pub const MAILS: [&str; 2] = [
    "mal_01kf00000074080000000000r2",
    "mal_01kf00000074080000000000r3",
];
/// Where both were sent.
pub const PEOPLE: [&str; 2] = ["ana.lima@mail.example", "sam.ito@acme.example"];

/// An interview that people have been invited to, and a store that holds it.
struct Desk {
    runtime: Runtime,
    store: Store,
    answers: Answers,
    interview: InterviewRecord,
}

/// What an email came to: whether it says anything to us, and the interview before and after it.
#[derive(Debug)]
pub struct Heard {
    /// Whether it names anything of ours.
    pub says: bool,
    /// The interview before.
    pub before: InterviewRecord,
    /// The interview after.
    pub after: InterviewRecord,
}

/// Reads and hears an email. The next one finds the interview as it was.
pub fn heard(bytes: &[u8]) -> Heard {
    static DESK: LazyLock<Desk> = LazyLock::new(|| Desk::open().expect("a store"));
    DESK.hear(bytes).expect("the store works")
}

impl Desk {
    fn open() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let directory: PathBuf =
            std::env::temp_dir().join(format!("greenroom-mail-{}", std::process::id()));
        let settings = store::sled::Settings::default();
        let store = runtime.block_on(store::open(&directory, settings))?;
        let now = Instant::from_second(1_796_029_200);
        let (candidate, member) = (CandidateId::new(), MemberId::new());
        let mut interview: InterviewRecord = serde_json::from_value(json!({
            "candidate": candidate,
            "application": greenroom_protocol::id::ApplicationId::new(),
            "job": greenroom_protocol::id::JobId::new(),
            "stage": greenroom_protocol::id::StageId::new(),
            "organizer": member, "host": null, "host_zoom_id": null, "interviewers": [member],
            "start": "2026-12-01T10:00:00Z", "zone": "UTC", "offset": "+00:00", "duration_minutes": 30,
            "status": "confirmed",
            "meeting": {
                "kind": "phone", "zoom": {"phase": "none"}, "reason": null,
                "manual": {"url": null, "meeting_id": null, "passcode": null, "details": "+49 30 5550 1234"},
            },
            "warnings": [], "created_at": now, "created_by": null,
        }))?;
        let told = Told::by(&interview);
        let guests = [Peer::Candidate(candidate), Peer::Member(member)];
        let mut letters = Vec::new();
        for ((guest, mail), address) in guests.into_iter().zip(MAILS).zip(PEOPLE) {
            let id: MailId = mail.parse()?;
            let to = guest.recipient();
            letters.push((mail, letter(to, now, address)?));
            let invited = Invitee {
                address: Some(address.to_owned()),
                invited_at: Some(now),
                told: Some(told.clone()),
                first: Some(id),
                ..Invitee::new(guest, id)
            };
            interview.invitation.keep(invited);
        }
        let ana: CandidateRecord = serde_json::from_value(json!({
            "name": "Ana Lima", "email": PEOPLE[0], "added_at": now,
        }))?;
        let (letters, record, ana, id) = (&letters, &interview, &ana, &candidate.to_string());
        let laid = runtime.block_on(store.transact(|tx| async move {
            for (id, letter) in letters {
                tx.put(WORKSPACE, id, letter)?;
            }
            tx.put(WORKSPACE, id, ana)?;
            tx.put(WORKSPACE, INTERVIEW, record)
        }));
        laid.map_err(|error: StoreError| anyhow::anyhow!("{error}"))?;
        let clock = SetClock::at(now).clock();
        let answers = Answers { clock };
        Ok(Self {
            runtime,
            store,
            answers,
            interview,
        })
    }

    fn hear(&self, bytes: &[u8]) -> Result<Heard, StoreError> {
        let before = self.interview.clone();
        let Some(incoming) = read::read(bytes) else {
            let after = before.clone();
            return Ok(Heard {
                says: false,
                before,
                after,
            });
        };
        let incoming = &incoming;
        let says = !incoming.answers.is_empty() || incoming.interview.is_some();
        self.runtime.block_on(async {
            let hearing = |tx| async move {
                if self.answers.hear(&tx, incoming).await? || !says {
                    return Ok(());
                }
                let Ok(id) = INTERVIEW.parse() else {
                    return Ok(());
                };
                let words = self.answers.words(&tx, incoming, WORKSPACE, id).await;
                words.map(drop)
            };
            self.store.transact(hearing).await?;
            let after = self
                .store
                .get::<InterviewRecord>(WORKSPACE, INTERVIEW)
                .await?;
            let after = after.map_or_else(|| before.clone(), |it| it.record);
            if after != before {
                let again = &before;
                let undone = self
                    .store
                    .transact(|tx| async move { tx.put(WORKSPACE, INTERVIEW, again) });
                undone.await?;
            }
            Ok(Heard {
                says,
                before,
                after,
            })
        })
    }
}

fn letter(to: Recipient, now: Instant, address: &str) -> anyhow::Result<PastMessage> {
    let about = About::Interview(INTERVIEW.parse::<InterviewId>()?);
    let record = json!({
        "kind": MailKind::Invitation, "to": to, "about": about, "not_before": now, "created_at": now,
        "state": MessageState::Sent { at: now }, "address": address,
    });
    Ok(PastMessage(serde_json::from_value::<MessageRecord>(
        record,
    )?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::invitation::Answer;

    /// Case R1: the corpus and the names in here belong together.
    #[test]
    fn an_email_of_the_corpus_is_heard() {
        let _: greenroom_protocol::id::WorkspaceId = WORKSPACE.parse().expect("an id");
        let corpus = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/fuzz/corpus/incoming_email"
        );
        let read = |name: &str| std::fs::read(format!("{corpus}/{name}")).expect(name);
        let answer = |heard: &Heard| heard.after.invitation.invitees[0].answer;
        let accepted = heard(&read("reply"));
        assert!(accepted.says);
        assert_eq!(answer(&accepted), Answer::Accepted);
        // And the next one finds it as it was.
        assert_eq!(answer(&heard(&read("counter"))), Answer::Tentative);
        for name in ["bounce", "words"] {
            let heard = heard(&read(name));
            assert!(
                heard.says && heard.after.warnings != heard.before.warnings,
                "{name}"
            );
        }
        assert!(!heard(&read("nested")).says);
    }
}
