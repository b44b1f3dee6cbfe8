//! The settings of a stage: its panel changed in place, and what is asked before AI scheduling is
//! turned on.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::outreach::ShadowFigures;
use greenroom_protocol::pipeline::{
    Approval, PanelGroup, PanelRule, StageInterview, StageInterviewChange,
};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::zoom::ConnectionState;

use super::daemon::Daemon;
use super::records::{self, id};
use super::saving::{groups_of_two, onsite, opened};
use super::stage::Stage;
use crate::forms::{Form, Kind};

impl Stage {
    fn field(&self) -> Option<&'static str> {
        let form = self.state.panes.top_as::<Form>()?;
        form.fields().focused().map(|field| field.label)
    }

    fn goes_to(&mut self, label: &str) -> &mut Self {
        for _ in 0..40 {
            if self.field() == Some(label) {
                return self;
            }
            self.press("tab");
        }
        panic!("no field {label}: {}", self.frame());
    }

    fn asked_to_change(&self) -> StageInterviewChange {
        let Some(Q::StageConfigure { stage }) = self.daemon.asked.last() else {
            panic!("a change: {}", self.frame());
        };
        stage.change.clone().unwrap()
    }
}

fn settings(plan: StageInterview) -> Stage {
    let mut daemon = Daemon::new();
    daemon.own.plan = Some(plan);
    opened(daemon, Kind::StageSettings, &onsite())
}

/// Nobody has turned AI scheduling on yet.
fn off() -> StageInterview {
    StageInterview {
        approval_chosen: Some(false),
        step_minutes: Some(15),
        ..StageInterview::default()
    }
}

/// The first member whose Zoom is connected, or is not.
fn member(connected: bool) -> (MemberId, String) {
    let mut members = records::members().into_iter();
    let zoom = records::connections();
    let state = |id: MemberId| {
        let found = zoom.iter().find(|it| it.member.id == id);
        found.map_or(ConnectionState::Disconnected, |it| it.state)
    };
    let found = members
        .find(|it| state(it.id).serves() == connected)
        .unwrap();
    (found.id, found.name)
}

#[test]
fn the_rule_of_a_group_is_changed_in_place() {
    let plan = groups_of_two();
    let mut stage = settings(plan.clone());
    stage.goes_to("One of");
    assert!(
        stage
            .frame()
            .contains("\u{2190}\u{2192} all of, one of, optional"),
        "{}",
        stage.frame()
    );
    stage.press("right");
    assert_eq!(stage.field(), Some("Optional"));
    stage.press("left left");
    assert_eq!(stage.field(), Some("All of"));
    stage.press("ctrl-s");
    let mut panel = plan.panel;
    panel[1] = PanelGroup {
        rule: PanelRule::AllOf,
        ..panel[1].clone()
    };
    let expected = StageInterviewChange {
        panel: Edit::Set(panel),
        ..StageInterviewChange::default()
    };
    assert_eq!(stage.asked_to_change(), expected);
}

#[test]
fn ai_scheduling_is_saved_once_it_is_chosen_how_emails_are_sent_and_whose_zoom_hosts() {
    let mut stage = settings(off());
    stage.goes_to("AI scheduling").press("right");
    assert!(
        stage.frame().contains("Saving sends no email. "),
        "{}",
        stage.frame()
    );
    stage.press("ctrl-s");
    let frame = stage.frame();
    assert!(stage.daemon.asked.is_empty(), "{frame}");
    assert!(frame.contains("Choose how emails are sent"), "{frame}");
    assert!(frame.contains("AI scheduling needs a Zoom user"), "{frame}");
    stage.goes_to("Send emails").press("right right");
    stage.goes_to("Zoom user");
    let (host, name) = member(true);
    stage.write(&name).press("enter ctrl-s");
    let expected = StageInterviewChange {
        ai: Edit::Set(true),
        approval: Edit::Set(Approval::Draft),
        zoom_user: Edit::Set(host),
        ..StageInterviewChange::default()
    };
    assert_eq!(stage.asked_to_change(), expected);
}

#[test]
fn a_zoom_that_is_not_connected_is_shown_and_can_not_be_chosen() {
    let mut stage = settings(off());
    stage.goes_to("Zoom user");
    let (_, name) = member(false);
    stage.write(&name).press("enter");
    let form = stage.state.panes.top_as::<Form>().unwrap();
    assert!(form.fields().is_open(), "{}", stage.frame());
    assert!(stage.frame().contains(&name), "{}", stage.frame());
    // Those who can be chosen stand first.
    stage.press("esc enter");
    let frame = stage.frame();
    let place = |name: &str| {
        frame
            .find(name)
            .unwrap_or_else(|| panic!("{name}: {frame}"))
    };
    assert!(place(&member(true).1) < place(&name), "{frame}");
}

#[test]
fn the_organizer_is_asked_for_with_ai_scheduling_and_watching_is_a_choice() {
    let mut stage = settings(StageInterview {
        ai: true,
        approval_chosen: Some(true),
        zoom_user: Some(id("mem", 0)),
        ..off()
    });
    stage.goes_to("Send emails").press("right");
    stage
        .goes_to("Organizer")
        .write("lena")
        .press("enter ctrl-s");
    let change = stage.asked_to_change();
    assert_eq!(change.approval, Edit::Set(Approval::Shadow));
    let lena = records::members()
        .into_iter()
        .find(|it| it.name.starts_with("Lena"));
    assert_eq!(change.organizer, Edit::Set(lena.unwrap().id));

    let mut stage = settings(off());
    for _ in 0..30 {
        assert_ne!(stage.field(), Some("Organizer"));
        stage.press("tab");
    }
}

#[test]
fn those_who_are_in_the_stage_are_begun_with_only_where_somebody_chooses_so() {
    let mut daemon = Daemon::new();
    daemon.own.plan = Some(StageInterview {
        ai: true,
        approval_chosen: Some(true),
        zoom_user: Some(member(true).0),
        ..off()
    });
    daemon.own.onsite = (8, None);
    let mut stage = opened(daemon, Kind::StageSettings, &onsite());
    let frame = stage.frame();
    assert!(frame.contains("scheduling them too?"), "{frame}");
    stage.goes_to("Those here").press("right");
    let frame = stage.frame();
    assert!(
        frame.contains("Saving starts scheduling for 8 candidates here"),
        "{frame}"
    );
    stage.press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("The assistant has begun with 3"), "{frame}");
    // Where it is turned off, nobody is begun with.
    stage.daemon.own.plan = Some(off());
    let mut stage = opened(stage.daemon, Kind::StageSettings, &onsite());
    assert!(!stage.frame().contains("Those here"), "{}", stage.frame());
    stage.press("esc");
}

#[test]
fn what_watching_has_shown_stands_beside_how_emails_are_sent() {
    let mut daemon = Daemon::new();
    daemon.own.plan = Some(StageInterview {
        ai: true,
        approval: Approval::Shadow,
        approval_chosen: Some(true),
        zoom_user: Some(member(true).0),
        ..off()
    });
    let figures = ShadowFigures {
        same: 31,
        wrong: 0,
        asked: 1,
        left: 0,
    };
    daemon.own.onsite = (0, Some(figures));
    let stage = opened(daemon, Kind::StageSettings, &onsite());
    let frame = stage.frame();
    assert!(
        frame.contains("31 of 32 as you did, 0 wrong, 1 would have asked"),
        "{frame}"
    );
    assert!(frame.contains("automatically?"), "{frame}");
}
