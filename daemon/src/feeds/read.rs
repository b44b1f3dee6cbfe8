//! A calendar, read for a caller; nothing is kept of it.

use greenroom_protocol::Error;
use greenroom_protocol::calendar::{BusySpan, CalendarBusy, CalendarRead};
use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::text::printable;
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

use super::file;
use crate::access::RequestContext;
use crate::calendars::{self, Frame};
use crate::mail::token::read_uid;
use crate::schedule::ranges::Seconds;
use crate::services::Services;

/// The longest while that may be asked about, in days.
const LONGEST: i64 = 3_660;

/// When the owner of a calendar is busy.
///
/// # Errors
/// Usage: no calendar, a zone that does not exist, or an end before the start.
pub async fn read(
    services: &Services,
    context: &RequestContext,
    request: CalendarRead,
) -> Result<CalendarBusy, Error> {
    let span = request.from.second()..request.to.second();
    if span.is_empty() {
        return Err(Error::usage("The end is not after the start").field("to"));
    }
    if span.end - span.start > LONGEST * 24 * 3600 {
        return Err(Error::usage("At most ten years are read").field("to"));
    }
    let mine = context.me().map(|me| me.zone.clone());
    let name = request.zone.or(mine).unwrap_or_else(|| "UTC".to_owned());
    let zone = TimeZone::get(&name).map_err(|_| {
        let why = format!("There is no time zone `{}`", printable(&name, 60));
        Error::usage(why).field("zone")
    })?;
    let text = file::text(services, context, request.file)?;
    let addresses: Vec<_> = request.member.into_iter().collect();
    let workspace = context.workspace;
    let read = tokio::task::spawn_blocking(move || {
        let frame = Frame {
            span,
            zone,
            addresses: &addresses,
            is_ours: &|uid| is_ours(workspace, uid),
        };
        calendars::read(&text, &frame)
    });
    let read = read.await.map_err(crashed)?;
    let read = read.map_err(|why| Error::usage(why.to_string()).field("text"))?;
    Ok(CalendarBusy {
        busy: read.busy.into_iter().map(span_of).collect(),
        warnings: read.warnings,
    })
}

/// What is said where reading crashed.
pub(super) fn crashed(error: tokio::task::JoinError) -> Error {
    tracing::error!(%error, "reading a calendar crashed");
    Error::failed("The calendar could not be read")
}

/// Whether a UID is of an interview of the workspace, which stands in its own calendars.
pub(super) fn is_ours(workspace: WorkspaceId, uid: &str) -> bool {
    read_uid(uid).is_some_and(|(of, _)| of == workspace)
}

fn span_of(span: Seconds) -> BusySpan {
    BusySpan {
        start: Instant::from_second(span.start),
        end: Instant::from_second(span.end),
    }
}
