//! POST /calendar/v3/freeBusy: what is asked for, and who sees whose busy times.
//!
//! A calendar that may not be seen has `notFound` beside an empty list, which is not free time.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::admit;
use super::error::ApiError;
use crate::sandbox::google::control::Google;
use crate::sandbox::google::directory::Account;
use crate::sandbox::google::scopes::{
    CALENDAR, CALENDAR_EVENTS_FREEBUSY, CALENDAR_FREEBUSY, CALENDAR_READONLY,
};
use crate::sandbox::google::world::World;

/// Calendars of one query, and members of one group, at most (the discovery document).
const CALENDARS: i64 = 50;
const MEMBERS: i64 = 100;
/// No document names the longest range; about three months is what the field reports.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 92);

/// What a query asks for.
struct Query {
    from: Timestamp,
    to: Timestamp,
    ids: Vec<String>,
    calendars: usize,
    members: usize,
}

pub(super) async fn query(
    State(google): State<Google>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    google.with(|world| {
        let scopes = [
            CALENDAR,
            CALENDAR_READONLY,
            CALENDAR_FREEBUSY,
            CALENDAR_EVENTS_FREEBUSY,
        ];
        let (account, access) = admit(world, &headers, &scopes)?;
        let query = read(&body)?;
        let only_own = scopes
            .iter()
            .all(|scope| *scope == CALENDAR_FREEBUSY || !access.scopes.contains(*scope));
        Ok(Json(answer(world, &account, only_own, &query)))
    })
}

fn read(body: &Bytes) -> Result<Query, ApiError> {
    let body: Map<String, Value> = serde_json::from_slice(body).map_err(|_| ApiError::NotJson)?;
    let known = [
        "timeMin",
        "timeMax",
        "timeZone",
        "groupExpansionMax",
        "calendarExpansionMax",
        "items",
    ];
    if let Some(name) = body.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(ApiError::UnknownField(name.clone()));
    }
    let (from, to) = (instant(&body, "timeMin")?, instant(&body, "timeMax")?);
    if to <= from {
        return Err(ApiError::EmptyRange);
    }
    if to.duration_since(from) > LONGEST {
        return Err(ApiError::LongRange);
    }
    if body.get("timeZone").is_some_and(|zone| !zone.is_string()) {
        return Err(ApiError::Invalid("timeZone"));
    }
    Ok(Query {
        from,
        to,
        ids: ids(&body)?,
        calendars: at_most(&body, "calendarExpansionMax", CALENDARS)?,
        members: at_most(&body, "groupExpansionMax", MEMBERS)?,
    })
}

fn instant(body: &Map<String, Value>, name: &'static str) -> Result<Timestamp, ApiError> {
    let text = body.get(name).ok_or(ApiError::Required(name))?;
    let text = text.as_str().ok_or(ApiError::Invalid(name))?;
    text.parse().map_err(|_| ApiError::Invalid(name))
}

fn at_most(body: &Map<String, Value>, name: &'static str, most: i64) -> Result<usize, ApiError> {
    let asked = body.get(name).map(Value::as_i64);
    let asked = asked.unwrap_or(Some(most));
    let asked = asked.filter(|asked| (1..=most).contains(asked));
    let asked = asked.and_then(|asked| usize::try_from(asked).ok());
    asked.ok_or(ApiError::Invalid(name))
}

fn ids(body: &Map<String, Value>) -> Result<Vec<String>, ApiError> {
    let items = body.get("items").and_then(Value::as_array);
    let items = items.ok_or(ApiError::Required("items"))?;
    let mut ids = Vec::with_capacity(items.len());
    for item in items {
        let item = item.as_object().ok_or(ApiError::Invalid("items"))?;
        if let Some(name) = item.keys().find(|name| *name != "id") {
            return Err(ApiError::UnknownField(name.clone()));
        }
        let id = item.get("id").and_then(Value::as_str);
        ids.push(id.ok_or(ApiError::Required("id"))?.to_owned());
    }
    Ok(ids)
}

fn answer(world: &World, caller: &Account, only_own: bool, query: &Query) -> Value {
    let mut groups = BTreeMap::new();
    let mut wanted: Vec<String> = Vec::new();
    for id in &query.ids {
        match world.groups.get(&id.to_lowercase()) {
            Some(members) if members.len() > query.members => {
                groups.insert(id.clone(), json!({ "errors": [error("groupTooBig")] }));
            }
            Some(members) => {
                groups.insert(id.clone(), json!({ "calendars": members }));
                wanted.extend(members.iter().cloned());
            }
            None => wanted.push(id.clone()),
        }
    }
    let too_many = wanted.len() > query.calendars;
    let calendars = wanted.into_iter().map(|id| {
        let busy = match (too_many, busy(world, caller, only_own, &id)) {
            (true, _) => Err("tooManyCalendarsRequested"),
            (false, None) => Err("notFound"),
            (false, Some(busy)) => Ok(within(busy, query)),
        };
        let calendar = match busy {
            Ok(busy) => json!({ "busy": busy }),
            Err(reason) => json!({ "errors": [error(reason)], "busy": [] }),
        };
        (id, calendar)
    });
    let calendars: Map<String, Value> = calendars.collect();
    let mut answer = json!({
        "kind": "calendar#freeBusy",
        "timeMin": written(query.from),
        "timeMax": written(query.to),
        "calendars": calendars,
    });
    if !groups.is_empty() {
        answer["groups"] = json!(groups);
    }
    answer
}

/// The busy times of a calendar, if the caller may see them.
fn busy<'a>(
    world: &'a World,
    caller: &Account,
    only_own: bool,
    id: &str,
) -> Option<&'a [(Timestamp, Timestamp)]> {
    let email = match id {
        "primary" => &caller.email,
        other => other,
    };
    let owner = world.account(email)?;
    let own = owner.email == caller.email;
    let colleague = owner.domain.is_some() && owner.domain == caller.domain;
    let seen = own || (!only_own && colleague && !owner.hides_calendar);
    seen.then(|| world.busy.get(&owner.email).map_or(&[][..], Vec::as_slice))
}

/// What falls into the query's range, cut to it, in order, what touches as one.
fn within(busy: &[(Timestamp, Timestamp)], query: &Query) -> Vec<Value> {
    let cut = busy
        .iter()
        .map(|(from, to)| ((*from).max(query.from), (*to).min(query.to)));
    let mut cut: Vec<_> = cut.filter(|(from, to)| from < to).collect();
    cut.sort_unstable();
    let mut joined: Vec<(Timestamp, Timestamp)> = Vec::new();
    for (from, to) in cut {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    let spans = joined.into_iter();
    spans
        .map(|(from, to)| {
            let written = crate::sandbox::clock::written;
            json!({ "start": written(from), "end": written(to) })
        })
        .collect()
}

fn error(reason: &str) -> Value {
    json!({ "domain": "global", "reason": reason })
}

/// An instant as this answer's own range has it.
fn written(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
