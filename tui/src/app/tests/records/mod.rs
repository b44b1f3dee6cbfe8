//! A believable workspace: Acme, on a Tuesday morning in Berlin.

mod conversations;
mod drift;
mod insights;
mod interviews;
mod mail;
mod notes;
mod outreach;
mod received;
mod today;
mod zoom;
mod zoom_test;

use std::fmt::Debug;
use std::str::FromStr;

pub(crate) use conversations::{conversation, done, of_yesterday, proposed, told};
pub(crate) use drift::{deleted, moved, report, stray, unchecked};
use greenroom_protocol::PROTOCOL;
use greenroom_protocol::hello::{Caller, ServerHello};
use greenroom_protocol::pipeline::{
    Application, ApplicationBrief, ApplicationState, Candidate, CandidateRow, Job, Night, Stage,
    StageEntry, StageInterview,
};
use greenroom_protocol::status::{ConnectionCounts, MailStatus, Status};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{
    AccountPlan, Member, MemberBrief, Role, Workspace, WorkspaceBrief,
};
use greenroom_protocol::zoom::ConnectionState;
pub(crate) use insights::{insight, insights};
pub(crate) use interviews::{interviews, panels};
pub(crate) use mail::{mails, written};
pub(crate) use notes::{note, notes};
pub(crate) use outreach::{outreach, outreaches, reply, scheduling};
pub(crate) use received::received;
pub(crate) use today::{depends, needs, waiting};
pub(crate) use zoom::{
    approval_request, connection, connection_elsewhere, connections, wait_for_approval,
};
pub(crate) use zoom_test::{good_steps, never_tested, warned};

/// The time of every test: Tuesday 24 November, 10:12 in Berlin.
pub(crate) const NOW: &str = "2026-11-24T09:12:00Z";

pub(crate) const STAGES: [&str; 5] = ["Applied", "Phone screen", "Onsite", "Decision", "Hired"];

/// Name, address before the `@`, zone, job, stage, days in the stage.
type Person = (&'static str, &'static str, &'static str, usize, usize, i64);

const PEOPLE: [Person; 22] = [
    ("Priya Nair", "priya.nair", "Asia/Kolkata", 0, 2, 2),
    ("Priya Ramanathan", "priya.r", "Asia/Kolkata", 0, 1, 0),
    ("Cipriano Costa", "cipriano", "America/Sao_Paulo", 0, 0, 5),
    ("Ana Costa", "ana.costa", "Europe/Lisbon", 0, 0, 5),
    ("Bruno Weber", "bruno.weber", "Europe/Zurich", 0, 0, 4),
    ("Zoë Lindqvist", "zoe", "Europe/Stockholm", 0, 0, 4),
    ("田中 淳", "jun.tanaka", "Asia/Tokyo", 0, 3, 1),
    ("Sami Haddad", "sami.haddad", "Asia/Beirut", 0, 1, 3),
    ("Wen Zhang", "wen.zhang", "Asia/Shanghai", 0, 2, 6),
    ("Oluwaseun Adeyemi-Bankole", "seun", "Africa/Lagos", 0, 1, 1),
    ("Márta Kovács", "marta.kovacs", "Europe/Budapest", 0, 0, 2),
    ("José Ángel Muñoz", "jose", "Europe/Madrid", 0, 0, 1),
    ("Elif Yılmaz", "elif", "Europe/Istanbul", 1, 0, 9),
    ("Noor van Dijk", "noor", "Europe/Amsterdam", 1, 1, 3),
    ("Chloé Dubois", "chloe", "Europe/Paris", 1, 1, 2),
    ("Łukasz Wójcik", "lukasz", "Europe/Warsaw", 1, 2, 4),
    ("이서연", "seoyeon.lee", "Asia/Seoul", 1, 2, 1),
    ("Tomás Ó Briain", "tomas", "Europe/Dublin", 1, 3, 12),
    ("Amara Diallo", "amara", "Africa/Dakar", 0, 0, 15),
    ("Hiroshi Sato", "hiroshi", "Asia/Tokyo", 0, 0, 21),
    ("Ingrid Solberg", "ingrid", "Europe/Oslo", 0, 2, 1),
    ("Peter Novák", "peter.novak", "Europe/Prague", 0, 2, 0),
];

/// Name, address before the `@`, zone, roles, Zoom.
type Colleague = (
    &'static str,
    &'static str,
    &'static str,
    &'static [Role],
    ConnectionState,
);

const TEAM: [Colleague; 8] = [
    (
        "Dana Reyes",
        "dana",
        "Europe/Berlin",
        &[Role::Admin, Role::Recruiter],
        ConnectionState::Connected,
    ),
    (
        "Esi Boateng",
        "esi",
        "Africa/Accra",
        &[Role::Interviewer],
        ConnectionState::Disconnected,
    ),
    (
        "Jonas Lind",
        "jonas",
        "Europe/Stockholm",
        &[Role::HiringManager],
        ConnectionState::Connected,
    ),
    (
        "Kofi Mensah",
        "kofi",
        "Africa/Accra",
        &[Role::Interviewer],
        ConnectionState::Disconnected,
    ),
    (
        "Lena Bauer",
        "lena",
        "Europe/Berlin",
        &[Role::Interviewer],
        ConnectionState::Retrying,
    ),
    (
        "Mina Okafor",
        "mina",
        "Africa/Lagos",
        &[Role::Recruiter],
        ConnectionState::ReconnectRequired,
    ),
    (
        "Ravi Menon",
        "ravi",
        "Asia/Kolkata",
        &[Role::Interviewer],
        ConnectionState::Disconnected,
    ),
    (
        "Sam Ito",
        "sam",
        "Europe/Berlin",
        &[Role::Interviewer],
        ConnectionState::Disconnected,
    ),
];

/// The id of a kind with that number.
pub(crate) fn id<T: FromStr<Err: Debug>>(prefix: &str, number: usize) -> T {
    format!("{prefix}_{number:0>26}").parse().unwrap()
}

pub(crate) fn at(text: &str) -> Instant {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

pub(crate) fn days_ago(days: i64) -> Instant {
    at(NOW).plus_minutes(-days * 24 * 60 - 30)
}

pub(crate) fn brief(number: usize) -> MemberBrief {
    let (name, email, ..) = TEAM[number];
    let email = format!("{email}@acme.example");
    MemberBrief {
        id: id("mem", number),
        name: name.into(),
        email,
    }
}

pub(crate) fn hello() -> ServerHello {
    ServerHello {
        protocol: PROTOCOL,
        build: "0.1.0".into(),
        store: "store".into(),
        revision: 100,
        workspace: Some(WorkspaceBrief {
            id: id("wsp", 0),
            name: "Acme".into(),
        }),
        caller: Some(Caller {
            member: brief(0),
            roles: TEAM[0].3.to_vec(),
        }),
        operator: true,
    }
}

/// The same person in the other workspace.
pub(crate) fn hello_elsewhere() -> ServerHello {
    let mut hello = hello();
    let there = workspaces().remove(1);
    hello.workspace = Some(WorkspaceBrief {
        id: there.id,
        name: there.name,
    });
    if let Some(caller) = &mut hello.caller {
        caller.member.id = id("mem", 50);
    }
    hello
}

pub(crate) fn members() -> Vec<Member> {
    let member = |number: usize| {
        let (name, email, zone, roles, zoom) = TEAM[number];
        Member {
            id: id("mem", number),
            name: name.into(),
            email: format!("{email}@acme.example"),
            zoom_email: None,
            zone: zone.into(),
            roles: roles.to_vec(),
            hiring_jobs: Vec::new(),
            unix_uid: (number == 0).then_some(1000),
            zoom,
            hours_assumed: number == 3,
            shared: true,
            you: number == 0,
            warnings: Vec::new(),
            revision: 1,
        }
    };
    (0..TEAM.len()).map(member).collect()
}

pub(crate) fn status() -> Status {
    Status {
        protocol: PROTOCOL,
        build: "0.1.0".into(),
        pid: 4242,
        started_at: days_ago(1),
        ready: true,
        damage: None,
        problems: Vec::new(),
        store: "store".into(),
        revision: 100,
        sandbox: Some("http://127.0.0.1:4000".into()),
        account_sandboxes: Vec::new(),
        mail: MailStatus {
            transport: "maildir".into(),
            delivers: false,
            note: "invitations are written to a folder and nobody receives them: tell the candidate and the interviewers yourself; \
                   they are in /home/dana/.local/share/greenroom/mail/out"
                .into(),
            waiting: 0,
            refused: 0,
            held: 0,
            answers: String::new(),
            answers_error: None,
            skipped: Vec::new(),
        },
        workspace: hello().workspace,
        caller: hello().caller,
        operator: true,
        connection: Some(connection(0)),
        connections: ConnectionCounts::default(),
        accounts: ConnectionCounts::default(),
        work: Vec::new(),
        work_waiting: 0,
        retention: None,
        flawed_templates: Vec::new(),
        paused: Vec::new(),
        backup: None,
    }
}

pub(crate) fn workspaces() -> Vec<Workspace> {
    let workspace = |number: usize, name: &str| Workspace {
        id: id("wsp", number),
        name: name.into(),
        zoom_client_id: (number == 0).then(|| "sandbox-app".into()),
        zoom_confidential: false,
        plan: AccountPlan::Unknown,
        zoom_admin: None,
        reminders: vec![1440, 60],
        no_reply_reminder_hours: 24,
        keep_rejected: None,
        google_client_id: None,
        google_confidential: false,
        microsoft_client_id: None,
        microsoft_tenant: None,
        account_admin: None,
        zone: "Europe/Berlin".into(),
        assistant: Default::default(),
        entry_undo_seconds: 120,
        share_slots: Default::default(),
        current: number == 0,
        revision: 1,
    };
    vec![workspace(0, "Acme"), workspace(1, "Acme Labs")]
}

pub(crate) fn jobs() -> Vec<Job> {
    ["Backend Engineer", "Product Designer"]
        .iter()
        .enumerate()
        .map(job)
        .collect()
}

fn job((number, title): (usize, &&str)) -> Job {
    let count = |stage: Option<usize>| {
        let here = PEOPLE
            .iter()
            .filter(|it| it.3 == number && stage.is_none_or(|s| s == it.4));
        u32::try_from(here.count()).unwrap()
    };
    let stage = |(place, name): (usize, &&str)| Stage {
        id: id("stg", number * 10 + place),
        job: id("job", number),
        name: (*name).into(),
        position: u32::try_from(place).unwrap(),
        interview: StageInterview {
            ai: number == 0 && (place == 1 || place == 2),
            zoom_user: (place == 2).then(|| id("mem", 5)),
            zoom_notes: Some(false),
            step_minutes: Some(15),
            weekly_cap: Some(0),
            night: Some(Night::default()),
            approval_chosen: Some(number == 0 && (place == 1 || place == 2)),
            ..StageInterview::default()
        },
        host: None,
        candidates: count(Some(place)),
        not_started: 0,
        guidance: None,
        shadow: None,
        warnings: match (number, place) {
            (0, 2) => vec!["Mina Okafor's Zoom must be reconnected".into()],
            _ => Vec::new(),
        },
        problems: Vec::new(),
        revision: 2,
    };
    Job {
        id: id("job", number),
        title: (*title).into(),
        open: true,
        stages: STAGES.iter().enumerate().map(stage).collect(),
        candidates: count(None),
        assistant: Default::default(),
        revision: 2,
    }
}

pub(crate) fn rows() -> Vec<CandidateRow> {
    (0..PEOPLE.len()).map(candidate_row).collect()
}

fn candidate_row(number: usize) -> CandidateRow {
    let (name, email, zone, job, stage, days) = PEOPLE[number];
    CandidateRow {
        id: id("can", number),
        name: name.into(),
        email: format!("{email}@mail.example"),
        zone: Some(zone.into()),
        application: Some(ApplicationBrief {
            id: id("app", number),
            job: id("job", job),
            job_title: jobs()[job].title.clone(),
            stage: id("stg", job * 10 + stage),
            stage_name: STAGES[stage].into(),
            since: days_ago(days),
            state: ApplicationState::Active,
            outreach: None,
            revision: 5,
        }),
        applications: 1,
        matched: Vec::new(),
        near: false,
    }
}

pub(crate) fn application(number: usize) -> Application {
    let brief = candidate_row(number).application.unwrap();
    let (.., stage, days) = PEOPLE[number];
    let entry = |place: usize| StageEntry {
        stage: id("stg", place),
        stage_name: STAGES[place].into(),
        at: days_ago(days + 4 * i64::try_from(stage - place).unwrap()),
        by: "Dana Reyes".into(),
    };
    Application {
        id: brief.id,
        candidate: id("can", number),
        job: brief.job,
        job_title: brief.job_title,
        stage: brief.stage,
        stage_name: brief.stage_name,
        since: brief.since,
        stages: STAGES.map(Into::into).into(),
        history: (0..=stage).map(entry).collect(),
        state: brief.state,
        states: Vec::new(),
        outreach: brief.outreach,
        revision: brief.revision,
    }
}

pub(crate) fn candidate(number: usize) -> Candidate {
    let row = candidate_row(number);
    let mut mine = interviews();
    mine.retain(|interview| interview.candidate.id == row.id);
    mine.sort_by_key(|interview| std::cmp::Reverse(interview.start));
    Candidate {
        id: row.id,
        name: row.name,
        email: row.email,
        phone: None,
        zone: row.zone,
        source: Some("referral".into()),
        added_at: days_ago(12),
        applications: vec![application(number)],
        interviews: mine,
        notes: Vec::new(),
        warnings: Vec::new(),
        revision: 4,
    }
}
