//! What is asked of a server. Pure.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::schedule::ranges::Seconds;

/// What is asked about a place: what it is, whose, and whether it changed.
pub(super) const PROPERTIES: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n",
    "<d:propfind xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\" ",
    "xmlns:s=\"http://calendarserver.org/ns/\"><d:prop>",
    "<d:resourcetype/><d:displayname/><d:current-user-principal/><d:owner/><d:sync-token/>",
    "<d:current-user-privilege-set/><c:calendar-home-set/><c:calendar-user-address-set/>",
    "<c:schedule-outbox-URL/><c:supported-calendar-component-set/><c:schedule-calendar-transp/>",
    "<s:getctag/></d:prop></d:propfind>"
);

/// A day in seconds. Whole days and times without a zone are as early and as late as the clock of
/// a server reads them, so entries are asked for a day around.
const AROUND: i64 = 24 * 3600;

/// The entries of a calendar between two moments, and a day around.
pub(super) fn entries(span: &Seconds) -> String {
    let range = range(&(span.start - AROUND..span.end + AROUND));
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <c:calendar-query xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\">\
         <d:prop><c:calendar-data/></d:prop><c:filter><c:comp-filter name=\"VCALENDAR\">\
         <c:comp-filter name=\"VEVENT\">{range}</c:comp-filter></c:comp-filter></c:filter>\
         </c:calendar-query>"
    )
}

/// When a calendar's owner is busy between two moments.
pub(super) fn free_busy(span: &Seconds) -> String {
    let range = range(span);
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <c:free-busy-query xmlns:c=\"urn:ietf:params:xml:ns:caldav\">{range}</c:free-busy-query>"
    )
}

fn range(span: &Seconds) -> String {
    let (start, end) = (utc(span.start), utc(span.end));
    format!("<c:time-range start=\"{start}\" end=\"{end}\"/>")
}

/// As iCalendar writes a moment.
fn utc(second: i64) -> String {
    let moment = Timestamp::from_second(second).unwrap_or_default();
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Asks an outbox when these addresses are busy (RFC 6638, 5). Those that could end a line or a
/// value are left out.
pub(super) fn request(
    organizer: &str,
    addresses: &[String],
    uid: &str,
    now: i64,
    span: &Seconds,
) -> String {
    let (now, start, end) = (utc(now), utc(span.start), utc(span.end));
    let mut text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Greenroom//EN\r\nMETHOD:REQUEST\r\n\
         BEGIN:VFREEBUSY\r\nUID:{uid}\r\nDTSTAMP:{now}\r\nDTSTART:{start}\r\nDTEND:{end}\r\n\
         ORGANIZER:mailto:{organizer}\r\n"
    );
    for address in addresses.iter().filter(|it| can_be_asked(it)) {
        // Longer lines than 75 bytes are folded.
        let line = format!("ATTENDEE:mailto:{address}");
        let (first, rest) = line.split_at(line.len().min(70));
        text.push_str(first);
        let mut rest = rest;
        while !rest.is_empty() {
            let (part, more) = rest.split_at(rest.len().min(70));
            // The text grows; nothing fails.
            let _ = write!(text, "\r\n {part}");
            rest = more;
        }
        text.push_str("\r\n");
    }
    text.push_str("END:VFREEBUSY\r\nEND:VCALENDAR\r\n");
    text
}

/// Whether an outbox can be asked about an address: visible ASCII that ends no value.
#[must_use]
pub fn can_be_asked(address: &str) -> bool {
    let plain = |it: u8| it.is_ascii_graphic() && !matches!(it, b':' | b';' | b',' | b'"' | b'\\');
    address.len() <= 254 && address.contains('@') && address.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(utc(1_796_083_200), "20261201T000000Z");
        let text = free_busy(&(1_796_083_200..1_796_086_800));
        assert!(
            text.contains("start=\"20261201T000000Z\" end=\"20261201T010000Z\""),
            "{text}"
        );
        let text = entries(&(1_796_083_200..1_796_086_800));
        assert!(
            text.contains("start=\"20261130T000000Z\" end=\"20261202T010000Z\""),
            "{text}"
        );
    }

    #[test]
    fn an_address_ends_no_line_and_no_value() {
        let addresses = [
            "sam@acme.example".to_owned(),
            "a@b\r\nMETHOD:CANCEL".to_owned(),
            "a@b;X=1".to_owned(),
            "nobody".to_owned(),
            "s\u{e4}m@acme.example".to_owned(),
            format!("{}@acme.example", "long".repeat(20)),
        ];
        let text = request("dana@acme.example", &addresses, "u", 0, &(0..3600));
        assert_eq!(text.matches("ATTENDEE:").count(), 2, "{text}");
        assert_eq!(text.matches("METHOD:").count(), 1, "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains(&addresses[5]), "{unfolded}");
    }
}
