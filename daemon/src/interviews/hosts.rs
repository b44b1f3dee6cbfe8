//! Owns what bookings and the connections of their hosts owe each other. Ahead of a booking its
//! host's keys are kept valid, so that a connection that died meanwhile is loud an hour before the
//! talk and not in it. And what waits for a connection is tried as soon as that works again. It
//! asks Zoom nothing itself.

use std::time::Duration;

use futures::future::BoxFuture;

use super::check::CHECK_WORK;
use super::make::KIND;
use crate::services::Services;
use crate::work::rounds::Round;
use crate::zoom::ConnectionId;

/// How long before a booking its host's keys are looked after.
const AHEAD_MINUTES: i64 = 60;

/// How often it is looked: a booking made for the next minutes asks for keys anyway.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Expects the hosts of what begins soon, once a minute.
pub struct HostRound(pub Services);

impl Round for HostRound {
    fn name(&self) -> &'static str {
        "hosts"
    }

    fn go(&self) -> BoxFuture<'_, Duration> {
        Box::pin(async {
            // Nothing is known before the index is; where it cannot be built, others say so.
            if self.0.index.ready().await.is_ok() {
                expect(&self.0);
            }
            LOOK_EVERY
        })
    }
}

/// Has tried what waits for a connection as soon as that works again, until `stop`.
pub async fn wake_what_waits(services: &Services, stop: impl Future<Output = ()>) {
    // Which interviews are on which host, the index knows.
    if services.index.ready().await.is_err() {
        return stop.await;
    }
    tokio::pin!(stop);
    loop {
        let returned = tokio::select! {
            () = &mut stop => return,
            returned = services.zoom.grants().returned() => returned,
        };
        for who in returned {
            wake(services, who);
        }
    }
}

fn wake(services: &Services, who: ConnectionId) {
    // Meetings are on Zoom of members only.
    let Some(member) = who.member() else {
        return;
    };
    let (space, now) = (who.space(), services.clock.now());
    // Nothing is known of meetings that changed while nobody could look.
    let key = member.to_string();
    services
        .queue
        .wake(&space, CHECK_WORK, now, |record| record == key);
    let is_host = |record: &str| {
        let host = record.parse().ok();
        host.and_then(|id| services.index.host_of(who.workspace, id)) == Some(member)
    };
    services.queue.wake(&space, KIND, now, is_host);
}

/// Tells the Zoom room whose bookings begin soon.
pub fn expect(services: &Services) {
    let now = services.clock.now();
    // A booking whose minute has come is no longer ahead; one that begins in an hour is.
    let until = now.plus_minutes(AHEAD_MINUTES).plus_seconds(1);
    let hosts = services.index.hosts_between(now, until).into_iter();
    let hosts = hosts.map(|(workspace, member)| ConnectionId::of_member(workspace, member));
    services.zoom.grants().expect(hosts.collect());
}
