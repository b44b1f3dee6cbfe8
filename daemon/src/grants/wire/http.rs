//! Owns how a request to a provider travels: one client, one deadline, no redirects, and the
//! difference that matters when no answer comes: *not sent* (nothing happened there) or *lost* (it
//! may have).
//!
//! Connections are not kept: a kept one that the other side has closed meanwhile would turn "not sent" into
//! "lost". No text here carries an address or a body, for those carry tokens.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::future::BoxFuture;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::failpoint::{Point, failpoint};
use crate::grants::wire::skew::Skew;
use crate::network::causes;
use crate::secrets::strike;

/// The longest a request may take, answer included. A search for what a lost answer left behind
/// waits until this has passed since the request.
pub const HTTP_DEADLINE: Duration = Duration::from_secs(20);

const CONNECT_DEADLINE: Duration = Duration::from_secs(10);

/// More than the largest page of a list.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// More than a refusal has, however many fields it names.
const MOST_STRUCK: usize = 16 * 1024;

/// Fields of a form that nobody may read.
const SECRET_FIELDS: [&str; 5] = [
    "client_secret",
    "refresh_token",
    "token",
    "code",
    "code_verifier",
];

/// More than an answer with tokens has.
const USUAL_BYTES: usize = 16 * 1024;

/// Why an HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("Couldn't create an HTTP client: {0}; check the system's certificates")]
pub struct HttpError(reqwest::Error);

/// An answer, whatever it says.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body; wiped when dropped.
    pub body: Zeroizing<Vec<u8>>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoReply {
    /// Nothing reached the other side.
    #[error("{0}")]
    NotSent(Cause),
    /// It may have been carried out.
    #[error("{0}")]
    Lost(Cause),
}

/// A request on its way.
pub(crate) type Sent = BoxFuture<'static, Result<Reply, NoReply>>;

/// What went wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The request could not be written.
    Request,
    /// Nobody is there.
    Connect,
    /// The certificate has ended, or has not begun.
    Certificate,
    /// No answer within [`HTTP_DEADLINE`].
    Timeout,
    /// The connection broke.
    Broken,
    /// The answer is larger than any that is expected.
    TooLarge,
}

impl Cause {
    /// What went wrong with a request to `name`.
    #[must_use]
    pub fn text(self, name: &str) -> String {
        match self {
            Self::Request => "the request could not be written".to_owned(),
            Self::Connect => format!("{name} cannot be reached"),
            Self::Certificate => {
                format!("{name}'s certificate is not valid at this machine's time")
            }
            Self::Timeout => format!("{name} did not answer in time"),
            Self::Broken => format!("the connection broke before {name}'s answer"),
            Self::TooLarge => format!("{name}'s answer was too large"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text("the provider"))
    }
}

/// No answer has told how far the clocks are apart.
const UNTOLD: i64 = i64::MIN;

/// Sends requests to a provider. Clones share one client.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    clock: Clock,
    skew: Arc<AtomicI64>,
}

impl Http {
    /// A client for these addresses; loopback ones are reached without a proxy.
    pub fn new(addresses: &[&Url], clock: Clock) -> Result<Self, HttpError> {
        // Fails only where another client of this process installed a provider before, which is as
        // good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Unless asked for JSON, some write what they refuse in XML.
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let mut builder = reqwest::Client::builder()
            .default_headers(headers)
            .user_agent(concat!("greenroom/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT_DEADLINE)
            .timeout(HTTP_DEADLINE);
        if addresses.iter().any(|address| is_loopback(address)) {
            builder = builder.no_proxy();
        }
        Ok(Self {
            client: builder.build().map_err(HttpError)?,
            clock,
            skew: Arc::new(AtomicI64::new(UNTOLD)),
        })
    }

    /// How far the clocks are apart, as the latest answer told.
    pub(crate) fn skew(&self) -> Option<Skew> {
        let seconds = self.skew.load(Ordering::Relaxed);
        (seconds != UNTOLD).then_some(Skew(seconds))
    }

    /// A request to be sent with [`Http::send`].
    pub fn request(&self, method: reqwest::Method, url: Url) -> reqwest::RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends, and reads the whole answer.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Result<Reply, NoReply> {
        let request = request
            .build()
            .map_err(|_| NoReply::NotSent(Cause::Request))?;
        self.execute(request, Limit::Whole).await
    }

    /// Sends, and reads at most the first bytes of the answer: of something long that is of use
    /// without its end.
    ///
    /// # Errors
    /// Those of [`Http::send`].
    pub async fn send_up_to(
        &self,
        request: reqwest::RequestBuilder,
        most: usize,
    ) -> Result<Reply, NoReply> {
        let request = request
            .build()
            .map_err(|_| NoReply::NotSent(Cause::Request))?;
        self.execute(request, Limit::Beginning(most.min(MOST_BYTES)))
            .await
    }

    /// Sends what was made elsewhere.
    pub(crate) fn sender(&self) -> impl Fn(reqwest::Request) -> Sent {
        let http = self.clone();
        move |request| {
            let http = http.clone();
            Box::pin(async move { http.execute(request, Limit::Whole).await })
        }
    }

    async fn execute(&self, request: reqwest::Request, limit: Limit) -> Result<Reply, NoReply> {
        let sent = Sensitive::of(&request);
        let mut response = self
            .client
            .execute(request)
            .await
            .map_err(|error| no_reply(&error))?;
        failpoint(Point::AnswerBegins);
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        if let Some(Skew(seconds)) = Skew::of(&headers, self.clock.now()) {
            self.skew.store(seconds, Ordering::Relaxed);
        }
        // Room for all of it, as far as it is said: a buffer that grows leaves a part of a token
        // behind.
        let length = response.content_length().unwrap_or_default();
        let room = usize::try_from(length).unwrap_or(MOST_BYTES);
        let mut body = Zeroizing::new(Vec::with_capacity(room.clamp(USUAL_BYTES, MOST_BYTES)));
        while let Some(part) = response.chunk().await.map_err(|error| no_reply(&error))? {
            match limit {
                Limit::Beginning(most) if body.len() + part.len() >= most => {
                    let room = most - body.len();
                    body.extend_from_slice(&part[..room]);
                    break;
                }
                _ if body.len() + part.len() > MOST_BYTES => {
                    return Err(NoReply::Lost(Cause::TooLarge));
                }
                _ => body.extend_from_slice(&part),
            }
        }
        failpoint(Point::AnswerArrived);
        Ok(Reply {
            status,
            headers,
            body: sent.struck(status, body),
        })
    }
}

/// How much of an answer is read.
#[derive(Clone, Copy)]
enum Limit {
    /// All of it; one that is too large is none.
    Whole,
    /// So many bytes, and no more.
    Beginning(usize),
}

/// What of a request nobody may read in a refusal of it, even where the server repeats it.
struct Sensitive(Vec<Zeroizing<String>>);

impl Sensitive {
    /// The keys in its header, and every value of its form that is long enough to be one.
    fn of(request: &reqwest::Request) -> Self {
        let mut found = Vec::new();
        let header = request.headers().get(AUTHORIZATION);
        if let Some(value) = header.and_then(|value| value.to_str().ok()) {
            let key = value.split_once(' ').map_or(value, |(_, key)| key);
            found.push(Zeroizing::new(key.to_owned()));
            let pair = STANDARD.decode(key).ok().map(Zeroizing::new);
            let pair = pair
                .as_ref()
                .and_then(|pair| std::str::from_utf8(pair).ok());
            found.extend(
                pair.and_then(|pair| pair.split_once(':'))
                    .map(|(_, secret)| Zeroizing::new(secret.to_owned())),
            );
        }
        let form = request
            .body()
            .and_then(reqwest::Body::as_bytes)
            .unwrap_or_default();
        for (name, value) in url::form_urlencoded::parse(form) {
            if SECRET_FIELDS.contains(&&*name) {
                found.push(Zeroizing::new(value.into_owned()));
            }
        }
        Self(found)
    }

    /// A refusal without them. What is no refusal is for nobody to read, and may hold the same keys
    /// again.
    fn struck(&self, status: u16, body: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
        let refusal = !(200..300).contains(&status) || !holds(&body, b"access_token");
        if self.0.is_empty() || !refusal {
            return body;
        }
        let Ok(text) = std::str::from_utf8(&body) else {
            return body;
        };
        // A page of a list is no text for people, and long.
        if text.len() > MOST_STRUCK && (200..300).contains(&status) {
            return body;
        }
        let secrets = self.0.iter().map(|secret| secret.as_str());
        Zeroizing::new(strike(text, secrets).into_bytes())
    }
}

fn holds(body: &[u8], word: &[u8]) -> bool {
    body.windows(word.len()).any(|it| it == word)
}

/// Whether this address is on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether the certificate has ended, or has not begun: a provider renews its own in time, so it is the
/// clock here that is wrong.
fn is_out_of_date(error: &(dyn std::error::Error + 'static)) -> bool {
    use rustls::CertificateError as C;
    use rustls::Error::InvalidCertificate;
    causes(error)
        .find_map(|it| it.downcast_ref())
        .is_some_and(|it| {
            matches!(
                it,
                InvalidCertificate(
                    C::Expired
                        | C::ExpiredContext { .. }
                        | C::NotValidYet
                        | C::NotValidYetContext { .. }
                )
            )
        })
}

fn no_reply(error: &reqwest::Error) -> NoReply {
    if error.is_builder() {
        return NoReply::NotSent(Cause::Request);
    }
    if error.is_connect() {
        return NoReply::NotSent(match is_out_of_date(error) {
            true => Cause::Certificate,
            false => Cause::Connect,
        });
    }
    NoReply::Lost(if error.is_timeout() {
        Cause::Timeout
    } else {
        Cause::Broken
    })
}

#[cfg(test)]
mod tests {
    use rustls::CertificateError;

    use super::*;

    #[test]
    fn a_certificate_out_of_its_time_is_told_from_a_wrong_one() {
        // Twice, as they come out of the client.
        let wrapped = |why| {
            let inner = std::io::Error::other(rustls::Error::InvalidCertificate(why));
            std::io::Error::other(inner)
        };
        for why in [CertificateError::Expired, CertificateError::NotValidYet] {
            assert!(is_out_of_date(&wrapped(why)));
        }
        assert!(!is_out_of_date(&wrapped(CertificateError::UnknownIssuer)));
        assert!(!is_out_of_date(&std::io::Error::other("refused")));
    }
}
