//! What a person may type to name a record.

use super::*;
use crate::index::{Unresolved, Visible};

#[test]
fn a_candidate_is_named_by_id_ending_address_name_or_the_beginning_of_one() {
    let stage = Stage::ready();
    let priya = stage.add_candidate("Priya Nair", "priya@mail.example");
    let maya = stage.add_candidate("Priya Nair-Rao", "Maya@Mail.example");
    let id = priya.to_string();
    let ending = id[id.len() - 8..].to_uppercase();
    for (text, found) in [
        (id.as_str(), priya),
        (&ending, priya),
        ("PRIYA@mail.example", priya),
        ("maya@mail.example", maya),
        ("priya nair", priya),
        ("  Prïya   Nair ", priya),
        ("priya nair-", maya),
    ] {
        let candidate = stage.index.find_candidate(stage.ws, text, &Visible::All);
        assert_eq!(candidate, Ok(found), "{text:?}");
    }
}

#[test]
fn what_could_be_two_is_refused_with_both() {
    let stage = Stage::ready();
    let a = stage.add_candidate("Sam Ito", "sam@a.example");
    let b = stage.add_candidate("Sam Ito", "sam@b.example");
    let refused = stage.index.find_candidate(stage.ws, "sam", &Visible::All);
    let Err(Unresolved::Ambiguous { matches, .. }) = refused else {
        panic!("{refused:?}");
    };
    let expected = [
        format!("Sam Ito, sam@a.example, {a}"),
        format!("Sam Ito, sam@b.example, {b}"),
    ];
    assert_eq!(matches, expected);

    // Whom the caller may not see is neither found nor told of.
    let only = Visible::Only([b].into());
    assert_eq!(stage.index.find_candidate(stage.ws, "sam", &only), Ok(b));
    let hidden = stage.index.find_candidate(stage.ws, "sam@a.example", &only);
    assert!(matches!(hidden, Err(Unresolved::NotFound { .. })));
}

#[test]
fn a_refusal_carries_no_control_characters() {
    let stage = Stage::ready();
    stage.add_candidate("Eve\u{1b}[2J One", "e1@mail.example");
    stage.add_candidate("Eve\u{1b}[2J Two", "e2@mail.example");
    for text in ["eve", "nobody\u{1b}]0;x\u{7}\n", ""] {
        let refused = stage.index.find_candidate(stage.ws, text, &Visible::All);
        let refused = refused.unwrap_err();
        let mut shown = refused.to_string();
        if let Unresolved::Ambiguous { matches, .. } = refused {
            shown.extend(matches);
        }
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
    }
}

#[test]
fn a_stage_is_named_within_its_job() {
    let stage = Stage::ready();
    let (backend, steps) = stage.add_job("Backend Engineer", &["Applied", "Onsite"]);
    let (_, others) = stage.add_job("Backend Lead", &["Applied"]);
    let find = |job, text| stage.index.find_stage(stage.ws, job, text);
    assert_eq!(find(Some(backend), "applied"), Ok(steps[0]));
    assert_eq!(find(None, "ons"), Ok(steps[1]));
    assert!(matches!(
        find(None, "applied"),
        Err(Unresolved::Ambiguous { .. })
    ));
    assert!(find(Some(backend), &others[0].to_string()).is_err());
    assert_eq!(stage.index.find_job(stage.ws, "backend e"), Ok(backend));
    assert!(stage.index.find_job(stage.ws, "backend").is_err());
}

#[test]
fn an_application_is_named_by_a_candidate_with_only_one() {
    let stage = Stage::ready();
    let (backend, steps) = stage.add_job("Backend Engineer", &["Applied"]);
    let (lead, lead_steps) = stage.add_job("Lead", &["Applied"]);
    let ana = stage.add_candidate("Ana Costa", "ana@mail.example");
    let first = stage.apply_for(ana, backend, steps[0]);
    let find = |text: &str| stage.index.find_application(stage.ws, text, &Visible::All);
    assert_eq!(find("ana"), Ok(first));
    let second = stage.apply_for(ana, lead, lead_steps[0]);
    let Err(Unresolved::Ambiguous { matches, .. }) = find("ana") else {
        panic!("one of two was taken");
    };
    let refused = matches.join("\n");
    assert!(
        refused.contains("Lead") && refused.contains(&second.to_string()),
        "{refused}"
    );
    assert_eq!(find(&second.to_string()), Ok(second));
}
