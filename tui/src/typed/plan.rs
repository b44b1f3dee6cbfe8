//! A stage's plan as it was given, as a request that changes only what differs.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::{StageConfigure, StageInterview, StageInterviewChange};

/// Asks for the plan `wanted` in place of `stored`. Only what differs is asked for, so that a
/// setting this build does not know stays; a daemon before protocol 3 takes a plan whole.
pub(crate) fn ask_for(
    request: StageConfigure,
    stored: &StageInterview,
    wanted: StageInterview,
    protocol: u32,
) -> StageConfigure {
    if wanted == *stored {
        return request;
    }
    if protocol < StageInterviewChange::SINCE {
        return StageConfigure {
            interview: Some(wanted),
            ..request
        };
    }
    let change = StageInterviewChange {
        zoom_user: match wanted.zoom_user == stored.zoom_user {
            true => Edit::Keep,
            false => wanted.zoom_user.into(),
        },
        ai: Edit::between(&stored.ai, wanted.ai),
        duration_minutes: Edit::between(&stored.duration_minutes, wanted.duration_minutes),
        panel: Edit::between(&stored.panel, wanted.panel),
        windows: Edit::between(&stored.windows, wanted.windows),
        buffer_before_minutes: Edit::between(
            &stored.buffer_before_minutes,
            wanted.buffer_before_minutes,
        ),
        buffer_after_minutes: Edit::between(
            &stored.buffer_after_minutes,
            wanted.buffer_after_minutes,
        ),
        notice_minutes: Edit::between(&stored.notice_minutes, wanted.notice_minutes),
        horizon_days: Edit::between(&stored.horizon_days, wanted.horizon_days),
        daily_cap: Edit::between(&stored.daily_cap, wanted.daily_cap),
        // The first choice may be what was stored before anybody was asked.
        approval: match wanted.approval_chosen == stored.approval_chosen {
            true => Edit::between(&stored.approval, wanted.approval),
            false => Edit::Set(wanted.approval),
        },
        guidance: Edit::between(&stored.guidance, wanted.guidance),
        zoom_notes: later(&stored.zoom_notes, wanted.zoom_notes),
        zone: match wanted.zone == stored.zone {
            true => Edit::Keep,
            false => wanted.zone.into(),
        },
        step_minutes: later(&stored.step_minutes, wanted.step_minutes),
        weekly_cap: later(&stored.weekly_cap, wanted.weekly_cap),
        night: later(&stored.night, wanted.night),
        organizer: match wanted.organizer == stored.organizer {
            true => Edit::Keep,
            false => wanted.organizer.into(),
        },
    };
    StageConfigure {
        change: Some(change),
        ..request
    }
}

/// The change of a setting that not every daemon knows.
fn later<T: PartialEq>(stored: &Option<T>, wanted: Option<T>) -> Edit<T> {
    match wanted == *stored {
        true => Edit::Keep,
        false => wanted.map_or(Edit::Keep, Edit::Set),
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::MemberId;
    use greenroom_protocol::pipeline::Night;

    use super::*;

    #[test]
    fn only_what_differs_is_asked_for_and_an_older_daemon_gets_the_plan_whole() {
        let stored = StageInterview {
            zoom_user: Some(MemberId::new()),
            guidance: "Be kind.".to_owned(),
            zone: Some("Asia/Kolkata".to_owned()),
            step_minutes: Some(15),
            night: Some(Night::Off),
            ..StageInterview::default()
        };
        let wanted = StageInterview {
            zoom_user: None,
            duration_minutes: 30,
            zone: None,
            step_minutes: Some(30),
            ..stored.clone()
        };
        let ask = |wanted: &StageInterview, protocol| {
            let request = StageConfigure::default();
            serde_json::to_value(ask_for(request, &stored, wanted.clone(), protocol)).unwrap()
        };
        let asked = ask(&wanted, 3);
        let change = serde_json::json!({
            "zoom_user": null, "duration_minutes": 30, "zone": null, "step_minutes": 30,
        });
        assert_eq!(
            (&asked["change"], asked["interview"].is_null()),
            (&change, true)
        );
        let asked = ask(&wanted, 2);
        assert_eq!(asked["interview"], serde_json::to_value(&wanted).unwrap());
        for asked in [asked, ask(&stored, 3), ask(&stored, 2)] {
            // It is not even there: a daemon of protocol 2 does not know it.
            assert!(asked.get("change").is_none(), "{asked}");
        }
    }

    #[test]
    fn the_first_choice_of_how_emails_are_sent_is_asked_for_whatever_was_stored() {
        let stored = StageInterview {
            approval_chosen: Some(false),
            ..StageInterview::default()
        };
        let wanted = StageInterview {
            approval_chosen: Some(true),
            ..stored.clone()
        };
        let asked = ask_for(StageConfigure::default(), &stored, wanted, 3);
        let change = serde_json::to_value(asked.change).unwrap();
        assert_eq!(change, serde_json::json!({"approval": "draft"}));
    }
}
