//! An interview made of little, for tests that need the type and not the story.

use greenroom_protocol::interview::Interview;
use serde_json::json;

/// With Ana Lima by telephone, interviewed by Sam Ito, confirmed.
pub(crate) fn interview(start: &str, minutes: u32) -> Interview {
    let member = |number: u8, name: &str| json!({"id": id("mem", number), "name": name, "email": "m@acme.example"});
    let sample = json!({
        "id": id("int", 1), "revision": 1, "status": "confirmed",
        "start": start, "zone": "UTC", "offset": "+00:00", "duration_minutes": minutes,
        "organizer": member(1, "Dana Reyes"), "host": null, "interviewers": [member(2, "Sam Ito")],
        "candidate": {"id": id("can", 1), "name": "Ana Lima", "email": "a@mail.example", "zone": null},
        "application": id("app", 1), "job_title": "Designer", "stage_name": "Onsite", "warnings": [],
        "meeting": {"type": "phone", "state": "none", "reason": null, "join_url": null, "meeting_id": null, "passcode": null},
        "created_at": start,
    });
    serde_json::from_value(sample).unwrap()
}

/// The id of a kind with that number.
pub(crate) fn id(prefix: &str, number: u8) -> String {
    format!("{prefix}_{number:0>26}")
}
