//! What an account's calendars hold.

use greenroom_tests::calendar_server::{Kind, OTHER, PASSWORD};
use greenroomd::caldav::{self, Cause, Heard};

use super::fixture::{SPAN, Stage, entries, entry, kinds, login, spans, texts};

#[tokio::test]
async fn a_calendar_on_a_server_reads_as_the_same_file_does() {
    for kind in kinds() {
        let stage = Stage::open(kind).await;
        let entries = entries();
        for (name, text) in &entries {
            stage.server.put(name, text).await.unwrap();
        }
        let found = stage.find(&stage.server.url("/")).await.unwrap();
        let (read, _) = stage.busy(&found).await;
        let files: Vec<_> = entries.into_iter().map(|(_, text)| text).collect();
        let expected = spans(&files);
        assert_eq!(read.busy, expected.busy, "{kind:?}");
        // Eleven of the weekly ones, three of the moved, and four that are busy of the rest.
        assert_eq!(read.busy.len(), 11 + 3 + 4, "{kind:?}");
        // The whole day, by Berlin's clock.
        assert!(
            read.busy.contains(&(1_796_857_200..1_796_943_600)),
            "{:?}",
            read.busy
        );
        assert_eq!(read.warnings, expected.warnings, "{kind:?}");
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_read_again_and_what_has_is() {
    for kind in kinds() {
        let stage = Stage::open(kind).await;
        let one = entry("one", "DTSTART:20261201T100000Z\nDTEND:20261201T110000Z");
        stage.server.put("one", &one).await.unwrap();
        let found = stage.find(&stage.server.url("/")).await.unwrap();
        let (read, version) = stage.busy(&found).await;
        assert_eq!(read.busy.len(), 1, "{kind:?}");
        let again = stage.read(&found, Some(&version)).await.unwrap();
        assert_eq!(again, Heard::Same, "{kind:?}");
        let changed = one.replace("20261201T11", "20261201T12");
        stage.server.put("one", &changed).await.unwrap();
        let Heard::New { calendars, version } = stage.read(&found, Some(&version)).await.unwrap()
        else {
            panic!("{kind:?}: the changed entry is not seen");
        };
        let busy = spans(&texts(calendars)).busy;
        assert_eq!(busy[0].end - busy[0].start, 2 * 3600, "{kind:?}");
        stage.server.delete("one").await.unwrap();
        let Heard::New { calendars, .. } = stage.read(&found, version.as_deref()).await.unwrap()
        else {
            panic!("{kind:?}: the deleted entry is not missed");
        };
        assert_eq!(spans(&texts(calendars)).busy, [], "{kind:?}");
    }
}

#[tokio::test]
async fn free_busy_times_agree_with_the_entries_where_no_rule_of_ours_is_needed() {
    for kind in kinds() {
        let stage = Stage::open(kind).await;
        let mut files = Vec::new();
        for (name, text) in entries() {
            if ["weekly", "moved", "utc", "free", "off", "before", "after"].contains(&name) {
                stage.server.put(name, &text).await.unwrap();
                files.push(text);
            }
        }
        let url = stage.server.calendar("work");
        let told = caldav::free_busy(&stage.reader, &stage.login, &url, &SPAN).await;
        let busy = spans(&told.unwrap()).busy;
        assert_eq!(busy, spans(&files).busy, "{kind:?}");
        assert_eq!(busy.len(), 11 + 3 + 1, "{kind:?}");
    }
}

#[tokio::test]
async fn of_a_calendar_that_is_shared_as_busy_alone_the_busy_times_are_read() {
    if !Kind::Radicale.is_there() {
        return;
    }
    let mut stage = Stage::open(Kind::Radicale).await;
    let one = entry(
        "one",
        "DTSTART:20261201T100000Z\nDTEND:20261201T110000Z\nSUMMARY:Secret",
    );
    stage.server.put("one", &one).await.unwrap();
    stage.login = login(OTHER, PASSWORD);
    let found = stage.find(&stage.server.calendar("work")).await.unwrap();
    let Heard::New { calendars, version } = stage.read(&found, None).await.unwrap() else {
        panic!("nothing is known yet");
    };
    let texts = texts(calendars);
    assert!(!texts.concat().contains("Secret"), "{texts:?}");
    assert_eq!(spans(&texts).busy, spans(&[one]).busy);
    assert_eq!(
        stage.read(&found, version.as_deref()).await.unwrap(),
        Heard::Same
    );
}

#[tokio::test]
async fn a_calendar_that_is_gone_is_an_error_and_not_free() {
    for kind in kinds() {
        let stage = Stage::open(kind).await;
        let single = stage.find(&stage.server.calendar("work")).await.unwrap();
        let all = stage.find(&stage.server.url("/")).await.unwrap();
        stage.server.make("home").await.unwrap();
        stage.server.remove("work").await.unwrap();
        let why = stage.read(&single, None).await.unwrap_err();
        assert!(!why.may_pass() && why.hint().is_some());
        // One server says it of the address, the other of the calendar.
        let cause = match &why.cause {
            Cause::Calendar { why, .. } => why,
            cause => cause,
        };
        assert_eq!(cause, &Cause::Missing, "{kind:?}: {why}");
        // The other calendar is there.
        let (read, _) = stage.busy(&all).await;
        assert_eq!(read.busy, [], "{kind:?}");
        stage.server.remove("home").await.unwrap();
        let why = stage.read(&all, None).await.unwrap_err();
        assert_eq!(why.cause, Cause::NoCalendars, "{kind:?}: {why}");
    }
}

#[tokio::test]
async fn a_password_that_changed_is_refused_until_it_is_given_again() {
    if !Kind::Radicale.is_there() {
        return;
    }
    let mut stage = Stage::open(Kind::Radicale).await;
    let found = stage.find(&stage.server.url("/")).await.unwrap();
    let user = stage.login.user.clone();
    stage.server.set_password(&user, "another").unwrap();
    let why = stage.read(&found, None).await.unwrap_err();
    assert_eq!(why.cause, Cause::Password, "{why}");
    assert!(why.hint().unwrap().contains("app password"));
    stage.login = login(&user, "another");
    let (read, _) = stage.busy(&found).await;
    assert_eq!(read.busy, []);
}
