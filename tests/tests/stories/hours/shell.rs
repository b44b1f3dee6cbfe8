//! Hours and days off at the command line.

use serde_json::{Value, json};

use crate::hours::fixture::ANA;
use crate::shell::Shell;

#[tokio::test]
async fn hours_are_shown_and_set_in_the_shell() {
    let shell = Shell::open().await;
    let shown = shell.prints(&["member", "hours"]).await;
    assert!(shown.contains("mon-fri 09:00-17:00 (assumed)"), "{shown}");
    let arguments = [
        "member",
        "hours",
        "--set",
        "mon-thu 9-12,13-17; fri 9am-1pm",
        "--on",
        "2030-12-24..2030-12-26",
        "off",
        "--on",
        "2030-12-31",
        "9-12",
        "--buffer",
        "10m/5m",
        "--cap-day",
        "3",
        "--cap-week",
        "10",
        "--zone",
        "Europe/Berlin",
    ];
    let shown = shell.prints(&arguments).await;
    for line in [
        "mon-thu 09:00-12:00,13:00-17:00; fri 09:00-13:00",
        "2030-12-24..2030-12-26 off",
        "2030-12-31 09:00-12:00",
        "10m before, 5m after",
        "Europe/Berlin",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let json = shell
        .json(&["member", "hours", "--on", "2030-12-31", "usual"])
        .await;
    assert_eq!(json["assumed"], json!(false));
    assert_eq!(
        (&json["cap_day"], &json["cap_week"]),
        (&json!(3), &json!(10))
    );
    assert_eq!(json["overrides"].as_array().unwrap().len(), 3);
    let json = shell.json(&["member", "hours", "--set", "assumed"]).await;
    assert_eq!(json["assumed"], json!(true));

    for (arguments, words) in [
        (vec!["--set", "mon-fry 9-17"], "“fry” is not a day"),
        (vec!["--set", "mon-fri 9-5"], "“9-5” ends before it begins"),
        (vec!["--on", "24.12.", "off"], "“24.12.” is not a date"),
        (vec!["--on", "2030-12-24", "nine"], "“nine”"),
        (vec!["--buffer", "10"], "add a unit"),
        (vec!["--buffer", "300m"], "240"),
        (vec!["--zone", "Mars/Olympus"], "Mars/Olympus"),
    ] {
        shell
            .refused(&[&["member", "hours"], &arguments[..]].concat(), words)
            .await;
    }
}

#[tokio::test]
async fn days_off_are_added_imported_and_listed_in_the_shell() {
    let shell = Shell::open().await;
    let add = [
        "workspace",
        "days-off",
        "add",
        "Break",
        "2030-12-24..2030-12-26",
    ];
    let added = shell.json(&add).await;
    assert_eq!(
        (&added["added"], &added["days_off"]["id"]),
        (&json!(3), &json!("break"))
    );
    let year = jiff::Zoned::now().year() + 1;
    let file = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nX-WR-CALNAME:Feiertage\r\n\
         BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:{year}1225\r\nDTEND;VALUE=DATE:{year}1227\r\n\
         SUMMARY:Weihnachten\r\nEND:VEVENT\r\n\
         BEGIN:VEVENT\r\nUID:2\r\nDTSTART:{year}0501T090000Z\r\nSUMMARY:Ausflug\r\nEND:VEVENT\r\n\
         END:VCALENDAR\r\n"
    );
    std::fs::write(shell.0.directory().join("holidays.ics"), file).unwrap();
    let import = ["workspace", "days-off", "import", "holidays.ics"];
    let said = shell.run(&import).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err.contains("1 entries are no whole days"),
        "{}",
        said.err
    );
    assert!(said.err.contains("Feiertage: 2 days added"), "{}", said.err);
    let listed = shell.prints(&["workspace", "days-off", "list"]).await;
    for words in [
        format!("{year}-12-26"),
        "Weihnachten".into(),
        "everyone".into(),
        "Break".into(),
    ] {
        assert!(listed.contains(&words), "{words}: {listed}");
    }
    let shown = shell.json(&["workspace", "days-off", "list"]).await;
    assert_eq!(shown["total"], json!(2));

    shell
        .refused(&["workspace", "days-off", "remove", "Break"], "--yes")
        .await;
    let remove = [
        "workspace",
        "days-off",
        "remove",
        "Break",
        "2030-12-24",
        "--yes",
    ];
    assert_eq!(shell.json(&remove).await["removed"], json!(1));
    let said = shell
        .run(&["workspace", "days-off", "remove", "Brake", "--yes"])
        .await;
    assert_eq!(said.code, 7, "{}", said.err);
    assert!(
        said.err.contains("Break") && said.err.contains("Feiertage"),
        "{}",
        said.err
    );
    shell
        .refused(&["workspace", "days-off", "import", "none.ics"], "none.ics")
        .await;

    // In an export it all is.
    shell.prints(&["member", "hours", "--cap-day", "2"]).await;
    shell.prints(&["export", "acme"]).await;
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(shell.0.directory().join("acme").join(name));
        serde_json::from_str(&text.unwrap()).unwrap()
    };
    assert_eq!(read("days-off.json").as_array().unwrap().len(), 2);
    assert_eq!(read("hours.json")[0]["cap_day"], json!(2));
}

#[tokio::test]
async fn a_time_that_something_speaks_against_is_warned_of_or_refused() {
    let shell = Shell::open().await;
    let day = jiff::Zoned::now()
        .date()
        .saturating_add(jiff::Span::new().days(3));
    shell
        .prints(&["workspace", "days-off", "add", "Offsite", &day.to_string()])
        .await;
    let start = format!("{day} 10:00");
    let book = [
        "interview",
        "new",
        "--candidate",
        ANA,
        "--start",
        &start,
        "--type",
        "phone",
        "--details",
        "+1 212 555 0100",
    ];
    let refused = shell.run(&[&book[..], &["--refuse-advice"]].concat()).await;
    assert_eq!(refused.code, 6, "{}", refused.err);
    assert!(
        refused
            .err
            .contains("is a day off for Dana Reyes (Offsite)"),
        "{}",
        refused.err
    );
    let booked = shell.json(&book).await;
    let mut codes = booked["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["code"]);
    assert!(codes.any(|it| it == "day-off"), "{booked}");
}
