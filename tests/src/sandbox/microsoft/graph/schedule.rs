//! POST /me/calendar/getSchedule: what is asked for, and whose calendar is shown
//! (<https://learn.microsoft.com/graph/api/calendar-getschedule>).
//!
//! Twenty addresses, less than 62 days. What is wrong with one address stands beside it, inside an
//! answer that is good.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{Caller, GraphError};
use crate::sandbox::microsoft::control::Microsoft;
use crate::sandbox::microsoft::directory::{Account, WorkingHours};
use crate::sandbox::microsoft::world::{Entry, World};

const ADDRESSES: usize = 20;
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 62);
/// Minutes of a slot of the view.
const INTERVALS: std::ops::RangeInclusive<i64> = 5..=1440;
const USUAL_INTERVAL: i64 = 30;

struct Query {
    addresses: Vec<String>,
    from: Timestamp,
    to: Timestamp,
    /// Minutes.
    interval: i64,
}

pub(super) async fn get(
    State(microsoft): State<Microsoft>,
    caller: Caller,
    body: Bytes,
) -> Response {
    let scopes = [
        "Calendars.ReadBasic",
        "Calendars.Read",
        "Calendars.ReadWrite",
    ];
    microsoft.with(|world| {
        let admitted = caller.admit_to_mailbox(world, &scopes);
        let answer = admitted.and_then(|account| Ok((account, read(&body)?)));
        match answer {
            Ok((account, query)) => Json(answered(world, &account, &query)).into_response(),
            Err(refused) => refused.answer(world),
        }
    })
}

fn bad(text: impl Into<String>) -> GraphError {
    GraphError::BadParameter(text.into())
}

fn read(body: &Bytes) -> Result<Query, GraphError> {
    let parsed = serde_json::from_slice::<Map<String, Value>>(body);
    let no_json = "Unable to read JSON request payload. Please ensure Content-Type header is set \
                   and payload is of valid JSON format.";
    let body = parsed.map_err(|_| GraphError::BadRequest(no_json.to_owned()))?;
    let known = [
        "schedules",
        "startTime",
        "endTime",
        "availabilityViewInterval",
    ];
    // Names of parameters are free in capitals, as in all of Graph's actions.
    let field = |name: &str| {
        let mut fields = body.iter();
        fields
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    };
    for name in body.keys() {
        if !known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            let text = format!(
                "The parameter '{name}' in the request payload is not a valid parameter for the \
                 operation 'getSchedule'."
            );
            return Err(GraphError::BadBody(text));
        }
    }
    let addresses = field("schedules").and_then(Value::as_array);
    let addresses =
        addresses.ok_or_else(|| bad("The value of the parameter 'Schedules' is empty."))?;
    let addresses = addresses.iter().map(|one| one.as_str().map(str::to_owned));
    let addresses: Option<Vec<String>> = addresses.collect();
    let addresses =
        addresses.ok_or_else(|| bad("The value of the parameter 'Schedules' is invalid."))?;
    // No document has the words for too many.
    if addresses.is_empty() || addresses.len() > ADDRESSES {
        return Err(bad(format!(
            "The parameter 'Schedules' takes from 1 to {ADDRESSES} addresses."
        )));
    }
    let (from, to) = (instant(field("startTime"))?, instant(field("endTime"))?);
    if to <= from {
        return Err(bad("The start time has to be before the end time."));
    }
    if to.duration_since(from) >= LONGEST {
        return Err(bad(
            "The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long. The allowed limit = 62 days.",
        ));
    }
    let interval = match field("availabilityViewInterval") {
        None | Some(Value::Null) => USUAL_INTERVAL,
        Some(value) => {
            let minutes = value.as_i64().filter(|minutes| INTERVALS.contains(minutes));
            minutes.ok_or_else(|| bad("The specified AvailabilityViewInterval is invalid."))?
        }
    };
    Ok(Query {
        addresses,
        from,
        to,
        interval,
    })
}

/// A local time and the zone it is of.
fn instant(value: Option<&Value>) -> Result<Timestamp, GraphError> {
    let value = value.and_then(Value::as_object);
    let value = value.ok_or_else(|| bad("A time is missing."))?;
    if let Some(name) = value
        .keys()
        .find(|name| !matches!(name.as_str(), "dateTime" | "timeZone"))
    {
        let text = format!(
            "The property '{name}' does not exist on type 'microsoft.graph.dateTimeTimeZone'."
        );
        return Err(GraphError::BadRequest(text));
    }
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let zone = match text("timeZone") {
        "UTC" => TimeZone::UTC,
        name => TimeZone::get(name).map_err(|_| {
            bad(format!(
                "A valid TimeZone value must be specified. The following TimeZone value is not \
                 supported: '{name}'."
            ))
        })?,
    };
    let civil: Result<DateTime, _> = text("dateTime").parse();
    let zoned = civil.and_then(|civil| civil.to_zoned(zone));
    let zoned = zoned.map_err(|_| bad("The dateTime value is invalid."))?;
    Ok(zoned.timestamp())
}

fn answered(world: &World, caller: &Account, query: &Query) -> Value {
    let schedules = query.addresses.iter();
    let schedules = schedules.map(|address| schedule(world, caller, address, query));
    json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(microsoft.graph.scheduleInformation)",
        "value": schedules.collect::<Vec<_>>(),
    })
}

fn schedule(world: &World, caller: &Account, address: &str, query: &Query) -> Value {
    let tenant = |account: &Account| {
        world
            .tenant(&account.tenant)
            .map(|tenant| tenant.id.clone())
    };
    let found = world.account(address);
    let found = found.filter(|it| it.mailbox && tenant(it) == tenant(caller));
    let Some(account) = found else {
        let message = format!(
            "Microsoft.Exchange.InfoWorker.Common.Availability.MailRecipientNotFoundException: \
             Unable to resolve e-mail address <{address}> to an Active Directory object."
        );
        return failed(address, "ErrorMailRecipientNotFound", &message);
    };
    if account.hides_calendar && account.email != caller.email {
        let message = "Microsoft.Exchange.InfoWorker.Common.Availability.\
                       NoFreeBusyAccessException: The caller does not have access to free/busy data.";
        return failed(address, "ErrorNoFreeBusyAccess", message);
    }
    let entries = world
        .calendars
        .get(&account.email)
        .map_or(&[][..], Vec::as_slice);
    let seen = entries
        .iter()
        .filter(|entry| entry.start < query.to && entry.end > query.from);
    let seen: Vec<&Entry> = seen.collect();
    json!({
        "scheduleId": address,
        "availabilityView": view(&seen, query),
        "scheduleItems": seen.iter().map(|entry| item(entry)).collect::<Vec<_>>(),
        "workingHours": hours(account.working_hours.as_ref()),
    })
}

fn failed(address: &str, code: &str, message: &str) -> Value {
    json!({
        "scheduleId": address,
        "availabilityView": "",
        "scheduleItems": [],
        "error": { "message": message, "responseCode": code },
    })
}

/// A digit a slot: what weighs most in it.
fn view(entries: &[&Entry], query: &Query) -> String {
    let mut digits = String::new();
    let step = SignedDuration::from_mins(query.interval);
    let mut from = query.from;
    while from < query.to {
        let to = crate::sandbox::clock::later(from, step);
        let within = entries
            .iter()
            .filter(|entry| entry.start < to && entry.end > from);
        let most = within.map(|entry| entry.status.weight()).max();
        digits.push(most.unwrap_or('0'));
        from = to;
    }
    digits
}

fn item(entry: &Entry) -> Value {
    let time = |instant: Timestamp| {
        let text = instant.strftime("%Y-%m-%dT%H:%M:%S.0000000").to_string();
        json!({ "dateTime": text, "timeZone": "UTC" })
    };
    json!({
        "isPrivate": false,
        "status": entry.status,
        "subject": entry.subject,
        "location": "",
        "start": time(entry.start),
        "end": time(entry.end),
    })
}

fn hours(hours: Option<&WorkingHours>) -> Value {
    let usual = WorkingHours::default();
    let hours = hours.unwrap_or(&usual);
    json!({
        "daysOfWeek": hours.days,
        "startTime": format!("{}:00.0000000", hours.start),
        "endTime": format!("{}:00.0000000", hours.end),
        "timeZone": { "name": hours.zone },
    })
}
