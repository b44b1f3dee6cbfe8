//! The candidate list: tables for what people expect, and a property that compares every answer
//! with a search that looks at everybody.

use std::collections::{BTreeMap, HashSet};

use greenroom_protocol::pipeline::ApplicationState;
use proptest::prelude::*;

use super::*;
use crate::index::fold::fold;
use crate::index::{Applications, Filter, Found, Search, States, Visible};
use crate::records::pipeline::StateNote;

fn search(stage: &Stage, text: &str) -> Found {
    let search = Search::new(text, &Visible::All);
    stage.index.search(stage.ws, &search, None, 100).unwrap()
}

fn names(found: &Found) -> Vec<&str> {
    let names = found.rows.iter().map(|row| row.candidate.name.as_str());
    names.collect()
}

/// Four people, two jobs.
fn acme() -> Stage {
    let stage = Stage::ready();
    let (backend, steps) = stage.add_job("Backend Engineer", &["Applied", "Onsite"]);
    let (lead, lead_steps) = stage.add_job("Équipe Lead", &["Applied"]);
    let priya = stage.add_candidate("Priya Nair", "priya.nair@mail.example");
    let jose = stage.add_candidate("José Ñandú", "jn@acme.example");
    let wen = stage.add_candidate("張 Wen", "wen@mail.example");
    stage.add_candidate("Cipriano Costa", "cip@mail.example");
    stage.apply_for(priya, backend, steps[1]);
    stage.apply_for(jose, backend, steps[0]);
    stage.apply_for(jose, lead, lead_steps[0]);
    stage.apply_for(wen, lead, lead_steps[0]);
    stage
}

#[test]
fn every_word_must_occur_and_its_beginning_comes_first() {
    let stage = acme();
    for (text, expected) in [
        (
            "",
            &["Cipriano Costa", "José Ñandú", "Priya Nair", "張 Wen"][..],
        ),
        ("pri", &["Priya Nair", "Cipriano Costa"]),
        ("PRIYA nair", &["Priya Nair"]),
        ("nair priya", &["Priya Nair"]),
        ("priya costa", &[]),
        ("jose nandu", &["José Ñandú"]),
        ("ÑAN", &["José Ñandú"]),
        ("張", &["張 Wen"]),
        ("acme", &["José Ñandú"]),
        ("@mail", &["Cipriano Costa", "Priya Nair", "張 Wen"]),
        ("nair@ma", &["Priya Nair"]),
        ("nair@", &["Priya Nair"]),
        ("onsite", &["Priya Nair"]),
        ("backend", &["José Ñandú", "Priya Nair"]),
        ("equipe j", &["José Ñandú"]),
        ("n b", &["José Ñandú", "Priya Nair"]),
        (
            "x",
            &["Cipriano Costa", "José Ñandú", "Priya Nair", "張 Wen"],
        ),
        ("q", &["José Ñandú", "張 Wen"]),
    ] {
        let found = search(&stage, text);
        assert_eq!(names(&found), expected, "{text:?}");
        assert_eq!(found.total, expected.len() as u64);
        assert_eq!(found.next, None);
    }
}

#[test]
fn repeated_words_are_one_and_too_many_find_nobody() {
    let stage = acme();
    assert_eq!(search(&stage, &"nair ".repeat(1000)).total, 1);
    let many: Vec<_> = (0..100).map(|number| number.to_string()).collect();
    assert_eq!(search(&stage, &many.join(" ")).total, 0);
}

#[test]
fn a_renamed_stage_and_a_moved_candidate_are_found_at_once() {
    let stage = acme();
    let (job, steps) = stage.add_job("Designer", &["Applied", "Decision"]);
    let ana = stage.add_candidate("Ana Costa", "ana@mail.example");
    let application = stage.apply_for(ana, job, steps[0]);
    assert_eq!(names(&search(&stage, "decision")), [""; 0]);
    assert_eq!(stage.index.applications_in_stage(stage.ws, steps[0]), 1);

    stage.put(application, 2, &super::application(ana, job, steps[1], 5));
    let found = search(&stage, "decision");
    assert_eq!(names(&found), ["Ana Costa"]);
    assert_eq!(found.rows[0].candidate.applications[0].stage, steps[1]);
    assert_eq!(found.rows[0].candidate.applications[0].revision, 2);
    assert_eq!(stage.index.applications_in_stage(stage.ws, steps[0]), 0);
    assert_eq!(stage.index.applications_in_job(stage.ws, job), 1);

    stage.put(steps[1], 3, &super::stage(job, "Final word"));
    assert_eq!(names(&search(&stage, "decision")), [""; 0]);
    assert_eq!(names(&search(&stage, "final")), ["Ana Costa"]);
}

#[test]
fn an_application_may_come_before_its_candidate_and_outlive_them() {
    let stage = Stage::filling();
    let (job, steps) = stage.add_job("Designer", &["Applied"]);
    let ana = CandidateId::new();
    stage.apply_for(ana, job, steps[0]);
    stage.put(ana, 1, &candidate("Ana", "ana@mail.example"));
    stage.scanned();
    assert_eq!(
        search(&stage, "designer").rows[0]
            .candidate
            .applications
            .len(),
        1
    );

    stage.delete::<CandidateRecord>(ana);
    assert_eq!(search(&stage, "").total, 0);
    stage.put(ana, 2, &candidate("Ana Again", "ana@mail.example"));
    assert_eq!(names(&search(&stage, "designer")), ["Ana Again"]);
}

#[test]
fn a_record_that_cannot_be_read_is_left_out_and_named_until_it_can() {
    let stage = acme();
    let ana = stage.add_candidate("Ana Costa", "ana@mail.example");
    let key = Key::new(&stage.ws.to_string(), "candidate", &ana.to_string()).unwrap();
    let body = vec![0, 0, 0, 1, b'{'];
    let revision = Revision(2);
    stage
        .feed()
        .apply(&key, Some(&Versioned { revision, body }));
    assert_eq!(stage.index.unreadable(), [key.as_str()]);
    assert_eq!(names(&search(&stage, "costa")), ["Cipriano Costa"]);

    stage.put(ana, 3, &candidate("Ana Costa", "ana@mail.example"));
    assert_eq!(stage.index.unreadable(), [""; 0]);
    assert_eq!(search(&stage, "costa").total, 2);
}

#[test]
fn a_cursor_reads_back_and_anything_else_is_refused() {
    let stage = acme();
    let all = Search::new("", &Visible::All);
    let page = stage.index.search(stage.ws, &all, None, 2).unwrap();
    let cursor = page.next.unwrap();
    let rest = stage
        .index
        .search(stage.ws, &all, Some(&cursor), 2)
        .unwrap();
    assert_eq!(names(&rest), ["Priya Nair", "張 Wen"]);
    assert_eq!((rest.total, rest.next), (4, None));
    for text in ["", "b", "b.x.y", "z.can_01jd", "\u{1b}"] {
        let refused = stage.index.search(stage.ws, &all, Some(text), 2);
        assert!(refused.is_err(), "{text:?}");
    }
}

/// What happens to a small workspace.
#[derive(Debug, Clone)]
enum Step {
    Person(usize, String, String),
    Leave(usize),
    Apply(usize, usize, usize, ApplicationState),
    Withdraw(usize),
    Ready,
}

const PEOPLE: usize = 40;
const APPLICATIONS: usize = 60;
const TITLES: [&str; 3] = ["Backend Engineer", "Lead Ána", "An"];
const STAGES: [&str; 2] = ["Phone", "Onsite nan"];

fn name() -> impl Strategy<Value = String> {
    let syllable =
        prop::sample::select(vec!["an", "na", "Á", "b", " ", "-", "張", "ł", "N@", "on"]);
    prop::collection::vec(syllable, 0..6).prop_map(|syllables| syllables.concat())
}

fn email() -> impl Strategy<Value = String> {
    let domain = prop::sample::select(vec!["@an.example", "@ban.example", "", "@n@a.b"]);
    (name(), domain).prop_map(|(local, domain)| local + domain)
}

fn state() -> impl Strategy<Value = ApplicationState> {
    prop_oneof![
        2 => Just(ApplicationState::Active),
        1 => prop::sample::select(ApplicationState::ALL.to_vec()),
    ]
}

/// An application that entered this state when it began.
fn standing(application: ApplicationRecord, state: ApplicationState) -> ApplicationRecord {
    let note = StateNote {
        state,
        at: application.since,
        by: "Dana".into(),
        reason: None,
        email: None,
        cancelled: Vec::new(),
    };
    ApplicationRecord {
        states: vec![note],
        ..application
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..PEOPLE, name(), email()).prop_map(|(who, name, email)| Step::Person(who, name, email)),
        2 => (0..PEOPLE).prop_map(Step::Leave),
        6 => (0..APPLICATIONS, 0..PEOPLE, 0..6usize, state())
            .prop_map(|(id, who, place, state)| Step::Apply(id, who, place, state)),
        1 => (0..APPLICATIONS).prop_map(Step::Withdraw),
        1 => Just(Step::Ready),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let piece = vec![
        "a", "n", "an", "na", "ana", "nan", "@", "@b", "n@an", " ", "on", "張", "lead", "b", ".",
    ];
    prop::collection::vec(prop::sample::select(piece), 0..4).prop_map(|pieces| pieces.concat())
}

/// The same workspace as plain maps, searched by looking at everybody.
#[derive(Default)]
struct Naive {
    people: BTreeMap<usize, (String, String)>,
    applications: BTreeMap<usize, (usize, usize, ApplicationState)>,
}

impl Naive {
    fn places(&self, who: usize) -> impl Iterator<Item = usize> {
        self.standings(who).map(|(place, _)| place)
    }

    fn standings(&self, who: usize) -> impl Iterator<Item = (usize, ApplicationState)> {
        let own = self.applications.values();
        let own = own.filter(move |(of, ..)| *of == who);
        own.map(|(_, place, state)| (*place, *state))
    }

    /// The numbers of the people found, in order.
    fn search(&self, ids: &[CandidateId], text: &str, keep: impl Fn(usize) -> bool) -> Vec<usize> {
        let text = fold(text);
        let words: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).collect();
        let mut found = Vec::new();
        for (who, (name, email)) in &self.people {
            let mut fields = vec![fold(name), fold(email)];
            for place in self.places(*who) {
                fields.push(fold(TITLES[place / 2]));
                fields.push(fold(STAGES[place % 2]));
            }
            let rank = |word: &&str| {
                let hits = fields.iter().flat_map(|field| {
                    field.match_indices(*word).map(|(at, _)| {
                        let before = field[..at].chars().next_back();
                        before.is_none_or(|c| !c.is_alphanumeric())
                    })
                });
                hits.max()
            };
            let ranks: Option<Vec<bool>> = words.iter().map(rank).collect();
            if let Some(ranks) = ranks.filter(|_| keep(*who)) {
                let inside = ranks.contains(&false);
                found.push((inside, fold(name), ids[*who], *who));
            }
        }
        found.sort();
        found.into_iter().map(|(.., who)| who).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn it_finds_what_looking_at_everybody_finds_in_the_same_order(
        steps in prop::collection::vec(step(), 0..150),
        texts in prop::collection::vec(text(), 1..12),
        limit in 1..9usize,
        only in prop::collection::hash_set(0..PEOPLE, 0..9),
    ) {
        let stage = Stage::filling();
        let ids: Vec<_> = (0..PEOPLE).map(|_| CandidateId::new()).collect();
        let application_ids: Vec<_> = (0..APPLICATIONS).map(|_| ApplicationId::new()).collect();
        let jobs: Vec<_> = TITLES.iter().map(|title| stage.add_job(title, &STAGES)).collect();
        let mut naive = Naive::default();
        for (revision, step) in steps.into_iter().enumerate() {
            let revision = revision as u64;
            match step {
                Step::Person(who, name, email) => {
                    stage.put(ids[who], revision, &candidate(&name, &email));
                    naive.people.insert(who, (name, email));
                }
                Step::Leave(who) => {
                    stage.delete::<CandidateRecord>(ids[who]);
                    naive.people.remove(&who);
                }
                Step::Apply(id, who, place, state) => {
                    let (job, stages) = &jobs[place / 2];
                    let record = application(ids[who], *job, stages[place % 2], 0);
                    stage.put(application_ids[id], revision, &standing(record, state));
                    naive.applications.insert(id, (who, place, state));
                }
                Step::Withdraw(id) => {
                    stage.delete::<ApplicationRecord>(application_ids[id]);
                    naive.applications.remove(&id);
                }
                Step::Ready => {
                    stage.scanned();
                    stage.index.warm();
                }
            }
        }
        stage.scanned();

        let named: HashSet<_> = only.iter().map(|who| ids[*who]).collect();
        let lead = HashSet::from([jobs[1].0]);
        let in_lead = |who: usize| naive.places(who).any(|place| place / 2 == 1);
        let in_backend = |who: usize| naive.places(who).any(|place| place / 2 == 0);
        let stands = |who: usize, state: ApplicationState, in_job: Option<usize>| {
            naive.standings(who).any(|(place, its)| its == state && in_job.is_none_or(|job| place / 2 == job))
        };
        let current = |who: usize| {
            naive.places(who).next().is_none() || stands(who, ApplicationState::Active, None)
        };
        let turned_down = [ApplicationState::Rejected, ApplicationState::Withdrawn];
        let in_turned_down = |who: usize, job| turned_down.iter().any(|state| stands(who, *state, job));
        type Keep<'a> = Box<dyn Fn(usize) -> bool + 'a>;
        type Case<'a> = (Option<JobId>, Option<StageId>, States, Visible, Keep<'a>);
        let backend = Some(jobs[0].0);
        let cases: Vec<Case<'_>> = vec![
            (None, None, States::Any, Visible::All, Box::new(|_| true)),
            (None, None, States::Current, Visible::All, Box::new(current)),
            (None, None, States::Some(turned_down.to_vec()), Visible::All,
                Box::new(|who| in_turned_down(who, None))),
            (backend, None, States::Any, Visible::All, Box::new(in_backend)),
            (backend, None, States::Current, Visible::All,
                Box::new(|who| stands(who, ApplicationState::Active, Some(0)))),
            (backend, None, States::Some(turned_down.to_vec()), Visible::All,
                Box::new(|who| in_turned_down(who, Some(0)))),
            // Who is seen for another job is not seen to have applied here.
            (None, Some(jobs[0].1[1]), States::Any, Visible::Jobs(lead.clone()), Box::new(|_| false)),
            (None, None, States::Current, Visible::Jobs(lead.clone()),
                Box::new(|who| stands(who, ApplicationState::Active, Some(1)))),
            (None, None, States::Any, Visible::Only(named.clone()), Box::new(|who| only.contains(&who))),
            (None, None, States::Any, Visible::JobsOr(lead, named),
                Box::new(|who| in_lead(who) || only.contains(&who))),
        ];
        for (job, in_stage, states, visible, keep) in &cases {
            for text in &texts {
                let expected = naive.search(&ids, text, keep);
                let filter = Filter {
                    jobs: job.iter().copied().collect(),
                    stages: in_stage.iter().copied().collect(),
                    states: states.clone(),
                    ..Filter::default()
                };
                let applications = match visible {
                    Visible::Jobs(jobs) => Applications::Some { jobs: jobs.clone(), met: HashSet::new() },
                    _ => Applications::All,
                };
                let search = Search { filter, applications: &applications, ..Search::new(text, visible) };
                let mut rows = Vec::new();
                let mut after: Option<String> = None;
                loop {
                    let page = stage.index.search(stage.ws, &search, after.as_deref(), limit).unwrap();
                    prop_assert_eq!(page.total, expected.len() as u64, "{:?}", text);
                    prop_assert!(page.rows.len() <= limit);
                    rows.extend(page.rows.iter().map(|row| row.candidate.id));
                    let Some(next) = page.next else { break };
                    after = Some(next);
                }
                let expected: Vec<_> = expected.into_iter().map(|who| ids[who]).collect();
                prop_assert_eq!(rows, expected, "{:?}", text);
            }
            for who in 0..PEOPLE {
                let seen = stage.index.visible_candidate(stage.ws, ids[who], visible);
                let listed = naive.search(&ids, "", |one| one == who);
                let allowed = match visible {
                    Visible::All => true,
                    Visible::Jobs(_) => in_lead(who),
                    Visible::Only(_) => only.contains(&who),
                    Visible::JobsOr(..) => in_lead(who) || only.contains(&who),
                };
                prop_assert_eq!(seen, !listed.is_empty() && allowed);
            }
        }
    }
}

#[test]
fn those_turned_down_are_listed_in_the_order_of_that() {
    let stage = acme();
    let (job, steps) = stage.add_job("Designer", &["Applied"]);
    let at = Instant::from_second;
    let mut ids = Vec::new();
    for (since, state) in [
        (30, ApplicationState::Rejected),
        (10, ApplicationState::Withdrawn),
        (20, ApplicationState::Hired),
        (15, ApplicationState::OnHold),
        (40, ApplicationState::Rejected),
    ] {
        let who = stage.add_candidate("Ana", "ana@mail.example");
        let id = stage.apply_for(who, job, steps[0]);
        let record = application(who, job, steps[0], since);
        stage.put(id, 2, &standing(record.clone(), state));
        ids.push((id, record));
    }
    let before = |second, skip, most| {
        let (found, total) = stage
            .index
            .turned_down_before(stage.ws, at(second), skip, most);
        let found: Vec<_> = found.into_iter().map(|(at, _)| at.second()).collect();
        (found, total)
    };
    assert_eq!(before(100, 0, 9), (vec![10, 30, 40], 3));
    assert_eq!(before(40, 0, 9), (vec![10, 30], 2));
    assert_eq!(before(100, 1, 1), (vec![30], 3));
    // Reopened and gone ones are not among them.
    stage.put(ids[1].0, 3, &ids[1].1);
    stage.delete::<ApplicationRecord>(ids[0].0);
    assert_eq!(before(100, 0, 9), (vec![40], 1));
    // Nor is who applied again, until that too is turned down.
    let who = ids[4].1.candidate;
    let again = stage.apply_for(who, job, steps[0]);
    assert_eq!(before(100, 0, 9), (vec![], 0));
    assert_eq!(stage.index.turned_down_since(stage.ws, who), None);
    let record = application(who, job, steps[0], 70);
    stage.put(again, 4, &standing(record, ApplicationState::Withdrawn));
    assert_eq!(before(100, 0, 9), (vec![70], 1));
    assert_eq!(stage.index.turned_down_since(stage.ws, who), Some(at(70)));
}
