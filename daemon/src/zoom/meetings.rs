//! Owns the calls about meetings. Nothing repeats a create: its caller decides what a lost answer
//! means.

use reqwest::Method;
use serde::Deserialize;

use super::api::{self, Call};
use super::inner::Inner;
use super::meeting::{PastInstance, ZoomMeeting};
use super::outcome::Outcome;
use super::wanted::{Create, MeetingPlan, Update};
use crate::grants::ConnectionId;

/// Rows of one page of a list; Zoom's most.
const PAGE: &str = "300";

/// Pages of one search; more upcoming meetings than any host has.
const MOST_PAGES: usize = 20;

/// Makes a meeting.
pub(crate) async fn create(
    inner: &Inner,
    who: ConnectionId,
    plan: &MeetingPlan,
) -> Outcome<ZoomMeeting> {
    let body = Create::from(plan);
    api::call(
        inner,
        who,
        &Call::with_body(Method::POST, &["users", "me", "meetings"], &body),
    )
    .await
}

/// Tells Zoom how a meeting is to be now: what it is about, when and how long. Link and passcode
/// stay. Zoom ignores a start that has passed silently (README, "Meetings"), so it is read back
/// afterwards.
pub(crate) async fn update(
    inner: &Inner,
    who: ConnectionId,
    id: u64,
    plan: &MeetingPlan,
    settings: bool,
) -> Outcome<()> {
    let body = Update::of(plan, settings);
    let path = ["meetings", &id.to_string()];
    api::call(inner, who, &Call::with_body(Method::PATCH, &path, &body)).await
}

/// Reads a meeting.
pub(crate) async fn get(inner: &Inner, who: ConnectionId, id: u64) -> Outcome<ZoomMeeting> {
    api::call(
        inner,
        who,
        &Call::new(Method::GET, &["meetings", &id.to_string()]),
    )
    .await
}

/// Deletes a meeting. Zoom mails nobody about it.
pub(crate) async fn delete(inner: &Inner, who: ConnectionId, id: u64) -> Outcome<()> {
    let query = [
        ("schedule_for_reminder", "false"),
        ("cancel_meeting_reminder", "false"),
    ];
    let path = ["meetings", &id.to_string()];
    api::call(inner, who, &Call::new(Method::DELETE, &path).query(&query)).await
}

/// Reads the AI Companion's summary of one instance of a meeting. Zoom wants a uuid that begins
/// with a slash, or has two in a row, encoded twice (README, "Meetings").
pub(crate) async fn summary(inner: &Inner, who: ConnectionId, uuid: &str) -> Outcome<String> {
    let segment = match uuid.starts_with('/') || uuid.contains("//") {
        true => url::form_urlencoded::byte_serialize(uuid.as_bytes()).collect(),
        false => uuid.to_owned(),
    };
    let path = ["meetings", segment.as_str(), "meeting_summary"];
    let answer: Outcome<Summary> = api::call(inner, who, &Call::new(Method::GET, &path)).await;
    answer.map(|summary| summary.summary_content)
}

/// Past instances of one meeting that are read; more than any interview has.
const MOST_INSTANCES: usize = 50;

/// The past instances of a meeting: each time its room was opened and ended. Each has a uuid of its
/// own, and a summary of its own. Needs the optional scope.
pub(crate) async fn instances(
    inner: &Inner,
    who: ConnectionId,
    id: u64,
) -> Outcome<Vec<PastInstance>> {
    let path = ["past_meetings", &id.to_string(), "instances"];
    let answer: Outcome<Instances> = api::call(inner, who, &Call::new(Method::GET, &path)).await;
    answer.map(|answer| {
        let mut found = answer.meetings;
        found.retain(|instance| !instance.uuid.is_empty());
        found.truncate(MOST_INSTANCES);
        found
    })
}

#[derive(Deserialize)]
struct Instances {
    #[serde(default)]
    meetings: Vec<PastInstance>,
}

#[derive(Deserialize)]
struct Summary {
    #[serde(default)]
    summary_content: String,
}

/// The host's meetings to come that carry `mark`, the one made first in front. Needs the list
/// scope.
pub(crate) async fn marked(
    inner: &Inner,
    who: ConnectionId,
    mark: &str,
) -> Outcome<Vec<ZoomMeeting>> {
    let (mut found, mut next) = (Vec::new(), String::new());
    for _ in 0..MOST_PAGES {
        // "scheduled" rather than "upcoming": a search must also find one whose time has just
        // passed.
        let mut query = vec![("type", "scheduled"), ("page_size", PAGE)];
        if !next.is_empty() {
            query.push(("next_page_token", &next));
        }
        let path = ["users", "me", "meetings"];
        let page: Outcome<ListPage> =
            api::call(inner, who, &Call::new(Method::GET, &path).query(&query)).await;
        let page = match page {
            Outcome::Done(page) => page,
            other => return other.map(|_| Vec::new()),
        };
        found.extend(
            page.meetings
                .into_iter()
                .filter(|meeting| meeting.agenda.starts_with(mark)),
        );
        if page.next_page_token.is_empty() {
            found.sort_by_key(|meeting| (meeting.created_at, meeting.id));
            return Outcome::Done(found);
        }
        next = page.next_page_token;
    }
    Outcome::Lost("Zoom's list of meetings did not end".into())
}

#[derive(Deserialize)]
struct ListPage {
    #[serde(default)]
    next_page_token: String,
    #[serde(default)]
    meetings: Vec<ZoomMeeting>,
}
