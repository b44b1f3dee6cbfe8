//! Slots that are held for a candidate are theirs: they stand in the way of others, and not in the
//! way of what they are held for.

use greenroom_protocol::availability::MemberHoursSet;
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::schedule::{BusyQuery, ExplainQuery, FindingCode, Planned, SlotQuery};

use crate::outreach::fixture::{ANA, BEN, Fixture, ONE, SAM, at, by_phone};

fn by_phone_with_sam(candidate: &str) -> Planned {
    Planned {
        candidate: Some(candidate.into()),
        kind: Some(MeetingType::Phone),
        duration_minutes: Some(30),
        with: vec![SAM.into()],
        zone: Some("UTC".into()),
        ..Planned::default()
    }
}

impl Fixture {
    async fn is_offered(&self, candidate: &str, start: &str) -> bool {
        let query = SlotQuery {
            planned: by_phone_with_sam(candidate),
            from: Some(at(start)),
            to: Some(at(start).plus_minutes(1)),
            ..SlotQuery::default()
        };
        let slots = self.dana.slots(query).await.unwrap();
        slots.items.iter().any(|slot| slot.start == at(start))
    }

    async fn codes(&self, candidate: &str, start: &str) -> Vec<FindingCode> {
        let query = ExplainQuery {
            planned: by_phone_with_sam(candidate),
            start: start.into(),
            locale: None,
        };
        let explained = self.dana.explain(query).await.unwrap();
        let found = explained.findings.iter().map(|it| it.code);
        let ours = [FindingCode::Held, FindingCode::Buffer, FindingCode::DayCap];
        found.filter(|code| ours.contains(code)).collect()
    }

    async fn sam_has(&self, buffer: u32, cap_day: u32) {
        let set = MemberHoursSet {
            member: Some(SAM.into()),
            buffer_before_minutes: Some(buffer),
            buffer_after_minutes: Some(buffer),
            cap_day: Some(cap_day),
            ..MemberHoursSet::default()
        };
        self.dana.member_hours_set(set).await.unwrap();
    }
}

/// Beside [`ONE`], half an hour later, and later that day.
const BESIDE: &str = "2026-12-02T10:30:00Z";
const LATER: &str = "2026-12-02T15:00:00Z";

#[tokio::test]
async fn held_slots_are_offered_to_whom_they_are_held_for_and_to_nobody_else() {
    let office = Fixture::open().await;
    office.sam_has(15, 1).await;
    office.proposes().await;
    for start in [ONE, BESIDE, LATER] {
        assert!(office.is_offered(ANA, start).await, "{start}");
        assert_eq!(office.codes(ANA, start).await, [], "{start}");
        assert!(!office.is_offered(BEN, start).await, "{start}");
    }
    use FindingCode::{Buffer, DayCap, Held};
    assert_eq!(office.codes(BEN, ONE).await, [DayCap, Held]);
    assert_eq!(office.codes(BEN, BESIDE).await, [Buffer, DayCap]);
    assert_eq!(office.codes(BEN, LATER).await, [DayCap]);

    // A booking is judged alike: beside the held slot, on a day that the slot fills.
    let mut beside = by_phone(ANA, BESIDE);
    beside.refuse_advice = true;
    beside.dry_run = true;
    let verdict = office.dana.interview_new(beside).await.unwrap().verdict;
    assert_eq!(verdict.advises, []);
}

#[tokio::test]
async fn a_calendar_for_an_application_leaves_out_what_is_held_for_it() {
    let office = Fixture::open().await;
    office.proposes().await;
    let busy = async |candidate: &str, job: Option<&str>| {
        let query = BusyQuery {
            members: vec![SAM.into()],
            candidate: Some(candidate.into()),
            zoom_user: None,
            job: job.map(str::to_owned),
            interview: None,
            from: at("2026-11-30T00:00:00Z"),
            to: at("2026-12-07T00:00:00Z"),
        };
        let lanes = office.dana.busy(query).await.unwrap();
        lanes.iter().map(|lane| lane.busy.len()).collect::<Vec<_>>()
    };
    assert_eq!(busy(ANA, None).await, [3, 3]);
    assert_eq!(busy(ANA, Some("Designer")).await, [0, 0]);
    assert_eq!(busy(BEN, Some("Designer")).await, [3, 0]);
}
