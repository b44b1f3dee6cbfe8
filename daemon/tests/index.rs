//! The index over the real store: it has what is acknowledged, and a scan under a writer loses
//! nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use greenroom_protocol::id::{CandidateId, WorkspaceId};
use greenroom_protocol::time::Instant;
use greenroomd::index::{Index, Search, Visible};
use greenroomd::records::pipeline::CandidateRecord;
use greenroomd::store::engine::Write;
use greenroomd::store::key::Key;
use greenroomd::store::sled::Settings;
use greenroomd::store::{self, Store, StoreError, Tx};
use tempfile::TempDir;

async fn fresh() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings {
        keep_free: 0,
        ..Settings::default()
    };
    let store = store::open(&dir.path().join("store"), settings).await;
    (dir, store.unwrap())
}

fn candidate(name: String) -> CandidateRecord {
    CandidateRecord {
        email: format!("{}@mail.example", name.replace(' ', ".")),
        name,
        phone: None,
        zone: None,
        source: None,
        added_at: Instant::from_second(0),
        email_since: None,
    }
}

async fn put(store: &Store, ws: WorkspaceId, id: CandidateId, name: String) -> u64 {
    let record = candidate(name);
    let (record, ws) = (&record, ws.to_string());
    let put = |tx: Tx| {
        let put = tx.put(&ws, &id.to_string(), record);
        async move { put }
    };
    store
        .transact::<(), StoreError, _, _>(put)
        .await
        .unwrap()
        .1
        .0
}

/// Names by id, with the revisions of their commits.
fn listed(index: &Index, ws: WorkspaceId, text: &str) -> BTreeMap<CandidateId, (String, u64)> {
    let search = Search::new(text, &Visible::All);
    let found = index.search(ws, &search, None, usize::MAX - 1).unwrap();
    assert_eq!(found.total, found.rows.len() as u64);
    let rows = found.rows.into_iter().map(|row| row.candidate);
    rows.map(|row| (row.id, (row.name, row.revision))).collect()
}

async fn stored(store: &Store, ws: WorkspaceId) -> BTreeMap<CandidateId, (String, u64)> {
    let ws = ws.to_string();
    let page = store.scan::<CandidateRecord>(&ws, None, 10_000).await;
    let rows = page.unwrap().rows.into_iter();
    rows.map(|(id, row)| (id.parse().unwrap(), (row.record.name, row.revision.0)))
        .collect()
}

#[tokio::test]
async fn what_is_acknowledged_is_listed_without_waiting() {
    let (_dir, store) = fresh().await;
    let index = Index::start(&store);
    index.ready().await.unwrap();
    let (ws, id) = (WorkspaceId::new(), CandidateId::new());
    for name in ["Ana Costa", "Ana Weber", "Bruno Weber"] {
        let revision = put(&store, ws, id, name.to_owned()).await;
        let last = name.split(' ').next_back().unwrap();
        let found = listed(&index, ws, last);
        assert_eq!(found, [(id, (name.to_owned(), revision))].into());
    }
    assert_eq!(listed(&index, ws, "costa"), BTreeMap::new());
    let ended = |tx: Tx| {
        let ended = tx.delete::<CandidateRecord>(&ws.to_string(), &id.to_string());
        async move { ended }
    };
    store.transact::<(), StoreError, _, _>(ended).await.unwrap();
    assert_eq!(listed(&index, ws, ""), BTreeMap::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_filled_under_a_writer_is_exact() {
    let (_dir, store) = fresh().await;
    let ws = WorkspaceId::new();
    let ids: Vec<_> = (0..2500).map(|_| CandidateId::new()).collect();
    for ids in ids.chunks(100) {
        let key =
            |id: &CandidateId| Key::new(&ws.to_string(), "candidate", &id.to_string()).unwrap();
        let body = |id: &CandidateId| {
            let mut body = 1u32.to_be_bytes().to_vec();
            serde_json::to_writer(&mut body, &candidate(format!("First {id}"))).unwrap();
            body
        };
        let writes = ids.iter().map(|id| Write::Put(key(id), body(id))).collect();
        store.engine().commit(Vec::new(), writes).await.unwrap();
    }

    let writer = tokio::spawn({
        let (store, ids) = (store.clone(), ids.clone());
        async move {
            for (turn, id) in ids.iter().step_by(50).rev().enumerate() {
                put(&store, ws, *id, format!("Renamed {turn}")).await;
                put(&store, ws, CandidateId::new(), format!("Newcomer {turn}")).await;
            }
        }
    });
    let index = Index::start(&store);
    index.ready().await.unwrap();
    writer.await.unwrap();

    let all = stored(&store, ws).await;
    assert_eq!(all.len(), 2550);
    assert_eq!(listed(&index, ws, ""), all);
    assert_eq!(listed(&index, ws, "renamed").len(), 50);
    assert_eq!(listed(&index, ws, "newc").len(), 50);

    let again = Index::start(&store);
    again.ready().await.unwrap();
    assert_eq!(listed(&again, ws, ""), all);
    assert_eq!(again.unreadable(), [""; 0]);
}

#[tokio::test]
async fn an_index_of_a_closed_store_says_why_there_is_none() {
    let (_dir, store) = fresh().await;
    store.close().await;
    let index = Index::start(&store);
    let refused = index.ready().await.unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with("Couldn't build the index: "),
        "{refused}"
    );
    assert!(!index.is_ready());
}
