//! What Zoom refuses, and what it only seems to: a passcode is made again by the rule it names, a
//! field is named, good keys that are refused for a while cost nothing but time, and a limit is
//! asked less and less often.

use std::time::Duration;

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{
    Interview, InterviewReschedule, InterviewStatus, MeetingState, Side,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::ConnectionState;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{
    Account, Answer, Config, Endpoint, Fault, FaultKind, Often, PasscodeRules, Plan, User,
};
use greenroom_tests::wait::Deadline;

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, codes, with};

const ELEVEN: &str = "2026-12-01T11:00:00Z";

/// An account that asks this of passcodes.
async fn context(rules: PasscodeRules) -> Fixture {
    let account = Account {
        passcode_rules: rules,
        ..Account::new("acme", Plan::Business)
    };
    Fixture::with(Config {
        accounts: vec![account],
        ..Config::default()
    })
    .await
}

impl Fixture {
    /// How many calls Zoom took of Dana today, as far as is known here.
    async fn counted(&self) -> u32 {
        let host = self.dana.zoom_list().await.unwrap().items.remove(0);
        host.calls_today.unwrap().sent
    }

    /// The count comes to this: a call under way counts until Zoom has refused it.
    async fn counts(&self, calls: u32) {
        let coming = async {
            let deadline = Deadline::here();
            while self.counted().await != calls {
                deadline.check();
                tokio::task::yield_now().await;
            }
        };
        let came = tokio::time::timeout(Duration::from_secs(60), coming).await;
        assert!(came.is_ok(), "never {calls} calls");
    }

    async fn moves_to_eleven(&self, interview: &Interview) {
        let to = InterviewReschedule {
            start_shown: None,
            locale: None,
            interview: Reference::to(interview.id.to_string()),
            start: ELEVEN.into(),
            zone: None,
            duration_minutes: None,
            by: Side::Us,
            reason: None,
            refuse_advice: false,
        };
        self.dana.interview_reschedule(to).await.unwrap();
    }
}

/// Case Z2: by every rule an account may have.
#[tokio::test]
async fn a_refused_passcode_is_made_again_by_the_rule_zoom_names() {
    let usual = PasscodeRules::default;
    let table = [
        (
            PasscodeRules {
                only_allow_numeric: true,
                ..usual()
            },
            2,
        ),
        (
            PasscodeRules {
                only_allow_numeric: true,
                length: 8,
                consecutive_characters_length: 4,
                ..usual()
            },
            2,
        ),
        (
            PasscodeRules {
                only_allow_numeric: true,
                most: 6,
                ..usual()
            },
            2,
        ),
        (PasscodeRules { most: 8, ..usual() }, 2),
        (
            PasscodeRules {
                length: 10,
                have_letter: true,
                have_number: true,
                have_special_character: true,
                have_upper_and_lower_characters: true,
                consecutive_characters_length: 4,
                ..usual()
            },
            1,
        ),
        (
            PasscodeRules {
                only_allow_numeric: true,
                unexplained: true,
                ..usual()
            },
            2,
        ),
    ];
    for (rules, asked) in table {
        for in_xml in [false, true] {
            let desk = context(rules.clone()).await;
            desk.daemon.zoom.refuse_in_xml(in_xml);
            let ready = desk.has(with(ANA, TEN)).await;
            let passcode = ready.meeting.passcode.clone().unwrap();
            let [meeting] = &desk.daemon.zoom.meetings()[..] else {
                panic!("one meeting: {rules:?}")
            };
            assert_eq!(passcode, meeting.password);
            assert!(passcode.len() >= rules.length && passcode.len() <= rules.most);
            let digits = passcode.bytes().all(|byte| byte.is_ascii_digit());
            assert_eq!(digits, rules.only_allow_numeric, "{passcode}");
            assert_eq!(codes(&ready), [FindingCode::NoMail]);
            let created = || desk.daemon.zoom.counters().of(Endpoint::CreateMeeting);
            assert_eq!(created(), asked, "{rules:?}");
            assert_eq!(
                desk.counted().await,
                1,
                "what Zoom did not take is not counted"
            );

            // What was learned is used at once.
            desk.has(with(BEN, ELEVEN)).await;
            assert_eq!(created(), asked + 1, "{rules:?}");
        }
    }
}

/// Case Z2: once, not for ever.
#[tokio::test]
async fn rules_that_cannot_be_met_are_said_in_zooms_words() {
    let desk = context(PasscodeRules {
        only_allow_numeric: true,
        have_letter: true,
        ..PasscodeRules::default()
    })
    .await;
    let booked = desk.books(with(ANA, TEN)).await;
    let failed = desk.settled(&booked).await;
    assert_eq!(failed.meeting.state, MeetingState::Failed);
    let why = failed.meeting.reason.unwrap();
    assert!(why.contains("Have at least 1 letter"), "{why}");
    assert!(failed.meeting.refused_for_good);
    assert_eq!(desk.daemon.zoom.counters().of(Endpoint::CreateMeeting), 2);
}

/// Case Z2: which refusals asking again helps, and what to do about the others.
#[tokio::test]
async fn nobody_is_told_to_try_again_where_that_cannot_help() {
    let field = r#"{"code":300,"message":"Validation Failed.","errors":[{"field":"settings.jbh_time","message":"Invalid parameter: jbh_time."}]}"#;
    let table = [
        (
            400,
            field,
            "settings.jbh_time: Invalid parameter",
            true,
            "admin",
        ),
        (
            400,
            r#"{"code":300,"message":"Too many things."}"#,
            "Too many things",
            true,
            "admin",
        ),
        (
            400,
            r#"{"code":3161,"message":"no"}"#,
            "may not host",
            true,
            "another host",
        ),
        (
            404,
            r#"{"code":1001,"message":"User does not exist: me."}"#,
            "does not exist",
            true,
            "another host",
        ),
        (
            400,
            r#"{"code":1010,"message":"User does not belong to this account: a."}"#,
            "does not belong",
            true,
            "another host",
        ),
        (
            400,
            r#"{"code":4711,"message":"Invalid access token, does not contain scopes:[meeting:write:meeting]."}"#,
            "meeting:write:meeting",
            false,
            "reconnect",
        ),
        (
            400,
            r#"{"code":3000,"message":"Cannot access webinar info."}"#,
            "webinar",
            false,
            "confirm the interview again",
        ),
    ];
    for (status, body, words, for_good, hint) in table {
        let desk = Fixture::open().await;
        let body = serde_json::from_str(body).unwrap();
        let refusal = FaultKind::Answer(Answer::Json { status, body });
        desk.daemon
            .zoom
            .fault(Fault::once(Endpoint::CreateMeeting, refusal));
        let booked = desk.books(with(ANA, TEN)).await;
        let failed = desk.settled(&booked).await.meeting;
        assert_eq!(failed.state, MeetingState::Failed);
        let why = failed.reason.clone().unwrap();
        assert!(why.contains(words), "{words}: {why}");
        assert_eq!(failed.refused_for_good, for_good, "{why}");
        assert!(failed.hint.as_ref().unwrap().contains(hint), "{failed:?}");
        assert_eq!(desk.counted().await, 0, "{why}");
    }
}

/// Case Z3: made, moved and cancelled, each while Zoom refuses good keys for so many calls.
#[tokio::test]
async fn good_keys_that_are_refused_for_a_while_cost_only_time() {
    for calls in [2, 3, 5, 12] {
        let desk = Fixture::open().await;
        let refuses = || desk.daemon.zoom.refuse_tokens(calls);
        refuses();
        let booked = desk.books(with(ANA, TEN)).await;
        let (kept, why) = desk.kept(&booked).await;
        assert!(why.contains("not available for now"), "{why}");
        assert!(kept.meeting.next_try.unwrap() > desk.daemon.now());
        let ready = desk.in_time(&booked).await;
        assert_eq!(ready.meeting.state, MeetingState::Ready, "{ready:?}");
        assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
        desk.counts(1).await;

        refuses();
        desk.moves_to_eleven(&ready).await;
        desk.kept(&ready).await;
        let moved = desk.in_time(&ready).await;
        assert_eq!(moved.meeting.join_url, ready.meeting.join_url);
        assert!(!codes(&moved).contains(&FindingCode::MeetingOutdated));
        assert_eq!(
            desk.daemon.zoom.meetings()[0].start_time.to_string(),
            ELEVEN
        );
        desk.counts(2).await;

        refuses();
        desk.cancels(&moved).await;
        let gone = desk.in_time(&moved).await;
        assert_eq!(gone.status, InterviewStatus::Cancelled);
        assert_eq!(gone.meeting.state, MeetingState::Gone, "{gone:?}");
        assert_eq!(codes(&gone), [FindingCode::NoMail]);
        assert_eq!(desk.daemon.zoom.meetings().len(), 0);
    }
}

/// Case Z3: an outage of hours is asked less and less often, and looks like what it is.
#[tokio::test]
async fn a_long_refusal_of_good_keys_is_asked_ever_less_often() {
    let desk = Fixture::open().await;
    desk.daemon.zoom.refuse_tokens(u32::MAX);
    let booked = desk.books(with(ANA, "2026-12-05T10:00:00Z")).await;
    desk.kept(&booked).await;
    let six_hours = desk.daemon.now().plus_minutes(6 * 60);
    desk.daemon.time_passes_until(six_hours).await.unwrap();
    // Between a renewal, which Zoom takes, and the next call, which it refuses, the connection
    // looks well.
    let state = async || desk.dana.zoom_list().await.unwrap().items.remove(0).state;
    let mut more_minutes = 0;
    while state().await != ConnectionState::Retrying {
        more_minutes += 1;
        assert!(more_minutes <= 120, "it never looks like an outage");
        let then = six_hours.plus_minutes(more_minutes);
        desk.daemon.time_passes_until(then).await.unwrap();
    }
    let asked = desk.daemon.zoom.counters().of(Endpoint::CreateMeeting);
    assert!((8..100).contains(&asked), "{asked} in six hours");
    desk.counts(0).await;

    desk.daemon.zoom.refuse_tokens(0);
    let ready = desk.in_time(&booked).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready);
}

/// Case Z3: what ended is distinguished from what is refused for a while.
#[tokio::test]
async fn a_token_whose_owner_is_gone_needs_another_connection() {
    let desk =
        Fixture::with(Config::default().with_user(User::new("omar.haddad@acme.example"))).await;
    desk.daemon.zoom.remove_user(DANA).unwrap();
    let booked = desk.books(with(ANA, TEN)).await;
    let (_, why) = desk.kept(&booked).await;
    assert!(why.contains("removed from their Zoom account"), "{why}");
    let stands = desk.dana.zoom_list().await.unwrap().items.remove(0);
    assert_eq!(stands.state, ConnectionState::ReconnectRequired);
    assert_eq!(stands.reason_code.as_deref(), Some("user-gone"));
    assert!(stands.hint.unwrap().contains("Zoom admin"));
}

/// Case Z1: whatever a proxy answers in Zoom's place, everything is asked again and comes to what
/// was wanted.
#[tokio::test]
async fn a_page_of_a_proxy_ends_nothing() {
    for status in [400, 403, 404] {
        let desk = Fixture::open().await;
        let once = |endpoint| {
            let page = FaultKind::Answer(Answer::Html { status });
            desk.daemon.zoom.fault(Fault::once(endpoint, page));
        };
        once(Endpoint::CreateMeeting);
        once(Endpoint::GetMeeting);
        let booked = desk.books(with(ANA, TEN)).await;
        let (_, why) = desk.kept(&booked).await;
        assert!(why.contains("a proxy may be in the way"), "{why}");
        let ready = desk.in_time(&booked).await;
        assert_eq!(ready.meeting.state, MeetingState::Ready);
        assert_eq!(codes(&ready), [FindingCode::NoMail]);

        once(Endpoint::UpdateMeeting);
        desk.moves_to_eleven(&ready).await;
        desk.kept(&ready).await;
        let moved = desk.in_time(&ready).await;
        assert_eq!(codes(&moved), [FindingCode::NoMail]);
        assert_eq!(
            desk.daemon.zoom.meetings()[0].start_time.to_string(),
            ELEVEN
        );
        desk.counts(2).await;

        once(Endpoint::DeleteMeeting);
        desk.cancels(&moved).await;
        let gone = desk.in_time(&moved).await;
        assert_eq!(gone.meeting.state, MeetingState::Gone);
        assert_eq!(desk.daemon.zoom.meetings().len(), 0);
    }
}

/// Case Z8: seven tries in some minutes, none of them counted.
#[tokio::test]
async fn a_limit_by_the_second_does_not_use_up_the_day() {
    let desk = Fixture::open().await;
    let limit = FaultKind::Answer(Answer::PerSecondLimit);
    let often = Fault::once(Endpoint::CreateMeeting, limit).often(Often::Always);
    desk.daemon.zoom.fault(often);
    let booked = desk.books(with(ANA, TEN)).await;
    desk.kept(&booked).await;
    let begun = desk.daemon.now();
    let later = begun.plus_seconds(200);
    desk.daemon.time_passes_until(later).await.unwrap();
    let asked = desk.daemon.zoom.counters().of(Endpoint::CreateMeeting);
    assert!((4..=8).contains(&asked), "{asked} in 200 s");
    desk.counts(0).await;

    desk.daemon.zoom.clear_faults();
    let ready = desk.in_time(&booked).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready);
    desk.counts(1).await;
}

/// A running meeting is neither changed nor deleted at Zoom (3002): a cancelled one goes as soon as
/// it is over.
#[tokio::test]
async fn a_meeting_in_progress_is_deleted_when_it_is_over() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let id = desk.daemon.zoom.meetings()[0].id;
    desk.daemon.zoom.set_started(id, true).unwrap();
    desk.cancels(&ready).await;
    let (_, why) = desk.kept(&ready).await;
    assert!(why.contains("in progress"), "{why}");
    desk.daemon.zoom.set_started(id, false).unwrap();
    let gone = desk.in_time(&ready).await;
    assert_eq!(gone.meeting.state, MeetingState::Gone);
    assert_eq!(desk.daemon.zoom.meetings().len(), 0);
}

/// A host an admin took out of the account: said, and no meeting.
#[tokio::test]
async fn a_host_outside_the_account_is_named() {
    let desk = Fixture::open().await;
    desk.daemon.zoom.unlink(DANA, true).unwrap();
    let booked = desk.books(with(ANA, TEN)).await;
    let failed = desk.settled(&booked).await.meeting;
    let why = failed.reason.unwrap();
    assert!(why.contains("does not belong to the account"), "{why}");
    assert!(failed.refused_for_good);
    desk.daemon.zoom.unlink(DANA, false).unwrap();
    let again = Reference::to(booked.id.to_string());
    desk.dana.interview_confirm(again).await.unwrap();
    assert_eq!(
        desk.settled(&booked).await.meeting.state,
        MeetingState::Ready
    );
}

/// Zones that Zoom lacks are sent as one it has, and ids may be as large as its type.
#[tokio::test]
async fn zooms_own_zones_and_ids_are_used() {
    let desk = Fixture::open().await;
    let table = [
        ("Europe/Kyiv", "Europe/Kiev"),
        ("America/Toronto", "America/New_York"),
        ("Asia/Yangon", "UTC"),
    ];
    for (number, (zone, zooms)) in table.into_iter().enumerate() {
        let id = i64::MAX as u64 - number as u64;
        desk.daemon.zoom.give_next_meeting(id);
        let booked = greenroom_protocol::interview::InterviewNew {
            zone: Some(zone.into()),
            ..with(ANA, &format!("2026-12-01T{}:00:00Z", 12 + number))
        };
        let ready = desk.has(booked).await;
        assert_eq!(ready.zone, zone);
        assert_eq!(ready.meeting.meeting_id, Some(id.to_string()));
        let meetings = desk.daemon.zoom.meetings();
        let meeting = meetings.iter().find(|it| it.id == id).unwrap();
        assert_eq!(meeting.timezone, zooms);
        assert_eq!(codes(&ready), [FindingCode::NoMail], "{zone}");
    }
    let refused = desk.refused(with(ANA, "2026-12-01T12:00:00Z")).await;
    assert_eq!(refused.kind, ErrorKind::Conflict);
}
