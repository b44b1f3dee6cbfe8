//! GET /meetings/{uuid}/meeting_summary, and GET /past_meetings/{id}/instances: the uuids to ask
//! by.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::{ApiError, admit};
use crate::sandbox::clock::written;
use crate::sandbox::zoom::control::Zoom;
use crate::sandbox::zoom::directory::Licence;
use crate::sandbox::zoom::limits::Weight;
use crate::sandbox::zoom::meeting::Meeting;

pub(super) async fn read(
    State(zoom): State<Zoom>,
    Path(encoded): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    zoom.with(|world| {
        let caller = admit(world, &headers, "meeting:read:summary", Weight::Light)?;
        if caller.licence == Licence::Basic {
            return Err(ApiError::PaidOnly);
        }
        let uuid = uuid_of(&encoded)?;
        let mine = |meeting: &&Meeting| meeting.host_email == caller.email;
        let mut all = world.meetings.values().filter(mine);
        let body = all.find_map(|meeting| {
            let past = meeting.instances.iter().find(|it| it.uuid == uuid);
            let content = match past {
                Some(past) => past.summary.as_ref(),
                None if meeting.uuid == uuid => meeting.summary.as_ref(),
                None => None,
            };
            Some(body(meeting, &uuid, content?))
        });
        body.map(Json).ok_or(ApiError::NoMeeting(uuid))
    })
}

/// The past instances of the caller's meeting, by Zoom's number for it.
pub(super) async fn instances(
    State(zoom): State<Zoom>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    zoom.with(|world| {
        let scope = "meeting:read:list_past_instances";
        let caller = admit(world, &headers, scope, Weight::Medium)?;
        let number: u64 = id.parse().map_err(|_| ApiError::BadId)?;
        let meeting = world.meetings.get(&number);
        let meeting = meeting.filter(|meeting| meeting.host_email == caller.email);
        let meeting = meeting.ok_or(ApiError::NoMeeting(id))?;
        let instances = meeting
            .instances
            .iter()
            .map(|it| json!({ "uuid": it.uuid, "start_time": written(it.start_time) }));
        Ok(Json(json!({ "meetings": instances.collect::<Vec<_>>() })))
    })
}

/// The router took off one layer of encoding. A UUID with a slash where Zoom's own router trips
/// over it needs a second.
fn uuid_of(once_decoded: &str) -> Result<String, ApiError> {
    if once_decoded.starts_with('/') || once_decoded.contains("//") {
        return Err(ApiError::BadId);
    }
    let mut uuid = once_decoded.to_owned();
    for (escape, letter) in [("%2F", "/"), ("%2f", "/"), ("%2B", "+"), ("%2b", "+")] {
        uuid = uuid.replace(escape, letter);
    }
    Ok(uuid.replace("%3D", "=").replace("%3d", "="))
}

fn body(meeting: &Meeting, uuid: &str, content: &str) -> Value {
    let (began, ended) = (written(meeting.start_time), written(meeting.ends()));
    json!({
        "meeting_host_id": meeting.host_id,
        "meeting_host_email": meeting.host_email,
        "meeting_uuid": uuid,
        "meeting_id": meeting.id,
        "meeting_topic": meeting.topic,
        "meeting_start_time": began,
        "meeting_end_time": ended,
        "summary_start_time": began,
        "summary_end_time": ended,
        "summary_created_time": ended,
        "summary_last_modified_time": ended,
        "summary_title": format!("Meeting summary for {}", meeting.topic),
        "summary_content": content,
        "summary_doc_url": "",
    })
}
