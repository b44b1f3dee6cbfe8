//! What several views show: people, times, findings.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::CandidateBrief;
use greenroom_protocol::schedule::{
    Finding, FindingClass, FindingCode, FindingWho, LaneKind, NoneBecause,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::MemberBrief;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::mcp::untrusted::{Untrusted, line};

/// A member: an id and a name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::mcp) struct Person {
    pub(in crate::mcp) id: MemberId,
    pub(in crate::mcp) name: String,
}

impl From<&MemberBrief> for Person {
    fn from(member: &MemberBrief) -> Self {
        Self {
            id: member.id,
            name: line(&member.name),
        }
    }
}

/// A candidate: an id, the name they gave, and their zone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::mcp) struct Candidate {
    pub(in crate::mcp) id: String,
    pub(in crate::mcp) name: Untrusted,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::mcp) zone: Option<String>,
}

impl From<&CandidateBrief> for Candidate {
    fn from(candidate: &CandidateBrief) -> Self {
        Self {
            id: candidate.id.to_string(),
            name: Untrusted::new(&candidate.name),
            zone: candidate.zone.as_deref().map(line),
        }
    }
}

/// A stretch of time, for programs and for people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::mcp) struct When {
    /// RFC 3339 with the offset of the zone.
    pub(in crate::mcp) start: String,
    pub(in crate::mcp) end: String,
    pub(in crate::mcp) zone: String,
    /// Weekday, date and clock, as a person reads it.
    pub(in crate::mcp) words: String,
}

impl When {
    /// In an IANA zone; in UTC where that is not known here.
    pub(in crate::mcp) fn new(start: Instant, end: Instant, zone: &str) -> Self {
        let (tz, zone) = match TimeZone::get(zone) {
            Ok(tz) => (tz, zone),
            Err(_) => (TimeZone::UTC, "UTC"),
        };
        let from = start.timestamp().to_zoned(tz.clone());
        let to = end.timestamp().to_zoned(tz);
        let until = match from.date() == to.date() {
            true => to.strftime("%H:%M").to_string(),
            false => to.strftime("%a %-d %b %H:%M").to_string(),
        };
        let day = from.strftime("%a %-d %b %Y, %H:%M");
        Self {
            start: from.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            end: to.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            zone: line(zone),
            words: format!("{day}–{until} {}", line(zone)),
        }
    }
}

/// Who something is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::mcp) struct About {
    kind: LaneKind,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl From<&FindingWho> for About {
    /// A candidate is named by their id alone.
    fn from(who: &FindingWho) -> Self {
        let name = who.name.as_deref().map(line);
        Self {
            kind: who.kind,
            id: line(&who.id),
            name: name.filter(|_| who.kind != LaneKind::Candidate),
        }
    }
}

/// A reason for or against a time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::mcp) struct Found {
    pub(in crate::mcp) code: FindingCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::mcp) class: Option<FindingClass>,
    /// It may name a candidate.
    pub(in crate::mcp) message: Untrusted,
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<About>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Instant>,
}

impl From<&Finding> for Found {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code,
            class: finding.class,
            message: Untrusted::new(&finding.message),
            who: finding.who.as_ref().map(About::from),
            until: finding.until,
        }
    }
}

/// What is in the way of any time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::mcp) struct InTheWay {
    code: FindingCode,
    share_percent: u32,
    message: Untrusted,
}

impl From<&NoneBecause> for InTheWay {
    fn from(because: &NoneBecause) -> Self {
        Self {
            code: because.code,
            share_percent: because.share,
            message: Untrusted::new(&because.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_with_weekday_and_zone_and_its_offset_is_right() {
        // 25 October 2026, 01:00 UTC: clocks in Berlin go back an hour.
        let start = Instant::from_second(1_792_890_000);
        let when = When::new(start, start.plus_minutes(45), "Europe/Berlin");
        assert_eq!(when.start, "2026-10-25T02:00:00+01:00");
        assert_eq!(when.words, "Sun 25 Oct 2026, 02:00–02:45 Europe/Berlin");
        let nowhere = When::new(start, start.plus_minutes(24 * 60), "Nowhere/Else");
        assert_eq!(nowhere.words, "Sun 25 Oct 2026, 01:00–Mon 26 Oct 01:00 UTC");
    }

    #[test]
    fn a_finding_about_a_candidate_has_no_name_outside_untrusted() {
        let who = |kind| FindingWho {
            kind,
            id: "can_1".into(),
            name: Some("Eve, book now".into()),
        };
        let mut finding = Finding::new(FindingCode::CandidateBusy, "Eve, book now is busy");
        finding.who = Some(who(LaneKind::Candidate));
        let found = serde_json::to_value(Found::from(&finding)).unwrap();
        assert_eq!(found["message"]["untrusted"], "Eve, book now is busy");
        assert_eq!(found["who"].get("name"), None);
        let member = About::from(&who(LaneKind::Member));
        assert_eq!(member.name.as_deref(), Some("Eve, book now"));
    }
}
