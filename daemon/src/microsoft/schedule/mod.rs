//! When people are busy and when they work, as Exchange Online says: of everybody in the
//! organization, by one grant.
//!
//! Owns what is asked and how often; what an answer says is read in `answer` ★. Invariants: no more is
//! asked for at once than Graph takes; an entry that is not known to leave its time free takes it;
//! whatever is said of one address that is no list of entries is a reason, never free time. Sources:
//! <https://learn.microsoft.com/graph/api/calendar-getschedule>,
//! <https://learn.microsoft.com/graph/outlook-get-free-busy-schedule>,
//! <https://learn.microsoft.com/graph/throttling-limits>.
//!
//! ★ pure

mod answer;

use std::collections::BTreeMap;

use jiff::Timestamp;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use url::Url;

use self::answer::{LocalTime, SLOT, told};
use super::provider::below;
use super::terms::FREE_BUSY_SCOPE;
use crate::calendars::panel::{self, Hidden, Part, Piece, Told};
use crate::clock::Clock;
use crate::grants::{
    Cause, ConnectionId, Grants, Http, KeysSeen, NoReply, Reply, Unanswered, Unavailable,
};
use crate::schedule::ranges::Seconds;

/// Addresses of one request. They are asked for one request after the other: a mailbox takes four at
/// a time, and email may be using some of them.
pub const MOST_ADDRESSES: usize = 20;

/// Weeks of one request, which is to be about less than 62 days.
const WEEKS: i64 = 8;

/// Of a refusal no more is read, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// Exchange Online's calendars, or what stands in for them.
#[derive(Clone)]
pub(super) struct Schedules {
    pub(super) graph: Url,
    pub(super) http: Http,
    pub(super) clock: Clock,
}

impl Schedules {
    /// When each of `addresses` is busy between two moments, and when they work, as the account of
    /// `who` sees it. All of them are in the answer, in lower case.
    pub(super) async fn read(
        &self,
        grants: &Grants,
        who: ConnectionId,
        addresses: &[String],
        span: &Seconds,
    ) -> Result<BTreeMap<String, Result<Told, Hidden>>, Unanswered> {
        grants.permits(who, FREE_BUSY_SCOPE).await?;
        let pieces = panel::pieces(addresses, span, MOST_ADDRESSES, WEEKS);
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
            let url = below(&self.graph, &["v1.0", "me", "calendar", "getSchedule"]);
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

    /// What an answer means that is none.
    fn refused(&self, reply: &Reply) -> Unanswered {
        let body = Some(&reply.body[..]).filter(|body| body.len() <= MOST_BYTES);
        let body = body.and_then(|body| serde_json::from_slice::<Refusal>(body).ok());
        let code = body.map(|it| it.error.code.to_ascii_lowercase());
        let now = self.clock.now();
        let limited = || Unanswered::limited(&reply.headers, now);
        match (reply.status, code.as_deref()) {
            (429, _) => limited(),
            // Only with Graph's own words, else it is a page of something in between.
            (503, Some(_)) => limited(),
            (
                400..=499,
                Some(
                    "mailboxnotenabledforrestapi"
                    | "mailboxnotsupportedforrestapi"
                    | "errornonexistentmailbox"
                    | "resourcenotfound",
                ),
            ) => Unanswered::NoMailbox,
            (403, Some("erroraccessdenied" | "accessdenied" | "authorization_requestdenied")) => {
                Unanswered::Keys(Unavailable::NotGranted)
            }
            (status @ 400..=499, _) => Unanswered::Refused(status),
            _ => Unanswered::Trouble,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Query<'a> {
    schedules: &'a [String],
    start_time: LocalTime,
    end_time: LocalTime,
    availability_view_interval: i64,
}

#[derive(Deserialize)]
struct Refusal {
    error: RefusalBody,
}

#[derive(Deserialize)]
struct RefusalBody {
    code: String,
}

fn query(piece: &Piece) -> Option<Query<'_>> {
    let moment = |at| {
        let at = Timestamp::from_second(at).ok()?;
        Some(LocalTime {
            date_time: at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            time_zone: "UTC".to_owned(),
        })
    };
    Some(Query {
        schedules: &piece.addresses,
        start_time: moment(piece.span.start)?,
        end_time: moment(piece.span.end)?,
        availability_view_interval: SLOT,
    })
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
    use serde_json::{Value, json};
    use zeroize::Zeroizing;

    use super::*;

    /// 2026-11-30T00:00:00Z, and four hours from there.
    const MONDAY: i64 = 1_795_996_800;

    const HOUR: i64 = 3600;

    fn piece() -> Piece {
        Piece {
            addresses: vec!["a@x.example".into()],
            span: MONDAY..MONDAY + 4 * HOUR,
        }
    }

    fn time(text: &str, zone: &str) -> Value {
        json!({ "dateTime": text, "timeZone": zone })
    }

    #[test]
    fn a_query_is_by_utc_and_in_quarters() {
        let written = serde_json::to_value(query(&piece())).unwrap();
        let expected = json!({
            "schedules": ["a@x.example"],
            "startTime": time("2026-11-30T00:00:00", "UTC"),
            "endTime": time("2026-11-30T04:00:00", "UTC"),
            "availabilityViewInterval": 15,
        });
        assert_eq!(written, expected);
    }

    #[test]
    fn a_refusal_is_known_by_its_code() {
        let graph = Url::parse("http://127.0.0.1:1").unwrap();
        let clock = Clock::machine();
        let room = Schedules {
            http: Http::new(&[&graph], clock.clone()).unwrap(),
            graph,
            clock,
        };
        let refused = |status, code: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static("90"));
            let body = match code {
                "" => "<html>".to_owned(),
                code => json!({ "error": { "code": code, "message": "m" } }).to_string(),
            };
            room.refused(&Reply {
                status,
                headers,
                body: Zeroizing::new(body.into_bytes()),
            })
        };
        for (status, code, expected) in [
            (429, "ApplicationThrottled", "limited"),
            (429, "", "limited"),
            (503, "serviceNotAvailable", "limited"),
            (503, "", "provider-trouble"),
            (500, "ErrorInternalServerError", "provider-trouble"),
            (403, "ErrorAccessDenied", "scope-missing"),
            (403, "", "refused"),
            (404, "MailboxNotEnabledForRESTAPI", "no-mailbox"),
            (400, "ErrorInvalidParameter", "refused"),
        ] {
            let why = refused(status, code);
            assert_eq!(why.code(&super::super::WORDS), expected, "{status} {code}");
        }
        let until = refused(429, "ApplicationThrottled").not_before();
        let wait = until.expect("a time").since(room.clock.now()).as_secs();
        assert!((80..=90).contains(&wait), "{wait}");
    }
}
