//! Our own interviews come back in everybody's calendars, merged with all else and without a name:
//! none is in its own way, and where it is no more the time is free once the calendar says so.

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::interview::{
    Interview, InterviewCancel, InterviewNew, InterviewReschedule, MeetingType, Side,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::sandbox::microsoft::{Entry, Status};
use jiff::Timestamp;

use super::{ANA, TEN, at, codes, microsoft_has, office, on, read, read_later};
use crate::booking::fixture::with;
use crate::connections::accounts::fixture::{Fixture, Google, Microsoft, OMAR, Of};

/// Three quarters of an hour from there.
fn talk(start: &str) -> (Timestamp, Timestamp) {
    let start = at(start);
    (start, start + jiff::SignedDuration::from_mins(45))
}

/// Omar's calendar there says this by now, and was read.
async fn says(office: &Fixture, provider: AccountProvider, spans: &[(Timestamp, Timestamp)]) {
    match provider {
        Google => office.google.set_busy(OMAR, spans.to_vec()).unwrap(),
        Microsoft => {
            let entry = |(start, end): &(Timestamp, Timestamp)| Entry {
                start: *start,
                end: *end,
                // Invited, and not answered yet.
                status: Status::Tentative,
                subject: "Interview: Ana Lima".to_owned(),
            };
            let entries = spans.iter().map(entry).collect();
            office.microsoft.set_calendar(OMAR, entries).unwrap();
        }
    }
    read_later(office, provider).await;
}

async fn books(office: &Fixture) -> Interview {
    let new = InterviewNew {
        kind: MeetingType::Phone,
        details: Some("+1 212 555 0100".into()),
        duration_minutes: Some(45),
        with: vec![OMAR.into()],
        ..with(ANA, TEN)
    };
    office.dana.interview_new(new).await.unwrap().interview
}

/// Moves it, or only says what speaks against that of calendars elsewhere.
async fn moves(
    office: &Fixture,
    interview: &Interview,
    start: &str,
    dry_run: bool,
) -> Vec<FindingCode> {
    let to = InterviewReschedule {
        refuse_advice: false,
        interview: Reference {
            dry_run,
            ..Reference::to(interview.id.to_string())
        },
        start: start.into(),
        start_shown: None,
        locale: None,
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
    };
    let moved = office.dana.interview_reschedule(to).await.unwrap();
    let codes = moved.verdict.advises.into_iter().map(|it| it.code);
    let elsewhere = [FindingCode::BusyElsewhere, FindingCode::StaleCalendar];
    codes.filter(|it| elsewhere.contains(it)).collect()
}

async fn our_invitation_is_in_nobodys_way(provider: AccountProvider) {
    const QUARTER_PAST: &str = "2026-12-01T15:15:00Z";
    const AFTERNOON: &str = "2026-12-01T19:00:00Z";
    let office = office().await;
    office.connect(provider, Of::Workspace).await.connected();
    if provider == Microsoft {
        microsoft_has(&office, OMAR, Vec::new());
    }
    office
        .dana
        .company_calendars_set(on(provider))
        .await
        .unwrap();
    read(&office, provider).await;
    let interview = books(&office).await;
    says(&office, provider, &[talk(TEN)]).await;

    // It may move within its own time, and something else there is named.
    assert_eq!(moves(&office, &interview, QUARTER_PAST, true).await, []);
    let dentist = talk("2026-12-01T15:45:00Z");
    says(&office, provider, &[talk(TEN), dentist]).await;
    let busy = [FindingCode::BusyElsewhere];
    assert_eq!(moves(&office, &interview, QUARTER_PAST, true).await, busy);

    // Moved, it may come back though the calendar still has it where it was, and once the calendar
    // has it where it is the time is everybody's.
    says(&office, provider, &[talk(TEN)]).await;
    assert_eq!(moves(&office, &interview, AFTERNOON, false).await, []);
    assert_eq!(moves(&office, &interview, TEN, true).await, []);
    assert_eq!(codes(&office, &[OMAR], TEN).await, busy);
    says(&office, provider, &[talk(AFTERNOON)]).await;
    assert_eq!(codes(&office, &[OMAR], TEN).await, []);
    assert_eq!(codes(&office, &[OMAR], AFTERNOON).await, busy);

    let cancel = InterviewCancel {
        interview: Reference::to(interview.id.to_string()),
        by: Side::Us,
        reason: None,
    };
    office.dana.interview_cancel(cancel).await.unwrap();
    says(&office, provider, &[]).await;
    assert_eq!(codes(&office, &[OMAR], AFTERNOON).await, []);
}

#[tokio::test]
async fn an_interview_is_not_in_its_own_way_by_google() {
    our_invitation_is_in_nobodys_way(Google).await;
}

#[tokio::test]
async fn an_interview_is_not_in_its_own_way_by_microsoft() {
    our_invitation_is_in_nobodys_way(Microsoft).await;
}
