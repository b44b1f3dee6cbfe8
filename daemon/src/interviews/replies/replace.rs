//! Somebody takes an interviewer's place: by a person's word, or after a decline automatically.

use greenroom_protocol::Error;
use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::interview::{ChangeKind, InterviewReplace, Outcome};
use greenroom_protocol::workspace::Reference;

use super::notice::{Notice, What};
use super::step;
use crate::access::RequestContext;
use crate::interviews::change::{Replacement, Wanted, change, over};
use crate::interviews::judge::Purpose;
use crate::interviews::list::visible;
use crate::interviews::{panel, plan};
use crate::records::interview::InterviewRecord;
use crate::records::terms::Terms;
use crate::services::Services;

/// Has somebody take an interviewer's place; nobody named: the next of their "any of" who is free.
pub async fn replace(
    services: &Services,
    context: &RequestContext,
    request: InterviewReplace,
) -> Result<Outcome, Error> {
    let (index, workspace) = (&services.index, context.workspace);
    let reference = &request.interview;
    let seen = visible(context.scope());
    let id = index.find_interview(workspace, &reference.reference, &seen)?;
    let from = plan::member(services, context, &request.from, "from")?;
    let to = match request.to.as_deref() {
        Some(to) => plan::member(services, context, to, "to")?,
        None => {
            let next = next(services, context, id, from).await?;
            next.ok_or_else(|| {
                let why = "Nobody else of a \"one of\" group they are in is free then";
                Error::conflict(why)
                    .field("to")
                    .hint("name somebody with --to")
            })?
        }
    };
    change(services, context, reference, |interview| {
        wanted(interview, from, to)
    })
    .await
}

fn wanted(interview: &InterviewRecord, from: MemberId, to: MemberId) -> Result<Wanted, Error> {
    if !interview.takes_time() {
        return Err(over(interview.status));
    }
    let mut terms = interview.terms();
    let Some(place) = terms.interviewers.iter().position(|it| *it == from) else {
        let why = "They are not an interviewer of this interview";
        return Err(Error::usage(why).field("from"));
    };
    if terms.interviewers.contains(&to) {
        let why = "They are an interviewer of this interview already";
        return Err(Error::usage(why).field("to"));
    }
    if let Some(taken) = terms.interviewers.get_mut(place) {
        *taken = to;
    }
    Ok(of(interview, from, to, terms))
}

fn of(interview: &InterviewRecord, from: MemberId, to: MemberId, terms: Terms) -> Wanted {
    let declined = step::decliners(interview).contains(&from);
    Wanted {
        replaces: declined.then_some(Replacement {
            member: from,
            by: to,
            notice: None,
        }),
        ..Wanted::new(ChangeKind::Edited, Some(terms))
    }
}

/// Has the next of their "any of" take a decliner's place, and tells the organizer. `None`: nobody
/// can, or they take part no more.
pub(super) async fn automatic(
    services: &Services,
    context: &RequestContext,
    id: InterviewId,
    from: MemberId,
) -> Result<Option<MemberId>, Error> {
    let Some(to) = next(services, context, id, from).await? else {
        return Ok(None);
    };
    let now = services.clock.now();
    let row = services.index.member(context.workspace, from);
    let name = row.map_or_else(
        || "an interviewer".to_owned(),
        |row| row.record.name.clone(),
    );
    let notice = Notice {
        member: from,
        what: What::Replaced,
        next: Some(to),
    };
    let reference = Reference::to(id.to_string());
    let changed = change(services, context, &reference, |interview| {
        // As it is in the commit: somebody may have been quicker.
        if !step::is_new_decline(interview, from) || !step::may_be_automatic(interview, now) {
            return Err(Error::conflict("The interview was changed since"));
        }
        let mut wanted = wanted(interview, from, to)?;
        wanted.reason = Some(format!("{name} declined"));
        wanted.replaces = Some(Replacement {
            member: from,
            by: to,
            notice: (interview.organizer != from)
                .then(|| notice.draft(id, interview.organizer, now)),
        });
        Ok(wanted)
    });
    changed.await.map(|_| Some(to))
}

/// Who would take an interviewer's place: the next by fairness of an "any of" they are in who is
/// free then and has not declined.
pub(super) async fn next(
    services: &Services,
    context: &RequestContext,
    id: InterviewId,
    from: MemberId,
) -> Result<Option<MemberId>, Error> {
    let found = services.store.transact(|tx| async move {
        let key = id.to_string();
        let interview = tx.peek::<InterviewRecord>(&context.space(), &key).await?;
        let Some(interview) = interview else {
            return Ok(None);
        };
        let declined = step::decliners(&interview);
        let purpose = Purpose::Show;
        panel::in_place_of(services, context, &tx, &interview, from, &declined, purpose).await
    });
    Ok(found.await?.0)
}
