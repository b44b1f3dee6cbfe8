//! The member whose Zoom hosts, wherever the command line shows something that depends on their
//! connection.

use greenroom_protocol::interview::{Host, Interview, InterviewStatus};
use greenroom_protocol::time::Instant;

use super::words::{person, word};
use crate::output::Output;

/// Name and address, and what is wrong with the connection, if anything.
pub(super) fn described(host: &Host) -> String {
    let who = person(&host.name, &host.zoom_email);
    match broken(host) {
        Some(why) => format!("{who}, {why}"),
        None => who,
    }
}

/// Says on stderr whose connection planned interviews wait for.
pub(super) fn warn_of_broken(output: Output, interviews: &[Interview]) {
    let now = Instant::now();
    let planned = interviews.iter().filter(|it| is_planned(it, now));
    let mut told = Vec::new();
    for host in planned.filter_map(|it| it.host.as_ref()) {
        let Some(why) = broken(host).filter(|_| !told.contains(&host.id)) else {
            continue;
        };
        output.warn(&format!("{}'s Zoom is {why}", host.name));
        told.push(host.id);
    }
}

fn is_planned(interview: &Interview, now: Instant) -> bool {
    let to_come = matches!(
        interview.status,
        InterviewStatus::ToBeConfirmed | InterviewStatus::Confirmed
    );
    to_come
        && interview
            .start
            .plus_minutes(interview.duration_minutes.into())
            > now
}

fn broken(host: &Host) -> Option<String> {
    let standing = host.connection.as_ref()?;
    if standing.state.serves() {
        return None;
    }
    let state = word(standing.state);
    Some(match &standing.reason {
        Some(reason) => format!("{state}: {reason}"),
        None => state,
    })
}
