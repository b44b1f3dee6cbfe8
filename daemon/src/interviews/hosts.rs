//! Owns what bookings and the connections of their hosts owe each other. Ahead of a booking its
//! host's keys are kept valid, so that a connection that died meanwhile is loud an hour before the
//! talk and not in it. And what waits for a connection is tried as soon as that works again. It
//! asks Zoom nothing itself.

use super::check::CHECK_WORK;
use super::make::KIND;
use crate::services::Services;
use crate::work::WorkRecord;
use crate::zoom::Who;

/// How long before a booking its host's keys are looked after.
const AHEAD_MINUTES: i64 = 60;

/// How often it is looked: a booking made for the next minutes asks for keys by itself.
const LOOK_EVERY_SECONDS: i64 = 60;

/// Looks after the hosts until `stop`.
pub async fn keep_hosts(services: Services, stop: impl Future<Output = ()>) {
    if services.index.ready().await.is_err() {
        return;
    }
    let look = async {
        loop {
            expect(&services);
            let next = services.clock.steady().plus_seconds(LOOK_EVERY_SECONDS);
            services.clock.reach_steady(next).await;
        }
    };
    let wake = async {
        loop {
            for who in services.zoom.returned().await {
                let waits = |work: &WorkRecord| waits_for(&services, who, work);
                services.queue.wake(&who.space(), waits);
            }
        }
    };
    tokio::select! {
        () = stop => {}
        () = look => {}
        () = wake => {}
    }
}

/// Tells the Zoom room whose bookings begin soon.
pub fn expect(services: &Services) {
    let now = services.clock.now();
    // A booking whose minute has come is no longer ahead; one that begins in an hour is.
    let until = now.plus_minutes(AHEAD_MINUTES).plus_seconds(1);
    let hosts = services.index.hosts_between(now, until).into_iter();
    let hosts = hosts.map(|(workspace, member)| Who { workspace, member });
    services.zoom.expect(hosts.collect());
}

fn waits_for(services: &Services, who: Who, work: &WorkRecord) -> bool {
    // Nothing is known of meetings that changed while nobody could look.
    if work.kind == CHECK_WORK {
        return work.record == who.member.to_string();
    }
    let host = work.record.parse().ok();
    let host = host.and_then(|id| services.index.host_of(who.workspace, id));
    work.kind == KIND && host == Some(who.member)
}
