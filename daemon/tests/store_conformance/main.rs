//! What every engine promises, run on each of them: `suite` tells the promises one by one, `model`
//! compares any sequence of calls with an ordered map. A second engine is one more module here.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod model;
mod suite;

mod sled {
    use std::sync::Arc;

    use greenroomd::store::engine::Engine;
    use greenroomd::store::sled::{Settings, SledEngine};

    async fn fresh() -> (Arc<dyn Engine>, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings {
            keep_free: 0,
            ..Settings::default()
        };
        (
            Arc::new(SledEngine::open(dir.path(), settings).unwrap()),
            dir,
        )
    }

    macro_rules! tests {
        ($($promise:ident),* $(,)?) => { $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                let (engine, _dir) = fresh().await;
                super::suite::$promise(engine).await;
            }
        )* };
    }

    tests!(
        a_commit_happens_only_as_expected,
        of_many_racers_one_wins,
        a_refused_commit_leaves_its_neighbours_alone,
        pages_cover_a_table_once_in_either_direction,
        every_commit_has_a_later_revision_and_is_watched,
        changes_over_a_torn_scan_are_exact,
        a_revision_from_elsewhere_is_a_reset,
        observers_hear_in_order_before_the_caller_does,
        an_observer_that_is_over_is_let_go_of,
        a_copy_among_writers_is_exact,
        what_is_too_large_is_refused_whole,
        a_commit_holds_what_its_limits_say_and_names_the_one_it_exceeds,
        a_closed_engine_says_so,
    );

    #[test]
    fn any_sequence_of_calls_agrees_with_an_ordered_map() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (engine, _dir) = runtime.block_on(fresh());
        super::model::agrees(&runtime, engine.as_ref());
    }
}
