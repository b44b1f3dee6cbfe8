use proptest::prelude::*;

use super::*;

fn names() -> (WorkspaceId, InterviewId, MailId, String, String) {
    let (workspace, interview, mail) = (WorkspaceId::new(), InterviewId::new(), MailId::new());
    let uid = token::uid(interview, workspace);
    let message_id = token::message_id(mail, workspace, "interviews@acme.example");
    (workspace, interview, mail, uid, message_id)
}

/// A calendar as one of the big ones mails it: base64, folded, with a zone of its own and
/// parameters nobody asked for.
fn elaborate(uid: &str, method: &str, lines: &str) -> Vec<u8> {
    let calendar = format!(
        "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\n\
         METHOD:{method}\r\nBEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\n\
         TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n\
         BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n\
         RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
         ORGANIZER;CN=Dana Reyes:mailto:interviews@acme.example\r\nUID:{uid}\r\n\
         ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Ana;X-NUM-\r\n GUESTS=0:MAILTO:Ana%2Bx@Mail.example\r\n\
         {lines}DTSTAMP:20261130T090000Z\r\nSEQUENCE:2\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, calendar);
    let folded: Vec<_> = encoded
        .as_bytes()
        .chunks(76)
        .map(String::from_utf8_lossy)
        .collect();
    format!(
        "From: =?utf-8?q?Ana?= <Ana+x@Mail.example>\r\nTo: interviews@acme.example\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\n\
         Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n--inner\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nAna has accepted.\r\n--inner\r\n\
         Content-Type: text/calendar; charset=\"UTF-8\"; method={method}\r\nContent-Transfer-Encoding: base64\r\n\r\n\
         {}\r\n--inner--\r\n--outer--\r\n",
        folded.join("\r\n")
    )
    .into_bytes()
}

#[test]
fn an_answer_is_read_however_it_is_wrapped() {
    let (workspace, interview, _, uid, _) = names();
    let read = read(&elaborate(&uid, "REPLY", "")).expect("an answer");
    assert_eq!(read.from, "ana+x@mail.example");
    let expected = Reply {
        workspace,
        interview,
        attendee: "ana+x@mail.example".into(),
        delegated_from: None,
        answer: Answer::Accepted,
        sequence: 2,
        at: Some(Instant::from_second(1_796_029_200)),
        note: None,
    };
    assert_eq!(read.says, Saying::Reply(expected));
}

#[test]
fn a_proposal_is_read_in_the_zone_it_is_told_in() {
    let (_, _, _, uid, _) = names();
    for (zone, start) in [
        // As Outlook, as Google, and as nobody says it.
        ("W. Europe Standard Time", Some("2026-12-01T14:00:00Z")),
        ("Asia/Kolkata", Some("2026-12-01T09:30:00Z")),
        ("Olympus Mons Time", None),
    ] {
        let lines = format!(
            "DTSTART;TZID={zone}:20261201T150000\r\nDTEND;TZID={zone}:20261201T154500\r\n\
             COMMENT:Later\\, please\\n\u{1b}[2Jthank you\r\n"
        );
        let read = read(&elaborate(&uid, "COUNTER", &lines)).expect("an answer");
        let Saying::Counter(_, proposal) = read.says else {
            panic!("{read:?}")
        };
        let moment = |text: &str| text.parse::<jiff::Timestamp>().expect("a moment").into();
        assert_eq!(proposal.start, start.map(moment), "{zone}");
        assert_eq!(proposal.duration_minutes, start.map(|_| 45));
        let said = proposal.comment.as_deref();
        assert_eq!(said, Some("Later, please  [2Jthank you"));
    }
}

/// Case M4: wherever a calendar puts what somebody wrote, and nothing that it says itself.
#[test]
fn what_somebody_writes_with_an_answer_is_kept() {
    let (_, _, _, uid, _) = names();
    let google = "Ana Lima has declined this invitation with this note:\r\n\r\n\"I am ill, sorry\"\r\n\r\nInterview\r\nTuesday 1 Dec\r\n";
    let silent = "Ana Lima has declined this invitation.\r\n\r\nInterview\r\nTuesday 1 Dec\r\n";
    let quoting = "I am ill, sorry\r\n\r\nOn Mon, Dana wrote:\r\n> Hello Ana\r\n";
    let outlook =
        "I am ill, sorry\r\n________________________________\r\nFrom: Dana\r\nSent: Monday\r\n";
    let (plain, param) = (
        "PARTSTAT=DECLINED",
        "PARTSTAT=DECLINED;X-RESPONSE-COMMENT=\"I am ill, sorry\"",
    );
    for (attendee, lines, text, note) in [
        (
            plain,
            "COMMENT:I am ill\\, sorry\r\n",
            silent,
            Some("I am ill, sorry"),
        ),
        (
            plain,
            "COMMENT;LANGUAGE=en-US:I am ill\\, sorry\\n\r\n",
            "",
            Some("I am ill, sorry"),
        ),
        (
            plain,
            "COMMENT;LANGUAGE=\"en-US\":I am\r\n  ill\\, sorry\r\n",
            "",
            Some("I am ill, sorry"),
        ),
        (param, "", silent, Some("I am ill, sorry")),
        (
            plain,
            "X-RESPONSE-COMMENT:I am ill\\, sorry\r\n",
            silent,
            Some("I am ill, sorry"),
        ),
        (plain, "", google, Some("I am ill, sorry")),
        (plain, "", quoting, Some("I am ill, sorry")),
        (plain, "", outlook, Some("I am ill, sorry")),
        (
            plain,
            "",
            "My boss has declined my leave.\r\n",
            Some("My boss has declined my leave."),
        ),
        (plain, "", silent, None),
        (plain, "", "", None),
        (plain, "COMMENT:\r\n", "\r\n", None),
    ] {
        let message = format!(
            "From: Ana Lima <ana+x@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n\
             BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:0\r\nDTSTAMP:20261130T090000Z\r\n\
             {lines}ATTENDEE;{attendee}:mailto:ana+x@mail.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n"
        );
        let read = read(message.as_bytes()).expect("an answer");
        let Saying::Reply(reply) = read.says else {
            panic!("{read:?}")
        };
        assert_eq!(reply.answer, Answer::Declined);
        assert_eq!(reply.note.as_deref(), note, "{lines} {text}");
    }
}

#[test]
fn what_names_nothing_of_ours_is_words() {
    let (_, _, _, uid, message_id) = names();
    for calendar in [
        elaborate("somebody@else.example", "REPLY", ""),
        elaborate(&uid, "REQUEST", ""),
        elaborate(&uid, "PUBLISH", ""),
    ] {
        let said = read(&calendar).expect("words for a person");
        assert_eq!((said.says, said.answers.len()), (Saying::Words, 0));
    }
    let words = format!("From: a@b.example\r\nIn-Reply-To: <{message_id}>\r\n\r\nHello\r\n");
    let said = read(words.as_bytes()).expect("words");
    assert_eq!((said.says, said.answers.len()), (Saying::Words, 1));
    let threadless = read(words.replace(&message_id, "other@b.example").as_bytes());
    let threadless = threadless.expect("words of somebody who may be known");
    assert_eq!(
        (threadless.says, threadless.answers.len()),
        (Saying::Words, 0)
    );
    let automatic = words.replace("From", "Auto-Submitted: auto-replied\r\nFrom");
    assert!(read(automatic.as_bytes()).is_some_and(|it| it.heard.automatic));
}

#[test]
fn what_is_answered_is_found_by_what_it_was_written_under() {
    let (workspace, _, mail, _, message_id) = names();
    let (earlier, from) = (MailId::new(), "interviews@acme.example");
    let first = token::message_id(earlier, workspace, from);
    // A mail program that answers an answer of its own names ours among the references only.
    let message = format!(
        "From: a@b.example\r\nIn-Reply-To: <mine@b.example>\r\n\
         References: <{first}> <other@b.example>\r\n <{message_id}> <mine@b.example>\r\n\r\nHello\r\n"
    );
    let said = read(message.as_bytes()).expect("words");
    assert_eq!(said.answers, [(workspace, mail), (workspace, earlier)]);
}

#[test]
fn a_delay_is_no_bounce() {
    let (_, _, mail, _, message_id) = names();
    let report = |action: &str| {
        format!(
            "From: MAILER-DAEMON@mx.example\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: {action}\r\n\
             Status: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2\r\n the mailbox is full\r\n\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{message_id}>\r\nSubject: x\r\n\r\nHello\r\n--b--\r\n"
        )
    };
    let bounced = read(report("failed").as_bytes()).expect("a bounce");
    assert_eq!(
        bounced.answers.iter().map(|it| it.1).collect::<Vec<_>>(),
        [mail]
    );
    let why = "smtp; 552 5.2.2 the mailbox is full".to_owned();
    assert_eq!(bounced.says, Saying::Bounce { why, ours: false });
    let delayed = read(report("delayed").as_bytes());
    assert!(!matches!(
        delayed.map(|it| it.says),
        Some(Saying::Bounce { .. })
    ));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_damaged_answer_is_read_or_not(place in 0_usize..1800, byte: u8, cut in 0_usize..1800) {
        let (_, _, _, uid, _) = names();
        let mut bytes = elaborate(&uid, "COUNTER", "DTSTART:20261201T150000Z\r\nDTEND:20261201T154500Z\r\n");
        let place = place.min(bytes.len() - 1);
        bytes[place] = byte;
        let _ = read(&bytes);
        bytes.truncate(cut.min(bytes.len()));
        let _ = read(&bytes);
    }

    /// Hostile lines in the place of honest ones: no text of theirs may take the reader down, or be kept as it is.
    #[test]
    fn hostile_lines_are_read_or_not(lines in "(DTSTART|DTEND|RRULE|DURATION|EXDATE|COMMENT)[:;].{0,60}") {
        let (_, _, _, uid, _) = names();
        let read = read(&elaborate(&uid, "COUNTER", &format!("{lines}\r\n")));
        if let Some(Incoming { says: Saying::Counter(_, Proposal { comment: Some(comment), .. }), .. }) = read {
            prop_assert!(!comment.chars().any(char::is_control));
            prop_assert!(comment.chars().count() <= 2000);
        }
    }
}

#[test]
fn what_names_a_workspace_of_another_mailbox_is_taken_for_nobody() {
    let (here, there) = (WorkspaceId::new(), WorkspaceId::new());
    let (ours, theirs) = (MailId::new(), MailId::new());
    let id = |mail, workspace| token::message_id(mail, workspace, "interviews@acme.example");
    let read = |references: &str| {
        let text = format!(
            "From: ana@mail.example\r\nSubject: Re: x\r\nMessage-ID: <a@b>\r\n{references}\r\nHello\r\n"
        );
        read(text.as_bytes()).expect("an email")
    };
    let within = |incoming: Incoming| incoming.within(|workspace| workspace == here);
    let own = read(&format!("In-Reply-To: <{}>\r\n", id(ours, here)));
    assert_eq!(within(own).expect("ours").answers, [(here, ours)]);
    let other = read(&format!("In-Reply-To: <{}>\r\n", id(theirs, there)));
    assert_eq!(within(other), None);
    let both = format!(
        "References: <{}> <{}>\r\n",
        id(theirs, there),
        id(ours, here)
    );
    assert_eq!(within(read(&both)).expect("ours").answers, [(here, ours)]);
    // What names nothing is for the workspaces of the mailbox.
    assert!(within(read("")).is_some());
}
