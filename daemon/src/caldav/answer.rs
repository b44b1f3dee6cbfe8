//! What a server's answer says of places and entries. Pure.

use super::xml::{self, Element, Name, NotXml};

/// A place, as a multistatus answers about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct About {
    /// Its address, as written.
    pub href: String,
    /// What the server says of the whole of it, where it gives no properties.
    pub status: Option<u16>,
    /// Whether its kind is unknown because the server refuses that property.
    pub is_withheld: bool,
    pub is_calendar: bool,
    pub is_principal: bool,
    pub name: Option<String>,
    /// Who is asking, by address.
    pub principal: Option<String>,
    /// Nobody is logged in.
    pub is_anonymous: bool,
    pub homes: Vec<String>,
    /// Addresses of the one whose place it is.
    pub emails: Vec<String>,
    pub outbox: Option<String>,
    pub owner: Option<String>,
    /// What its present state is called; it changes with its entries.
    pub mark: Option<String>,
    /// Whether it may hold events.
    pub holds_events: bool,
    /// Whether it takes none of its owner's time.
    pub is_transparent: bool,
    /// Whether only free-busy times are given out.
    pub only_free_busy: bool,
}

/// An entry of a calendar, as a server gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Given {
    /// Its text.
    Text(String),
    /// It is there and not given; the status.
    Not(u16),
}

/// What an outbox says of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answered {
    /// The address, without `mailto:`.
    pub address: String,
    /// The answer's text, or what the server says in its place.
    pub text: Result<String, String>,
}

/// The places a multistatus answers about.
pub(super) fn places(text: &str) -> Result<Vec<About>, NotXml> {
    let root = xml::read(text)?;
    if root.name != Name::Multistatus {
        return Err(NotXml::Something);
    }
    Ok(root.all(Name::Response).filter_map(about).collect())
}

fn about(response: &Element) -> Option<About> {
    let mut about = About {
        href: response.text_of(Name::Href)?.to_owned(),
        status: response.text_of(Name::Status).and_then(code),
        holds_events: true,
        ..About::default()
    };
    let mut marks = Vec::new();
    for stat in response.all(Name::Propstat) {
        let status = stat.text_of(Name::Status).and_then(code).unwrap_or(200);
        let Some(properties) = stat.get(Name::Prop) else {
            continue;
        };
        if !(200..300).contains(&status) {
            about.is_withheld |= properties.has(Name::ResourceType);
            continue;
        }
        for property in &properties.inner {
            take(&mut about, property, &mut marks);
        }
    }
    about.mark = (!marks.is_empty()).then(|| marks.join(" "));
    Some(about)
}

fn take(about: &mut About, property: &Element, marks: &mut Vec<String>) {
    let href = || property.hrefs().next().map(str::to_owned);
    match property.name {
        Name::ResourceType => {
            about.is_calendar = property.has(Name::Calendar);
            about.is_principal = property.has(Name::Principal);
        }
        Name::Title => {
            let name = property.text.trim();
            about.name = (!name.is_empty()).then(|| name.to_owned());
        }
        Name::CurrentUser => {
            about.principal = href();
            about.is_anonymous = property.has(Name::Unauthenticated);
        }
        Name::HomeSet => about.homes = property.hrefs().map(str::to_owned).collect(),
        Name::AddressSet => {
            let emails = property.hrefs().filter_map(mailto);
            about.emails = emails.take(20).map(str::to_owned).collect();
        }
        Name::OutboxUrl => about.outbox = href(),
        Name::Owner => about.owner = href(),
        Name::Ctag | Name::SyncToken => {
            let text = property.text.trim();
            if !text.is_empty() {
                marks.push(text.to_owned());
            }
        }
        Name::ComponentSet => {
            let mut named = property
                .all(Name::Comp)
                .filter_map(|it| it.called.as_deref());
            let is_empty = !property.has(Name::Comp);
            about.holds_events = is_empty || named.any(|it| it.eq_ignore_ascii_case("VEVENT"));
        }
        Name::Transparency => about.is_transparent = property.has(Name::Transparent),
        Name::PrivilegeSet => {
            let has = |name| property.all(Name::Privilege).any(|it| it.has(name));
            about.only_free_busy = has(Name::ReadFreeBusy) && !has(Name::Read) && !has(Name::All);
        }
        _ => {}
    }
}

/// The entries that a query found. Of an entry that went away in the meantime nothing is said.
pub(super) fn entries(text: &str) -> Result<Vec<Given>, NotXml> {
    let root = xml::read(text)?;
    if root.name != Name::Multistatus {
        return Err(NotXml::Something);
    }
    let mut found = Vec::new();
    for response in root.inner {
        if response.name == Name::Response {
            found.extend(entry(response));
        }
    }
    Ok(found)
}

fn entry(response: Element) -> Option<Given> {
    let whole = response.text_of(Name::Status).and_then(code);
    let mut refused = None;
    for stat in response.inner {
        if stat.name != Name::Propstat {
            continue;
        }
        let status = stat.text_of(Name::Status).and_then(code).unwrap_or(200);
        let properties = stat.inner.into_iter().filter(|it| it.name == Name::Prop);
        for property in properties.flat_map(|it| it.inner) {
            if property.name != Name::CalendarData {
                continue;
            }
            if (200..300).contains(&status) && !property.text.trim().is_empty() {
                return Some(Given::Text(property.text));
            }
            refused = Some(status);
        }
    }
    // Without a text and without a reason it is there all the same.
    match whole.or(refused).unwrap_or(204) {
        404 | 410 => None,
        status => Some(Given::Not(status)),
    }
}

/// What an outbox answers about each address.
pub(super) fn answered(text: &str) -> Result<Vec<Answered>, NotXml> {
    let root = xml::read(text)?;
    if root.name != Name::ScheduleResponse {
        return Err(NotXml::Something);
    }
    Ok(root.all(Name::Response).filter_map(of_one).collect())
}

fn of_one(response: &Element) -> Option<Answered> {
    let recipient = response.get(Name::Recipient)?.hrefs().next()?;
    let status = response.text_of(Name::RequestStatus).unwrap_or_default();
    let data = response.text_of(Name::CalendarData);
    let text = match data {
        Some(data) if status.starts_with("2.") => Ok(data.to_owned()),
        _ => Err(status.to_owned()),
    };
    Some(Answered {
        address: mailto(recipient).unwrap_or(recipient).to_owned(),
        text,
    })
}

fn mailto(href: &str) -> Option<&str> {
    let scheme = href.get(..7)?;
    let address = href.get(7..)?;
    (scheme.eq_ignore_ascii_case("mailto:") && address.contains('@')).then_some(address)
}

/// The number in `HTTP/1.1 404 Not Found`.
fn code(status: &str) -> Option<u16> {
    status.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn multistatus(inner: &str) -> String {
        format!(
            "<d:multistatus xmlns:d='DAV:' xmlns:c='urn:ietf:params:xml:ns:caldav' \
             xmlns:s='http://calendarserver.org/ns/'>{inner}</d:multistatus>"
        )
    }

    fn place(properties: &str) -> About {
        let text = multistatus(&format!(
            "<d:response><d:href>/dana/work/</d:href><d:propstat><d:prop>{properties}</d:prop>\
             <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        ));
        places(&text).unwrap().remove(0)
    }

    #[test]
    fn a_calendar_says_what_it_is_and_whose() {
        let about = place(
            "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>\
             <d:displayname>Work</d:displayname><d:owner><d:href>/dana/</d:href></d:owner>\
             <s:getctag>7</s:getctag><d:sync-token>t</d:sync-token>",
        );
        assert!(about.is_calendar && about.holds_events && !about.is_transparent);
        assert_eq!(about.name.as_deref(), Some("Work"));
        assert_eq!(about.owner.as_deref(), Some("/dana/"));
        assert_eq!(about.mark.as_deref(), Some("7 t"));
        let tasks = place(
            "<c:supported-calendar-component-set><c:comp name='VTODO'/>\
             </c:supported-calendar-component-set>\
             <c:schedule-calendar-transp><c:transparent/></c:schedule-calendar-transp>",
        );
        assert!(!tasks.holds_events && tasks.is_transparent && tasks.mark.is_none());
        let shared = place(
            "<d:current-user-privilege-set><d:privilege><c:read-free-busy/></d:privilege>\
             </d:current-user-privilege-set>",
        );
        assert!(shared.only_free_busy);
        let own = place(
            "<d:current-user-privilege-set><d:privilege><c:read-free-busy/></d:privilege>\
             <d:privilege><d:read/></d:privilege></d:current-user-privilege-set>",
        );
        assert!(!own.only_free_busy);
    }

    #[test]
    fn properties_that_are_refused_are_not_taken_and_a_kind_that_is_refused_is_noted() {
        let text = multistatus(
            "<d:response><d:href>/a/</d:href><d:propstat><d:prop><d:resourcetype/></d:prop>\
             <d:status>HTTP/1.1 403 Forbidden</d:status></d:propstat></d:response>\
             <d:response><d:href>/b/</d:href><d:status>HTTP/1.1 404 Not Found</d:status>\
             </d:response><d:response><d:href>/c/</d:href><d:propstat><d:prop><s:getctag>9\
             </s:getctag></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat>\
             </d:response><d:response/>",
        );
        let found = places(&text).unwrap();
        assert_eq!(found.len(), 3);
        assert!(found[0].is_withheld);
        assert_eq!(found[1].status, Some(404));
        assert_eq!((found[2].mark.clone(), found[2].is_withheld), (None, false));
    }

    #[test]
    fn of_a_principal_the_homes_and_the_email_addresses_are_kept() {
        let about = place(
            "<c:calendar-home-set><d:href>/a/</d:href><d:href>/b/</d:href></c:calendar-home-set>\
             <c:calendar-user-address-set><d:href>mailto:dana@acme.example</d:href>\
             <d:href>/dana/</d:href><d:href>MAILTO:d@acme.example</d:href>\
             </c:calendar-user-address-set>\
             <c:schedule-outbox-URL><d:href>/out/</d:href></c:schedule-outbox-URL>\
             <d:current-user-principal><d:unauthenticated/></d:current-user-principal>",
        );
        assert_eq!(about.homes, ["/a/", "/b/"]);
        assert_eq!(about.emails, ["dana@acme.example", "d@acme.example"]);
        assert_eq!(about.outbox.as_deref(), Some("/out/"));
        assert!(about.is_anonymous && about.principal.is_none());
    }

    #[test]
    fn an_entry_that_is_not_given_is_not_nothing() {
        let entry = |inner: &str| format!("<d:response><d:href>/a</d:href>{inner}</d:response>");
        let data = |text: &str, status: &str| {
            entry(&format!(
                "<d:propstat><d:prop><c:calendar-data>{text}</c:calendar-data></d:prop>\
                 <d:status>HTTP/1.1 {status}</d:status></d:propstat>"
            ))
        };
        let status = |it: &str| entry(&format!("<d:status>HTTP/1.1 {it}</d:status>"));
        for (inner, expected) in [
            (data("X", "200 OK"), vec![Given::Text("X".to_owned())]),
            (data("", "403 Forbidden"), vec![Given::Not(403)]),
            (data("", "200 OK"), vec![Given::Not(200)]),
            (data("", "404 Not Found"), vec![]),
            (status("404 Not Found"), vec![]),
            (status("507 Insufficient Storage"), vec![Given::Not(507)]),
            (entry(""), vec![Given::Not(204)]),
            (String::new(), vec![]),
        ] {
            assert_eq!(entries(&multistatus(&inner)), Ok(expected), "{inner}");
        }
        assert_eq!(entries("<html/>"), Err(NotXml::Something));
    }

    #[test]
    fn an_outbox_answers_about_each_address() {
        let text = "<c:schedule-response xmlns:d='DAV:' xmlns:c='urn:ietf:params:xml:ns:caldav'>\
            <c:response><c:recipient><d:href>mailto:a@x.example</d:href></c:recipient>\
            <c:request-status>2.0;Success</c:request-status><c:calendar-data>T</c:calendar-data>\
            </c:response><c:response><c:recipient><d:href>mailto:b@x.example</d:href>\
            </c:recipient><c:request-status>3.8;No authority</c:request-status></c:response>\
            <c:response><c:recipient><d:href>mailto:c@x.example</d:href></c:recipient>\
            <c:request-status>2.0;Success</c:request-status></c:response>\
            </c:schedule-response>";
        let found = answered(text).unwrap();
        let texts: Vec<_> = found.iter().map(|it| it.text.clone()).collect();
        let refused = |text: &str| Err(text.to_owned());
        assert_eq!(
            texts,
            [
                Ok("T".to_owned()),
                refused("3.8;No authority"),
                refused("2.0;Success")
            ]
        );
        assert_eq!(found[1].address, "b@x.example");
    }
}
