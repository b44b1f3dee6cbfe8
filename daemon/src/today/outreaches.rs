//! Proposed times that need a person: an answer to read, nobody chose, nobody was reached, or what the
//! assistant would send is to be approved. For who invites, as long as they may; else for everyone who hires for the job.

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::Interview;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};

use super::interview::word;
use super::mine::answers_for;
use crate::access::RequestContext;
use crate::index::OutreachPlace;
use crate::outreach;
use crate::records::outreach::{NeedsPerson, OutreachRecord, OutreachState};
use crate::services::Services;

/// Outreaches whose record is read, the oldest.
const MOST_READ: usize = 100;

/// Whether somebody is in touch with the candidate about moving this interview.
pub(super) fn moves(services: &Services, context: &RequestContext, interview: &Interview) -> bool {
    let open = services
        .index
        .open_outreach_of(context.workspace, interview.application);
    open.is_some_and(|(_, place)| place.moves == Some(interview.id))
}

/// What of proposed times the member should see to.
pub(super) async fn needs(
    services: &Services,
    context: &RequestContext,
    me: MemberId,
) -> Result<Vec<NeedsMe>, Error> {
    let (index, ws) = (&services.index, context.workspace);
    let is_for = |place: &OutreachPlace| {
        let invites = answers_for(index, ws, place.organizer, place.job);
        match invites {
            true => place.organizer == me && context.hires_for(place.job).is_ok(),
            false => context.hires_for(place.job).is_ok(),
        }
    };
    // Who answers for it takes the index's lock, so it is asked outside of it.
    let open = index.open_outreaches(ws, |place| place.needs_person || place.draft);
    let (space, mut needs) = (context.space(), Vec::new());
    for id in open {
        if needs.len() == MOST_READ {
            break;
        }
        if !index.outreach(ws, id).is_some_and(|place| is_for(&place)) {
            continue;
        }
        let key = id.to_string();
        let stored = services.store.get::<OutreachRecord>(&space, &key).await?;
        let Some(record) = stored.map(|stored| stored.record) else {
            continue;
        };
        if !record.needs_person() && record.state != OutreachState::Draft {
            continue;
        }
        let Some(candidate) = index.candidate(ws, record.candidate) else {
            continue;
        };
        // An interview that is to be moved and is not is close, or soon will be.
        let moving = record.purpose.moving().filter(|_| record.needs_person());
        let due = moving.map(|it| it.start);
        let kind = NeedKind::ProposedSlots;
        let answered = OutreachState::Person {
            why: NeedsPerson::Answered,
        };
        let email = record.answer.filter(|_| record.state == answered);
        needs.push(NeedsMe {
            key: format!("{}:{id}", word(kind)),
            kind,
            action: match email {
                Some(_) => NeedAction::Read,
                None => NeedAction::Open,
            },
            urgent: due.is_some(),
            since: record.since,
            due,
            who: candidate.name,
            message: outreach::message(&record),
            candidate: Some(record.candidate),
            application: Some(record.application),
            interview: moving.map(|it| it.interview),
            email,
            member: None,
            account: None,
            interviews: None,
            outreach: Some(id),
            proposed: None,
        });
    }
    Ok(needs)
}
