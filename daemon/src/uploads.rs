//! Texts that are too long for one frame, while their parts come in.
//!
//! Owns uploads in memory. Invariants: an upload is its caller's alone, is taken once, and is
//! forgotten after ten minutes; what all of them hold is bounded. Must not know what is in one.

use std::sync::{Arc, Mutex, PoisonError};

use greenroom_protocol::time::Instant;
use uuid::Uuid;

/// The longest text, in bytes.
pub const LONGEST: usize = 5 << 20;

/// Uploads at once; the oldest makes room.
const MOST: usize = 8;

/// How long an upload may take, in seconds.
const LIFE: i64 = 600;

/// Uploads in progress. Clones are the same.
#[derive(Clone, Default)]
pub struct Uploads(Arc<Mutex<Vec<Upload>>>);

struct Upload {
    id: String,
    owner: String,
    since: Instant,
    text: String,
}

/// Why a part was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// There is no such upload of this caller.
    Gone,
    /// It would be longer than [`LONGEST`].
    TooLong,
}

impl Uploads {
    /// Takes the next part of an upload, or the first of a new one; its name and bytes so far.
    ///
    /// # Errors
    /// Where there is no such upload, or it would be too long, which ends it.
    pub fn add(
        &self,
        owner: &str,
        id: Option<&str>,
        part: &str,
        now: Instant,
    ) -> Result<(String, usize), NotTaken> {
        let mut uploads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        uploads.retain(|it| now.since(it.since).as_secs() < LIFE);
        let mut upload = match id {
            Some(id) => {
                let place = uploads.iter().position(|it| it.is(owner, id));
                uploads.remove(place.ok_or(NotTaken::Gone)?)
            }
            None => Upload {
                id: Uuid::now_v7().simple().to_string(),
                owner: owner.to_owned(),
                since: now,
                text: String::new(),
            },
        };
        if upload.text.len() + part.len() > LONGEST {
            return Err(NotTaken::TooLong);
        }
        upload.text.push_str(part);
        let answer = (upload.id.clone(), upload.text.len());
        if uploads.len() >= MOST {
            uploads.remove(0);
        }
        uploads.push(upload);
        Ok(answer)
    }

    /// Takes an upload out.
    #[must_use]
    pub fn take(&self, owner: &str, id: &str, now: Instant) -> Option<String> {
        let mut uploads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        uploads.retain(|it| now.since(it.since).as_secs() < LIFE);
        let place = uploads.iter().position(|it| it.is(owner, id))?;
        Some(uploads.remove(place).text)
    }
}

impl Upload {
    fn is(&self, owner: &str, id: &str) -> bool {
        self.owner == owner && self.id == id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_second(second)
    }

    #[test]
    fn parts_come_together_and_are_taken_once_by_their_caller() {
        let uploads = Uploads::default();
        let (id, _) = uploads.add("dana", None, "BEGIN:", at(0)).unwrap();
        let (same, bytes) = uploads.add("dana", Some(&id), "VCALENDAR", at(1)).unwrap();
        assert_eq!((same.as_str(), bytes), (id.as_str(), 15));
        let others = uploads.add("sam", Some(&id), "x", at(1));
        assert_eq!(others, Err(NotTaken::Gone));
        assert_eq!(uploads.take("sam", &id, at(2)), None);
        assert_eq!(uploads.take("dana", &id, at(2)).unwrap(), "BEGIN:VCALENDAR");
        assert_eq!(uploads.take("dana", &id, at(2)), None);
    }

    #[test]
    fn an_upload_is_bounded_in_length_in_number_and_in_time() {
        let uploads = Uploads::default();
        let (id, _) = uploads
            .add("dana", None, &"x".repeat(LONGEST), at(0))
            .unwrap();
        let more = uploads.add("dana", Some(&id), "x", at(1));
        assert_eq!(more, Err(NotTaken::TooLong));
        assert_eq!(uploads.take("dana", &id, at(1)), None);
        let (first, _) = uploads.add("dana", None, "first", at(2)).unwrap();
        for _ in 0..MOST {
            uploads.add("sam", None, "x", at(3)).unwrap();
        }
        assert_eq!(uploads.take("dana", &first, at(3)), None);
        let (late, _) = uploads.add("dana", None, "late", at(4)).unwrap();
        assert_eq!(uploads.take("dana", &late, at(4 + LIFE)), None);
    }
}
