//! Create, read, update and delete a meeting.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::{ApiError, admit, only_me};
use crate::sandbox::zoom::control::Zoom;
use crate::sandbox::zoom::directory::{Account, Plan, User};
use crate::sandbox::zoom::limits::Weight;
use crate::sandbox::zoom::meeting::{AccountRules, Draft, Meeting, Policy, Rules};
use crate::sandbox::zoom::world::World;

pub(super) async fn create(
    State(zoom): State<Zoom>,
    Path(named): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let scope = "meeting:write:meeting";
    zoom.with(|world| {
        let host = admit(world, &headers, scope, Weight::Light)?;
        only_me(world, &host, &named, scope)?;
        let draft = read_draft(world, &host, &body)?;
        if let Some(other) = &draft.schedule_for {
            only_me(world, &host, other, scope)?;
        }
        if !host.may_host {
            return Err(ApiError::MayNotHost);
        }
        count_for_host(world, &host)?;
        let made = world.counters.meetings_made;
        let mut meeting = rules(world, &host).create(&host, draft, made);
        if let Some(id) = world.next_meeting_id.take() {
            meeting.id = id;
        }
        world.counters.meetings_made += 1;
        let id = meeting.id;
        world.meetings.insert(id, meeting);
        Ok((StatusCode::CREATED, Json(whole(world, id)?)))
    })
}

pub(super) async fn read(
    State(zoom): State<Zoom>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    zoom.with(|world| {
        let caller = admit(world, &headers, "meeting:read:meeting", Weight::Light)?;
        let id = find(world, &caller, &id)?;
        Ok(Json(whole(world, id)?))
    })
}

pub(super) async fn update(
    State(zoom): State<Zoom>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    zoom.with(|world| {
        let host = admit(world, &headers, "meeting:update:meeting", Weight::Light)?;
        let id = find(world, &host, &id)?;
        let draft = read_draft(world, &host, &body)?;
        is_not_in_progress(world, id, "update")?;
        count_for_host(world, &host)?;
        let mut meeting = world.meetings.remove(&id).ok_or_else(|| no_meeting(id))?;
        rules(world, &host).change(&mut meeting, draft);
        world.meetings.insert(id, meeting);
        Ok(StatusCode::NO_CONTENT)
    })
}

pub(super) async fn delete(
    State(zoom): State<Zoom>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    zoom.with(|world| {
        let caller = admit(world, &headers, "meeting:delete:meeting", Weight::Light)?;
        let id = find(world, &caller, &id)?;
        is_not_in_progress(world, id, "delete")?;
        world.meetings.remove(&id);
        Ok(StatusCode::NO_CONTENT)
    })
}

fn read_draft(world: &World, host: &User, body: &[u8]) -> Result<Draft, ApiError> {
    let draft: Draft = serde_json::from_slice(body).map_err(|_| ApiError::BadBody)?;
    let free = Account::new(&host.account, Plan::Free);
    let account = world.accounts.get(&host.account).unwrap_or(&free);
    let colleagues = world.users.values();
    let colleagues = colleagues.filter(|it| it.account == host.account && it.email != host.email);
    let complaints = draft.complaints(&AccountRules {
        zone: &host.timezone,
        passcodes: &account.passcode_rules,
        colleagues: colleagues.map(|it| it.email.clone()).collect(),
    });
    if !complaints.is_empty() {
        return Err(ApiError::Fields(complaints));
    }
    Ok(draft)
}

fn count_for_host(world: &mut World, host: &User) -> Result<(), ApiError> {
    let (limit, now) = (world.host_calls_a_day, world.now());
    world
        .limits
        .host_call(&host.email, limit, now)
        .map_err(ApiError::Limited)
}

fn rules<'a>(world: &'a mut World, host: &User) -> Rules<'a> {
    let free = Account::new(&host.account, Plan::Free);
    let account = world.accounts.get(&host.account).unwrap_or(&free);
    Rules {
        policy: Policy::of(account, host),
        now: world.clock.now(),
        dice: &mut world.dice,
    }
}

fn is_not_in_progress(world: &World, id: u64, what: &'static str) -> Result<(), ApiError> {
    match world.meetings.get(&id) {
        Some(meeting) if meeting.started => Err(ApiError::InProgress(what)),
        _ => Ok(()),
    }
}

/// The caller's meeting of this id; another host's is as good as none, and so is one that was made
/// or changed a moment ago and is not known here yet.
fn find(world: &mut World, caller: &User, id: &str) -> Result<u64, ApiError> {
    let id: u64 = id.parse().map_err(|_| ApiError::BadId)?;
    if let Some(answer) = world.odd_meetings.get(&id) {
        return Err(ApiError::Odd(answer.clone(), world.now()));
    }
    if world.lags > 0 && world.meetings.contains_key(&id) {
        world.lags -= 1;
        return Err(no_meeting(id));
    }
    let meeting = world
        .meeting(id)
        .filter(|meeting| meeting.host_email == caller.email);
    meeting
        .map(|meeting| meeting.id)
        .ok_or_else(|| no_meeting(id))
}

/// The body of a meeting with a fresh start address.
fn whole(world: &mut World, id: u64) -> Result<Value, ApiError> {
    let key = world.host_key(id);
    let meeting: &Meeting = world.meetings.get(&id).ok_or_else(|| no_meeting(id))?;
    Ok(meeting.whole(&world.link_base, &key))
}

fn no_meeting(id: u64) -> ApiError {
    ApiError::NoMeeting(id.to_string())
}
