//! Where somebody is written to now, and what is known of whether it reaches them.
//!
//! Invariant: what happened to an email to one address says nothing of another one. There is one
//! warning a person that email did not reach them; it goes when something reaches them.

use greenroom_protocol::schedule::{Finding, FindingCode, FindingWho, LaneKind};

use crate::input::folded;
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Invitee, Peer};
use crate::records::pipeline::CandidateRecord;
use crate::records::workspace::MemberRecord;
use crate::store::{StoreError, Tx};

/// The present address of a guest; `None` where they are gone.
pub(super) async fn address(
    tx: &Tx,
    space: &str,
    guest: Peer,
) -> Result<Option<String>, StoreError> {
    Ok(match guest {
        Peer::Candidate(id) => {
            let found = tx.peek::<CandidateRecord>(space, &id.to_string()).await?;
            found.map(|it| it.email)
        }
        Peer::Member(id) => {
            let found = tx.peek::<MemberRecord>(space, &id.to_string()).await?;
            found.map(|it| it.email)
        }
    })
}

/// Whether the newest email to somebody went where they are no longer written to.
pub(super) async fn has_moved(tx: &Tx, space: &str, invitee: &Invitee) -> Result<bool, StoreError> {
    let Some(went) = &invitee.address else {
        return Ok(false);
    };
    let now = address(tx, space, invitee.guest).await?;
    Ok(now.is_some_and(|now| folded(&now) != folded(went)))
}

/// Why an email did not reach somebody.
pub(super) enum Obstacle<'a> {
    /// The address does not receive.
    Address(&'a str),
    /// Our server is refused; the address is as good as before.
    Ours(&'a str),
    /// The mail server did not take it.
    NotSent(&'a str),
}

/// Notes that an email did not reach somebody, in the place of what was known of that before.
pub(super) fn is_unreached(interview: &mut InterviewRecord, guest: Peer, obstacle: &Obstacle<'_>) {
    is_reached(interview, guest);
    let whom = whom(interview, guest);
    let (code, why, message) = match obstacle {
        Obstacle::Address(why) => (
            FindingCode::AddressBounces,
            why,
            format!("Email to {whom} bounced: {why}"),
        ),
        Obstacle::Ours(why) => (
            FindingCode::MailRefused,
            why,
            format!(
                "Email to {whom} was refused because of our mail server, not the address: {why}. An administrator has to look into it"
            ),
        ),
        Obstacle::NotSent(why) => (
            FindingCode::MailRefused,
            why,
            format!("Email to {whom} could not be sent: {why}"),
        ),
    };
    let (why, address) = ((*why).to_owned(), known_address(interview, guest));
    if let Some(invitee) = interview.invitation.of_mut(guest) {
        invitee.unreached = Some(why);
    }
    // A candidate is not named: warnings outlast the candidate's record.
    let named = address.filter(|_| matches!(guest, Peer::Member(_)));
    interview.warn_of(about(guest, named), code, &message);
}

/// Notes that something reaches somebody: nothing that said otherwise is left.
pub(super) fn is_reached(interview: &mut InterviewRecord, guest: Peer) {
    let former = Former::of(interview, guest);
    if let Some(invitee) = interview.invitation.of_mut(guest) {
        invitee.unreached = None;
    }
    let mut invitees = interview.invitation.invitees.iter();
    let nobody_else = invitees.all(|it| it.unreached.is_none());
    let them = about(guest, former.address.clone());
    interview.warnings.retain(|it| {
        let is_about_mail = matches!(
            it.code,
            FindingCode::AddressBounces | FindingCode::MailRefused
        );
        let is_theirs = match &it.who {
            // Where it names an address, it says nothing of another one.
            Some(who) if who.name.is_some() => *who == them,
            Some(who) => who.kind == them.kind && who.id == them.id,
            None => former.is_theirs(it, nobody_else),
        };
        !(is_about_mail && is_theirs)
    });
}

/// What warnings of 0.2.0 and before say of somebody: they name nobody but in their words.
struct Former {
    about: String,
    address: Option<String>,
}

impl Former {
    fn of(interview: &InterviewRecord, guest: Peer) -> Self {
        Self {
            about: format!("Email to {} ", whom(interview, guest)),
            address: known_address(interview, guest),
        }
    }

    fn is_theirs(&self, warning: &Finding, nobody_else: bool) -> bool {
        let said = warning.message.as_str();
        let has_address = |address: &String| said.contains(address.as_str());
        let bounces = warning.code == FindingCode::AddressBounces;
        // Those of 0.1.0 did not say whom they are about at all.
        let obsolete = match bounces {
            true => said.starts_with("mail to "),
            false => said.starts_with("a letter about"),
        };
        let names_address = bounces && self.address.as_ref().is_some_and(has_address);
        names_address || said.starts_with(&self.about) || nobody_else && obsolete
    }
}

/// Somebody, for a finding that names them by this address.
pub(super) fn about(guest: Peer, address: Option<String>) -> FindingWho {
    let (kind, id) = match guest {
        Peer::Candidate(id) => (LaneKind::Candidate, id.to_string()),
        Peer::Member(id) => (LaneKind::Member, id.to_string()),
    };
    FindingWho {
        kind,
        id,
        name: address,
    }
}

/// Whom a warning is about, in its words.
fn whom(interview: &InterviewRecord, guest: Peer) -> String {
    let Peer::Member(_) = guest else {
        return "the candidate".to_owned();
    };
    match known_address(interview, guest) {
        Some(address) => format!("interviewer {address}"),
        None => "an interviewer".to_owned(),
    }
}

fn known_address(interview: &InterviewRecord, guest: Peer) -> Option<String> {
    interview.invitation.of(guest)?.address.clone()
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, MemberId, StageId};

    use super::*;

    fn warned(warnings: &[Finding]) -> InterviewRecord {
        let (member, id) = (MemberId::new(), CandidateId::new());
        let stored = serde_json::json!({
            "candidate": id.to_string(),
            "application": ApplicationId::new().to_string(),
            "job": JobId::new().to_string(),
            "stage": StageId::new().to_string(),
            "organizer": member.to_string(),
            "interviewers": [member.to_string()],
            "start": "2030-06-03T08:00:00Z",
            "zone": "UTC",
            "offset": "+00:00",
            "duration_minutes": 45,
            "status": "confirmed",
            "meeting": {"kind": "phone", "zoom": {"phase": "none"}},
            "warnings": warnings,
            "created_at": "2030-01-01T00:00:00Z",
        });
        serde_json::from_value(stored).expect("an interview")
    }

    #[test]
    fn what_reaches_somebody_takes_only_the_warnings_about_them() {
        let (sam, mina) = (MemberId::new(), MemberId::new());
        let ana = CandidateId::new();
        let mut interview = warned(&[]);
        let bounced = Obstacle::Address("no such user");
        is_unreached(&mut interview, Peer::Member(sam), &bounced);
        is_unreached(&mut interview, Peer::Member(mina), &bounced);
        is_unreached(
            &mut interview,
            Peer::Candidate(ana),
            &Obstacle::Ours("spam"),
        );
        // Nobody has an address on record, so the words about both members are the same.
        let who = |interview: &InterviewRecord| {
            let warnings = interview.warnings.iter();
            let who = warnings.filter_map(|it| it.who.as_ref().map(|who| who.id.clone()));
            who.collect::<Vec<_>>()
        };
        assert_eq!(
            who(&interview),
            [sam.to_string(), mina.to_string(), ana.to_string()]
        );
        is_reached(&mut interview, Peer::Member(sam));
        assert_eq!(who(&interview), [mina.to_string(), ana.to_string()]);
        is_reached(&mut interview, Peer::Candidate(ana));
        assert_eq!(who(&interview), [mina.to_string()]);
    }

    #[test]
    fn a_warning_of_an_earlier_version_goes_by_its_words() {
        let ana = Peer::Candidate(CandidateId::new());
        let sam = Peer::Member(MemberId::new());
        let bounces = |said: &str| Finding::new(FindingCode::AddressBounces, said);
        let words = bounces("Email to the candidate bounced: no such user");
        let mut interview = warned(std::slice::from_ref(&words));
        is_reached(&mut interview, sam);
        assert_eq!(interview.warnings, [words]);
        is_reached(&mut interview, ana);
        assert_eq!(interview.warnings, []);

        let mut interview = warned(&[
            bounces("mail to ana@mail.example does not arrive: no such user"),
            Finding::new(FindingCode::MailRefused, "a letter about this was refused"),
            Finding::new(FindingCode::NoMail, "mail to nobody"),
        ]);
        is_reached(&mut interview, ana);
        let left: Vec<_> = interview.warnings.iter().map(|it| it.code).collect();
        assert_eq!(left, [FindingCode::NoMail]);
    }
}
