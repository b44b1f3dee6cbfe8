//! Owns what Zoom changed: a meeting as it was asked for, held against the meeting as it is. Account settings that an
//! admin locked override a request silently, so what was asked for proves nothing.

use super::meetings::{MeetingPlan, ZoomMeeting};

/// What differs, one sentence each for a person; empty: all as asked. What Zoom does not tell is not judged.
#[must_use]
pub fn differences(plan: &MeetingPlan, meeting: &ZoomMeeting) -> Vec<String> {
    let mut found = Vec::new();
    let mut note = |differs: bool, sentence: String| {
        if differs {
            found.push(sentence);
        }
    };
    if let Some(start) = meeting.start_time {
        note(
            start != plan.start,
            format!(
                "Zoom starts it on {} instead of {}",
                start.in_zone(&plan.zone),
                plan.start.in_zone(&plan.zone)
            ),
        );
    }
    note(
        meeting.duration != plan.minutes,
        format!(
            "Zoom plans {} minutes instead of {}",
            meeting.duration, plan.minutes
        ),
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
    found
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::time::Instant;

    use super::*;
    use crate::zoom::meetings::MeetingSettings;

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
        };
        let same: ZoomMeeting = serde_json::from_str(
            r#"{"id":1,"start_time":"2027-01-15T12:00:00Z","duration":45,"password":"aB3-eF6@hJ"}"#,
        )
        .unwrap();
        assert_eq!(differences(&plan, &same), Vec::<String>::new());

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
                ZoomMeeting {
                    duration: 40,
                    ..same.clone()
                },
                "40 minutes instead of 45",
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
