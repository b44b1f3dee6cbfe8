//! GET /users/me/meetings, page by page.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ApiError, admit, only_me};
use crate::sandbox::clock::later;
use crate::sandbox::zoom::control::Zoom;
use crate::sandbox::zoom::directory::User;
use crate::sandbox::zoom::limits::Weight;
use crate::sandbox::zoom::meeting::Meeting;
use crate::sandbox::zoom::world::{Page, World};

/// A page token is good for fifteen minutes (Zoom's Meetings API).
const PAGE_LIFETIME: SignedDuration = SignedDuration::from_mins(15);
const PAGE_SIZE: usize = 30;
const LARGEST_PAGE: usize = 300;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "type", default = "scheduled")]
    kind: String,
    page_size: Option<usize>,
    #[serde(default)]
    next_page_token: String,
}

pub(super) async fn list(
    State(zoom): State<Zoom>,
    Path(named): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let scope = "meeting:read:list_meetings";
    zoom.with(|world| {
        let user = admit(world, &headers, scope, Weight::Medium)?;
        only_me(world, &user, &named, scope)?;
        let sizes = 1..=LARGEST_PAGE;
        if asked.page_size.is_some_and(|size| !sizes.contains(&size)) {
            return Err(ApiError::BadPageSize);
        }
        let after = resume(world, &user, &asked)?;
        page(world, &user, &asked, after)
    })
}

fn resume(world: &World, user: &User, asked: &Asked) -> Result<Option<(Timestamp, u64)>, ApiError> {
    if asked.next_page_token.is_empty() {
        return Ok(None);
    }
    let page = world
        .pages
        .get(&asked.next_page_token)
        .ok_or(ApiError::BadPageToken)?;
    let fits = page.user == user.email && page.kind == asked.kind && world.now() < page.ends;
    if !fits {
        return Err(ApiError::BadPageToken);
    }
    Ok(Some(page.after))
}

fn page(
    world: &mut World,
    user: &User,
    asked: &Asked,
    after: Option<(Timestamp, u64)>,
) -> Result<Json<Value>, ApiError> {
    let now = world.now();
    let size = asked.page_size.unwrap_or(PAGE_SIZE);
    let mine = world
        .meetings
        .values()
        .filter(|meeting| meeting.host_email == user.email && listed(meeting, &asked.kind, now));
    let mut mine: Vec<&Meeting> = mine.collect();
    mine.sort_by_key(|meeting| (meeting.start_time, meeting.id));
    let total = mine.len();

    let place = |meeting: &Meeting| (meeting.start_time, meeting.id);
    let mut rest = mine
        .into_iter()
        .filter(|meeting| after.is_none_or(|at| place(meeting) > at));
    let shown: Vec<&Meeting> = rest.by_ref().take(size).collect();
    let last = shown
        .last()
        .map(|meeting| place(meeting))
        .filter(|_| rest.next().is_some());
    let rows: Vec<Value> = shown
        .iter()
        .map(|meeting| meeting.row(&world.link_base))
        .collect();
    drop(rest);

    let next_page_token = last.map(|after| {
        let token = world.dice.opaque(24);
        let ends = later(now, PAGE_LIFETIME);
        let page = Page {
            user: user.email.clone(),
            kind: asked.kind.clone(),
            after,
            ends,
        };
        world.pages.retain(|_, page| now < page.ends);
        world.pages.insert(token.clone(), page);
        token
    });
    Ok(Json(json!({
        "page_count": total.div_ceil(size),
        "page_number": 1,
        "page_size": size,
        "total_records": total,
        "next_page_token": next_page_token.unwrap_or_default(),
        "meetings": rows,
    })))
}

/// Instant meetings are never listed.
fn listed(meeting: &Meeting, kind: &str, now: Timestamp) -> bool {
    if meeting.kind == 1 || !meeting.is_known_at(now) {
        return false;
    }
    match kind {
        "live" => false,
        "upcoming" | "upcoming_meetings" => meeting.ends() > now,
        "previous_meetings" => meeting.ends() <= now,
        _ => true,
    }
}

fn scheduled() -> String {
    "scheduled".to_owned()
}
