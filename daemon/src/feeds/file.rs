//! A calendar's text as it comes from a caller: whole, or in parts.

use greenroom_protocol::Error;
use greenroom_protocol::calendar::{CalendarFile, CalendarUpload, CalendarUploaded};

use crate::access::RequestContext;
use crate::services::Services;
use crate::uploads::NotTaken;

/// Whose an upload is: one workspace's member.
fn owner(context: &RequestContext) -> Result<String, Error> {
    let member = context.member()?.brief.id;
    Ok(format!("{}/{member}", context.workspace))
}

/// Takes a part of a calendar.
///
/// # Errors
/// Usage: it is too long. Not found: no such upload of the caller's.
pub async fn upload(
    services: &Services,
    context: &RequestContext,
    part: CalendarUpload,
) -> Result<CalendarUploaded, Error> {
    let (owner, id) = (owner(context)?, part.upload.as_deref());
    let now = services.clock.now();
    match services.uploads.add(&owner, id, &part.text, now) {
        Ok((upload, bytes)) => Ok(CalendarUploaded {
            upload,
            bytes: bytes as u64,
        }),
        Err(NotTaken::Gone) => Err(gone()),
        Err(NotTaken::TooLong) => {
            Err(Error::usage("The calendar is larger than 5 MB").field("text"))
        }
    }
}

/// The text of a calendar that a caller sends.
pub(super) fn text(
    services: &Services,
    context: &RequestContext,
    file: CalendarFile,
) -> Result<String, Error> {
    match (file.text, file.upload) {
        (Some(text), None) => Ok(text),
        (None, Some(upload)) => {
            let (owner, now) = (owner(context)?, services.clock.now());
            services.uploads.take(&owner, &upload, now).ok_or_else(gone)
        }
        _ => Err(Error::usage("Give the calendar's text, or an upload of it").field("text")),
    }
}

fn gone() -> Error {
    Error::not_found("That upload is not there any more; upload the calendar again").field("upload")
}
