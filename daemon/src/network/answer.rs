//! What came of a request, or why nothing did, in words for the person who gave the address.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName};
use url::Url;

/// The longest value of a header that is looked at, in bytes.
const LONGEST_HEADER: usize = 500;

/// The longest name of a host in a text, in characters.
const LONGEST_HOST: usize = 100;

/// An answer, whatever it says.
pub struct Answer {
    /// The address that answered: the last one of the redirects.
    pub url: Url,
    /// The HTTP status.
    pub status: StatusCode,
    pub(super) headers: HeaderMap,
    /// The body; of a refusal only its beginning.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header of at most 500 bytes of visible ASCII.
    #[must_use]
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        let value = self.headers.get(name)?.to_str().ok()?;
        (value.len() <= LONGEST_HEADER).then_some(value)
    }

    /// The words of all headers of one name, in lower case, such as those of `DAV`.
    #[must_use]
    pub fn words(&self, name: HeaderName) -> Vec<String> {
        let values = self.headers.get_all(name).iter().take(20);
        let values = values.filter_map(|it| it.to_str().ok());
        let words = values.flat_map(|it| it.split([',', ' '])).map(str::trim);
        let words = words.filter(|it| !it.is_empty() && it.len() <= LONGEST_HEADER);
        words.take(100).map(str::to_ascii_lowercase).collect()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAnswer {
    /// The host that was asked last.
    pub host: String,
    /// What went wrong.
    pub cause: Cause,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The address names no server.
    NoHost,
    /// The address carries a user name or a password.
    LoginInAddress,
    /// It is neither https nor, on this machine, http.
    Scheme,
    /// It is http to another machine.
    Plain,
    /// It is in a private network that the administrator has not named.
    Unnamed,
    /// It is where nothing is read from.
    Never,
    /// No server has the name.
    NotFound,
    /// Nobody is there.
    Unreachable,
    /// The certificate has ended, or has not begun.
    CertificateTime,
    /// The certificate is not one that this machine trusts for the name.
    Certificate,
    /// No whole answer in time.
    Timeout,
    /// The connection broke.
    Broken,
    /// The answer is larger than this many bytes.
    TooLong(usize),
    /// The answer is compressed.
    Compressed,
    /// A redirect names no address.
    Nowhere,
    /// There are too many redirects.
    OnAndOn,
    /// A redirect leads to another server, which the password was not given for.
    Elsewhere {
        /// That server's name.
        host: String,
    },
}

impl NoAnswer {
    pub(super) fn new(url: &Url, cause: Cause) -> Self {
        Self {
            host: host(url),
            cause,
        }
    }

    /// What somebody can do about it, where there is more than the words of it say.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self.cause {
            Cause::Certificate => Some(
                "if the server is yours, have its certificate authority added to those that \
                 Greenroom's machine trusts",
            ),
            Cause::CertificateTime => Some("renew the certificate, or set this machine's clock"),
            _ => None,
        }
    }

    /// Whether the same request may be answered later without anybody doing anything.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self.cause,
            Cause::NotFound | Cause::Unreachable | Cause::Timeout | Cause::Broken
        )
    }
}

/// The host of an address, which is all that is said of one.
#[must_use]
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the server");
    host.chars().take(LONGEST_HOST).collect()
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = &self.host;
        match &self.cause {
            Cause::NoHost => write!(out, "The address names no server"),
            Cause::LoginInAddress => {
                write!(out, "The address carries a user name: give it separately")
            }
            Cause::Scheme => write!(out, "The address must begin with https://"),
            Cause::Plain => write!(out, "{host} would be read without encryption: use https"),
            Cause::Unnamed => write!(
                out,
                "{host} is in a private network: Greenroom's administrator can name that \
                 network in `[calendars] allow`"
            ),
            Cause::Never => write!(out, "Nothing is read from the address of {host}"),
            Cause::NotFound => write!(out, "No server is named {host}"),
            Cause::Unreachable => write!(out, "{host} cannot be reached"),
            Cause::CertificateTime => write!(
                out,
                "The certificate of {host} is not valid at this machine's time"
            ),
            Cause::Certificate => write!(
                out,
                "The certificate of {host} is not one that this machine trusts for that name"
            ),
            Cause::Timeout => write!(out, "{host} did not answer in time"),
            Cause::Broken => write!(out, "The connection to {host} broke"),
            Cause::TooLong(most) => {
                write!(out, "The answer of {host} is larger than {}", size(*most))
            }
            Cause::Compressed => write!(out, "{host} sends a compressed answer nobody asked for"),
            Cause::Nowhere => write!(out, "{host} redirects to no address"),
            Cause::OnAndOn => write!(out, "{host} redirects again and again"),
            Cause::Elsewhere { host: other } => write!(
                out,
                "{host} redirects to {other}, and the password stays with the server it was given \
                 for: if {other} is yours, give its address instead"
            ),
        }
    }
}

impl std::error::Error for NoAnswer {}

fn size(bytes: usize) -> String {
    match bytes {
        1_048_576.. => format!("{} MB", bytes >> 20),
        1024.. => format!("{} kB", bytes >> 10),
        _ => format!("{bytes} bytes"),
    }
}
