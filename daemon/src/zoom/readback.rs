//! Owns what Zoom changed: a meeting as it was asked for, compared with the meeting as it is.
//! Account settings that an admin locked override a request silently, so what was asked for proves
//! nothing.

use super::meeting::ZoomMeeting;
use super::wanted::MeetingPlan;
use crate::zoom::zone;

/// What differs, one sentence each for a person; empty: all as asked. What Zoom does not tell is
/// not judged.
#[must_use]
pub fn differences(plan: &MeetingPlan, meeting: &ZoomMeeting) -> Vec<String> {
    let mut found = Vec::new();
    let mut note = |differs: bool, sentence: String| {
        if differs {
            found.push(sentence);
        }
    };
    let other = !meeting.is_scheduled();
    note(other, other_type(plan, meeting));
    if let Some(start) = meeting.start_time.filter(|_| !other) {
        note(
            start != plan.start,
            format!(
                "Zoom starts it on {} instead of {}",
                start.in_zone(&plan.zone),
                plan.start.in_zone(&plan.zone)
            ),
        );
    }
    if let Some(minutes) = meeting.duration.filter(|_| !other) {
        note(
            minutes != plan.minutes,
            format!("Zoom plans {minutes} minutes instead of {}", plan.minutes),
        );
    }
    let asked = zone::zooms(&plan.zone, plan.start);
    let zone = meeting.timezone.as_deref().unwrap_or(asked);
    let shown = zone::offset(zone, plan.start);
    note(
        shown.is_some() && shown != zone::offset(asked, plan.start),
        format!("Zoom shows its time in {zone} instead of {asked}"),
    );
    match meeting.password.as_deref() {
        None | Some("") => note(true, "Zoom set no passcode".into()),
        Some(passcode) => note(
            passcode != plan.passcode,
            "Zoom chose another passcode".into(),
        ),
    }
    let settings = meeting.settings.clone().unwrap_or_default();
    note(
        settings.waiting_room == Some(true),
        "Zoom turned the waiting room on: the host lets people in".into(),
    );
    note(
        settings.join_before_host == Some(false),
        "Zoom lets nobody in before the host".into(),
    );
    note(
        settings.use_pmi == Some(true),
        "Zoom used the host's personal room".into(),
    );
    note(
        settings.approval_type.is_some_and(|kind| kind != 2),
        "Zoom asks people to register before they join".into(),
    );
    note(
        settings.meeting_authentication == Some(true),
        "Zoom lets only signed-in people join".into(),
    );
    if let Some(minutes) = settings.jbh_time.filter(|minutes| *minutes > 0) {
        note(
            settings.join_before_host != Some(false),
            format!("Zoom lets people in before the host only {minutes} minutes before the start"),
        );
    }
    match settings.auto_recording.as_deref() {
        None | Some("" | "none") => {}
        Some("cloud") => note(
            true,
            "Zoom records it automatically, in the cloud: tell the candidate".into(),
        ),
        Some("local") => note(
            true,
            "Zoom records it automatically, on the host's computer: tell the candidate".into(),
        ),
        Some(other) => note(true, format!("Zoom records it automatically ({other})")),
    }
    note(
        settings.auto_start_meeting_summary == Some(true) && !plan.notes,
        "Zoom starts its AI summary automatically: tell the candidate".into(),
    );
    found
}

/// Whether Zoom writes no summary although one is wanted. Apart from the other differences: it is
/// advice about the host, which stands on the interview until Zoom does.
#[must_use]
pub fn refuses_notes(plan: &MeetingPlan, meeting: &ZoomMeeting) -> bool {
    let settings = meeting.settings.as_ref();
    let writes = settings.and_then(|it| it.auto_start_meeting_summary);
    plan.notes && writes == Some(false)
}

/// What it has become, and whether it is still at the time of the booking.
fn other_type(plan: &MeetingPlan, meeting: &ZoomMeeting) -> String {
    const MOST_SHOWN: usize = 3;
    let what = match meeting.kind {
        1 => "an instant meeting",
        3 => "a recurring meeting without a fixed time",
        4 => "the host's personal room",
        8 => "a recurring meeting",
        10 => "a screen-share-only meeting",
        _ => "another type of meeting",
    };
    let mut words = format!("somebody made {what} of it in Zoom");
    let available = meeting.occurrences.iter();
    let available = available.filter(|it| it.status.is_empty() || it.status == "available");
    let mut starts: Vec<_> = available.filter_map(|it| it.start_time).collect();
    starts.sort_unstable();
    match starts.len() {
        0 => {}
        _ if starts.contains(&plan.start) => {
            words.push_str("; one of its occurrences is at the booked time");
        }
        count => {
            let shown = starts.iter().take(MOST_SHOWN);
            let shown: Vec<_> = shown.map(|it| it.in_zone(&plan.zone)).collect();
            let more = if count > MOST_SHOWN { ", …" } else { "" };
            let shown = shown.join(", ");
            words.push_str(&format!(
                "; none of its occurrences is at the booked time ({shown}{more})"
            ));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::time::Instant;

    use super::*;
    use crate::zoom::meeting::{MeetingSettings, Occurrence};

    /// Case Z9: what Zoom does not say, or says as no meeting can be, is not known.
    #[test]
    fn only_times_and_lengths_that_zoom_says_are_read() {
        for (body, minutes) in [
            (r#"{"id":1,"type":3,"duration":0}"#, None),
            (r#"{"id":1,"type":3,"start_time":"","duration":null}"#, None),
            (r#"{"id":1,"type":3,"start_time":null,"duration":-5}"#, None),
            (r#"{"id":1,"type":8,"duration":1441}"#, None),
            (r#"{"id":1,"type":8,"duration":60}"#, Some(60)),
        ] {
            let meeting: ZoomMeeting = serde_json::from_str(body).unwrap();
            assert_eq!(
                (meeting.start_time, meeting.duration),
                (None, minutes),
                "{body}"
            );
            assert!(!meeting.is_scheduled(), "{body}");
        }
    }

    #[test]
    fn every_change_is_named_and_silence_is_none() {
        let plan = MeetingPlan {
            topic: "Interview".into(),
            start: Instant::from_second(1_800_014_400),
            zone: "Europe/Berlin".into(),
            minutes: 45,
            mark: "int_x".into(),
            agenda: String::new(),
            passcode: "aB3-eF6@hJ".into(),
            notes: false,
        };
        let same: ZoomMeeting = serde_json::from_str(
            r#"{"id":1,"start_time":"2027-01-15T12:00:00Z","duration":45,"password":"aB3-eF6@hJ"}"#,
        )
        .unwrap();
        assert_eq!(differences(&plan, &same), Vec::<String>::new());

        let notes = |wanted, writes| {
            let plan = MeetingPlan {
                notes: wanted,
                ..plan.clone()
            };
            let settings = MeetingSettings {
                auto_start_meeting_summary: writes,
                ..MeetingSettings::default()
            };
            let meeting = ZoomMeeting {
                settings: Some(settings),
                ..same.clone()
            };
            let said = differences(&plan, &meeting);
            (said.len(), refuses_notes(&plan, &meeting))
        };
        for (wanted, writes, expected) in [
            (false, None, (0, false)),
            (false, Some(false), (0, false)),
            (false, Some(true), (1, false)),
            (true, None, (0, false)),
            (true, Some(true), (0, false)),
            (true, Some(false), (0, true)),
        ] {
            assert_eq!(notes(wanted, writes), expected, "{wanted} {writes:?}");
        }

        let with = |settings| ZoomMeeting {
            settings: Some(settings),
            ..same.clone()
        };
        let default = MeetingSettings::default;
        let table = [
            (
                with(MeetingSettings {
                    waiting_room: Some(true),
                    ..default()
                }),
                "waiting room",
            ),
            (
                with(MeetingSettings {
                    join_before_host: Some(false),
                    ..default()
                }),
                "before the host",
            ),
            (
                with(MeetingSettings {
                    use_pmi: Some(true),
                    ..default()
                }),
                "personal room",
            ),
            (
                with(MeetingSettings {
                    approval_type: Some(0),
                    ..default()
                }),
                "register",
            ),
            (
                with(MeetingSettings {
                    meeting_authentication: Some(true),
                    ..default()
                }),
                "signed-in",
            ),
            (
                with(MeetingSettings {
                    auto_recording: Some("cloud".into()),
                    ..default()
                }),
                "records it automatically, in the cloud",
            ),
            (
                with(MeetingSettings {
                    auto_recording: Some("local".into()),
                    ..default()
                }),
                "on the host's computer",
            ),
            (
                with(MeetingSettings {
                    join_before_host: Some(true),
                    jbh_time: Some(5),
                    ..default()
                }),
                "only 5 minutes before",
            ),
            (
                with(MeetingSettings {
                    auto_start_meeting_summary: Some(true),
                    ..default()
                }),
                "AI summary",
            ),
            (
                ZoomMeeting {
                    kind: 3,
                    start_time: None,
                    duration: None,
                    ..same.clone()
                },
                "a recurring meeting without a fixed time",
            ),
            (
                ZoomMeeting {
                    kind: 8,
                    start_time: Some(plan.start.plus_minutes(60)),
                    occurrences: vec![Occurrence {
                        start_time: Some(plan.start.plus_minutes(7 * 24 * 60)),
                        status: "available".into(),
                    }],
                    ..same.clone()
                },
                "none of its occurrences is at the booked time (Fri 2027-01-22",
            ),
            (
                ZoomMeeting {
                    duration: Some(40),
                    ..same.clone()
                },
                "40 minutes instead of 45",
            ),
            (
                ZoomMeeting {
                    timezone: Some("Asia/Tokyo".into()),
                    ..same.clone()
                },
                "in Asia/Tokyo instead of Europe/Berlin",
            ),
            (
                ZoomMeeting {
                    password: None,
                    ..same.clone()
                },
                "no passcode",
            ),
            (
                ZoomMeeting {
                    password: Some("1".into()),
                    ..same.clone()
                },
                "another passcode",
            ),
            (
                ZoomMeeting {
                    start_time: Some(plan.start.plus_minutes(60)),
                    ..same.clone()
                },
                "on Fri 2027-01-15 14:00 CET instead of Fri 2027-01-15 13:00 CET",
            ),
        ];
        for (meeting, expected) in table {
            let found = differences(&plan, &meeting);
            assert!(
                matches!(&found[..], [one] if one.contains(expected)),
                "{expected}: {found:?}"
            );
        }
    }
}
