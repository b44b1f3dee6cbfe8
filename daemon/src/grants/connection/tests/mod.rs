//! What connections live through, told as a table (`table`) and as properties (`properties`).

mod properties;
mod table;

use greenroom_protocol::time::Instant;

use super::{ConnectionRecord, Event, Grant, Profile};
use crate::grants::reason::Reason;
use crate::grants::terms::tests::EXAMPLE;

fn at(second: i64) -> Instant {
    Instant::from_second(second)
}

fn grant() -> Grant {
    Grant {
        user: Profile {
            notes: None,
            organization: None,
            id: "u1".into(),
            email: "dana@acme.example".into(),
            name: "Dana".into(),
            plan: Some("licensed".into()),
        },
        client_id: "app".into(),
        scopes: EXAMPLE
            .scopes
            .all
            .iter()
            .map(|it| it.name.to_owned())
            .collect(),
        expires_at: at(3_600),
        last_refresh: at(0),
        refresh_attempt: None,
        user_read_at: None,
        contested_email: None,
        asked: Vec::new(),
        tenant: None,
        granted_at: None,
        ends_at: None,
    }
}

fn run(events: impl IntoIterator<Item = Event>) -> ConnectionRecord {
    events
        .into_iter()
        .enumerate()
        .fold(ConnectionRecord::default(), |record, (i, event)| {
            record.step(event, at(i as i64 + 1)).unwrap_or(record)
        })
}

fn refreshed(generation: u64) -> Event {
    Event::Refreshed {
        generation,
        scopes: None,
        expires_at: at(7_200),
    }
}

fn failed(generation: u64, lost: bool) -> Event {
    Event::RefreshFailed {
        generation,
        reason: Reason::Unreachable,
        lost,
        next: at(60),
    }
}

fn ended(generation: u64) -> Event {
    Event::Ended {
        generation,
        reason: Reason::ReplacedElsewhere,
        rotates: true,
    }
}
