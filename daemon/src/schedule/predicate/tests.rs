//! What the predicate finds, case by case.

use greenroom_protocol::id::{InterviewId, MemberId, OutreachId};
use jiff::tz;

use super::*;

fn at(minute: i64) -> Instant {
    Instant::from_second(minute * 60)
}

fn interview(start: i64, end: i64) -> Interval {
    Interval {
        start: at(start),
        end: at(end),
        taken_by: TakenBy::Interview {
            id: InterviewId::new(),
            planned: false,
        },
    }
}

fn party(kind: LaneKind, capacity: usize, busy: &[(i64, i64)]) -> Party {
    Party {
        kind,
        id: MemberId::new().to_string(),
        name: "Mina".into(),
        capacity,
        busy: busy
            .iter()
            .map(|(from, to)| interview(*from, *to))
            .collect(),
        limits: Limits::None,
    }
}

/// 45 minutes from minute 600 with one party.
fn question(party: Party) -> Question {
    Question {
        now: at(0),
        start: at(600),
        duration_minutes: 45,
        zone: TimeZone::UTC,
        parties: vec![party],
        host: None,
        except: None,
        rules: Rules::default(),
    }
}

fn rules(ends_after: Option<u32>, sent: u32) -> HostRules {
    HostRules {
        host: party(LaneKind::Host, 1, &[]).who(),
        ends_after,
        calls_today: CallsToday { sent, most: 100 },
        no_notes: None,
    }
}

fn messages(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|it| it.message.as_str()).collect()
}

#[test]
fn every_block_and_when_it_is_none() {
    use FindingCode::{CandidateBusy, HostBusy, PersonBusy};
    use LaneKind::{Candidate, Host, Member};
    for (kind, capacity, busy, blocks) in [
        (Member, 1, vec![], vec![]),
        (Member, 1, vec![(500, 600), (645, 700)], vec![]),
        (Member, 1, vec![(644, 700)], vec![PersonBusy]),
        (Candidate, 1, vec![(590, 601)], vec![CandidateBusy]),
        (Host, 1, vec![(610, 620)], vec![HostBusy]),
        (Host, 2, vec![(610, 620)], vec![]),
        (Host, 2, vec![(600, 620), (620, 645)], vec![]),
        (Host, 2, vec![(600, 621), (620, 645)], vec![HostBusy; 2]),
        // The third is alone in its time.
        (
            Host,
            2,
            vec![(590, 610), (600, 615), (630, 645)],
            vec![HostBusy; 2],
        ),
    ] {
        let verdict = judge(&question(party(kind, capacity, &busy)));
        let found: Vec<_> = verdict.blocks.iter().map(|it| it.code).collect();
        assert_eq!(found, blocks, "{kind:?} {capacity} {busy:?}");
        let is_block = |it: &Finding| it.class == Some(FindingClass::Block);
        assert!(verdict.blocks.iter().all(is_block));
    }
}

#[test]
fn every_overlap_is_named_in_the_order_of_people_and_time() {
    let mut asked = question(party(LaneKind::Member, 1, &[(630, 660), (590, 610)]));
    let mut sam = party(LaneKind::Member, 1, &[(600, 615), (620, 621)]);
    sam.name = "Sam Ito".into();
    asked.parties.push(sam.clone());
    asked.parties.push(party(LaneKind::Host, 1, &[(600, 645)]));
    let verdict = judge(&asked);
    let expected = [
        "Mina has an interview from 09:50 to 10:10 UTC",
        "Mina has an interview from 10:30 to 11:00 UTC",
        "Sam Ito has an interview from 10:00 to 10:15 UTC",
        "Sam Ito has an interview from 10:20 to 10:21 UTC",
        "Mina's Zoom (one meeting at a time) is already booked from 10:00 to 10:45 UTC",
    ];
    assert_eq!(messages(&verdict.blocks), expected);
    let second = &verdict.blocks[2];
    assert_eq!(second.who, Some(sam.who()));
    assert_eq!(second.until, Some(at(615)));
    assert!(second.interview.is_some());
}

#[test]
fn what_takes_the_time_is_named_as_what_it_is() {
    let outreach = OutreachId::new();
    let with = |taken_by: TakenBy| {
        let mut asked = question(party(LaneKind::Member, 1, &[]));
        asked.parties[0].busy = Busy::from_iter([Interval {
            taken_by,
            ..interview(600, 645)
        }]);
        judge(&asked)
    };
    let id = InterviewId::new();
    for (taken_by, has) in [
        (
            TakenBy::Interview { id, planned: true },
            "Mina has an unconfirmed interview from 10:00 to 10:45 UTC",
        ),
        (TakenBy::Unknown, "Mina is busy from 10:00 to 10:45 UTC"),
    ] {
        assert_eq!(messages(&with(taken_by).blocks), [has]);
    }
    // A person may book over what is only kept for somebody.
    let held = with(TakenBy::HeldSlot { outreach, n: 2 });
    assert_eq!(held.blocks, []);
    let has = "Mina has a slot on hold from 10:00 to 10:45 UTC";
    assert_eq!(messages(&held.advises), [has]);
    assert_eq!(held.advises[0].code, FindingCode::Held);
}

#[test]
fn another_day_than_the_one_asked_about_is_named() {
    let mut asked = question(party(LaneKind::Member, 1, &[(600, 645 + 1440)]));
    let text = "Mina has an interview from Thu 1 Jan 10:00 to Fri 2 Jan 10:45 UTC";
    assert_eq!(messages(&judge(&asked).blocks), [text]);
    // In the zone of the interview it is the same day, though not in UTC.
    asked.zone = TimeZone::fixed(tz::offset(-11));
    asked.parties = vec![party(LaneKind::Member, 1, &[(590, 670)])];
    let text = "Mina has an interview from Wed 31 Dec 22:50 to Thu 1 Jan 00:10 -11";
    assert_eq!(messages(&judge(&asked).blocks), [text]);
}

#[test]
fn the_past_blocks_and_the_present_does_not() {
    let mut asked = question(party(LaneKind::Member, 1, &[]));
    asked.now = asked.start;
    assert_eq!(judge(&asked), Verdict::default());
    asked.now = asked.start.plus_seconds(1);
    assert_eq!(judge(&asked).blocks[0].code, FindingCode::InThePast);
}

#[test]
fn forty_minutes_on_basic_are_advice_about_the_plan() {
    let mut asked = question(party(LaneKind::Member, 1, &[]));
    asked.host = Some(rules(Some(40), 0));
    let verdict = judge(&asked);
    assert!(verdict.blocks.is_empty());
    let [advice] = &verdict.advises[..] else {
        panic!("{verdict:?}")
    };
    assert_eq!(advice.code, FindingCode::BasicFortyMinutes);
    assert_eq!(advice.class, Some(FindingClass::Plan));
    assert_eq!(advice.who, asked.host.as_ref().map(|it| it.host.clone()));
    asked.duration_minutes = 40;
    assert_eq!(judge(&asked), Verdict::default());
}

#[test]
fn few_changes_left_today_are_advice_until_the_count_starts_again() {
    let mut asked = question(party(LaneKind::Host, 1, &[]));
    asked.now = at(90);
    asked.host = Some(rules(None, 79));
    assert_eq!(judge(&asked), Verdict::default());
    asked.host = Some(rules(None, 80));
    let verdict = judge(&asked);
    let [advice] = &verdict.advises[..] else {
        panic!("{verdict:?}")
    };
    assert_eq!(advice.code, FindingCode::HostBudget);
    assert!(advice.message.contains("80 of the 100"), "{advice:?}");
    assert_eq!(advice.until, Some(at(24 * 60)));
    assert!(verdict.blocks.is_empty());
}

#[test]
fn an_interview_is_not_in_its_own_way() {
    let own = interview(600, 645);
    let mut asked = question(party(LaneKind::Member, 1, &[]));
    asked.parties[0].busy = Busy::from_iter([own]);
    asked.except = own.taken_by.holder();
    assert_eq!(judge(&asked), Verdict::default());
    asked.except = Some(Holder::Interview(InterviewId::new()));
    assert_eq!(judge(&asked).blocks.len(), 1);
}
