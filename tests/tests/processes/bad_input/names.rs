//! Names that would do harm on a terminal, in a header or in a path.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::pipeline::{CandidateAdd, CandidateQuery, ImportPage, ImportRow};
use greenroom_protocol::workspace::Reference;

use crate::bad_input::line::{assert_unharmed, world};

fn hostile() -> Vec<(&'static str, String)> {
    vec![
        ("a colour", "Mallory \u{1b}[31mred".into()),
        ("a title", "\u{1b}]0;owned\u{7}".into()),
        ("a bell", "\u{7}\u{8}\u{8}Mallory".into()),
        (
            "a second line",
            "Mallory\r\nBcc: everybody@mail.example".into(),
        ),
        ("nothing", "\0".into()),
        ("C1 controls", "Mallory \u{9b}2J".into()),
        ("bidi overrides", "Mallory \u{202e}gnp.exe".into()),
        ("bidi isolates", "\u{2066}Mallory\u{2069}".into()),
        ("ten kilobytes", "M".repeat(10_000)),
        ("nobody", "   ".into()),
    ]
}

fn candidate(name: &str, email: &str) -> CandidateAdd {
    CandidateAdd {
        name: name.into(),
        email: email.into(),
        job: Some("Designer".into()),
        ..CandidateAdd::default()
    }
}

/// Characters that steer a terminal or turn text around.
fn steers(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[tokio::test]
async fn hostile_names_are_refused_or_made_harmless() {
    let (world, dana) = world().await;
    for (number, (what, name)) in hostile().into_iter().enumerate() {
        let email = format!("mallory{number}@mail.example");
        match dana.candidate_add(candidate(&name, &email)).await {
            Ok(kept) => {
                assert!(!kept.name.contains(steers), "{what}: {:?}", kept.name);
                assert!(kept.name.chars().count() <= 200, "{what}");
            }
            Err(refused) => {
                assert_eq!(refused.kind, ErrorKind::Usage, "{what}: {refused:?}");
                assert_eq!(refused.field.as_deref(), Some("name"), "{what}");
                assert!(!refused.message.contains(steers), "{what}: {refused:?}");
                assert!(refused.message.len() < 1000, "{what}");
            }
        }
    }
    let page = dana
        .candidate_list(CandidateQuery::default())
        .await
        .unwrap();
    for row in page.items {
        assert!(!row.name.contains(steers), "{:?}", row.name);
    }
    let unharmed = dana
        .candidate_get(Reference::to("ana.lima@mail.example"))
        .await;
    assert_eq!(unharmed.unwrap().name, "Ana Lima");
    drop(world);
}

#[tokio::test]
async fn hostile_addresses_are_refused() {
    let (world, dana) = world().await;
    let addresses = [
        "mallory@mail.example\r\nBcc: all@mail.example",
        "\u{1b}[2Jmallory@mail.example",
        "mallory",
        "@",
        "a@b@c",
        "mallory @mail.example",
        "\u{202e}mallory@mail.example",
    ];
    let long = format!("{}@mail.example", "m".repeat(10_000));
    for address in addresses.into_iter().chain([long.as_str()]) {
        let refused = dana
            .candidate_add(candidate("Mallory", address))
            .await
            .unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Usage, "{address}");
        assert_eq!(refused.field.as_deref(), Some("email"), "{address}");
        assert!(!refused.message.contains(steers), "{refused:?}");
    }
    assert_unharmed(&world, &dana).await;
}

#[tokio::test]
async fn an_import_names_the_hostile_rows_and_takes_the_others() {
    let (world, dana) = world().await;
    let mut rows: Vec<_> = hostile()
        .into_iter()
        .filter(|(what, _)| ["ten kilobytes", "nobody"].contains(what))
        .enumerate()
        .map(|(number, (_, name))| candidate(&name, &format!("mallory{number}@mail.example")))
        .collect();
    rows.push(candidate("Ben Okafor", "ben.okafor@mail.example"));
    let rows = (2..)
        .zip(rows)
        .map(|(line, candidate)| ImportRow { line, candidate })
        .collect();
    let report = dana
        .candidate_import(ImportPage {
            rows,
            dry_run: false,
        })
        .await
        .unwrap();
    assert_eq!(report.added, 1, "{report:?}");
    let lines: Vec<_> = report
        .errors
        .iter()
        .map(|it| (it.line, it.field.as_str()))
        .collect();
    assert_eq!(lines, [(2, "name"), (3, "name")]);
    drop(world);
}

#[tokio::test]
async fn a_hostile_search_or_reference_finds_nobody_and_breaks_nothing() {
    let (world, dana) = world().await;
    for (what, text) in hostile()
        .into_iter()
        .filter(|(what, _)| !["nobody", "nothing"].contains(what))
    {
        let query = CandidateQuery {
            text: text.clone(),
            ..CandidateQuery::default()
        };
        let page = dana.candidate_list(query).await.unwrap();
        assert_eq!(page.total, 0, "{what}");
        let refused = dana.candidate_get(Reference::to(&text)).await.unwrap_err();
        assert!(
            matches!(refused.kind, ErrorKind::NotFound | ErrorKind::Usage),
            "{what}: {refused:?}"
        );
        assert!(!refused.message.contains(steers), "{what}: {refused:?}");
        assert!(refused.message.len() < 1000, "{what}");
    }
    assert_unharmed(&world, &dana).await;
}
