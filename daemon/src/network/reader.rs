//! The client.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, LOCATION,
};
use reqwest::{Client, Method, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};
use zeroize::Zeroizing;

use super::answer::{Answer, Cause, NoAnswer, host};
use super::causes;
use super::place::{Judgement, Network, judge};

/// The longest that a request may take, its redirects and the whole answer included.
const WITHIN: Duration = Duration::from_secs(20);

const CONNECT_WITHIN: Duration = Duration::from_secs(10);

const MOST_REDIRECTS: usize = 3;

/// How much of a refusal is read, in bytes: enough for what a server says of why.
const MOST_OF_A_REFUSAL: usize = 16 << 10;

/// A user name with its password.
pub struct Login {
    /// The user name; one with a colon cannot be sent.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// What is asked of a server; all of these only read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// What is at an address.
    Get,
    /// What a server is asked to find out, as an outbox does.
    Post,
    /// Properties (RFC 4918).
    Propfind,
    /// A query (RFC 3253).
    Report,
}

impl Verb {
    fn method(self) -> Method {
        let name: &[u8] = match self {
            Self::Get => return Method::GET,
            Self::Post => return Method::POST,
            Self::Propfind => b"PROPFIND",
            Self::Report => b"REPORT",
        };
        Method::from_bytes(name).unwrap_or(Method::GET)
    }
}

/// A request to an address that somebody gave.
pub struct Request<'a> {
    verb: Verb,
    url: Url,
    headers: HeaderMap,
    body: Option<String>,
    login: Option<&'a Login>,
    most: usize,
}

impl<'a> Request<'a> {
    /// A request whose answer has at most so many bytes.
    #[must_use]
    pub fn new(verb: Verb, url: Url, most: usize) -> Self {
        Self {
            verb,
            url,
            headers: HeaderMap::new(),
            body: None,
            login: None,
            most,
        }
    }

    /// With a header; one that cannot be written is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, kind: &'static str, text: String) -> Self {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        self.body = Some(text);
        self
    }

    /// As somebody, to the server of the address and no other.
    #[must_use]
    pub fn login(mut self, login: &'a Login) -> Self {
        self.login = Some(login);
        self
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[error("Couldn't create an HTTP client: {0}; check the system's certificates")]
pub struct NoReader(reqwest::Error);

/// Reads from addresses that people give. Clones share one client.
#[derive(Clone)]
pub struct Reader {
    client: Client,
    allowed: Arc<[Network]>,
    within: Duration,
}

impl Reader {
    /// A client that also reads from these private networks.
    ///
    /// # Errors
    /// The system has no certificates to trust.
    pub fn new(allowed: &[Network]) -> Result<Self, NoReader> {
        // Fails only where another client of this process installed a provider before, which is as
        // good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let allowed: Arc<[Network]> = allowed.into();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let client = Client::builder()
            .default_headers(headers)
            .user_agent(concat!("greenroom/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            // Many servers are asked, each a few times an hour: none is worth a kept connection.
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT_WITHIN)
            .dns_resolver(Arc::new(Judging(allowed.clone())))
            .build()
            .map_err(NoReader)?;
        Ok(Self {
            client,
            allowed,
            within: WITHIN,
        })
    }

    /// The same with another deadline.
    #[cfg(test)]
    pub(super) fn within(mut self, within: Duration) -> Self {
        self.within = within;
        self
    }

    /// Sends, follows up to three redirects, and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// Where the address may not be read from or nothing whole came of it.
    pub async fn ask(&self, request: Request<'_>) -> Result<Answer, NoAnswer> {
        let first = request.url.clone();
        let following = self.follow(request);
        match tokio::time::timeout(self.within, following).await {
            Ok(answer) => answer,
            Err(_) => Err(NoAnswer::new(&first, Cause::Timeout)),
        }
    }

    async fn follow(&self, request: Request<'_>) -> Result<Answer, NoAnswer> {
        let mut url = request.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let response = self.send(&request, &url).await?;
            if !redirects(response.status(), request.verb) {
                return read(url, response, request.most).await;
            }
            let next = next(&url, &response).ok_or_else(|| NoAnswer::new(&url, Cause::Nowhere))?;
            if request.login.is_some() && next.origin() != url.origin() {
                let host = host(&next);
                return Err(NoAnswer::new(&url, Cause::Elsewhere { host }));
            }
            url = next;
        }
        Err(NoAnswer::new(&url, Cause::OnAndOn))
    }

    async fn send(&self, request: &Request<'_>, url: &Url) -> Result<Response, NoAnswer> {
        let fails = |cause| NoAnswer::new(url, cause);
        admitted(url, &self.allowed).map_err(fails)?;
        let mut sending = self.client.request(request.verb.method(), url.clone());
        sending = sending.headers(request.headers.clone());
        if let Some(login) = request.login {
            sending = sending.header(AUTHORIZATION, basic(login));
        }
        if let Some(body) = &request.body {
            sending = sending.body(body.clone());
        }
        let sent = sending.send().await;
        sent.map_err(|error| fails(cause_of(&error)))
    }
}

/// Whether this address may be asked at all. Names are judged as they are resolved.
fn admitted(url: &Url, allowed: &[Network]) -> Result<(), Cause> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Cause::LoginInAddress);
    }
    let (address, is_here) = match url.host() {
        None => return Err(Cause::NoHost),
        Some(Host::Domain(name)) => (None, is_this_machine(name)),
        Some(Host::Ipv4(it)) => (Some(IpAddr::from(it)), it.is_loopback()),
        Some(Host::Ipv6(it)) => (Some(IpAddr::from(it)), it.is_loopback()),
    };
    match url.scheme() {
        "https" => {}
        "http" if is_here => {}
        "http" => return Err(Cause::Plain),
        _ => return Err(Cause::Scheme),
    }
    address.map_or(Ok(()), |it| judged(it, allowed))
}

fn judged(address: IpAddr, allowed: &[Network]) -> Result<(), Cause> {
    match judge(address, allowed) {
        Judgement::Read => Ok(()),
        Judgement::Unnamed => Err(Cause::Unnamed),
        Judgement::Never => Err(Cause::Never),
    }
}

fn is_this_machine(name: &str) -> bool {
    name.trim_end_matches('.').eq_ignore_ascii_case("localhost")
}

/// Resolves names to addresses that may be read from, and to no others.
struct Judging(Arc<[Network]>);

/// Why a name leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unresolved(Cause);

impl fmt::Display for Unresolved {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the name leads nowhere")
    }
}

impl std::error::Error for Unresolved {}

impl Resolve for Judging {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.0.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
            let places = kept(name.as_str(), found, &allowed)?;
            Ok(Box::new(places.into_iter()) as Addrs)
        })
    }
}

/// Those of a name's addresses that may be read from.
fn kept(
    name: &str,
    found: Vec<SocketAddr>,
    allowed: &[Network],
) -> Result<Vec<SocketAddr>, Unresolved> {
    // Plain http goes to `localhost`, so that name is nobody else's.
    let is_here = is_this_machine(name);
    let mut why = Cause::NotFound;
    let mut places = Vec::new();
    for place in found {
        match judged(place.ip(), allowed) {
            Ok(()) if is_here && !place.ip().is_loopback() => why = Cause::Never,
            Ok(()) => places.push(place),
            Err(cause) => why = cause,
        }
    }
    match places.is_empty() {
        true => Err(Unresolved(why)),
        false => Ok(places),
    }
}

/// Whether a status leads elsewhere. 303 leads to what a GET answers, so only a GET follows it.
fn redirects(status: StatusCode, verb: Verb) -> bool {
    matches!(status.as_u16(), 301 | 302 | 307 | 308)
        || (status == StatusCode::SEE_OTHER && verb == Verb::Get)
}

fn next(url: &Url, response: &Response) -> Option<Url> {
    let to = response.headers().get(LOCATION)?.to_str().ok()?;
    url.join(to).ok()
}

fn basic(login: &Login) -> HeaderValue {
    let pair = format!("{}:{}", login.user, login.password.expose_secret());
    let pair = Zeroizing::new(pair);
    let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
    // Base64 is always a value.
    let value = HeaderValue::from_str(&text);
    let mut value = value.unwrap_or_else(|_| HeaderValue::from_static("Basic"));
    value.set_sensitive(true);
    value
}

async fn read(url: Url, mut response: Response, most: usize) -> Result<Answer, NoAnswer> {
    let fails = |cause| NoAnswer::new(&url, cause);
    let (status, headers) = (response.status(), response.headers().clone());
    let is_plain = |it: &HeaderValue| it.as_bytes().eq_ignore_ascii_case(b"identity");
    if status.is_success() && !headers.get_all(CONTENT_ENCODING).iter().all(is_plain) {
        return Err(fails(Cause::Compressed));
    }
    let most = match status.is_success() {
        true => most,
        false => most.min(MOST_OF_A_REFUSAL),
    };
    let said = response.content_length().unwrap_or_default();
    if status.is_success() && said > most as u64 {
        return Err(fails(Cause::TooLong(most)));
    }
    let mut body = Vec::new();
    loop {
        let part = response.chunk().await;
        let Some(part) = part.map_err(|error| fails(cause_of(&error)))? else {
            break;
        };
        let room = most - body.len();
        if part.len() <= room {
            body.extend_from_slice(&part);
            continue;
        }
        if status.is_success() {
            return Err(fails(Cause::TooLong(most)));
        }
        body.extend_from_slice(&part[..room]);
        break;
    }
    Ok(Answer {
        url,
        status,
        headers,
        body,
    })
}

fn cause_of(error: &reqwest::Error) -> Cause {
    use rustls::CertificateError as C;
    use rustls::Error::InvalidCertificate;
    for cause in causes(error) {
        if let Some(Unresolved(why)) = cause.downcast_ref() {
            return why.clone();
        }
        let Some(InvalidCertificate(why)) = cause.downcast_ref() else {
            continue;
        };
        return match why {
            C::Expired
            | C::ExpiredContext { .. }
            | C::NotValidYet
            | C::NotValidYetContext { .. } => Cause::CertificateTime,
            _ => Cause::Certificate,
        };
    }
    if error.is_timeout() {
        return Cause::Timeout;
    }
    match error.is_connect() {
        true => Cause::Unreachable,
        false => Cause::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_names_addresses_only_those_that_may_be_read_from_are_kept() {
        let places = |texts: &[&str]| -> Vec<SocketAddr> {
            let ips = texts.iter().map(|it| it.parse::<IpAddr>().unwrap());
            ips.map(|it| SocketAddr::from((it, 0))).collect()
        };
        let found = places(&["10.0.0.1", "8.8.8.8", "169.254.169.254"]);
        let public = places(&["8.8.8.8"]);
        assert_eq!(kept("acme.example", found, &[]), Ok(public.clone()));
        for (name, found, why) in [
            ("acme.example", places(&[]), Cause::NotFound),
            ("acme.example", places(&["10.0.0.1"]), Cause::Unnamed),
            ("acme.example", places(&["fe80::1"]), Cause::Never),
            ("localhost", public.clone(), Cause::Never),
            ("LOCALHOST.", public, Cause::Never),
        ] {
            assert_eq!(kept(name, found, &[]), Err(Unresolved(why)), "{name}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_and_other_schemes_for_nobody() {
        let allowed = ["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()];
        for (url, expected) in [
            ("https://acme.example/a.ics", Ok(())),
            ("http://127.0.0.1:8080/a", Ok(())),
            ("http://[::1]/a", Ok(())),
            ("http://localhost/a", Ok(())),
            // As browsers read such a number.
            ("http://0x7f.1/a", Ok(())),
            ("http://2852039166/a", Err(Cause::Plain)),
            ("https://2852039166/a", Err(Cause::Never)),
            ("http://localhost.acme.example/a", Err(Cause::Plain)),
            ("http://10.0.0.1/a", Err(Cause::Plain)),
            ("http://[::ffff:127.0.0.1]/a", Err(Cause::Plain)),
            ("ftp://acme.example/a", Err(Cause::Scheme)),
            ("file:///etc/passwd", Err(Cause::NoHost)),
            ("https://dana:x@acme.example/a", Err(Cause::LoginInAddress)),
        ] {
            let parsed = Url::parse(url).unwrap();
            assert_eq!(admitted(&parsed, &allowed), expected, "{url}");
        }
    }
}
