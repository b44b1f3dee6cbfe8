//! Times in a text, read for a caller.
//!
//! Owns whose zone and whose present a text is read in where the caller does not say. Must hold no
//! rule of reading; that is [`crate::schedule::reading`].

use greenroom_protocol::Error;
use greenroom_protocol::schedule::{TimeRead, TimesRead};

use crate::access::RequestContext;
use crate::schedule::reading::{self, Frame, LONGEST};
use crate::services::Services;

/// The times that a text names; nothing is written.
///
/// # Errors
/// Usage: a text that is too long, or a zone that does not exist.
pub async fn read(
    services: &Services,
    context: &RequestContext,
    request: TimeRead,
) -> Result<TimesRead, Error> {
    if request.text.len() > LONGEST {
        let why = format!("The text has more than {LONGEST} bytes");
        return Err(Error::usage(why).field("text"));
    }
    let now = request.now.unwrap_or_else(|| services.clock.now());
    let mine = context.me().map(|me| me.zone.as_str());
    let zone = request.zone.as_deref().or(mine).unwrap_or("UTC");
    let (their_zone, locale) = (request.their_zone.as_deref(), request.locale.as_deref());
    let frame = Frame::new(now, zone, their_zone, locale)?;
    Ok(reading::times(&request.text, &frame))
}
