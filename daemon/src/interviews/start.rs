//! The start of an interview, as a request says it.
//!
//! Owns what a start's text is read against, and that nobody is booked at another time than the one
//! they were shown. Must hold no rule of reading; that is [`crate::schedule::reading`].

use greenroom_protocol::Error;
use greenroom_protocol::id::CandidateId;
use greenroom_protocol::time::Instant;

use crate::access::RequestContext;
use crate::schedule::reading::{self, Frame};
use crate::schedule::time::{self, Start};
use crate::services::Services;

/// A start as it was asked for.
pub(super) struct Asked<'r> {
    pub text: &'r str,
    /// The zone of a time that names none.
    pub zone: &'r str,
    pub locale: Option<&'r str>,
    /// The moment that the caller was shown for this text.
    pub shown: Option<Instant>,
    /// The length that the request says apart from the text.
    pub minutes: Option<u32>,
    /// Whose time "their time" is.
    pub candidate: CandidateId,
}

/// The one start that the text names, and the length, in minutes, where the request or the text
/// says one.
pub(super) fn read(
    services: &Services,
    context: &RequestContext,
    asked: &Asked<'_>,
) -> Result<(Start, Option<u32>), Error> {
    let candidate = services.index.candidate(context.workspace, asked.candidate);
    let theirs = candidate
        .and_then(|it| it.zone)
        .filter(|zone| time::zone(zone).is_ok());
    let now = services.clock.now();
    let frame = Frame::new(now, asked.zone, theirs.as_deref(), asked.locale)?;
    let read = reading::start(asked.text, &frame)?;
    let instant = read.start.instant;
    if let Some(shown) = asked.shown.filter(|shown| *shown != instant) {
        let said = |moment: Instant| moment.in_zone(asked.zone);
        let text = asked.text.trim().chars().take(60).collect::<String>();
        let (now, then) = (said(instant), said(shown));
        let why = format!("`{text}` now means {now}, but {then} was shown");
        return Err(Error::conflict(why)
            .field("start")
            .hint("check the start, then book again"));
    }
    match (asked.minutes, read.minutes) {
        (Some(asked), Some(said)) if asked != said => {
            let why = format!("The start says {said} minutes and the duration {asked}");
            Err(Error::usage(why).field("duration_minutes"))
        }
        (asked, said) => Ok((read.start, asked.or(said))),
    }
}
