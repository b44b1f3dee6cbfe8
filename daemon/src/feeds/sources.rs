//! Which room asks which kind of source.

use super::seam::{Answer, Asked};
use super::{colleague, dav, web};
use crate::records::feed::{FeedFrom, FeedPlace};
use crate::services::Services;

/// Asks where a feed is read from; `None`: it is read nowhere.
pub(super) async fn hear(
    services: &Services,
    place: FeedPlace,
    from: &FeedFrom,
    asked: &Asked,
) -> Option<Answer> {
    match from {
        // Those of everybody are read at once, and not one by one.
        FeedFrom::File | FeedFrom::Google | FeedFrom::Microsoft | FeedFrom::Unknown => None,
        FeedFrom::Url { .. } => Some(web::hear(services, place, asked).await),
        FeedFrom::CalDav { url, user } => {
            Some(dav::hear(services, place, (url, user), asked).await)
        }
        FeedFrom::Colleague { url, user, address } => {
            Some(colleague::hear(services, place, (url, user), address, asked).await)
        }
    }
}

/// Whether it is read again and again.
pub(super) fn is_read(from: &FeedFrom) -> bool {
    match from {
        FeedFrom::File | FeedFrom::Google | FeedFrom::Microsoft | FeedFrom::Unknown => false,
        FeedFrom::Url { .. } | FeedFrom::CalDav { .. } | FeedFrom::Colleague { .. } => true,
    }
}
