//! What a person asks for: a new interview at one of the times, or one that is booked moved to it.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, InterviewId};
use greenroom_protocol::interview::{InterviewNew, InterviewReschedule, Side};
use greenroom_protocol::outreach::OutreachPropose;
use greenroom_protocol::workspace::Reference;

use crate::access::RequestContext;
use crate::interviews::{self, Time};
use crate::outreach::clock;
use crate::records::interview::InterviewRecord;
use crate::records::outreach::{Moving, Purpose};
use crate::services::Services;
use crate::store::Tx;

/// What is to become of a time.
pub(super) enum Asked<'a> {
    /// An interview is booked.
    New(&'a OutreachPropose),
    /// One that is booked is moved.
    Moved(&'a OutreachPropose, InterviewId),
}

impl<'a> Asked<'a> {
    pub(super) fn of(
        services: &Services,
        context: &RequestContext,
        request: &'a OutreachPropose,
    ) -> Result<Self, Error> {
        let Some(text) = request.interview.as_deref() else {
            return Ok(Self::New(request));
        };
        if let Some(field) = of_a_new_one(request) {
            let why = "An interview that is moved keeps its people, its length and how they join";
            return Err(Error::usage(why)
                .field(field)
                .hint("change it with `greenroom interview edit`"));
        }
        let id = interviews::find(services, context, text)?;
        Ok(Self::Moved(request, id))
    }

    pub(super) async fn application(
        &self,
        services: &Services,
        context: &RequestContext,
        tx: &Tx,
        slot: &str,
    ) -> Result<ApplicationId, Error> {
        match self {
            Self::New(request) => {
                interviews::application_of(services, context, &booking(request, slot))
            }
            Self::Moved(_, id) => Ok(moved(tx, &context.space(), *id).await?.application),
        }
    }

    pub(super) async fn weighed(
        &self,
        services: &Services,
        context: &RequestContext,
        tx: &Tx,
        slot: &str,
    ) -> Result<Time, Error> {
        match self {
            Self::New(request) => {
                interviews::weighed(services, context, tx, &booking(request, slot), false).await
            }
            Self::Moved(request, id) => {
                let to = InterviewReschedule {
                    interview: Reference::to(id.to_string()),
                    start: slot.to_owned(),
                    start_shown: None,
                    locale: request.locale.clone(),
                    zone: request.zone.clone(),
                    duration_minutes: None,
                    by: Side::Us,
                    reason: None,
                    refuse_advice: false,
                };
                interviews::weigh_move(services, context, tx, *id, &to).await
            }
        }
    }

    /// What the outreach is for. A person sees to its notice themselves.
    pub(super) async fn purpose(&self, tx: &Tx, space: &str) -> Result<Purpose, Error> {
        let Self::Moved(_, id) = self else {
            return Ok(Purpose::Book);
        };
        let start = moved(tx, space, *id).await?.start;
        Ok(Purpose::Move(Moving {
            interview: *id,
            start,
            by: clock::movable_until(start, 0),
        }))
    }
}

async fn moved(tx: &Tx, space: &str, id: InterviewId) -> Result<InterviewRecord, Error> {
    let interview = tx.get::<InterviewRecord>(space, &id.to_string()).await?;
    interview.ok_or_else(|| Error::not_found("the interview is gone").field("interview"))
}

/// What is said only of an interview that is not booked yet.
fn of_a_new_one(request: &OutreachPropose) -> Option<&'static str> {
    let said = [
        ("job", request.job.is_some()),
        ("stage", request.stage.is_some()),
        ("duration_minutes", request.duration_minutes.is_some()),
        ("organizer", request.organizer.is_some()),
        ("with", !request.with.is_empty()),
        ("zoom_user", request.zoom_user.is_some()),
        ("url", request.url.is_some()),
        ("meeting_id", request.meeting_id.is_some()),
        ("passcode", request.passcode.is_some()),
        ("details", request.details.is_some()),
        ("zoom_notes", request.zoom_notes.is_some()),
    ];
    said.into_iter().find(|it| it.1).map(|it| it.0)
}

/// What would be booked at one of the times.
fn booking(request: &OutreachPropose, slot: &str) -> InterviewNew {
    let asked = request.clone();
    InterviewNew {
        candidate: asked.candidate,
        job: asked.job,
        kind: asked.kind,
        start: slot.to_owned(),
        locale: asked.locale,
        zone: asked.zone,
        duration_minutes: asked.duration_minutes,
        organizer: asked.organizer,
        with: asked.with,
        zoom_user: asked.zoom_user,
        url: asked.url,
        meeting_id: asked.meeting_id,
        passcode: asked.passcode,
        details: asked.details,
        zoom_notes: asked.zoom_notes,
        confirm: true,
        ..InterviewNew::default()
    }
}
