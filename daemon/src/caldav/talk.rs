//! Requests to a CalDAV server, and which of the addresses it names are its own.

use reqwest::StatusCode;
use reqwest::header::HeaderName;
use url::Url;

use super::answer::{self, About};
use super::failure::{Cause, Failure};
use super::words;
use crate::network::{Answer, Login, Reader, Request, Verb};

/// The longest answer, in bytes: the longest calendar, and what the XML around its entries adds.
pub(super) const LONGEST: usize = 8 << 20;

/// The longest answer about places: more than the calendars that are read take.
const LONGEST_ABOUT_PLACES: usize = 1 << 20;

const XML: &str = "application/xml; charset=utf-8";

/// Somebody's account at a server.
#[derive(Clone, Copy)]
pub(super) struct Talk<'a> {
    pub reader: &'a Reader,
    pub login: &'a Login,
}

impl Talk<'_> {
    /// What is at an address, and, where `within`, directly below it; the address that answered.
    pub(super) async fn places(
        self,
        url: &Url,
        within: bool,
    ) -> Result<(Url, Vec<About>), Failure> {
        let depth = if within { "1" } else { "0" };
        let request = Request::new(Verb::Propfind, url.clone(), LONGEST_ABOUT_PLACES)
            .body(XML, words::PROPERTIES.to_owned());
        let answer = self.ask(request, depth).await?;
        let host = host(&answer.url);
        if answer.status != StatusCode::MULTI_STATUS {
            return Err(Failure::new(host, refusal(answer.status)));
        }
        let places = answer::places(&text(&answer.body)).map_err(|why| match why {
            super::xml::NotXml::Something | super::xml::NotXml::DocumentType => {
                Failure::new(host, Cause::NotCalDav)
            }
            why => Failure::new(host, Cause::Unreadable(why.to_string())),
        })?;
        Ok((answer.url, places))
    }

    /// The answer to a query of a calendar.
    pub(super) async fn report(
        self,
        url: &Url,
        query: String,
        expected: StatusCode,
    ) -> Result<String, Failure> {
        let request = Request::new(Verb::Report, url.clone(), LONGEST).body(XML, query);
        let answer = self.ask(request, "1").await?;
        match answer.status == expected {
            true => Ok(text(&answer.body)),
            false => Err(Failure::new(host(&answer.url), refusal(answer.status))),
        }
    }

    /// The answer of an outbox.
    pub(super) async fn post(self, url: &Url, calendar: String) -> Result<String, Failure> {
        let request = Request::new(Verb::Post, url.clone(), LONGEST)
            .body("text/calendar; charset=utf-8", calendar);
        let answer = self.ask(request, "0").await?;
        match answer.status {
            StatusCode::OK => Ok(text(&answer.body)),
            status => Err(Failure::new(host(&answer.url), refusal(status))),
        }
    }

    async fn ask(self, request: Request<'_>, depth: &'static str) -> Result<Answer, Failure> {
        let request = request
            .header(HeaderName::from_static("depth"), depth)
            .login(self.login);
        Ok(self.reader.ask(request).await?)
    }
}

/// A server that writes another encoding than UTF-8 damages titles, which are not looked at.
fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

pub(super) fn host(url: &Url) -> &str {
    url.host_str().unwrap_or("the server")
}

/// What a status says in place of an answer.
pub(super) fn refusal(status: StatusCode) -> Cause {
    match status.as_u16() {
        401 | 407 => Cause::Password,
        403 => Cause::Forbidden,
        404 | 410 => Cause::Missing,
        // Pages and other services answer so.
        200..=206 | 303 | 400 | 405 | 406 | 411 | 415 | 501 => Cause::NotCalDav,
        408 | 423 | 429 | 500..=599 => Cause::Unwell(status.as_u16()),
        status => Cause::Status(status),
    }
}

/// An address that a server names, if it is its own: at the same host (whatever scheme a server
/// behind a proxy believes it has), or at a sibling within its domain, as iCloud has them
/// (`p42-caldav.icloud.com` beside `caldav.icloud.com`). Others get no password.
pub(super) fn own(base: &Url, href: &str) -> Result<Url, Failure> {
    let mut url = base
        .join(href)
        .map_err(|_| Failure::new(host(base), Cause::NotCalDav))?;
    url.set_fragment(None);
    url.set_query(None);
    if url.host_str() == base.host_str() {
        let mut own = base.clone();
        own.set_fragment(None);
        own.set_query(None);
        own.set_path(url.path());
        return Ok(own);
    }
    let is_plain = url.username().is_empty() && url.password().is_none();
    if url.scheme() == "https"
        && url.port().is_none()
        && is_plain
        && siblings(host(base), host(&url))
    {
        return Ok(url);
    }
    let host_of_other = Failure::new(host(&url), Cause::NotCalDav).host;
    let elsewhere = crate::network::Cause::Elsewhere {
        host: host_of_other,
    };
    Err(Failure::new(host(base), Cause::Network(elsewhere)))
}

/// Whether two names are in one domain of two parts or more, below the domains that anybody can
/// have a name in.
fn siblings(one: &str, other: &str) -> bool {
    let (Some((_, domain)), Some((_, its))) = (one.split_once('.'), other.split_once('.')) else {
        return false;
    };
    let parts = domain.split('.').count();
    let is_address = one.parse::<std::net::Ipv4Addr>().is_ok();
    // `co.uk` and the like: a short second part under a country.
    let is_public = parts == 2 && domain.split('.').all(|it| it.len() <= 3);
    domain == its && parts >= 2 && !is_public && !is_address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_names_its_own_places_and_its_siblings() {
        let of = |base: &str, href: &str| {
            let base = Url::parse(base).unwrap();
            own(&base, href).map(|it| it.to_string()).ok()
        };
        let icloud = "https://caldav.icloud.com/";
        for (base, href, expected) in [
            (
                "https://dav.acme.example/a/",
                "/b/",
                Some("https://dav.acme.example/b/"),
            ),
            (
                "https://dav.acme.example/a/",
                "b/?x#y",
                Some("https://dav.acme.example/a/b/"),
            ),
            (
                "https://dav.acme.example:8443/",
                "http://dav.acme.example/b/",
                Some("https://dav.acme.example:8443/b/"),
            ),
            (
                icloud,
                "https://p42-caldav.icloud.com/1/",
                Some("https://p42-caldav.icloud.com/1/"),
            ),
            (
                icloud,
                "https://p42-caldav.icloud.com:443/1/",
                Some("https://p42-caldav.icloud.com/1/"),
            ),
            (icloud, "http://p42-caldav.icloud.com/1/", None),
            (icloud, "https://dana@p42-caldav.icloud.com/1/", None),
            (icloud, "https://icloud.com.acme.example/", None),
            (icloud, "https://example.com/", None),
            ("https://acme.com/", "https://example.com/", None),
            ("https://acme.co.uk/", "https://other.co.uk/", None),
            ("https://10.0.0.1/", "https://11.0.0.1/", None),
            ("https://dav.acme.example/", "https://[", None),
        ] {
            assert_eq!(of(base, href).as_deref(), expected, "{base} {href}");
        }
    }

    #[test]
    fn a_status_says_what_is_wrong() {
        let of = |status: u16| refusal(StatusCode::from_u16(status).unwrap());
        assert_eq!(of(401), Cause::Password);
        assert_eq!(of(403), Cause::Forbidden);
        assert_eq!(of(410), Cause::Missing);
        assert_eq!(of(200), Cause::NotCalDav);
        assert_eq!(of(405), Cause::NotCalDav);
        assert_eq!(of(503), Cause::Unwell(503));
        assert_eq!(of(418), Cause::Status(418));
    }
}
