//! From a candidate's reply to their invitation, through real mail servers: how long it takes.
//!
//! By default a few, with a daemon that looks into its mailbox each second; with
//! `GREENROOM_FAULTS=full` forty, as a daemon is configured that nobody told anything, and then
//! nineteen of twenty must be booked and invited within a minute.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{InterviewQuery, InterviewStatus};
use greenroom_protocol::outreach::OutreachStart;
use greenroom_protocol::page::MOST;
use greenroom_protocol::pipeline::{
    Approval, CandidateAdd, ImportPage, ImportRow, PanelGroup, PanelRule, StageConfigure,
    StageInterviewChange,
};
use greenroom_protocol::workspace::{MemberAdd, Role};
use greenroom_tests::harness::{DANA, World, add_job};
use greenroom_tests::post::Found;
use greenroom_tests::post_office::{self, INTERVIEWS, PASSWORD, PostOffice};
use greenroom_tests::wait::Deadline;

const STAGE: &str = "Phone screen";

/// What a minute is allowed for: nineteen of twenty.
const WITHIN: Duration = Duration::from_secs(60);

struct Measure {
    candidates: usize,
    /// Over how many seconds the replies are spread, so that they meet the mailbox at any moment
    /// between two looks.
    spread: f64,
    /// What the daemon's configuration says beside its mail servers.
    is_usual: bool,
}

fn measure() -> Measure {
    match std::env::var("GREENROOM_FAULTS").as_deref() {
        Ok("full") => Measure {
            candidates: 40,
            spread: 60.0,
            is_usual: true,
        },
        _ => Measure {
            candidates: 6,
            spread: 2.0,
            is_usual: false,
        },
    }
}

async fn opens(measure: &Measure) -> (World, PostOffice) {
    let mut world = World::start(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    let office = PostOffice::open(&world.directory().join("post")).unwrap();
    office.set_password(PASSWORD).unwrap();
    let authority = [("SSL_CERT_FILE", office.authority())];
    // It may be night where the candidates are.
    let begins = "[assistant]\nquiet_hours = false\n";
    let config = match measure.is_usual {
        true => office.config().replace("poll_seconds = 1\n", ""),
        false => format!("read_after_seconds = 1\n{}", office.config()),
    };
    let config = format!("{begins}{config}");
    world.reconfigure(&config, &authority).await.unwrap();
    (world, office)
}

/// Everybody is in the assistant's stage, and it has begun with them.
async fn begins(world: &World, measure: &Measure) {
    let (dana, _) = world.set_up().await.unwrap();
    world.connect_zoom(&dana, DANA).await.unwrap();
    add_job(&dana, "Designer").await.unwrap();
    let mut members = Vec::new();
    for number in 0..4 {
        let add = MemberAdd {
            name: format!("Colleague {number}"),
            email: format!("colleague-{number}@acme.example"),
            zoom_email: None,
            zone: Some("UTC".into()),
            roles: vec![Role::Interviewer],
            hiring_jobs: Vec::new(),
        };
        members.push(dana.member_add(add).await.unwrap().id);
    }
    let host = dana.member_list().await.unwrap().items;
    let host = host.into_iter().find(|it| it.email == DANA).unwrap().id;
    let change = StageInterviewChange {
        ai: Edit::Set(true),
        approval: Edit::Set(Approval::Auto),
        zoom_user: Edit::Set(host),
        duration_minutes: Edit::Set(30),
        panel: Edit::Set(vec![PanelGroup {
            rule: PanelRule::AnyOf,
            members,
        }]),
        horizon_days: Edit::Set(60),
        ..StageInterviewChange::default()
    };
    let configure = StageConfigure {
        stage: STAGE.into(),
        job: Some("Designer".into()),
        change: Some(change),
        ..StageConfigure::default()
    };
    dana.stage_configure(configure).await.unwrap();
    let rows = (0..measure.candidates).map(|number| ImportRow {
        line: number as u64 + 1,
        candidate: CandidateAdd {
            name: format!("Candidate {number}"),
            email: format!("candidate-{number}@mail.example"),
            zone: Some("Europe/Berlin".into()),
            job: Some("Designer".into()),
            stage: Some(STAGE.into()),
            ..CandidateAdd::default()
        },
    });
    let page = ImportPage {
        rows: rows.collect(),
        dry_run: false,
    };
    let report = dana.candidate_import(page).await.unwrap();
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    let start = OutreachStart {
        stage: Some(STAGE.into()),
        job: Some("Designer".into()),
        ..OutreachStart::default()
    };
    dana.outreach_start(start).await.unwrap();
}

/// The emails to candidates that are so, by address, once there are so many.
async fn delivered(
    office: &PostOffice,
    many: usize,
    so: impl Fn(&Found) -> bool,
) -> BTreeMap<String, Found> {
    let deadline = Deadline::new("every candidate has the times");
    loop {
        let letters = office.delivered().unwrap().into_iter();
        let to_candidates = letters.filter(|it| it.to.starts_with("candidate-") && so(it));
        let found: BTreeMap<_, _> = to_candidates.map(|it| (it.to.clone(), it)).collect();
        if found.len() == many {
            return found;
        }
        deadline.pause().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_booked_and_the_invitation_delivered_within_a_minute() {
    if !post_office::is_there() {
        return;
    }
    let measure = measure();
    let (world, office) = opens(&measure).await;
    begins(&world, &measure).await;
    let is_proposal = |it: &Found| it.method().is_none();
    let times = delivered(&office, measure.candidates, is_proposal).await;

    let begun = Instant::now();
    let apart = Duration::from_secs_f64(measure.spread / measure.candidates as f64);
    let mut sent = BTreeMap::new();
    let mut invited = BTreeMap::<String, Duration>::new();
    let mut replies = times.into_iter().enumerate().peekable();
    let mut deadline = Deadline::new("everybody is invited");
    while invited.len() < measure.candidates {
        let due = |(number, _): &(usize, _)| begun.elapsed() >= apart * (*number as u32);
        while let Some((number, (address, letter))) = replies.next_if(due) {
            let reply = letter.words(&format!("Option {} works for me.", number % 4 + 1));
            office.send(&address, INTERVIEWS, &reply).unwrap();
            sent.insert(address, Instant::now());
            deadline = Deadline::new("everybody is invited");
        }
        for letter in office.delivered().unwrap() {
            if letter.method() == Some("REQUEST")
                && let Some(sent) = sent.get(&letter.to)
            {
                invited.entry(letter.to).or_insert_with(|| sent.elapsed());
            }
        }
        deadline.pause().await;
    }
    let dana = world.client().await.unwrap();
    let query = InterviewQuery {
        status: vec![InterviewStatus::Confirmed],
        limit: Some(MOST),
        ..InterviewQuery::default()
    };
    let booked = dana.interview_list(query).await.unwrap().items;
    let who: BTreeSet<_> = booked.iter().map(|it| &it.candidate.email).collect();
    assert_eq!(
        (booked.len(), who.len()),
        (measure.candidates, measure.candidates)
    );

    let mut took: Vec<Duration> = invited.into_values().collect();
    took.sort_unstable();
    let at = |share: f64| took[((took.len() as f64 * share).ceil() as usize).max(1) - 1];
    eprintln!(
        "{} replies to invitations: p50 {:.1} s, p95 {:.1} s, most {:.1} s",
        took.len(),
        at(0.5).as_secs_f64(),
        at(0.95).as_secs_f64(),
        at(1.0).as_secs_f64(),
    );
    assert!(at(0.95) <= WITHIN, "{took:?}");
}
