//! When people work, and days off.

use greenroom_protocol::availability::{DayHours, DayOff, DaysOff, MemberHours, MemberHoursQuery};
use greenroom_protocol::pipeline::Window;

use super::Daemon;
use crate::app::tests::records;

impl Daemon {
    pub(super) fn hours_of(&self, query: &MemberHoursQuery) -> MemberHours {
        let members = records::members();
        let named = |id: &str| query.member.as_deref() == Some(id);
        let member = members.iter().find(|it| named(&it.id.to_string()));
        let member = member.unwrap_or(&members[0]);
        let week = Window {
            days: vec![1, 2, 3, 4, 5],
            from_minute: 9 * 60,
            to_minute: 17 * 60,
        };
        let other = DayHours {
            date: "2026-12-24".parse().unwrap(),
            hours: Vec::new(),
        };
        let assumed = member.hours_assumed || (member.you && self.assumes_mine);
        MemberHours {
            member: greenroom_protocol::workspace::MemberBrief {
                id: member.id,
                name: member.name.clone(),
                email: member.email.clone(),
            },
            zone: member.zone.clone(),
            hours: vec![week],
            assumed,
            from_calendar: None,
            overrides: Some(other).filter(|_| !assumed).into_iter().collect(),
            buffer_before_minutes: if assumed { 0 } else { 10 },
            buffer_after_minutes: 0,
            cap_day: if assumed { 0 } else { 3 },
            cap_week: 0,
            days_off: days_off().remove(0).days,
            revision: u64::from(!assumed) * 7,
        }
    }
}

pub(crate) fn days_off() -> Vec<DaysOff> {
    let day = |date: &str, label: Option<&str>| DayOff {
        date: date.parse().unwrap(),
        label: label.map(str::to_owned),
    };
    vec![DaysOff {
        id: "holidays".into(),
        name: "Holidays".into(),
        days: vec![
            day("2026-12-25", Some("Christmas Day")),
            day("2026-12-28", None),
            day("2026-12-29", None),
        ],
        members: Vec::new(),
        revision: 5,
    }]
}
