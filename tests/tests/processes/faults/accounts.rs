//! The two books that must agree: interviews as the daemon tells them, meetings as Zoom has them.

use std::collections::BTreeMap;

use greenroom::client::Client;
use greenroom_protocol::interview::{Interview, InterviewQuery, InterviewStatus, MeetingState};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::time::Instant;
use greenroom_tests::sandbox::{Meeting, Zoom};

/// Every interview of the workspace, by id.
pub async fn interviews(client: &Client) -> BTreeMap<String, Interview> {
    let mut all = BTreeMap::new();
    let mut query = InterviewQuery {
        limit: Some(200),
        ..InterviewQuery::default()
    };
    loop {
        let page = client.interview_list(query.clone()).await.unwrap();
        all.extend(page.items.into_iter().map(|it| (it.id.to_string(), it)));
        query.cursor = page.next;
        if query.cursor.is_none() {
            return all;
        }
    }
}

/// Every meeting at Zoom, by the interview whose mark it carries.
pub fn meetings(zoom: &Zoom) -> BTreeMap<String, Vec<Meeting>> {
    let mut all = BTreeMap::<String, Vec<Meeting>>::new();
    for meeting in zoom.meetings() {
        let mark = meeting.agenda.strip_prefix('[');
        let mark = mark.and_then(|rest| rest.split(']').next());
        let mark = mark.unwrap_or_else(|| panic!("a meeting nobody can find: {meeting:?}"));
        all.entry(mark.to_owned()).or_default().push(meeting);
    }
    all
}

/// What an interview may have left at Zoom, and which of it is linked.
pub struct Rules {
    /// Lost answers can be looked for.
    pub can_list: bool,
    /// The host's Zoom had to be reconnected at some time, so that a meeting could not be deleted
    /// then.
    pub was_cut_off: bool,
}

/// Says what is wrong with an interview and its meetings.
pub fn judge(interview: &Interview, meetings: &[Meeting], rules: &Rules) -> Result<(), String> {
    let told = |code| interview.warnings.iter().any(|it| it.code == code);
    let linked = interview.meeting.meeting_id.as_deref();
    let stray = meetings
        .iter()
        .filter(|it| Some(it.id.to_string().as_str()) != linked)
        .count();
    let found = meetings.len() - stray;

    if stray > 0 && rules.can_list {
        return Err(format!("{stray} strays, though they can be looked for"));
    }
    if stray > 0 && !told(FindingCode::PossibleOrphan) {
        return Err(format!("{stray} strays, and not a word about it"));
    }
    if told(FindingCode::PossibleOrphan) && rules.can_list {
        return Err("told of an orphan that could have been looked for".into());
    }
    let its = meetings
        .iter()
        .find(|it| Some(it.id.to_string().as_str()) == linked);
    let is_in_time = its.is_some_and(|it| Instant::from(it.start_time) == interview.start);
    match interview.status {
        InterviewStatus::Confirmed
            if interview.meeting.state == MeetingState::Ready && found == 1 =>
        {
            // Anyone who was cut off may have moved it where Zoom could not be changed.
            match is_in_time || rules.was_cut_off && told(FindingCode::MeetingOutdated) {
                true => Ok(()),
                false => Err("its meeting is at another time".into()),
            }
        }
        InterviewStatus::ToBeConfirmed if meetings.is_empty() => Ok(()),
        InterviewStatus::Confirmed => Err("confirmed without its meeting".into()),
        InterviewStatus::Cancelled if found == 0 => Ok(()),
        InterviewStatus::Cancelled if rules.was_cut_off && told(FindingCode::MeetingStays) => {
            Ok(())
        }
        InterviewStatus::Cancelled => Err("cancelled, and its meeting is left".into()),
        status => Err(format!("nobody made it {status:?}")),
    }
}
