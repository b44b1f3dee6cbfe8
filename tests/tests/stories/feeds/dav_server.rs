//! A strict CalDAV server of a story: an account with calendars that a story breaks one by one, and
//! an outbox (RFC 6638) that tells when colleagues are busy.
//!
//! What is asked otherwise than the RFCs say is answered with 400, and named when the story ends.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom_protocol::calendar::{CalendarAccount, FeedAdd};
use greenroom_protocol::secret::Opaque;

pub const USER: &str = "dana";
pub const PASSWORD: &str = "open: sesame";
pub const DANA: &str = "dana.reyes@acme.example";

/// A calendar of the account.
#[derive(Debug, Clone)]
pub enum Calendar {
    /// With these entries.
    Has(Vec<String>),
    /// It is listed, and refused with this status when it is read.
    Refuses(u16),
    /// It is listed with this status in place of what it is.
    Hides(u16),
}

/// What the outbox says of an address.
#[derive(Debug, Clone)]
pub enum Colleague {
    /// Busy times, as `20261202T140000Z/20261202T180000Z`.
    Busy(&'static str),
    /// This status of iTIP, and no times.
    Not(&'static str),
    /// A success without busy times.
    Nothing,
}

#[derive(Debug, Default)]
struct Seen {
    calendars: BTreeMap<String, Calendar>,
    colleagues: Option<BTreeMap<String, Colleague>>,
    /// How often a calendar or the outbox was read.
    reads: usize,
    wrong: Vec<String>,
}

#[derive(Clone)]
pub struct DavServer {
    place: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl DavServer {
    pub async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            place: listener.local_addr().unwrap(),
            seen: Arc::default(),
        };
        let router = Router::new().fallback(answer).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    pub fn set(&self, name: &str, calendar: Calendar) {
        self.seen().calendars.insert(name.to_owned(), calendar);
    }

    pub fn remove(&self, name: &str) {
        self.seen().calendars.remove(name);
    }

    /// From now on there is an outbox, which says this of an address.
    pub fn tells(&self, address: &str, of: Colleague) {
        let mut seen = self.seen();
        let colleagues = seen.colleagues.get_or_insert_default();
        colleagues.insert(address.to_owned(), of);
    }

    /// What was asked otherwise than it should be.
    pub fn wrong(&self) -> Vec<String> {
        self.seen().wrong.clone()
    }

    /// Gives the account as `Work`.
    pub fn account(&self) -> FeedAdd {
        FeedAdd {
            name: "Work".into(),
            caldav: Some(CalendarAccount {
                url: format!("http://{}/", self.place),
                user: USER.into(),
                password: Opaque::new(PASSWORD),
                colleague: None,
            }),
            ..FeedAdd::default()
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(
    State(server): State<DavServer>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let mut seen = server.seen();
    let login = STANDARD.encode(format!("{USER}:{PASSWORD}"));
    let given = headers.get("authorization");
    if given.is_none_or(|it| it.as_bytes() != format!("Basic {login}").as_bytes()) {
        return status(401);
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    let header = |name: &str| {
        let value = headers.get(name).and_then(|it| it.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    match (method.as_str(), uri.path()) {
        ("PROPFIND", path) => seen.places(path, &header("depth")),
        ("REPORT", path) => seen.report(path, &body),
        ("POST", "/out/") => {
            let wrong = seen.wrong_with(&header("content-type"), &body);
            match wrong {
                Some(wrong) => {
                    seen.wrong.push(format!("{wrong}: {body}"));
                    status(400)
                }
                None => seen.outbox(&body),
            }
        }
        (method, path) => {
            seen.wrong.push(format!("{method} {path}"));
            status(405)
        }
    }
}

fn status(status: u16) -> Response<Body> {
    let response = Response::builder().status(status);
    response.body(Body::empty()).unwrap()
}

fn xml(status: u16, text: String) -> Response<Body> {
    let response = Response::builder().status(status);
    let response = response.header("content-type", "application/xml; charset=utf-8");
    response.body(Body::from(text)).unwrap()
}

fn multistatus(responses: &str) -> Response<Body> {
    let text = format!(
        "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\" \
         xmlns:c=\"urn:ietf:params:xml:ns:caldav\" \
         xmlns:s=\"http://calendarserver.org/ns/\">{responses}</d:multistatus>"
    );
    xml(207, text)
}

fn place(path: &str, properties: &str) -> String {
    format!(
        "<d:response><d:href>{path}</d:href><d:propstat><d:prop>{properties}\
         <d:current-user-principal><d:href>/me/</d:href></d:current-user-principal></d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    )
}

impl Seen {
    fn places(&self, path: &str, depth: &str) -> Response<Body> {
        let collection = "<d:resourcetype><d:collection/></d:resourcetype>";
        match (path, depth) {
            ("/", "0") => multistatus(&place("/", collection)),
            ("/me/", "0") => {
                let outbox = match &self.colleagues {
                    Some(_) => {
                        "<c:schedule-outbox-URL><d:href>/out/</d:href></c:schedule-outbox-URL>"
                    }
                    None => "",
                };
                let properties = format!(
                    "<d:resourcetype><d:principal/></d:resourcetype>\
                     <c:calendar-home-set><d:href>/cal/</d:href></c:calendar-home-set>\
                     <c:calendar-user-address-set><d:href>mailto:{DANA}</d:href>\
                     </c:calendar-user-address-set>{outbox}"
                );
                multistatus(&place("/me/", &properties))
            }
            ("/cal/", "1") => {
                let home = place("/cal/", collection);
                let listed = self.calendars.iter().map(|(name, calendar)| {
                    let path = format!("/cal/{name}/");
                    if let Calendar::Hides(status) = calendar {
                        return format!(
                            "<d:response><d:href>{path}</d:href>\
                             <d:status>HTTP/1.1 {status} No</d:status></d:response>"
                        );
                    }
                    let mark = format!("{calendar:?}").len();
                    let properties = format!(
                        "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>\
                         <d:displayname>{name}</d:displayname><s:getctag>{mark}</s:getctag>"
                    );
                    place(&path, &properties)
                });
                multistatus(&(home + &listed.collect::<String>()))
            }
            _ => status(404),
        }
    }

    fn report(&mut self, path: &str, body: &str) -> Response<Body> {
        self.reads += 1;
        let name = path.trim_start_matches("/cal/").trim_end_matches('/');
        match self.calendars.get(name) {
            Some(Calendar::Has(entries)) if body.contains("calendar-query") => {
                let entries = entries.iter().enumerate().map(|(n, text)| {
                    format!(
                        "<d:response><d:href>{path}{n}.ics</d:href><d:propstat><d:prop>\
                         <c:calendar-data><![CDATA[{text}]]></c:calendar-data></d:prop>\
                         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
                    )
                });
                multistatus(&entries.collect::<String>())
            }
            Some(Calendar::Refuses(code)) => status(*code),
            Some(_) => status(403),
            None => status(404),
        }
    }

    /// What of a request to the outbox is not as RFC 6638 (5) and RFC 5546 (3.3.2) have it.
    fn wrong_with(&self, kind: &str, body: &str) -> Option<&'static str> {
        let unfolded = body.replace("\r\n ", "");
        let lines: Vec<_> = unfolded.split("\r\n").collect();
        let values = |name: &str| -> Vec<&str> {
            let found = lines.iter().filter_map(|it| it.strip_prefix(name));
            found.collect()
        };
        let one = |name: &str| match values(name)[..] {
            [value] => Some(value),
            _ => None,
        };
        let is_utc =
            |text: Option<&str>| text.is_some_and(|it| it.len() == 16 && it.ends_with('Z'));
        let checks = [
            (kind.starts_with("text/calendar"), "the content's type"),
            (body.ends_with("END:VCALENDAR\r\n"), "its end"),
            (body.split("\r\n").all(|it| it.len() <= 75), "a long line"),
            (one("METHOD:") == Some("REQUEST"), "the method"),
            (
                one("BEGIN:VFREEBUSY").is_some(),
                "one request for busy times",
            ),
            (one("VERSION:") == Some("2.0"), "the version"),
            (one("PRODID:").is_some(), "the product"),
            (one("UID:").is_some_and(|it| it.len() > 20), "a UID"),
            (is_utc(one("DTSTAMP:")), "when it was made"),
            (
                is_utc(one("DTSTART:")) && is_utc(one("DTEND:")),
                "from and to in UTC",
            ),
            (one("DTSTART:") < one("DTEND:"), "an end after the start"),
            (
                one("ORGANIZER:mailto:") == Some(DANA),
                "the organizer is the account",
            ),
            (
                !values("ATTENDEE:mailto:").is_empty(),
                "somebody to ask about",
            ),
        ];
        checks
            .into_iter()
            .find_map(|(is_so, what)| (!is_so).then_some(what))
    }

    fn outbox(&mut self, body: &str) -> Response<Body> {
        self.reads += 1;
        let unfolded = body.replace("\r\n ", "");
        let asked = unfolded.split("\r\n");
        let asked = asked.filter_map(|it| it.strip_prefix("ATTENDEE:mailto:"));
        let responses = asked.map(|address| {
            let known = self.colleagues.as_ref().and_then(|it| it.get(address));
            let (status, data) = match known {
                None => ("3.7;Invalid calendar user", String::new()),
                Some(Colleague::Not(why)) => (*why, String::new()),
                Some(Colleague::Nothing) => {
                    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
                    ("2.0;Success", text.to_owned())
                }
                Some(Colleague::Busy(times)) => {
                    let text = format!(
                        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VFREEBUSY\r\n\
                         ATTENDEE:mailto:{address}\r\nFREEBUSY;FBTYPE=BUSY:{times}\r\n\
                         END:VFREEBUSY\r\nEND:VCALENDAR\r\n"
                    );
                    ("2.0;Success", text)
                }
            };
            let data = match data.is_empty() {
                true => data,
                false => format!("<c:calendar-data><![CDATA[{data}]]></c:calendar-data>"),
            };
            format!(
                "<c:response><c:recipient><d:href>mailto:{address}</d:href></c:recipient>\
                 <c:request-status>{status}</c:request-status>{data}</c:response>"
            )
        });
        let text = format!(
            "<?xml version=\"1.0\"?><c:schedule-response xmlns:d=\"DAV:\" \
             xmlns:c=\"urn:ietf:params:xml:ns:caldav\">{}</c:schedule-response>",
            responses.collect::<String>()
        );
        xml(200, text)
    }
}
