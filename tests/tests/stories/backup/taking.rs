//! Taking one: exact among writers, sealed, read back, and over nothing without a yes.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::pipeline::{CandidateEdit, CandidateQuery};

use crate::backup::fixture::{Fixture, candidates, holds, path, person};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_shows_nobody_and_is_for_its_owner_alone() {
    let office = Fixture::open().await;
    for number in 0..40 {
        office.add(number).await;
    }
    let file = office.file("acme.backup");
    let made = office.done(&["backup", path(&file)]).await;
    let bytes = std::fs::read(&file).unwrap();
    assert_eq!(made["bytes"], bytes.len());
    assert_eq!(made["verified"], true);
    assert!(made["rows"].as_u64().unwrap() > 80, "{made}");
    let status = office.dana.status().await.unwrap();
    assert_eq!(made["store"], status.store.as_str());
    assert_eq!(made["revision"], status.revision);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    for word in [
        "Aurelia",
        "quill7@",
        "mail.example",
        "Dana",
        "Acme",
        "candidate/",
    ] {
        assert!(!holds(&bytes, word), "{word}");
    }
    // Neither the daemon nor we leave half of one behind.
    let left: Vec<_> = std::fs::read_dir(office.file("data/backups"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| name.to_string_lossy().ends_with(".backup")),
        "{left:?}"
    );
    let here = std::fs::read_dir(office.world.directory()).unwrap();
    let hidden = here.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with(".acme")
    });
    assert_eq!(hidden.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_overwritten_without_a_yes() {
    let office = Fixture::open().await;
    let file = office.file("precious");
    std::fs::write(&file, "precious").unwrap();
    let (code, refused) = office.run(&["backup", path(&file)]).await;
    assert_eq!(code, 2, "{refused}");
    assert_eq!(std::fs::read(&file).unwrap(), b"precious");
    office.done(&["backup", path(&file), "--yes"]).await;
    assert!(
        std::fs::read(&file)
            .unwrap()
            .starts_with(b"{\"greenroom_backup\":1")
    );
    let (code, refused) = office
        .run(&["backup", path(office.world.directory())])
        .await;
    assert_eq!(code, 2, "{refused}");
    let nowhere = office.file("nowhere/acme.backup");
    let (code, _) = office.run(&["backup", path(&nowhere)]).await;
    assert_eq!(code, 1);
}

/// Candidates are added one by one, and each is changed after it was added: in a copy of one moment
/// there is no gap, every candidate has their application, and at most the newest is not yet
/// changed.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_in_a_storm_is_of_one_moment() {
    let office = Arc::new(Fixture::open().await);
    let stop = Arc::new(AtomicBool::new(false));
    let storm = tokio::spawn({
        let (office, stop) = (office.clone(), stop.clone());
        async move {
            let mut number = 0;
            while !stop.load(Ordering::SeqCst) {
                office.add(number).await;
                let edit = CandidateEdit {
                    candidate: person(number).1,
                    phone: Some(format!("+1 555 {number:04}")),
                    ..CandidateEdit::default()
                };
                office.dana.candidate_edit(edit).await.unwrap();
                number += 1;
            }
            number
        }
    });
    let mut taken = Vec::new();
    for round in 0..4 {
        let file = office.file(&format!("storm{round}.backup"));
        taken.push((office.done(&["backup", path(&file)]).await, file));
    }
    stop.store(true, Ordering::SeqCst);
    assert!(storm.await.unwrap() > 0, "others wrote meanwhile");

    for (made, file) in &taken {
        office.done(&["restore", path(file), "--yes"]).await;
        let dana = office.world.client().await.unwrap();
        let found = candidates(&dana).await;
        let count = found.len();
        let expected: std::collections::BTreeSet<_> =
            (0..count).map(|number| person(number).1).collect();
        assert_eq!(
            found.into_iter().collect::<std::collections::BTreeSet<_>>(),
            expected
        );
        let all = CandidateQuery {
            limit: Some(1000),
            ..CandidateQuery::default()
        };
        let page = dana.candidate_list(all).await.unwrap();
        assert!(page.items.iter().all(|it| it.application.is_some()));
        let mut unchanged = 0;
        for it in &page.items {
            let reference = greenroom_protocol::workspace::Reference::to(it.id.to_string());
            let candidate = dana.candidate_get(reference).await.unwrap();
            unchanged += usize::from(candidate.phone.is_none());
        }
        assert!(unchanged <= 1, "{unchanged}");
        // What was written together is there together: an entry for every change, and not one more.
        let query = AuditQuery {
            limit: Some(500),
            ..AuditQuery::default()
        };
        let audit = dana.audit_list(query).await.unwrap().items;
        let edits = audit
            .iter()
            .filter(|it| it.call == "candidate_edit")
            .count();
        assert_eq!(edits.min(400), (count - unchanged).min(400), "{made}");
    }
}
