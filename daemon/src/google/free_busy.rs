//! When people are busy, as Google's calendars say: of everybody whose calendar the account may see,
//! by one grant.
//!
//! Invariants: no more is asked for at once than Google takes; whatever is said of one calendar that
//! is no list of spans is a reason, never free time. Google's words are not kept, only its reasons.
//! Sources: <https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query>,
//! <https://developers.google.com/workspace/calendar/api/guides/errors>.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use url::Url;

use super::terms::FREE_BUSY_SCOPE;
use crate::calendars::panel::{self, Hidden, Part, Piece, Told};
use crate::clock::Clock;
use crate::grants::{
    Cause, ConnectionId, Grants, Http, KeysSeen, NoReply, Reply, Unanswered, Unavailable,
};
use crate::schedule::ranges::Seconds;

/// Calendars of one query (`calendarExpansionMax`).
pub const MOST_CALENDARS: usize = 50;

/// Weeks of one query. No document names the longest; more than about three months is refused as
/// `timeRangeTooLong`.
const WEEKS: i64 = 9;

/// Of a refusal no more is read, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// Google's calendars, or what stands in for them.
#[derive(Clone)]
pub(super) struct FreeBusy {
    pub(super) api: Url,
    pub(super) http: Http,
    pub(super) clock: Clock,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Query<'a> {
    time_min: String,
    time_max: String,
    calendar_expansion_max: usize,
    /// A member's address that is a group's is named as one and not expanded: the calendars of its
    /// people would count as asked for.
    group_expansion_max: usize,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    calendars: HashMap<String, Calendar>,
    #[serde(default)]
    groups: HashMap<String, serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Calendar {
    #[serde(default)]
    errors: Vec<ErrorReason>,
    busy: Option<Vec<Period>>,
}

#[derive(Deserialize)]
struct ErrorReason {
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
struct Period {
    start: String,
    end: String,
}

#[derive(Deserialize)]
struct Refusal {
    error: RefusalBody,
}

#[derive(Deserialize)]
struct RefusalBody {
    #[serde(default)]
    errors: Vec<ErrorReason>,
}

impl FreeBusy {
    /// When each of `addresses` is busy between two moments, as the account of `who` sees it. All of
    /// them are in the answer, in lower case.
    pub(super) async fn read(
        &self,
        grants: &Grants,
        who: ConnectionId,
        addresses: &[String],
        span: &Seconds,
    ) -> Result<BTreeMap<String, Result<Told, Hidden>>, Unanswered> {
        grants.permits(who, FREE_BUSY_SCOPE).await?;
        let pieces = panel::pieces(addresses, span, MOST_CALENDARS, WEEKS);
        let ask = |piece: Piece| async move { self.ask(grants, who, &piece).await };
        panel::gather(pieces, ask).await
    }

    async fn ask(
        &self,
        grants: &Grants,
        who: ConnectionId,
        piece: &Piece,
    ) -> Result<Part, Unanswered> {
        let body = query(piece).ok_or(Unanswered::Trouble)?;
        let body = &body;
        let ask = |token: secrecy::SecretString| async move {
            let mut url = self.api.clone();
            if let Ok(mut path) = url.path_segments_mut() {
                path.pop_if_empty().extend(["calendar", "v3", "freeBusy"]);
            }
            let request = self.http.request(Method::POST, url).json(body);
            self.http
                .send(request.bearer_auth(token.expose_secret()))
                .await
        };
        let answered = grants.call(who, ask, KeysSeen::in_answer).await?;
        let reply = match answered {
            Ok(reply) => reply,
            Err(NoReply::Lost(Cause::TooLarge)) => return Ok(Part::TooLarge),
            Err(none) => return Err(Unanswered::NoReply(none)),
        };
        match reply.status {
            200 => told(&reply.body, piece)
                .map(Part::Told)
                .ok_or(Unanswered::Trouble),
            _ => Err(self.refused(&reply)),
        }
    }

    /// What an answer means that is none (errors guide): with 403, only its reason says it.
    fn refused(&self, reply: &Reply) -> Unanswered {
        let body = Some(&reply.body[..]).filter(|body| body.len() <= MOST_BYTES);
        let body = body.and_then(|body| serde_json::from_slice::<Refusal>(body).ok());
        let reasons = body.map(|it| it.error.errors).unwrap_or_default();
        let reason = reasons.first().map_or("", |it| it.reason.as_str());
        let now = self.clock.now();
        let limited = || Unanswered::limited(&reply.headers, now);
        match (reply.status, reason) {
            (429, _)
            | (
                403,
                "rateLimitExceeded"
                | "userRateLimitExceeded"
                | "quotaExceeded"
                | "dailyLimitExceeded",
            ) => limited(),
            (403, "insufficientPermissions") => Unanswered::Keys(Unavailable::NotGranted),
            (403, "accessNotConfigured") => Unanswered::ApiOff,
            (status @ 400..=499, _) => Unanswered::Refused(status),
            _ => Unanswered::Trouble,
        }
    }
}

fn query(piece: &Piece) -> Option<Query<'_>> {
    let moment = |at| Some(Timestamp::from_second(at).ok()?.to_string());
    Some(Query {
        time_min: moment(piece.span.start)?,
        time_max: moment(piece.span.end)?,
        calendar_expansion_max: MOST_CALENDARS,
        group_expansion_max: 1,
        items: piece.addresses.iter().map(|id| Item { id }).collect(),
    })
}

/// What an answer says of each calendar; `None`: it is no answer.
fn told(body: &[u8], piece: &Piece) -> Option<Vec<(String, Result<Told, Hidden>)>> {
    let answer = serde_json::from_slice::<Answer>(body).ok()?;
    let lower = |name: String| name.to_lowercase();
    let groups: Vec<_> = answer.groups.into_keys().map(lower).collect();
    let calendars = answer.calendars.into_iter();
    let calendars = calendars.map(|(name, it)| (lower(name), it));
    let mut calendars: HashMap<_, _> = calendars.collect();
    let of = |address: &String| {
        let told = match calendars.remove(address) {
            _ if groups.contains(address) => Err(Hidden::Group),
            Some(calendar) => of_calendar(calendar),
            None => Err(Hidden::Missing),
        };
        (address.clone(), told)
    };
    Some(piece.addresses.iter().map(of).collect())
}

fn of_calendar(calendar: Calendar) -> Result<Told, Hidden> {
    // The list beside an error is empty, and says nothing.
    if let Some(error) = calendar.errors.first() {
        return Err(match error.reason.as_str() {
            "notFound" => Hidden::NotFound,
            "groupTooBig" => Hidden::Group,
            _ => Hidden::Trouble,
        });
    }
    let busy = calendar.busy.ok_or(Hidden::Unreadable)?;
    let busy: Option<Vec<_>> = busy.iter().map(seconds).collect();
    Ok(Told {
        busy: busy.ok_or(Hidden::Unreadable)?,
        working: None,
    })
}

/// A span in whole seconds that hold all of it.
fn seconds(period: &Period) -> Option<Seconds> {
    let (start, end): (Timestamp, Timestamp) =
        (period.start.parse().ok()?, period.end.parse().ok()?);
    let last = end.as_second() + i64::from(end.subsec_nanosecond() > 0);
    (start <= end).then(|| start.as_second()..last)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
    use zeroize::Zeroizing;

    use super::*;

    const DAY: i64 = 24 * 3600;

    fn piece(addresses: &[&str]) -> Piece {
        Piece {
            addresses: addresses.iter().map(|it| (*it).to_owned()).collect(),
            span: 0..DAY,
        }
    }

    fn of(address: &str, body: &str) -> Result<Told, Hidden> {
        let told = told(body.as_bytes(), &piece(&[address])).expect("an answer");
        told.into_iter().next().expect("one").1
    }

    #[test]
    fn a_query_names_the_limits_it_relies_on() {
        let piece = piece(&["a@x.example", "b@x.example"]);
        let written = serde_json::to_value(query(&piece)).unwrap();
        let expected = serde_json::json!({
            "timeMin": "1970-01-01T00:00:00Z",
            "timeMax": "1970-01-02T00:00:00Z",
            "calendarExpansionMax": 50,
            "groupExpansionMax": 1,
            "items": [{ "id": "a@x.example" }, { "id": "b@x.example" }],
        });
        assert_eq!(written, expected);
    }

    #[test]
    fn whatever_is_no_list_of_spans_is_a_reason_and_never_free() {
        let a = |inner: &str| of("a@x.example", &format!(r#"{{"calendars":{{{inner}}}}}"#));
        let free = Ok(Told::default());
        assert_eq!(a(r#""a@x.example":{"busy":[]}"#), free);
        assert_eq!(a(r#""A@X.example":{"busy":[]}"#), free);
        let error = |reason: &str| {
            a(&format!(
                r#""a@x.example":{{"errors":[{{"domain":"global","reason":"{reason}"}}],"busy":[]}}"#
            ))
        };
        for (reason, expected) in [
            ("notFound", Hidden::NotFound),
            ("groupTooBig", Hidden::Group),
            ("internalError", Hidden::Trouble),
            ("tooManyCalendarsRequested", Hidden::Trouble),
            ("somethingNew", Hidden::Trouble),
            ("", Hidden::Trouble),
        ] {
            assert_eq!(error(reason), Err(expected), "{reason}");
        }
        assert_eq!(a(""), Err(Hidden::Missing));
        assert_eq!(a(r#""b@x.example":{"busy":[]}"#), Err(Hidden::Missing));
        for unreadable in [
            r#"{}"#,
            r#"{"busy":null}"#,
            r#"{"busy":[{"start":"soon","end":"1970-01-01T10:00:00Z"}]}"#,
            r#"{"busy":[{"start":"1970-01-01T10:00:00Z","end":"1970-01-01T09:00:00Z"}]}"#,
        ] {
            let told = a(&format!(r#""a@x.example":{unreadable}"#));
            assert_eq!(told, Err(Hidden::Unreadable), "{unreadable}");
        }
        let group = r#"{"groups":{"a@x.example":{"calendars":["b@x.example"]}},
            "calendars":{"a@x.example":{"busy":[]},"b@x.example":{"busy":[]}}}"#;
        assert_eq!(of("a@x.example", group), Err(Hidden::Group));
        for none in ["", "<html>", r#"{"calendars":7}"#] {
            assert!(
                told(none.as_bytes(), &piece(&["a@x.example"])).is_none(),
                "{none}"
            );
        }
    }

    #[test]
    fn spans_are_whole_seconds_that_hold_all_of_it() {
        let told = of(
            "a@x.example",
            r#"{"calendars":{"a@x.example":{"busy":[
                {"start":"1970-01-01T01:00:00+01:00","end":"1970-01-01T00:00:10.5Z"}]}}}"#,
        );
        assert_eq!(told.unwrap().busy, std::slice::from_ref(&(0..11)));
    }

    #[test]
    fn a_refusal_is_known_by_its_reason() {
        let url = Url::parse("http://127.0.0.1:1").unwrap();
        let clock = Clock::machine();
        let room = FreeBusy {
            http: Http::new(&[&url], clock.clone()).unwrap(),
            api: url,
            clock,
        };
        let refused = |status, reason: &str, wait: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(wait) = wait {
                headers.insert(RETRY_AFTER, HeaderValue::from_static(wait));
            }
            let body = format!(
                r#"{{"error":{{"code":{status},"errors":[{{"domain":"d","reason":"{reason}"}}]}}}}"#
            );
            room.refused(&Reply {
                status,
                headers,
                body: Zeroizing::new(body.into_bytes()),
            })
        };
        for (status, reason, expected) in [
            (403, "rateLimitExceeded", "limited"),
            (403, "quotaExceeded", "limited"),
            (429, "rateLimitExceeded", "limited"),
            (403, "insufficientPermissions", "scope-missing"),
            (403, "accessNotConfigured", "api-off"),
            (403, "forbidden", "refused"),
            (400, "timeRangeTooLong", "refused"),
            (500, "backendError", "provider-trouble"),
        ] {
            let why = refused(status, reason, None);
            let code = why.code(&super::super::WORDS);
            assert_eq!(code, expected, "{status} {reason}");
        }
        let wait = |told| {
            let until = refused(429, "rateLimitExceeded", told).not_before();
            until.expect("a time").since(room.clock.now()).as_secs()
        };
        assert!((80..=90).contains(&wait(Some("90"))));
        assert!((50..=60).contains(&wait(None)));
    }
}
