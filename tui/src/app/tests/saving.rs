//! Case U8: nothing is lost by opening and saving a form, and who is booked from a panel is one of
//! each group.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::interview::{PanelChoice, PanelMember, PanelProposal};
use greenroom_protocol::pipeline::{
    Approval, Candidate, Night, NightHours, PanelGroup, PanelRule, STEPS, StageInterview,
    StageInterviewChange, Window,
};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::{AccountPlan, Member, Role, Workspace};
use proptest::prelude::*;

use super::daemon::Daemon;
use super::records::{self, id};
use super::stage::Stage;
use crate::forms::Form;
use crate::forms::Kind;

/// Members, of whom some have left.
fn who() -> impl Strategy<Value = MemberId> {
    (0_usize..12).prop_map(|number| id("mem", number))
}

fn group() -> impl Strategy<Value = PanelGroup> {
    let rule = prop_oneof![
        Just(PanelRule::AllOf),
        Just(PanelRule::AnyOf),
        Just(PanelRule::Optional)
    ];
    let members = proptest::collection::vec(who(), 0..4);
    (rule, members).prop_map(|(rule, members)| PanelGroup { rule, members })
}

fn window() -> impl Strategy<Value = Window> {
    let days = proptest::collection::vec(1_u8..8, 1..4);
    (days, 0_u16..700, 701_u16..1441).prop_map(|(days, from_minute, to_minute)| Window {
        days,
        from_minute,
        to_minute,
    })
}

/// Zone, step, limit a week and night of a stage; one that another client set may be on no list.
fn later() -> impl Strategy<Value = (Option<String>, u32, u32, Night)> {
    let zone = prop_oneof![
        Just("Asia/Kathmandu".to_owned()),
        Just("EST5EDT".to_owned())
    ];
    let hours = (0_u16..1440, 1_u16..1440).prop_map(|(from_minute, more)| {
        Night::Hours(NightHours {
            from_minute,
            to_minute: (from_minute + more) % 1440,
        })
    });
    let night = prop_oneof![Just(Night::Off), hours];
    let step = proptest::sample::select(STEPS.to_vec());
    (proptest::option::of(zone), step, 0_u32..200, night)
}

/// Words as they come from elsewhere: of several lines, long, with blanks around.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        ".{0,40}",
        Just(" two\n\nparagraphs\tand a tab ".to_owned()),
        Just("long ".repeat(600)),
    ]
}

prop_compose! {
    fn plan()(
        ai in any::<bool>(),
        zoom_user in proptest::option::of(who()),
        numbers in (5_u32..481, 0_u32..241, 0_u32..241, 0_u32..86_401, 1_u32..366, 0_u32..200),
        panel in proptest::collection::vec(group(), 0..6),
        windows in proptest::collection::vec(window(), 0..3),
        auto in any::<bool>(),
        guidance in words(),
        zoom_notes in proptest::option::of(any::<bool>()),
        later in proptest::option::of(later()),
        organizer in proptest::option::of(who()),
        chosen in any::<bool>(),
    ) -> StageInterview {
        let (duration_minutes, before, after, notice_minutes, horizon_days, daily_cap) = numbers;
        StageInterview {
            ai,
            zoom_user,
            duration_minutes,
            panel,
            windows,
            buffer_before_minutes: before,
            buffer_after_minutes: after,
            notice_minutes,
            horizon_days,
            daily_cap,
            approval: if auto { Approval::Auto } else { Approval::Draft },
            guidance,
            zoom_notes,
            zone: later.as_ref().and_then(|it| it.0.clone()),
            step_minutes: later.as_ref().map(|it| it.1),
            weekly_cap: later.as_ref().map(|it| it.2),
            night: later.as_ref().map(|it| it.3),
            organizer: organizer.filter(|_| later.is_some()),
            // While the assistant acts, it is known how emails are sent.
            approval_chosen: later.as_ref().map(|_| ai || chosen),
        }
    }
}

prop_compose! {
    fn member()(
        name in words(),
        email in words(),
        zoom_email in proptest::option::of(words()),
        zone in prop_oneof![Just("Europe/Berlin".to_owned()), Just("EST5EDT".to_owned())],
        roles in proptest::sample::subsequence(vec![Role::Admin, Role::HiringManager, Role::Interviewer], 0..3),
        hires in proptest::collection::vec(0_usize..9, 0..3),
        shared in any::<bool>(),
    ) -> Member {
        Member {
            name,
            email,
            zoom_email,
            zone,
            roles,
            // Some of these jobs are closed, or gone.
            hiring_jobs: hires.into_iter().map(|number| id("job", number)).collect(),
            shared,
            ..records::members()[1].clone()
        }
    }
}

prop_compose! {
    fn candidate()(
        name in words(),
        email in words(),
        phone in proptest::option::of(words()),
        zone in proptest::option::of(prop_oneof![Just("Asia/Kolkata".to_owned()), Just("EST5EDT".to_owned())]),
        source in proptest::option::of(words()),
    ) -> Candidate {
        Candidate { name, email, phone, zone, source, ..records::candidate(0) }
    }
}

/// A client in which a form about this is open; what is asked for is what saving sends.
pub(super) fn opened(daemon: Daemon, kind: Kind, subject: &str) -> Stage {
    let mut stage = Stage::with(daemon, 100, 40);
    stage.press("3 2");
    let key = crate::forms::FormKey {
        kind,
        subject: subject.to_owned(),
    };
    let form = crate::forms::Form::open(&mut stage.state, key);
    stage.state.panes.push(*form);
    stage.wait(1);
    stage
}

pub(super) fn onsite() -> String {
    records::jobs()[0].stages[2].id.to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Case U8: no form sends anything that the person did not change, whatever the record holds.
    #[test]
    fn opening_and_saving_changes_no_record(
        plan in plan(),
        member in member(),
        candidate in candidate(),
        admin in proptest::option::of(words()),
        business in any::<bool>(),
        hours in 0..=336_u32,
    ) {
        let workspace = Workspace {
            zoom_admin: admin,
            no_reply_reminder_hours: hours,
            plan: if business { AccountPlan::Business } else { AccountPlan::Unknown },
            ..records::workspaces()[0].clone()
        };
        let of: WorkspaceId = workspace.id;
        let forms = [
            (Kind::StageSettings, onsite()),
            (Kind::MemberEdit, member.id.to_string()),
            (Kind::CandidateEdit, candidate.id.to_string()),
            (Kind::ZoomApp, of.to_string()),
            (Kind::WorkspaceEdit, of.to_string()),
        ];
        for (kind, subject) in forms {
            let mut daemon = Daemon::new();
            daemon.own.plan = Some(plan.clone());
            daemon.own.member = Some(member.clone());
            daemon.own.candidate = Some(candidate.clone());
            daemon.own.workspace = Some(workspace.clone());
            let mut stage = opened(daemon, kind, &subject);
            // Through every field, lists opened and closed, and a letter typed and taken away.
            for _ in 0..24 {
                stage.press("tab");
            }
            stage.press("ctrl-s");
            prop_assert!(stage.daemon.asked.is_empty(), "{kind:?}: {:?}", stage.daemon.asked);
            prop_assert!(stage.state.panes.is_empty(), "{kind:?} stays open");
        }
    }

    /// Case U8: what is changed is sent, and everything else as it is stored.
    #[test]
    fn one_field_changed_leaves_the_rest_of_a_plan_as_it_is(plan in plan()) {
        let mut daemon = Daemon::new();
        daemon.own.plan = Some(plan.clone());
        let mut stage = opened(daemon, Kind::StageSettings, &onsite());
        let fields = |stage: &Stage| {
        let form = stage.state.panes.top_as::<Form>();
        form.and_then(|form| form.fields().focused().map(|field| field.label))
    };
        while fields(&stage) != Some("Duration") {
            stage.press("tab");
        }
        stage.press("ctrl-u");
        let minutes = if plan.duration_minutes == 50 { 55 } else { 50 };
        stage.write(&minutes.to_string()).press("ctrl-s");
        let [Q::StageConfigure { stage: sent }] = &stage.daemon.asked[..] else {
            panic!("one change: {:?}", stage.daemon.asked);
        };
        let expected = StageInterviewChange {
            duration_minutes: Edit::Set(minutes),
            ..StageInterviewChange::default()
        };
        prop_assert_eq!(&sent.change, &Some(expected));
        prop_assert_eq!(&sent.interview, &None);
        prop_assert_eq!(&sent.name, &None);
    }
}

/// Case U8: a notice that is no whole number of hours is shown as it is, and may be typed so.
#[test]
fn a_notice_is_shown_and_taken_to_the_minute() {
    let mut daemon = Daemon::new();
    let plan = StageInterview {
        notice_minutes: 90,
        ..StageInterview::default()
    };
    daemon.own.plan = Some(plan);
    let mut stage = opened(daemon, Kind::StageSettings, &onsite());
    assert!(stage.frame().contains("1h30m"), "{}", stage.frame());
    let label = |stage: &Stage| {
        let form = stage.state.panes.top_as::<Form>();
        form.and_then(|form| form.fields().focused().map(|field| field.label))
    };
    while label(&stage) != Some("Notice") {
        stage.press("tab");
    }
    stage.press("ctrl-u").write("2h15m").press("ctrl-s");
    let Some(Q::StageConfigure { stage: sent }) = stage.daemon.asked.last() else {
        panic!("a change");
    };
    let change = sent.change.as_ref().unwrap();
    assert_eq!(change.notice_minutes, Edit::Set(135));
}

/// When starts are offered, and when not.
#[test]
fn a_step_a_zone_a_night_and_a_limit_a_week_are_changed_in_the_form() {
    let mut daemon = Daemon::new();
    daemon.own.plan = Some(StageInterview {
        step_minutes: Some(15),
        weekly_cap: Some(0),
        night: Some(Night::default()),
        ..StageInterview::default()
    });
    let mut stage = opened(daemon, Kind::StageSettings, &onsite());
    let go_to = |stage: &mut Stage, label: &str| {
        let focused = |stage: &Stage| {
            let form = stage.state.panes.top_as::<Form>();
            form.and_then(|form| form.fields().focused().map(|field| field.label))
        };
        while focused(stage) != Some(label) {
            stage.press("tab");
        }
    };
    go_to(&mut stage, "Max per week");
    stage.press("ctrl-u").write("4");
    go_to(&mut stage, "Start every");
    stage.press("right");
    go_to(&mut stage, "Time zone");
    stage.write("kathmandu").press("enter");
    go_to(&mut stage, "Night");
    stage.press("ctrl-u").write("9").press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("write 21:00-07:00, or off"), "{frame}");
    assert!(stage.daemon.asked.is_empty());
    stage.press("ctrl-u").write("10pm-6am").press("ctrl-s");
    let Some(Q::StageConfigure { stage: sent }) = stage.daemon.asked.last() else {
        panic!("a change: {}", stage.frame());
    };
    let expected = StageInterviewChange {
        weekly_cap: Edit::Set(4),
        step_minutes: Edit::Set(20),
        zone: Edit::Set("Asia/Kathmandu".to_owned()),
        night: Edit::Set(Night::Hours(NightHours {
            from_minute: 22 * 60,
            to_minute: 6 * 60,
        })),
        ..StageInterviewChange::default()
    };
    assert_eq!(sent.change, Some(expected));
}

pub(super) fn groups_of_two() -> StageInterview {
    let group = |rule, members: &[usize]| PanelGroup {
        rule,
        members: members.iter().map(|number| id("mem", *number)).collect(),
    };
    StageInterview {
        panel: vec![
            group(PanelRule::AllOf, &[7]),
            group(PanelRule::AnyOf, &[4, 3]),
            group(PanelRule::AnyOf, &[4, 6]),
            group(PanelRule::Optional, &[5]),
        ],
        ..StageInterview::default()
    }
}

fn proposal(plan: &StageInterview, chosen: &[usize]) -> PanelProposal {
    let people = records::members();
    let brief = |number: usize| records::brief(number);
    let number = |member: &MemberId| people.iter().position(|it| it.id == *member).unwrap();
    let of_groups = [vec![7], vec![3], vec![4], vec![]];
    let groups = plan
        .panel
        .iter()
        .zip(of_groups)
        .map(|(group, of_group)| PanelChoice {
            rule: group.rule,
            members: group
                .members
                .iter()
                .map(|member| PanelMember {
                    member: brief(number(member)),
                    proposed: of_group.contains(&number(member)),
                    free: true,
                    interviews: 0,
                    week_minutes: 0,
                })
                .collect(),
        });
    PanelProposal {
        interviewers: chosen.iter().map(|at| brief(*at)).collect(),
        groups: groups.collect(),
    }
}

/// Case U8: the form proposes one of each group as the daemon chose them, and says why; optional
/// people are not invited.
#[test]
fn a_booking_begins_with_one_of_each_group_and_no_optional_people() {
    let mut daemon = Daemon::new();
    let plan = groups_of_two();
    daemon.own.panel = Some(proposal(&plan, &[7, 3, 4]));
    daemon.own.plan = Some(plan);
    let mut stage = Stage::with(daemon, 150, 45);
    stage.press("n");
    let frame = stage.frame();
    let name = |number: usize| records::members()[number].name.clone();
    let chosen = format!("{}, {}, {}", name(7), name(3), name(4));
    assert!(frame.contains(&chosen), "{chosen}: {frame}");
    let words = frame.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("one of Lena, Kofi: Kofi, fewest interviews"),
        "{frame}"
    );
    assert!(words.contains("optional, not invited:"), "{frame}");
    stage.press("ctrl-s");
    let Some(Q::InterviewNew { interview }) = stage.daemon.asked.last() else {
        panic!("a booking: {}", stage.frame());
    };
    let with: Vec<MemberId> = interview
        .with
        .iter()
        .map(|it| it.parse().unwrap())
        .collect();
    assert_eq!(with, [id("mem", 7), id("mem", 3), id("mem", 4)]);
}

/// Case U8: a daemon that proposes nobody: still one of each group, and nobody twice.
#[test]
fn without_a_proposal_a_booking_begins_with_one_of_each_group_too() {
    let mut daemon = Daemon::new();
    daemon.own.plan = Some(groups_of_two());
    let mut stage = Stage::with(daemon, 120, 45);
    stage.press("n ctrl-s");
    let Some(Q::InterviewNew { interview }) = stage.daemon.asked.last() else {
        panic!("a booking: {}", stage.frame());
    };
    let with: Vec<MemberId> = interview
        .with
        .iter()
        .map(|it| it.parse().unwrap())
        .collect();
    assert_eq!(with, [id("mem", 7), id("mem", 4), id("mem", 6)]);
}
