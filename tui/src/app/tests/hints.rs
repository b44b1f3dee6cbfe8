//! Hints tell the truth: every key that the bar names, on every screen, layer and field, does
//! something or says something.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::records;
use super::stage::Stage;
use super::typing::{form, put};
use crate::app::draw::hints;
use crate::forms::Kind;

/// Ways to screens and layers, by keys from the candidates.
const WAYS: &[&str] = &[
    "1",
    "1 down down down",
    "1 down down down down",
    "1 down down down down down",
    "1 down down down down down down",
    "1 down down down down down down down",
    "1 down down down down down down down down",
    "1 end",
    "1 down down down enter",
    "2",
    "2 down down down",
    "2 enter",
    "2 /",
    "2 m",
    "2 M",
    "2 M enter",
    "2 N",
    "2 @",
    "2 * @",
    "2 i",
    "2 down down down X",
    "2 down down down X tab",
    "3",
    "3 right right",
    "3 right right enter",
    "3 w",
    "3 b",
    "3 m",
    "4",
    "4 home",
    "4 end",
    "4 v",
    "4 v v",
    "4 Z",
    "4 C",
    "4 home right right right enter",
    "4 home right right right enter m",
    "4 home right right right m",
    "4 home right right right m enter",
    "4 home right right right enter f",
    "4 home right right right enter R",
    "4 home right right right enter R enter",
    "4 home right right right i",
    "5",
    "5 down",
    "5 end",
    "5 enter",
    "5 b",
    "5 b tab",
    "5 x",
    "5 n",
    "5 n tab",
    "2 p",
    "2 p space",
    "2 p space p",
    "6",
    "6 down",
    "6 down down",
    "6 down down down",
    "6 down down down down",
    "6 down down down down down down down down",
    "6 end",
    "6 t",
    "6 enter",
    "6 enter tab",
    "6 down down down down c",
    "6 down down down down c enter",
    "6 down down down down c enter tab",
    "W",
    "?",
    ":",
    ": ?",
];

/// Keys that lead to where a form begins anyway, and so change nothing before one has moved.
const AT_FIRST: [&str; 1] = ["first free time"];

/// A stage on which there is something of everything.
fn full() -> Stage {
    let mut stage = Stage::open(110, 30);
    stage.daemon.needs = records::needs();
    stage.daemon.waiting = records::waiting();
    stage.daemon.depends = records::depends();
    stage.daemon.received = records::received();
    stage.daemon.mails = records::mails();
    stage.daemon.notes = records::notes();
    stage.daemon.outreaches.all = records::outreaches();
    stage.daemon.differs(3, records::moved());
    stage.changed("interview").changed("received").wait(1);
    stage
}

/// Everything by which a person or the daemon could notice that a key did something.
fn noticed(stage: &Stage) -> ((Buffer, Option<Position>), usize, usize, usize, bool) {
    let daemon = stage.daemon.asked.len();
    (
        (stage.buffer(), stage.cursor()),
        daemon,
        stage.sent.len(),
        stage.edited.len(),
        stage.quit,
    )
}

/// The hinted keys that do nothing where `fresh` leads.
fn dead(fresh: impl Fn() -> Stage, at: &str) -> Vec<String> {
    let stage = fresh();
    let before = noticed(&stage);
    let named = hints(&stage.state);
    assert!(!named.is_empty(), "{at} names no key");
    let mut dead = Vec::new();
    for hint in named {
        let mut stage = fresh();
        stage.press(&hint.key);
        if noticed(&stage) == before && !AT_FIRST.contains(&hint.words) {
            dead.push(format!("{at}: {} {}", hint.key, hint.words));
        }
    }
    dead
}

#[test]
fn every_key_the_bar_names_on_a_screen_or_layer_does_something() {
    let mut found = Vec::new();
    for way in WAYS {
        found.extend(dead(
            || {
                let mut stage = full();
                stage.press(way);
                stage
            },
            way,
        ));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_key_the_bar_names_in_a_field_of_a_form_does_something() {
    let mut found = Vec::new();
    for kind in Kind::ALL.iter().copied() {
        let mut stage = full();
        put(&mut stage, kind);
        let stops = form(&stage).fields().len() + 2;
        for stop in 0..stops {
            let tabs = "tab ".repeat(stop);
            let there = || {
                let mut stage = full();
                put(&mut stage, kind);
                stage.press(&tabs);
                stage
            };
            found.extend(dead(there, &format!("{kind:?} at stop {stop}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
