//! What is asked of Zoom for an interview, from the records as they are.

use greenroom_protocol::id::InterviewId;

use super::words::mark;
use crate::records::interview::InterviewRecord;
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::StoreError;
use crate::zoom::MeetingPlan;

/// The meeting as it is to be.
pub(in crate::interviews) async fn of(
    services: &Services,
    space: &str,
    id: InterviewId,
    interview: &InterviewRecord,
    passcode: String,
) -> Result<MeetingPlan, StoreError> {
    let candidate = services
        .store
        .get::<CandidateRecord>(space, &interview.candidate.to_string())
        .await?;
    let name = candidate.map(|stored| stored.record.name);
    let job = space
        .parse()
        .ok()
        .and_then(|workspace| services.index.job(workspace, interview.job));
    let title = job.map(|row| row.record.title.clone());
    let topic = match (name, title) {
        (Some(name), Some(title)) => format!("Interview: {name}, {title}"),
        (Some(name), None) => format!("Interview: {name}"),
        _ => "Interview".to_owned(),
    };
    Ok(MeetingPlan {
        topic,
        start: interview.start,
        zone: interview.zone.clone(),
        minutes: interview.duration_minutes,
        mark: mark(id),
        agenda: String::new(),
        passcode,
        notes: interview.zoom_notes,
    })
}
