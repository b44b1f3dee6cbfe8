//! The one moment that a text names, as the daemon reads it.

use greenroom_protocol::Error;
use greenroom_protocol::schedule::TimeRead;
use greenroom_protocol::time::Instant;

use super::Client;

/// What a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// One moment, or a stretch by its beginning.
    One(Instant),
    /// No time.
    Nothing,
    /// Several times, or one with several readings.
    Several,
}

/// Has the daemon read what a text names.
///
/// # Errors
/// What the daemon answered, or `unreachable`.
pub(crate) async fn named(client: &Client, read: TimeRead) -> Result<Named, Error> {
    let found = client.time_read(read).await?;
    Ok(match (found.times.as_slice(), found.ambiguous.as_slice()) {
        ([time], []) => Named::One(time.start),
        ([], []) => Named::Nothing,
        _ => Named::Several,
    })
}
