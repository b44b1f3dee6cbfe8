//! Waiting until the work outside for an interview is done.

use std::time::Duration;

use greenroom_protocol::interview::{Interview, InterviewStatus, MeetingState};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};
use tokio::time::{Instant, timeout_at};

use super::words::here;
use crate::client::Client;
use crate::output::{Failure, Stop};

/// One long poll, at most; a short one notices a daemon that went away.
const POLL: Duration = Duration::from_secs(20);

/// `interview` as it stands when its meeting is pending no more, or when `patience` is over.
pub(super) async fn settled(
    client: &Client,
    mut interview: Interview,
    patience: Duration,
) -> Result<Interview, Stop> {
    let end = Instant::now() + patience;
    let id = interview.id.to_string();
    while interview.meeting.state == MeetingState::Pending {
        let revision = interview.revision;
        match timeout_at(end, client.changes(revision, POLL)).await {
            // Kept and tried again: the record is there whether or not anybody waits.
            Err(_) => break,
            Ok(Err(error)) => return Err(Failure::with(error, "interview", &interview).into()),
            Ok(Ok(_)) => {}
        }
        let newest = client.interview_get(Reference::to(&id)).await;
        interview = newest.map_err(|error| Failure::with(error, "interview", &interview))?;
    }
    Ok(interview)
}

/// Whether the meeting is what was wanted; else the failure with the interview beside it. What was
/// written here and given up at Zoom is none: scripts must not take it for done.
pub(super) fn judged(interview: &Interview) -> Result<(), Stop> {
    let meeting = &interview.meeting;
    let why = meeting.reason.as_deref();
    let error = match meeting.state {
        MeetingState::None | MeetingState::Ready | MeetingState::Gone => {
            let Some(error) = given_up(interview) else {
                return Ok(());
            };
            error
        }
        MeetingState::Pending => {
            let next = meeting
                .next_try
                .map(|next| format!("; next try {}", here(next)));
            let message = format!(
                "Zoom is not finished yet: {}{}",
                why.unwrap_or("Zoom has not answered"),
                next.unwrap_or_default()
            );
            Error::new(ErrorKind::Pending, message).hint(format!(
                "it is retried automatically; see: greenroom interview show {}",
                interview.id
            ))
        }
        MeetingState::Failed => {
            let message = format!(
                "The meeting couldn't be created: {}",
                why.unwrap_or("no reason given")
            );
            let again = format!("try again: greenroom interview confirm {}", interview.id);
            let hint = match (&meeting.hint, meeting.refused_for_good) {
                (Some(hint), true) => hint.replace("ID", &interview.id.to_string()),
                _ => again,
            };
            Error::new(ErrorKind::Upstream, message).hint(hint)
        }
    };
    Err(Failure::with(error, "interview", interview).into())
}

/// What Zoom was to do for the latest change, and refused.
fn given_up(interview: &Interview) -> Option<Error> {
    let told = |code| interview.warnings.iter().find(move |it| it.code == code);
    let (finding, hint) = match interview.status {
        InterviewStatus::Cancelled if interview.meeting.state == MeetingState::Ready => (
            told(FindingCode::MeetingStays)?,
            "the interview is cancelled anyway; delete the meeting in Zoom",
        ),
        InterviewStatus::ToBeConfirmed | InterviewStatus::Confirmed => (
            told(FindingCode::MeetingOutdated)?,
            "the new time is saved; once Zoom works again: greenroom interview check, then repair",
        ),
        _ => return None,
    };
    Some(Error::new(ErrorKind::Upstream, finding.message.clone()).hint(hint))
}
