//! The table of steps, and a model of a Zoom that loses answers: whatever is lost, and whenever
//! somebody cancels, the end is one meeting or none.

use proptest::prelude::*;

use super::*;

fn at(second: i64) -> Instant {
    Instant::from_second(second)
}

fn meeting(id: u64) -> MadeMeeting {
    MadeMeeting {
        id,
        uuid: format!("uuid-{id}"),
        join_url: format!("https://zoom.example/j/{id}"),
        passcode: None,
        told_at: None,
        writes_notes: None,
    }
}

fn failed() -> ZoomMeeting {
    let way_out = Default::default();
    ZoomMeeting::Failed { way_out }
}

/// A meeting that somebody wants, or wants no more.
struct Kept {
    wanted: bool,
    zoom: ZoomMeeting,
    reason: Option<String>,
}

impl Kept {
    fn slot(&mut self) -> Slot<'_> {
        Slot {
            wanted: self.wanted,
            zoom: &mut self.zoom,
            reason: &mut self.reason,
        }
    }
}

fn kept(wanted: bool, zoom: ZoomMeeting) -> Kept {
    Kept {
        wanted,
        zoom,
        reason: None,
    }
}

const WANTED: bool = true;
const UNWANTED: bool = false;

#[test]
fn the_next_step_of_every_phase() {
    let asked = || ZoomMeeting::Asked { at: at(100) };
    let made = || ZoomMeeting::Made {
        meeting: meeting(1),
    };
    let ready = || ZoomMeeting::Ready {
        meeting: meeting(1),
    };
    let outdated = || outdated(meeting(1), false);
    let unwanted = || ZoomMeeting::Unwanted {
        meeting: meeting(1),
    };
    let stays = || ZoomMeeting::Stays {
        meeting: meeting(1),
    };
    let (soon, late) = (at(101), at(100 + ANSWER_DEADLINE_SECONDS));
    let waits = || Step::Wait(late);
    for (wanted, zoom, now, can_list, step) in [
        (UNWANTED, ZoomMeeting::None, soon, true, Step::Done),
        (WANTED, ZoomMeeting::Wanted, soon, true, Step::Ask),
        (WANTED, asked(), soon, true, waits()),
        (WANTED, asked(), soon, false, waits()),
        (WANTED, asked(), late, true, Step::Search),
        (WANTED, asked(), late, false, Step::Ask),
        (WANTED, made(), soon, true, Step::ReadBack(meeting(1))),
        (WANTED, ready(), soon, true, Step::Done),
        (
            WANTED,
            outdated(),
            soon,
            true,
            Step::Update(meeting(1), false),
        ),
        (WANTED, failed(), soon, true, Step::Done),
        (UNWANTED, ZoomMeeting::Wanted, soon, true, Step::Done),
        (UNWANTED, asked(), soon, true, waits()),
        (UNWANTED, asked(), late, true, Step::Search),
        (UNWANTED, asked(), late, false, Step::GiveUp),
        (UNWANTED, made(), soon, true, Step::Delete(meeting(1))),
        (UNWANTED, outdated(), soon, true, Step::Delete(meeting(1))),
        (UNWANTED, ready(), soon, true, Step::Delete(meeting(1))),
        (UNWANTED, unwanted(), soon, true, Step::Delete(meeting(1))),
        (UNWANTED, stays(), soon, true, Step::Done),
        (UNWANTED, ZoomMeeting::Gone, soon, true, Step::Done),
    ] {
        let found = next(&zoom, wanted, now, can_list);
        assert_eq!(
            found, step,
            "{zoom:?} wanted: {wanted} at {now}, can list: {can_list}"
        );
    }
}

#[test]
fn what_is_wanted_no_more_keeps_what_zoom_may_still_answer() {
    let made = || meeting(1);
    for (zoom, next) in [
        (ZoomMeeting::Wanted, ZoomMeeting::None),
        (failed(), ZoomMeeting::None),
        (
            ZoomMeeting::Asked { at: at(1) },
            ZoomMeeting::Asked { at: at(1) },
        ),
        (
            ZoomMeeting::Made { meeting: made() },
            ZoomMeeting::Unwanted { meeting: made() },
        ),
        (
            ZoomMeeting::Ready { meeting: made() },
            ZoomMeeting::Unwanted { meeting: made() },
        ),
        (
            outdated(made(), true),
            ZoomMeeting::Unwanted { meeting: made() },
        ),
        (ZoomMeeting::Gone, ZoomMeeting::Gone),
    ] {
        let mut it = kept(UNWANTED, zoom.clone());
        it.slot().drop(Ok(()));
        assert_eq!(it.zoom, next, "{zoom:?}");
    }
    let mut it = kept(UNWANTED, ZoomMeeting::Ready { meeting: made() });
    it.slot().drop(Err("it stays".into()));
    assert_eq!(it.zoom, ZoomMeeting::Stays { meeting: made() });
    assert_eq!(it.reason.as_deref(), Some("it stays"));
}

#[test]
fn a_change_is_told_where_zoom_has_a_meeting_and_made_anew_where_it_has_none() {
    let made = || meeting(1);
    let outdated = || outdated(made(), false);
    for (zoom, next) in [
        (ZoomMeeting::None, ZoomMeeting::Wanted),
        (failed(), ZoomMeeting::Wanted),
        (ZoomMeeting::Gone, ZoomMeeting::Wanted),
        (
            ZoomMeeting::Asked { at: at(1) },
            ZoomMeeting::Asked { at: at(1) },
        ),
        (ZoomMeeting::Made { meeting: made() }, outdated()),
        (ZoomMeeting::Ready { meeting: made() }, outdated()),
        (ZoomMeeting::Unwanted { meeting: made() }, outdated()),
        (ZoomMeeting::Stays { meeting: made() }, outdated()),
    ] {
        let mut it = kept(WANTED, zoom.clone());
        assert_eq!(it.slot().renew(Ok(()), false), None);
        assert_eq!(it.zoom, next, "{zoom:?}");
    }
    let mut it = kept(WANTED, ZoomMeeting::Ready { meeting: made() });
    let untold = it.slot().renew(Err("no scope".into()), false);
    assert_eq!(untold.as_deref(), Some("no scope"));
    assert_eq!(it.zoom, ZoomMeeting::Ready { meeting: made() });
}

/// What happens to one request.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Answered,
    LostBefore,
    LostAfter,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Answered),
        Just(Fate::LostBefore),
        Just(Fate::LostAfter)
    ]
}

/// What people do meanwhile.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Cancel,
    Reschedule,
    Reopen,
}

fn wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        Just(Wish::Cancel),
        Just(Wish::Reschedule),
        Just(Wish::Reopen)
    ]
}

/// The meetings at Zoom with the plan each knows, how many were made, and the plan of ours.
#[derive(Default)]
struct Model {
    there: Vec<(u64, u32)>,
    made: u64,
    plan: u32,
}

impl Model {
    fn found(&self, id: u64) -> bool {
        self.there
            .iter()
            .any(|(there, plan)| *there == id && *plan == self.plan)
    }
}

/// Carries one step out against the model, as the worker would.
fn carry_out(step: &Step, fate: Fate, now: Instant, model: &mut Model, it: &mut Kept) {
    let reached = !matches!(fate, Fate::LostBefore);
    let answered = matches!(fate, Fate::Answered);
    match step {
        Step::Ask => {
            it.zoom = ZoomMeeting::Asked { at: now };
            if reached {
                model.made += 1;
                model.there.push((model.made, model.plan));
            }
            if answered {
                it.slot().made(meeting(model.made), true);
            }
        }
        Step::Search if answered => match model.there.first().copied() {
            Some((first, plan)) => {
                model.there.truncate(1);
                let as_planned = plan == model.plan;
                it.slot().made(meeting(first), as_planned);
            }
            None => it.slot().not_made(),
        },
        Step::ReadBack(found) if answered => {
            it.zoom = ZoomMeeting::Ready {
                meeting: found.clone(),
            };
        }
        Step::Update(found, _) => {
            let place = model.there.iter().position(|(id, _)| *id == found.id);
            let Some(place) = place else {
                if answered {
                    it.slot().not_made();
                }
                return;
            };
            if reached {
                model.there[place].1 = model.plan;
            }
            if answered {
                it.zoom = ZoomMeeting::Made {
                    meeting: found.clone(),
                };
            }
        }
        Step::Delete(found) => {
            if reached {
                model.there.retain(|(id, _)| *id != found.id);
            }
            if answered {
                it.zoom = ZoomMeeting::Gone;
            }
        }
        _ => {}
    }
}

fn fulfil(wish: Wish, model: &mut Model, it: &mut Kept) {
    match wish {
        Wish::Cancel if it.wanted => {
            it.wanted = false;
            it.slot().drop(Ok(()));
        }
        Wish::Reschedule if it.wanted => {
            model.plan += 1;
            it.slot().renew(Ok(()), false);
        }
        Wish::Reopen if !it.wanted => {
            it.wanted = true;
            it.slot().renew(Ok(()), false);
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn whatever_is_lost_and_wished_there_is_one_meeting_as_planned_or_none(
        fates in proptest::collection::vec(fate(), 0..40),
        wishes in proptest::collection::btree_map(0usize..60, wish(), 0..6),
    ) {
        let mut model = Model::default();
        let mut it = kept(WANTED, ZoomMeeting::Wanted);
        let mut now = at(0);
        let mut fates = fates.into_iter();
        for round in 0..300 {
            if let Some(wish) = wishes.get(&round) {
                fulfil(*wish, &mut model, &mut it);
            }
            match next(&it.zoom, it.wanted, now, true) {
                Step::Done if round > 60 => break,
                Step::Done => {}
                Step::Wait(until) => now = until,
                // In the end Zoom answers again.
                step => carry_out(&step, fates.next().unwrap_or(Fate::Answered), now, &mut model, &mut it),
            }
            prop_assert!(model.there.len() <= 1, "never two at once: {:?}", model.there);
            now = now.plus_seconds(1);
        }
        if it.wanted {
            let ZoomMeeting::Ready { meeting } = &it.zoom else {
                return Err(TestCaseError::fail(format!("{:?}", it.zoom)));
            };
            prop_assert!(model.found(meeting.id), "{:?} {:?}", it.zoom, model.there);
        } else {
            prop_assert!(model.there.is_empty(), "{:?}", model.there);
        }
    }
}
