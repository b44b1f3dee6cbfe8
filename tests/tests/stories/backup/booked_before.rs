//! What earlier versions booked takes the same time after an upgrade.

use greenroom::client::Client;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{
    Interview, InterviewNew, InterviewQuery, InterviewStatus, MeetingType,
};
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_protocol::schedule::{BusyQuery, FindingClass, FindingCode};
use greenroom_protocol::workspace::Reference;

use crate::backup::upgrading::ALL;

/// Somebody else who applied, at the time of `interview` with the same interviewers.
async fn beside(dana: &Client, interview: &Interview) -> InterviewNew {
    let everybody = dana.candidate_list(CandidateQuery::default()).await;
    let mut everybody = everybody.unwrap().items.into_iter();
    let other = everybody.find(|it| it.applications > 0 && it.id != interview.candidate.id);
    let with = interview.interviewers.iter();
    InterviewNew {
        candidate: other.unwrap().id.to_string(),
        kind: MeetingType::Phone,
        details: Some("+1 212 555 0100".into()),
        job: Some(interview.job_title.clone()),
        start: interview.start.to_string(),
        duration_minutes: Some(interview.duration_minutes),
        with: with.map(|it| it.id.to_string()).collect(),
        ..InterviewNew::default()
    }
}

/// What is to come, by start.
async fn planned(dana: &Client) -> Vec<Interview> {
    let query = InterviewQuery {
        status: vec![InterviewStatus::Confirmed, InterviewStatus::ToBeConfirmed],
        ..InterviewQuery::default()
    };
    dana.interview_list(query).await.unwrap().items
}

#[tokio::test(flavor = "multi_thread")]
async fn what_earlier_versions_booked_takes_the_same_time() {
    for left in ALL {
        let mut world = left.upgraded().await;
        world.run_daemon().await.unwrap();
        let dana = world.client_as(left.member).await.unwrap();
        let before = planned(&dana).await;
        assert!(before.len() >= 2, "{before:?}");
        for interview in &before {
            takes_its_time(&dana, interview).await;
        }
        // Rewritten in the present shape, and read again from the disk.
        let cancelled = &before[0];
        let it = Reference::to(cancelled.id.to_string());
        dana.interview_cancel(it.into()).await.unwrap();
        world.stop_daemon();
        world.run_daemon().await.unwrap();
        let dana = world.client_as(left.member).await.unwrap();
        let free = InterviewNew {
            dry_run: true,
            ..beside(&dana, cancelled).await
        };
        let judged = dana.interview_new(free).await.unwrap();
        assert_eq!(judged.verdict.blocks, [], "{}", left.member);
        for interview in &before[1..] {
            takes_its_time(&dana, interview).await;
        }
    }
}

/// Shown, judged beside a form, and refused: all the same.
async fn takes_its_time(dana: &Client, interview: &Interview) {
    let wanted = beside(dana, interview).await;
    let (start, end) = (
        interview.start,
        interview
            .start
            .plus_minutes(interview.duration_minutes.into()),
    );
    let lanes = dana.busy(BusyQuery {
        members: wanted.with.clone(),
        candidate: Some(interview.candidate.id.to_string()),
        zoom_user: None,
        job: None,
        interview: None,
        from: start,
        to: end,
    });
    for lane in lanes.await.unwrap() {
        let [taken] = &lane.busy[..] else {
            panic!("{lane:?}")
        };
        assert_eq!((taken.start, taken.end), (start, end));
        assert_eq!(taken.interview, Some(interview.id));
    }
    let dry_run = InterviewNew {
        dry_run: true,
        ..wanted.clone()
    };
    let judged = dana.interview_new(dry_run).await.unwrap();
    let what = match interview.status {
        InterviewStatus::Confirmed => "has an interview from",
        _ => "has an unconfirmed interview from",
    };
    let (blocks, people) = (&judged.verdict.blocks, &interview.interviewers);
    assert_eq!(blocks.len(), people.len(), "{blocks:?}");
    for (block, person) in blocks.iter().zip(people) {
        assert_eq!(block.code, FindingCode::PersonBusy);
        assert_eq!(block.class, Some(FindingClass::Block));
        assert_eq!(block.interview, Some(interview.id));
        assert_eq!(block.until, Some(end));
        let who = block.who.as_ref().unwrap();
        assert_eq!(who.id, person.id.to_string());
        assert_eq!(who.name.as_deref(), Some(person.name.as_str()));
        let said = format!("{} {what}", person.name);
        assert!(block.message.starts_with(&said), "{block:?}");
    }
    let refused = dana.interview_new(wanted).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert_eq!(refused.field.as_deref(), Some("start"));
    let same = judged.verdict.refusal().unwrap();
    assert_eq!(refused.message, same, "the dry run said it as well");
}
