//! The list of candidates: several at once, and one key's way to reject somebody.

use greenroom_protocol::pipeline::{
    ApplicationState, CandidateQuery, CandidateSort, CandidateView, StateAction,
};
use greenroom_protocol::service::GreenroomRequest as Q;

use crate::app::tests::records;
use crate::app::tests::stage::Stage;
use crate::panes::failure::Failure;
use crate::state::Screen;

fn last(stage: &Stage) -> Q {
    stage.daemon.asked.last().cloned().unwrap()
}

fn marked(stage: &Stage) -> usize {
    let page = stage.state.cache.candidates.latest().unwrap();
    stage.state.candidates.marked(page).len()
}

#[test]
fn ten_candidates_are_moved_in_six_keys_and_one_undo_takes_all_back() {
    let mut stage = Stage::open(80, 24);
    let before = stage.daemon.rows.clone();
    stage.press("v 9 j");
    assert!(stage.frame().contains("10 selected"), "{}", stage.frame());
    stage.press("m enter");
    let frame = stage.frame();
    assert!(frame.contains("Move 10 candidates to"), "{frame}");
    stage.press("enter");
    let Q::CandidateMoveMany { moves } = last(&stage) else {
        panic!("a move of many: {}", stage.frame());
    };
    assert_eq!(moves.candidates.len(), 10);
    let frame = stage.frame();
    assert!(frame.contains("10 candidates moved to"), "{frame}");
    assert_eq!(marked(&stage), 0);

    stage
        .changed("application")
        .press("u")
        .changed("application");
    let now = stage.daemon.rows.iter();
    for (now, before) in now.zip(&before) {
        let stage = |row: &greenroom_protocol::pipeline::CandidateRow| {
            row.application.as_ref().unwrap().stage_name.clone()
        };
        assert_eq!(stage(now), stage(before), "{}", now.name);
    }
}

#[test]
fn one_is_rejected_with_an_email_in_four_keys() {
    let mut stage = Stage::open(80, 24);
    stage.press("j");
    let name = stage.daemon.rows[1].name.clone();
    stage.press("R tab right ctrl-s");
    let Q::CandidateStateMany { changes } = last(&stage) else {
        panic!("a change of state: {}", stage.frame());
    };
    assert_eq!((changes.action, changes.email), (StateAction::Reject, true));
    assert_eq!(changes.candidates.len(), 1);
    let frame = stage.frame();
    assert!(frame.contains(&format!("{name}: rejected")), "{frame}");
    stage.wait(5).changed("application");
    assert!(!stage.frame().contains(&name), "{}", stage.frame());

    stage.press("A");
    assert!(stage.frame().contains(&name), "{}", stage.frame());
    assert!(stage.frame().contains("archived"), "{}", stage.frame());
    stage.press("A u").wait(5).changed("application");
    assert!(stage.frame().contains(&name), "{}", stage.frame());
}

#[test]
fn an_upcoming_interview_is_asked_about_in_the_same_step() {
    let mut stage = Stage::open(80, 24);
    stage.press("R ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("has an upcoming interview"), "{frame}");
    assert!(frame.contains("Interviews    ( ●Keep )"), "{frame}");
    stage.press("right ctrl-s");
    let Q::CandidateStateMany { changes } = last(&stage) else {
        panic!("a change of state: {}", stage.frame());
    };
    assert!(changes.cancel_interviews && !changes.email);
    assert!(stage.state.panes.is_empty(), "{}", stage.frame());
}

#[test]
fn each_of_several_stands_alone_and_what_failed_is_listed() {
    let mut stage = Stage::open(80, 24);
    stage.press("space space space");
    assert!(stage.frame().contains("3 selected"), "{}", stage.frame());
    // Who is selected now is none of them.
    stage.press("m");
    let frame = stage.frame();
    assert!(frame.contains("Move 3 candidates to"), "{frame}");
    stage.press("esc R ctrl-s");
    let frame = stage.frame();
    assert!(stage.state.panes.top_as::<Failure>().is_some(), "{frame}");
    assert!(frame.contains("1 of 3 were not changed"), "{frame}");
    assert!(frame.contains("has an upcoming interview"), "{frame}");
    assert_eq!(stage.state.undo.pop().unwrap().name(), "2 candidates");
}

#[test]
fn digits_are_counts_in_a_range_and_screens_elsewhere() {
    let mut stage = Stage::open(80, 24);
    stage.press("v 1 2 j v");
    assert_eq!(marked(&stage), 13);
    stage.press("k");
    assert_eq!(marked(&stage), 13, "the range has ended");
    stage.press("space");
    assert_eq!(marked(&stage), 12);
    stage.press("esc");
    assert_eq!(marked(&stage), 0);
    stage.press("*");
    let shown = stage.state.cache.candidates.latest().unwrap().items.len();
    assert_eq!(marked(&stage), shown);
    stage.press("3");
    assert_eq!(stage.state.screen, Screen::Pipeline);
}

#[test]
fn one_key_moves_to_the_next_stage_and_one_back() {
    let mut stage = Stage::open(80, 24);
    let was = |stage: &Stage| {
        let application = stage.daemon.rows[0].application.clone();
        application.unwrap().stage_name
    };
    let before = was(&stage);
    stage.press(">").changed("application");
    let after = was(&stage);
    assert_ne!(before, after);
    stage.press("<").changed("application");
    assert_eq!(was(&stage), before);
}

#[test]
fn a_form_filters_the_list_and_one_key_clears_it() {
    let mut stage = Stage::open(80, 24);
    let all = stage.state.cache.candidates.latest().unwrap().items.len();
    stage
        .press("f")
        .write("product")
        .press("enter tab")
        .write("onsite");
    stage.press("enter tab right right ctrl-s");
    let filters = stage.state.candidates.filters.words();
    assert_eq!(filters, ["Product Designer", "Onsite", "over 5 days"]);
    let query = stage.state.listing().query();
    assert_eq!((query.jobs.len(), query.stages.len()), (1, 1));
    assert_eq!(query.older_than_days, Some(5));
    let frame = stage.frame();
    assert!(
        frame.contains("Product Designer · Onsite · over 5 days"),
        "{frame}"
    );
    assert!(frame.contains("F clears"), "{frame}");
    stage.press("F");
    assert!(stage.state.candidates.filters.is_open());
    let page = stage.state.cache.candidates.latest().unwrap();
    assert_eq!(page.items.len(), all);
}

#[test]
fn what_is_filtered_is_saved_under_a_name_and_chosen_again() {
    let mut stage = Stage::open(80, 24);
    stage.press("s s f").write("product");
    stage.press("enter tab tab right right shift-tab shift-tab shift-tab shift-tab");
    stage.write("Stale designers");
    let frame = stage.frame();
    assert!(frame.contains("Also keeps the order"), "{frame}");
    assert!(frame.contains("Save and filter"), "{frame}");
    stage.press("ctrl-s");
    let Q::CandidateViewSave { view } = last(&stage) else {
        panic!("a view is saved: {}", stage.frame());
    };
    assert_eq!(view.name, "Stale designers");
    assert_eq!(view.query.sort, CandidateSort::Since);
    assert_eq!(view.query.older_than_days, Some(5));
    let frame = stage.frame();
    let said = "“Stale designers” · Product Designer · over 5 days";
    assert!(frame.contains(said), "{frame}");

    // Another order is not the view any more.
    stage.press("s");
    let frame = stage.frame();
    assert!(!frame.contains("“Stale designers” ·"), "{frame}");
    stage.press("F");
    assert!(stage.state.candidates.filters.is_open());

    stage.press("f").write("stale").press("enter");
    let frame = stage.frame();
    assert!(frame.contains("Product Designer"), "{frame}");
    assert!(frame.contains("( ●> 5 days )"), "{frame}");
    stage.press("ctrl-s");
    assert_eq!(stage.state.candidates.sort, CandidateSort::Since);
    assert!(stage.frame().contains(said), "{}", stage.frame());
}

/// The command line saves views that the form has no fields for.
#[test]
fn a_view_of_several_jobs_stages_and_another_age_is_shown_whole() {
    let mut stage = Stage::open(80, 24);
    let jobs = records::jobs();
    let view = CandidateView {
        name: "Both".into(),
        query: CandidateQuery {
            text: "costa".into(),
            jobs: jobs[..2].iter().map(|job| job.id.to_string()).collect(),
            stages: vec!["Onsite".into(), "Applied".into()],
            states: vec![ApplicationState::OnHold],
            zones: vec!["New York".into()],
            older_than_days: Some(9),
            reverse: true,
            fuzzy: true,
            ..CandidateQuery::default()
        },
    };
    stage.daemon.views.push(view.clone());
    stage.changed("candidate-view");
    stage.press("f").write("both").press("enter");
    let frame = stage.frame();
    assert!(frame.contains("( ●> 9 days )"), "{frame}");
    assert!(frame.contains("Onsite, Applied"), "{frame}");
    stage.press("ctrl-s");
    let query = stage.state.listing().query();
    let asked = CandidateQuery {
        limit: query.limit,
        ..view.query
    };
    assert_eq!(query, asked);
    let frame = stage.frame();
    assert!(frame.contains("“Both” · "), "{frame}");

    // What the form has no field for stays when another field is changed.
    stage.press("f tab tab tab tab left ctrl-s");
    let query = stage.state.listing().query();
    assert_eq!(query.older_than_days, Some(30));
    assert_eq!(query.states, [ApplicationState::OnHold]);
    assert!(!stage.frame().contains("“Both”"), "{}", stage.frame());
}

#[test]
fn a_saved_view_is_renamed_and_removed_and_the_list_stays() {
    let mut stage = Stage::open(80, 24);
    let view = |name: &str| CandidateView {
        name: name.into(),
        query: CandidateQuery {
            older_than_days: Some(9),
            stages: vec!["Onsite".into()],
            ..CandidateQuery::default()
        },
    };
    stage.daemon.views.push(view("Stale"));
    stage.changed("candidate-view");
    stage.press("f").write("stale").press("enter tab right");
    let frame = stage.frame();
    assert!(frame.contains("( ●Rename it )"), "{frame}");
    assert!(!frame.contains("Time zone"), "{frame}");
    stage.press("ctrl-s");
    assert!(
        stage.frame().contains("✗ Enter a name"),
        "{}",
        stage.frame()
    );
    stage.write("Waiting").press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("View renamed to “Waiting”"), "{frame}");
    assert_eq!(stage.daemon.views, [view("Waiting")]);
    // It was not shown, and is not shown now.
    assert!(stage.state.candidates.filters.is_open());

    stage.changed("candidate-view");
    stage.press("f").write("wait").press("enter ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("“Waiting” · Onsite"), "{frame}");
    // Another case is the same view, which stays.
    stage
        .press("f tab right tab")
        .write("WAITING")
        .press("ctrl-s");
    assert_eq!(stage.daemon.asked.len(), 3, "saved, removed, saved");
    let frame = stage.changed("candidate-view").frame();
    assert!(frame.contains("“WAITING” · Onsite"), "{frame}");
    stage.daemon.views = vec![view("WAITING")];
    stage.changed("candidate-view");

    stage.press("f tab right right");
    assert!(
        stage.frame().contains("[ Remove View ]"),
        "{}",
        stage.frame()
    );
    stage.press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("View “WAITING” removed"), "{frame}");
    assert!(frame.contains("Onsite · over 9 days"), "{frame}");
    assert!(stage.daemon.views.is_empty());
}

#[test]
fn the_list_is_sorted_by_one_key_and_says_by_what() {
    let mut stage = Stage::open(80, 24);
    stage.press("s s");
    assert_eq!(stage.state.candidates.sort, CandidateSort::Since);
    let frame = stage.frame();
    assert!(frame.contains("longest in stage · 1 of"), "{frame}");
}

#[test]
fn several_are_scheduled_one_after_the_other_and_escape_stops() {
    let mut stage = Stage::open(80, 24);
    let names: Vec<_> = stage
        .daemon
        .rows
        .iter()
        .map(|row| row.name.clone())
        .collect();
    let title =
        |at: usize, all: usize, name: &str| format!("{at} of {all} · New interview · {name}");
    stage.press("j v 2 j n").wait(1);
    let frame = stage.frame();
    assert!(frame.contains(&title(1, 3, &names[1])), "{frame}");
    stage.press("ctrl-s").wait(1);
    assert!(
        matches!(last(&stage), Q::InterviewNew { .. }),
        "{}",
        stage.frame()
    );
    let frame = stage.frame();
    assert!(frame.contains(&title(2, 3, &names[2])), "{frame}");
    stage.press("esc");
    let frame = stage.frame();
    assert!(frame.contains("Stopped: 1 of 3 booked"), "{frame}");
    assert_eq!(marked(&stage), 2);

    // What is left goes on, from one, and the last leads back to the list.
    stage.press("n").wait(1);
    assert!(
        stage.frame().contains(&title(1, 2, &names[2])),
        "{}",
        stage.frame()
    );
    stage.press("ctrl-s").wait(1).press("ctrl-s").wait(1);
    assert!(stage.state.panes.is_empty(), "{}", stage.frame());
    let booked = stage.daemon.asked.iter();
    let booked = booked.filter(|asked| matches!(asked, Q::InterviewNew { .. }));
    assert_eq!(booked.count(), 3);
    assert_eq!(marked(&stage), 0);
}

#[test]
fn nothing_changes_in_the_list_while_the_preview_covers_it() {
    let mut stage = Stage::open(80, 24);
    stage.press("enter");
    let before = stage.frame();
    assert!(stage.state.candidates.is_open(), "{before}");
    for key in ["s", "A", "space", "v", "*"] {
        stage.press(key);
        assert_eq!(stage.state.candidates.sort, CandidateSort::Name, "{key}");
        let frame = stage.frame();
        assert!(stage.state.candidates.is_open(), "{key}: {frame}");
        assert!(
            frame.contains("close the candidate first"),
            "{key}: {frame}"
        );
    }
}

#[test]
fn what_an_empty_screen_says_is_wrapped_and_never_cut() {
    let mut stage = Stage::open(80, 24);
    stage.press("5");
    let frame = stage.frame();
    let words = frame.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("what they answer. n asks the assistant in your own words. p on"),
        "{frame}"
    );
}
