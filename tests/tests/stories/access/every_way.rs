//! Every way to a record shows of it what the record's own method shows, and no more.
//!
//! Ana applied for both jobs. Who works with one of them asks every method that reads, with every
//! reference there is, and finds nothing of the other: no id, link, passcode, note or stage.

use greenroom::client::Client;
use greenroom_protocol::insight::InsightNote;
use greenroom_protocol::interview::{Interview, InterviewNew, MeetingType};
use greenroom_protocol::mail::MailQuery;
use greenroom_protocol::pipeline::{CandidateEdit, CandidateMove};
use greenroom_protocol::service::{GreenroomRequest, GreenroomResponse};
use greenroom_protocol::workspace::Reference;
use serde_json::{Value, json};

use crate::access::fixture::{ANA, BEN, Fixture, IRIS, Who};

const DANA: &str = "dana.reyes@acme.example";

/// One application of Ana's, and what may be known of it by those who work with it.
struct Part {
    job: &'static str,
    application: String,
    interview: Interview,
    letters: Vec<String>,
    /// Texts that stand nowhere else.
    marks: Vec<String>,
}

/// An interview by link with Ana, confirmed, with notes, and her application in a stage of its own
/// name.
async fn part(office: &Fixture, job: &'static str, with: &str, start: &str) -> Part {
    let dana = &office.dana;
    let mark = |what: &str| format!("{what}-of-the-{}", job.to_lowercase());
    let interview = InterviewNew {
        candidate: ANA.into(),
        job: Some(job.into()),
        kind: MeetingType::Link,
        url: Some(format!("https://meet.example/{}", mark("room"))),
        passcode: Some(mark("passcode")),
        start: start.into(),
        duration_minutes: Some(30),
        with: vec![with.into()],
        confirm: true,
        ..InterviewNew::default()
    };
    let interview = dana.interview_new(interview).await.unwrap().interview;
    let note = InsightNote {
        interview: Reference::to(interview.id.to_string()),
        notes: mark("notes"),
    };
    dana.insight_note(note).await.unwrap();
    let application = interview.application.to_string();
    let stages = dana.job_list().await.unwrap().items;
    let stages = &stages.iter().find(|it| it.title == job).unwrap().stages;
    let to = CandidateMove {
        candidate: application.clone(),
        stage: stages.last().unwrap().id.to_string(),
        ..CandidateMove::default()
    };
    dana.candidate_move(to).await.unwrap();
    let letters = dana.mail_list(MailQuery::default()).await.unwrap().items;
    let letters = letters
        .iter()
        .filter(|it| it.interview == Some(interview.id));
    let letters: Vec<_> = letters.map(|it| it.id.to_string()).collect();
    assert!(letters.len() >= 2, "{job}");
    let mut marks = vec![
        interview.id.to_string(),
        application.clone(),
        mark("room"),
        mark("passcode"),
        mark("notes"),
    ];
    marks.extend(letters.iter().cloned());
    Part {
        job,
        application,
        interview,
        letters,
        marks,
    }
}

/// Everything that reads, asked for everything there is.
fn questions(parts: &[&Part]) -> Vec<GreenroomRequest> {
    let mut asked = vec![
        json!({"Status": {}}),
        json!({"Doctor": {}}),
        json!({"WorkspaceList": {}}),
        json!({"MemberList": {}}),
        json!({"ZoomList": {}}),
        json!({"ZoomStatus": {"query": {}}}),
        json!({"JobList": {}}),
        json!({"Changes": {"query": {"after": 0, "wait_seconds": 0}}}),
        json!({"CandidateList": {"query": {}}}),
        json!({"CandidateExportAll": {"query": {}}}),
        json!({"InterviewList": {"query": {}}}),
        json!({"InterviewCheck": {"query": {}}}),
        json!({"DriftList": {}}),
        json!({"AuditList": {"query": {}}}),
        json!({"MailList": {"query": {}}}),
        json!({"MailList": {"query": {"past": true}}}),
    ];
    let day = json!({"from": "2026-12-01T00:00:00Z", "to": "2026-12-20T00:00:00Z"});
    for text in [
        "ana",
        "lima",
        "meet.example",
        "passcode",
        "notes",
        "designer",
        "welder",
    ] {
        asked.push(json!({"CandidateList": {"query": {"text": text}}}));
    }
    for part in parts {
        asked.push(json!({"CandidateList": {"query": {"job": part.job}}}));
        asked.push(json!({"AuditList": {"query": {"record": part.interview.id}}}));
        asked.push(json!({"InterviewInvite": {"query": {"interview": part.interview.id}}}));
        asked.push(
            json!({"InterviewInvite": {"query": {"interview": part.interview.id, "to": IRIS}}}),
        );
        for letter in &part.letters {
            asked.push(json!({"MailGet": {"mail": {"reference": letter}}}));
        }
        asked.push(json!({"InterviewNew": {"interview": {
            "candidate": ANA, "job": part.job, "type": "phone", "details": "+1 212 555 0100",
            "start": part.interview.start, "with": [IRIS, DANA], "dry_run": true,
        }}}));
        let itself = json!({"interview": part.interview.id});
        let another = json!({
            "candidate": ANA, "job": part.job, "type": "phone", "with": [IRIS, DANA],
        });
        for mut planned in [itself, another] {
            asked.push(json!({"Slots": {"query": planned}}));
            planned["start"] = json!(part.interview.start);
            asked.push(json!({"Explain": {"query": planned}}));
        }
    }
    let ids = parts
        .iter()
        .flat_map(|part| [part.interview.id.to_string(), part.application.clone()]);
    let ids: Vec<_> = ids.collect();
    let endings = ids.iter().map(|id| id[id.len() - 8..].to_owned());
    let names = [ANA, BEN, "Ana Lima"].map(str::to_owned);
    let candidate = parts[0].interview.candidate.id.to_string();
    for text in ids
        .iter()
        .cloned()
        .chain(endings)
        .chain(names)
        .chain([candidate])
    {
        for method in [
            "CandidateGet",
            "CandidateExport",
            "InterviewGet",
            "InsightList",
        ] {
            let argument = match method {
                "InterviewGet" => "interview",
                "InsightList" => "application",
                _ => "candidate",
            };
            asked.push(json!({method: {argument: {"reference": text}}}));
        }
        asked.push(json!({"CandidateExport": {"query": {"candidate": text}}}));
        asked.push(json!({"CandidateList": {"query": {"text": text}}}));
        asked.push(json!({"InterviewList": {"query": {"candidate": text}}}));
        asked.push(json!({"MailList": {"query": {"interview": text}}}));
        let busy = json!({"members": [DANA, IRIS], "candidate": text, "zoom_user": DANA});
        let mut query = day.clone();
        query
            .as_object_mut()
            .unwrap()
            .extend(busy.as_object().unwrap().clone());
        asked.push(json!({"Busy": {"query": query}}));
    }
    for member in [DANA, IRIS] {
        asked.push(json!({"InterviewList": {"query": {"member": member}}}));
    }
    let asked = asked
        .into_iter()
        .filter_map(|call| serde_json::from_value(call).ok());
    asked.collect()
}

/// What is answered, without what was asked: a refusal repeats it.
async fn answers(client: &Client, call: &GreenroomRequest) -> String {
    let answer: GreenroomResponse = client.call(call.clone()).await.unwrap();
    let answer = serde_json::to_value(answer).unwrap();
    let (_, outcome) = answer.as_object().unwrap().iter().next().unwrap();
    match outcome.get("Err") {
        None => outcome.to_string(),
        Some(refusal) => {
            let mut words = refusal.to_string();
            let mut asked = Vec::new();
            texts(&serde_json::to_value(call).unwrap(), &mut asked);
            for text in asked {
                words = words.replace(&text, "…");
            }
            words
        }
    }
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|it| texts(it, found)),
        Value::Object(fields) => fields.values().for_each(|it| texts(it, found)),
        _ => {}
    }
}

/// Case R4.
#[tokio::test]
async fn no_method_shows_more_of_a_record_than_its_own() {
    let office = Fixture::open().await;
    let apply = CandidateEdit {
        candidate: ANA.into(),
        apply: Some("Welder".into()),
        ..CandidateEdit::default()
    };
    office.dana.candidate_edit(apply).await.unwrap();
    let designer = part(&office, "Designer", IRIS, "2026-12-03T10:00:00Z").await;
    let welder = part(&office, "Welder", DANA, "2026-12-04T10:00:00Z").await;
    let questions = questions(&[&designer, &welder]);
    assert!(questions.len() > 100, "{}", questions.len());

    for (who, works_with, not_with) in [
        (Who::Admin, vec![&designer, &welder], vec![]),
        (Who::Recruiter, vec![&designer, &welder], vec![]),
        (Who::Manager, vec![&designer], vec![&welder]),
        (Who::OtherManager, vec![&welder], vec![&designer]),
        (Who::Interviewer, vec![&designer], vec![&welder]),
        (Who::Unlinked, vec![], vec![&designer, &welder]),
    ] {
        let client = office.client(who).await;
        let mut found = String::new();
        for call in &questions {
            let answer = answers(&client, call).await;
            for mark in not_with.iter().flat_map(|part| &part.marks) {
                assert!(
                    !answer.contains(mark),
                    "{who:?} reads {mark} by {call:?}: {answer}"
                );
            }
            found.push_str(&answer);
        }
        for mark in works_with.iter().flat_map(|part| &part.marks) {
            assert!(found.contains(mark), "{who:?} works with {mark}");
        }
        for part in &works_with {
            let own = Reference::to(part.interview.id.to_string());
            assert_eq!(
                client.interview_get(own).await.unwrap().id,
                part.interview.id
            );
        }
    }
}

/// Case R4: counts and lists of a job say nothing of candidates one sees for another reason.
#[tokio::test]
async fn a_list_of_a_job_shows_who_applied_there_to_those_who_work_with_it() {
    let office = Fixture::open().await;
    let apply = CandidateEdit {
        candidate: ANA.into(),
        apply: Some("Welder".into()),
        ..CandidateEdit::default()
    };
    office.dana.candidate_edit(apply).await.unwrap();
    let stages = office.dana.job_list().await.unwrap().items;
    let welders = stages.iter().find(|it| it.title == "Welder").unwrap();
    let stage = welders.stages[0].id.to_string();
    for (who, designers, welders, applications) in [
        (Who::Recruiter, vec![ANA], vec![ANA, BEN], 2),
        (Who::Manager, vec![ANA], vec![], 1),
        (Who::OtherManager, vec![], vec![ANA, BEN], 1),
        (Who::Interviewer, vec![ANA], vec![], 1),
    ] {
        let client = office.client(who).await;
        let listed = async |query: Value| {
            let query = serde_json::from_value(query).unwrap();
            let page = client.candidate_list(query).await.unwrap();
            assert_eq!(page.total, page.items.len() as u64, "{who:?}");
            let mut emails: Vec<_> = page.items.iter().map(|it| it.email.clone()).collect();
            emails.sort();
            (emails, page.items)
        };
        assert_eq!(
            listed(json!({"job": "Designer"})).await.0,
            designers,
            "{who:?}"
        );
        assert_eq!(listed(json!({"job": "Welder"})).await.0, welders, "{who:?}");
        assert_eq!(listed(json!({"stage": stage})).await.0, welders, "{who:?}");
        let (_, all) = listed(json!({})).await;
        let ana = all.iter().find(|it| it.email == ANA).unwrap();
        assert_eq!(ana.applications, applications, "{who:?}");
    }
}
