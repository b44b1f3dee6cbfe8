//! ★ What is known of whether Zoom writes notes (its AI Companion's summary) of a host's meetings.
//!
//! Owns why it would not, in words, and what the last meeting showed. Zoom refuses no request over
//! it: it makes the meeting without (README, "Meetings"). So a booking asks here first, by the
//! host's plan, by their settings where Zoom shows them, and by what became of the last meeting.
//! Nothing here asks Zoom.

use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::ZoomPlan;
use serde::{Deserialize, Serialize};

use crate::grants::Profile;
use crate::store::{Record, Store, StoreError, Tx};
use crate::zoom::plan;

/// The optional scope by which a user's settings are read.
pub(super) const SETTINGS_SCOPE: &str = "user:read:settings";

const ON: &str = "on";
const OFF: &str = "off";

/// Why Zoom would write no notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoNotes {
    /// The host's plan has none.
    NotInPlan,
    /// They are turned off in the host's settings. Zoom does not say by whom.
    TurnedOff,
    /// They were asked for, and the last meeting came without.
    NotTaken,
}

/// What became of notes in a host's last meeting that asked for them; its id is Zoom's id of the
/// host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostNotes {
    /// Whether Zoom turned them on.
    taken: bool,
    /// When that was read.
    at: Instant,
}

impl Record for HostNotes {
    const TABLE: &'static str = "host-notes";
    const SCHEMA: u32 = 1;
}

impl HostNotes {
    /// Why Zoom would write none, as far as is known.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub async fn why_none(
        tx: &Tx,
        space: &str,
        user: &Profile,
    ) -> Result<Option<NoNotes>, StoreError> {
        // For advice only: nothing is expected to stay so.
        let last = tx.peek::<Self>(space, &user.id).await?;
        Ok(why_none(user, last.map(|it| it.taken)))
    }

    /// Keeps what a meeting showed that asked for notes.
    ///
    /// # Errors
    ///
    /// Where the store cannot be written.
    pub async fn learn(
        store: &Store,
        space: &str,
        zoom_id: &str,
        taken: bool,
        at: Instant,
    ) -> Result<(), StoreError> {
        let learned = store.transact(|tx| async move {
            let known = tx.get::<Self>(space, zoom_id).await?;
            match known.is_some_and(|it| it.taken == taken) {
                true => Ok(()),
                false => tx.put(space, zoom_id, &Self { taken, at }),
            }
        });
        learned.await.map(drop)
    }
}

/// What a meeting showed counts more than settings that allow it: an admin can lock what is asked
/// of one meeting and leave the user's setting alone.
fn why_none(user: &Profile, last_taken: Option<bool>) -> Option<NoNotes> {
    if plan::of(user) == ZoomPlan::Basic {
        return Some(NoNotes::NotInPlan);
    }
    match (user.notes.as_deref(), last_taken) {
        (Some(OFF), _) => Some(NoNotes::TurnedOff),
        (_, Some(false)) => Some(NoNotes::NotTaken),
        _ => None,
    }
}

/// The word that a connection keeps of its user's setting.
pub(super) const fn word(enabled: bool) -> &'static str {
    match enabled {
        true => ON,
        false => OFF,
    }
}

impl NoNotes {
    /// For people, about this host.
    #[must_use]
    pub fn text(self, host: &str) -> String {
        match self {
            Self::NotInPlan => format!(
                "{host}'s Zoom is on the Basic plan, which has no notes: no summary will be written. \
                 Choose another host, or turn Zoom notes off"
            ),
            Self::TurnedOff => format!(
                "Meeting summaries are turned off in {host}'s Zoom settings, or locked by a Zoom \
                 admin: no summary will be written. Turn them on at Zoom, or choose another host"
            ),
            Self::NotTaken => format!(
                "Zoom did not turn notes on for a meeting of {host}'s, so no summary will be written: \
                 a Zoom admin may have locked them. Ask the admin, or choose another host"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plan_then_settings_then_the_last_meeting_say_why_there_are_no_notes() {
        let user = |plan: ZoomPlan, notes: Option<bool>| Profile {
            id: "u".into(),
            email: "mina@acme.example".into(),
            name: "Mina".into(),
            plan: Some(plan::word(plan).into()),
            notes: notes.map(|enabled| word(enabled).into()),
            organization: None,
        };
        let (basic, licensed) = (ZoomPlan::Basic, ZoomPlan::Licensed);
        for (plan, setting, last, expected) in [
            (basic, None, None, Some(NoNotes::NotInPlan)),
            (basic, Some(true), Some(true), Some(NoNotes::NotInPlan)),
            (licensed, None, None, None),
            (licensed, Some(true), None, None),
            (licensed, Some(true), Some(true), None),
            (licensed, None, Some(false), Some(NoNotes::NotTaken)),
            (licensed, Some(true), Some(false), Some(NoNotes::NotTaken)),
            (licensed, Some(false), None, Some(NoNotes::TurnedOff)),
            (licensed, Some(false), Some(true), Some(NoNotes::TurnedOff)),
        ] {
            let found = why_none(&user(plan, setting), last);
            assert_eq!(found, expected, "{plan:?} {setting:?} {last:?}");
        }
        for why in [NoNotes::NotInPlan, NoNotes::TurnedOff, NoNotes::NotTaken] {
            assert!(why.text("Mina").contains("Mina's"));
        }
    }
}
