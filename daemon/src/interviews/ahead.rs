//! Owns telling the Zoom room whose bookings begin soon: their keys are kept valid, and a connection that died meanwhile is loud an
//! hour before the talk and not in it. It asks Zoom nothing itself.

use crate::rooms::Rooms;
use crate::zoom::Who;

/// How long before a booking its host's keys are looked after.
const AHEAD_MINUTES: i64 = 60;

/// How often it is looked: a booking made for the next minutes asks for keys by itself.
const LOOK_EVERY_SECONDS: i64 = 60;

/// Tells again and again until `stop`.
pub async fn keep_expecting(rooms: Rooms, stop: impl Future<Output = ()>) {
    if rooms.index.ready().await.is_err() {
        return;
    }
    tokio::pin!(stop);
    loop {
        expect(&rooms);
        let next = rooms.clock.steady().plus_seconds(LOOK_EVERY_SECONDS);
        tokio::select! {
            () = &mut stop => return,
            () = rooms.clock.reach_steady(next) => {}
        }
    }
}

/// Tells the hosts of now.
pub fn expect(rooms: &Rooms) {
    let now = rooms.clock.now();
    // A booking whose minute has come is no longer ahead; one that begins in an hour is.
    let until = now.plus_minutes(AHEAD_MINUTES).plus_seconds(1);
    let hosts = rooms.index.hosts_between(now, until).into_iter();
    let hosts = hosts.map(|(workspace, member)| Who { workspace, member });
    rooms.zoom.expect(hosts.collect());
}
