//! GET /meetings/{uuid}/meeting_summary.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::{ApiError, admit};
use crate::sandbox::clock::written;
use crate::sandbox::control::Zoom;
use crate::sandbox::directory::Licence;
use crate::sandbox::limits::Weight;
use crate::sandbox::meeting::Meeting;

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
        let mine = |meeting: &&Meeting| meeting.uuid == uuid && meeting.host_email == caller.email;
        let found = world.meetings.values().find(mine);
        let body = found.and_then(|meeting| Some(body(meeting, meeting.summary.as_ref()?)));
        body.map(Json).ok_or(ApiError::NoMeeting(uuid))
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

fn body(meeting: &Meeting, content: &str) -> Value {
    let (began, ended) = (written(meeting.start_time), written(meeting.ends()));
    json!({
        "meeting_host_id": meeting.host_id,
        "meeting_host_email": meeting.host_email,
        "meeting_uuid": meeting.uuid,
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
