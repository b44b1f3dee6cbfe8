//! What nearly matches, the order of lists and their filters: tables for what people expect, and
//! properties that compare every answer with looking at everybody.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::index::fold::fold;
use crate::index::{Applications, Filter, Found, Search, Sort, Visible};
use crate::store::table::encode;

fn fuzzy(stage: &Stage, text: &str, limit: usize) -> Found {
    let search = Search {
        fuzzy: true,
        ..Search::new(text, &Visible::All)
    };
    stage.index.search(stage.ws, &search, None, limit).unwrap()
}

fn names(found: &Found) -> Vec<&str> {
    let names = found.rows.iter().map(|row| row.candidate.name.as_str());
    names.collect()
}

/// Four people of one job.
fn acme() -> Stage {
    let stage = Stage::ready();
    let (backend, steps) = stage.add_job("Backend Engineer", &["Applied", "Onsite"]);
    for (number, name) in ["Priya Nair", "Priya Ramanathan", "Paul Núñez", "Wen Zhang"]
        .into_iter()
        .enumerate()
    {
        let id = stage.add_candidate(name, &format!("mail{number}@x.example"));
        stage.apply_for(id, backend, steps[number % 2]);
    }
    stage
}

#[test]
fn a_typing_error_and_initials_are_found_below_what_matches() {
    let stage = acme();
    for (text, exact, near) in [
        ("priya", 2, &[][..]),
        ("prija", 0, &["Priya Nair", "Priya Ramanathan"]),
        ("prija nair", 0, &["Priya Nair"]),
        ("pirya nari", 0, &["Priya Nair"]),
        ("ramanthan", 0, &["Priya Ramanathan"]),
        ("rmanat", 0, &["Priya Ramanathan"]),
        ("pn", 0, &["Paul Núñez", "Priya Nair"]),
        ("p.n.", 0, &["Paul Núñez", "Priya Nair"]),
        ("pn onsite", 0, &[]),
        ("pn aplied", 0, &["Paul Núñez", "Priya Nair"]),
        ("nunes", 0, &["Paul Núñez"]),
        ("zhnag", 0, &["Wen Zhang"]),
        ("wen-zhnag", 0, &["Wen Zhang"]),
    ] {
        let found = fuzzy(&stage, text, 100);
        let listed = names(&found);
        if found.nearest {
            assert_eq!(near, &[""; 0], "{text:?} found {listed:?}");
            continue;
        }
        assert_eq!(&listed[exact..], near, "{text:?}");
        assert_eq!((found.total - found.near) as usize, exact, "{text:?}");
        assert!(found.rows[exact..].iter().all(|row| row.near));
        assert!(!found.rows[..exact].iter().any(|row| row.near));
        let exactly = Search::new(text, &Visible::All);
        let exactly = stage.index.search(stage.ws, &exactly, None, 100).unwrap();
        assert_eq!(exactly.total as usize, exact);
    }
}

#[test]
fn what_nearly_matches_is_looked_for_only_below_a_full_page() {
    let stage = acme();
    stage.add_candidate("Nair Nari", "nair@x.example");
    let page = fuzzy(&stage, "nair", 2);
    assert_eq!((page.total, page.near), (2, 0));
    let page = fuzzy(&stage, "nair", 3);
    assert_eq!(names(&page), ["Nair Nari", "Priya Nair"]);
    stage.add_candidate("Anna Nai", "anna@x.example");
    let page = fuzzy(&stage, "nair", 3);
    assert_eq!(names(&page), ["Nair Nari", "Priya Nair", "Anna Nai"]);
    assert_eq!((page.total, page.near, page.nearest), (3, 1, false));
}

#[test]
fn an_address_that_is_found_means_nobody_else() {
    let stage = Stage::ready();
    for (name, email) in [
        ("Priya Nair", "nair_7@mail.example"),
        ("Priya Nain", "nain_7@mail.example"),
    ] {
        stage.add_candidate(name, email);
    }
    for (text, found_near) in [
        ("nair", 1),
        ("nair_7@mail.example", 0),
        ("priya nair_7@m", 0),
        ("nair_8@mail.example", 2),
    ] {
        let found = fuzzy(&stage, text, 100);
        assert_eq!(found.near, found_near, "{text:?}: {:?}", names(&found));
    }
}

#[test]
fn the_nearest_are_listed_where_nobody_matches_even_nearly() {
    let stage = acme();
    for (text, nearest) in [
        ("priya zzzz", &["Priya Nair", "Priya Ramanathan"][..]),
        ("prjja nair", &["Priya Nair"]),
        ("rameshwar", &["Priya Ramanathan"]),
        ("zhxong wen", &["Wen Zhang"]),
    ] {
        let found = fuzzy(&stage, text, 100);
        assert!(found.nearest, "{text:?}");
        assert_eq!(names(&found), nearest, "{text:?}");
        assert_eq!(
            (found.total, found.next.as_deref()),
            (nearest.len() as u64, None)
        );
    }
    let found = fuzzy(&stage, "qqqq", 100);
    assert!(found.rows.is_empty() && !found.nearest);
}

#[test]
fn a_list_is_filtered_by_what_is_true_of_one_application() {
    let stage = Stage::ready();
    let (backend, back) = stage.add_job("Backend", &["Applied", "Onsite"]);
    let (data, dat) = stage.add_job("Data", &["Applied", "Onsite"]);
    let put = |who, job, at, since| {
        let id = ApplicationId::new();
        stage.put(id, 1, &application(who, job, at, since));
        id
    };
    let ana = stage.add_candidate("Ana", "ana@x.example");
    let bo = stage.add_candidate("Bo", "bo@x.example");
    let old = put(ana, backend, back[0], 100);
    let new = put(ana, data, dat[1], 900);
    let bos = put(bo, backend, back[1], 500);
    let list = |filter: Filter, applications: &Applications| {
        let search = Search {
            filter,
            applications,
            ..Search::new("", &Visible::All)
        };
        let found = stage.index.search(stage.ws, &search, None, 100).unwrap();
        let shown = found.rows.iter().filter_map(|row| row.shown);
        shown.collect::<Vec<_>>()
    };
    let all = Filter::default;
    let of = |jobs: &[JobId], stages: &[StageId], before: Option<i64>| Filter {
        jobs: jobs.to_vec(),
        stages: stages.to_vec(),
        since_before: before.map(Instant::from_second),
        ..all()
    };
    for (filter, shown) in [
        (all(), vec![new, bos]),
        (of(&[backend], &[], None), vec![old, bos]),
        (of(&[], &[back[1], dat[1]], None), vec![new, bos]),
        (of(&[backend], &[dat[1]], None), vec![]),
        (of(&[backend], &[back[1]], None), vec![bos]),
        (of(&[], &[], Some(500)), vec![old]),
        (of(&[], &[], Some(501)), vec![old, bos]),
        (of(&[data], &[], Some(500)), vec![]),
    ] {
        assert_eq!(
            list(filter.clone(), &Applications::All),
            shown,
            "{filter:?}"
        );
    }
    // Who works with one job, and interviews for one application of another.
    let own = Applications::Some {
        jobs: HashSet::from([data]),
        met: HashSet::from([bos]),
    };
    assert_eq!(list(all(), &own), [new, bos]);
    assert_eq!(list(of(&[backend], &[], None), &own), [bos]);
    assert_eq!(list(of(&[], &[], Some(600)), &own), [bos]);
    assert_eq!(list(of(&[], &[back[0]], None), &own), []);

    let zone = |text: &str| Filter {
        zones: vec![text.to_owned()],
        ..all()
    };
    assert_eq!(list(zone("kolkata"), &Applications::All), [new, bos]);
    assert_eq!(list(zone("Europe"), &Applications::All), []);
}

#[test]
fn a_cursor_of_another_order_is_refused() {
    let stage = acme();
    let page = |sort, after: Option<&str>| {
        let search = Search {
            sort,
            ..Search::new("", &Visible::All)
        };
        stage.index.search(stage.ws, &search, after, 1)
    };
    let sorts = [Sort::Name, Sort::Stage, Sort::Since, Sort::Added];
    for (a, sort) in sorts.into_iter().enumerate() {
        let next = page(sort, None).unwrap().next.unwrap();
        assert!(page(sort, Some(&next)).is_ok());
        for (b, other) in sorts.into_iter().enumerate() {
            // Both count seconds; which ones is not told apart.
            if a != b && !(a >= 2 && b >= 2) {
                assert!(page(other, Some(&next)).is_err(), "{sort:?} {other:?}");
            }
        }
    }
}

/// One row of the plain list: its run, what it is sorted by, its name and its id.
type Plain = (u8, i64, String, CandidateId);

const STAGES: [&str; 3] = ["Applied", "Phone", "Onsite"];

/// Somebody: name, when they were added, and their application's stage and since when it is there.
type Somebody = (String, i64, Option<(usize, i64)>);

fn somebody() -> impl Strategy<Value = Somebody> {
    let word = prop::sample::select(vec![
        "anna", "anan", "nana", "ann", "bana", "banana", "Ána", "o'nan", "b",
    ]);
    let name = prop::collection::vec(word, 1..4).prop_map(|words| words.join(" "));
    let application = prop::option::of((0..STAGES.len(), 0..4_i64));
    (name, 0..4_i64, application)
}

fn typed() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "anna", "anna", "banna", "nnaa", "ann", "an", "ba", "a.b.", "abn", "onsit", "aplied", "x",
        "o'nnan", "phoen",
    ]);
    prop::collection::vec(word, 0..3).prop_map(|words| words.join(" "))
}

/// The least errors between what was typed and a beginning of `word`, by trying all of it.
fn errors(typed: &[char], word: &[char]) -> usize {
    fn whole(a: &[char], b: &[char]) -> usize {
        let ([a0, a_rest @ ..], [b0, b_rest @ ..]) = (a, b) else {
            return a.len() + b.len();
        };
        let mut least = usize::from(a0 != b0) + whole(a_rest, b_rest);
        least = least.min(1 + whole(a_rest, b)).min(1 + whole(a, b_rest));
        if let ([_, a1, a2 @ ..], [_, b1, b2 @ ..]) = (a, b)
            && a0 == b1
            && a1 == b0
        {
            least = least.min(1 + whole(a2, b2));
        }
        least
    }
    let beginnings = (0..=word.len()).map(|end| whole(typed, &word[..end]));
    beginnings.min().unwrap_or(typed.len())
}

fn parts(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn nearly(word: &str, name: &str, place: &str) -> bool {
    let name = fold(name);
    let letters: Vec<char> = word.chars().filter(|c| *c != '.').collect();
    let initials = letters.iter().all(|c| c.is_alphabetic())
        && (2..=4).contains(&letters.len())
        && word.chars().all(|c| c == '.' || c.is_alphabetic());
    if initials {
        let mut firsts = parts(&name).into_iter().map(|part| part.chars().next());
        let mut wanted = letters.iter();
        let fits = firsts.next().flatten() == wanted.next().copied()
            && wanted.all(|c| firsts.any(|first| first == Some(*c)));
        if fits {
            return true;
        }
        if word.contains('.') {
            return false;
        }
    }
    let text = format!("{name} {}", fold(place));
    parts(word).iter().all(|part| {
        let typed: Vec<char> = part.chars().collect();
        let near = |other: &String| {
            let other: Vec<char> = other.chars().collect();
            errors(&typed, &other) <= 1
        };
        text.contains(part.as_str()) || (typed.len() >= 4 && parts(&text).iter().any(near))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_order_and_what_nearly_matches_are_those_of_looking_at_everybody(
        people in prop::collection::vec(somebody(), 0..40),
        texts in prop::collection::vec(typed(), 1..6),
        limit in 1..7usize,
        leaver in 0..40usize,
        reverse in any::<bool>(),
    ) {
        let stage = Stage::ready();
        let (job, steps) = stage.add_job("Job", &STAGES);
        let mut known = Vec::new();
        for (number, (name, added, application)) in people.iter().enumerate() {
            let id = CandidateId::new();
            let mut record = candidate(name, &format!("{number}@y.z"));
            record.added_at = Instant::from_second(*added);
            stage.put(id, 1, &record);
            if let Some((at, since)) = application {
                let record = super::application(id, job, steps[*at], *since);
                stage.put(ApplicationId::new(), 1, &record);
            }
            known.push((id, name, *added, *application));
        }
        for text in &texts {
            for sort in [Sort::Name, Sort::Stage, Sort::Since, Sort::Added] {
                let search = Search { fuzzy: true, sort, reverse, ..Search::new(text, &Visible::All) };
                let mut expected: Vec<Plain> = Vec::new();
                let folded = fold(text);
                let words: Vec<_> = folded.split(' ').filter(|word| !word.is_empty()).collect();
                for (number, (id, name, added, application)) in known.iter().enumerate() {
                    let place = application.map_or(String::new(), |(at, _)| format!("Job {}", STAGES[at]));
                    let all = format!("{}\n{number}@y.z\n{}", fold(name), fold(&place));
                    let exactly = words.iter().all(|word| all.split('\n').any(|text| text.contains(word)));
                    let begins = exactly && words.iter().all(|word| {
                        all.match_indices(word).any(|(at, _)| {
                            all[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric())
                        })
                    });
                    let near = words.iter().all(|word| nearly(word, name, &place) || all.contains(word));
                    let class = match (exactly, begins) {
                        (true, true) => 0,
                        (true, false) => u8::from(sort == Sort::Name),
                        _ if near => 2,
                        _ => continue,
                    };
                    let by = |value: i64| if reverse { -value } else { value };
                    let key = match sort {
                        Sort::Name => 0,
                        Sort::Added => by(-*added),
                        Sort::Since => application.map_or(i64::MAX, |(_, since)| by(since)),
                        Sort::Stage => application.map_or(i64::MAX, |(at, _)| by(at as i64)),
                    };
                    expected.push((class, key, fold(name), *id));
                }
                expected.sort();
                if sort == Sort::Name && reverse {
                    expected.reverse();
                    expected.sort_by_key(|row| row.0);
                }
                let exact = expected.iter().filter(|row| row.0 < 2).count();
                if exact >= limit {
                    expected.retain(|row| row.0 < 2);
                }
                let mut rows = Vec::new();
                let mut after: Option<String> = None;
                loop {
                    let page = stage.index.search(stage.ws, &search, after.as_deref(), limit).unwrap();
                    if page.nearest {
                        prop_assert!(expected.is_empty() && page.rows.len() <= limit);
                        break;
                    }
                    prop_assert_eq!(page.total as usize, expected.len(), "{:?} {:?}", text, sort);
                    prop_assert_eq!((page.total - page.near) as usize, exact);
                    rows.extend(page.rows.iter().map(|row| row.candidate.id));
                    let Some(next) = page.next else { break };
                    after = Some(next);
                }
                let ids: Vec<_> = expected.iter().map(|row| row.3).collect();
                prop_assert_eq!(&rows, &ids, "{:?} {:?}", text, sort);
            }
        }
        // A page goes on where it ended, though who it ended with has left.
        let Some((gone, ..)) = known.get(leaver) else { return Ok(()) };
        for sort in [Sort::Name, Sort::Stage, Sort::Since, Sort::Added] {
            let search = Search { sort, reverse, ..Search::new("", &Visible::All) };
            let whole = stage.index.search(stage.ws, &search, None, 1000).unwrap();
            let order: Vec<_> = whole.rows.iter().map(|row| row.candidate.id).collect();
            let at = order.iter().position(|id| id == gone).unwrap();
            let Some(next) = stage.index.search(stage.ws, &search, None, at + 1).unwrap().next else {
                continue;
            };
            let key = Key::new(&stage.ws.to_string(), "candidate", &gone.to_string()).unwrap();
            stage.feed().apply(&key, None);
            let rest = stage.index.search(stage.ws, &search, Some(&next), 1000).unwrap();
            let rest: Vec<_> = rest.rows.iter().map(|row| row.candidate.id).collect();
            prop_assert_eq!(&rest, &order[at + 1..], "{:?}", sort);
            let number = known.iter().position(|one| one.0 == *gone).unwrap();
            let mut record = candidate(known[number].1, &format!("{number}@y.z"));
            record.added_at = Instant::from_second(known[number].2);
            let body = encode(&key, &record).unwrap();
            stage.feed().apply(&key, Some(&Versioned { revision: Revision(9), body }));
        }
    }
}
