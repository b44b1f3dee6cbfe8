//! Bounces as mail software writes them, and what looks like one. The samples are our own; of
//! others they have the structure and the short phrases by which the software is known, with a
//! source for each.

use super::*;
use crate::mail::inbound::read::{Saying, read};

/// Where the sample's email went.
const TO: &str = "ana.lima@mail.example";

/// How one kind of software tells of a failure.
struct Software {
    name: &'static str,
    source: &'static str,
    from: &'static str,
    headers: &'static str,
    /// What people read.
    text: &'static str,
    /// The report's content type; none where there is none for programs.
    report: Option<(&'static str, &'static str)>,
    /// The fields about the recipient.
    recipient: &'static str,
}

const SOFTWARE: [Software; 20] = [
    Software {
        name: "qmail",
        source: "https://cr.yp.to/proto/qsbmf.txt",
        from: "MAILER-DAEMON@mx.example",
        headers: "",
        text: "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<TO>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 5.1.1 no such user\nGiving up on 192.0.2.7.\n",
        report: None,
        recipient: "",
    },
    Software {
        name: "dma",
        source: "https://github.com/corecode/dma/blob/master/mail.c",
        from: "MAILER-DAEMON@host.example",
        headers: "",
        text: "This is the DragonFly Mail Agent v0.13 at host.example.\n\nThere was an error delivering your mail to <TO>.\n\nmx.example [192.0.2.7] said: 550 5.1.1 unknown user\n\nMessage headers follow.\n",
        report: None,
        recipient: "",
    },
    Software {
        name: "Yahoo",
        source: "https://github.com/sisimai/set-of-emails",
        from: "MAILER-DAEMON@yahoo.example",
        headers: "",
        text: "Sorry, we were unable to deliver your message to the following address.\n\n<TO>:\n554: delivery error: This user doesn't have a mailbox here\n\n--- Below this line is a copy of the message.\n",
        report: None,
        recipient: "",
    },
    Software {
        name: "Google Groups",
        source: "https://support.google.com/groups/answer/2465464",
        from: "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        headers: "X-Failed-Recipients: TO\nAuto-Submitted: auto-replied\n",
        text: "Hello,\n\nWe're writing to let you know that the group you tried to contact (team) may not exist, or you may not have permission to post messages to the group.\n\n----- Original message -----\n",
        report: None,
        recipient: "",
    },
    Software {
        name: "Mail.ru",
        source: "https://help.mail.ru/developers/notify_bounces",
        from: "mailer-daemon@corp.mail.example",
        headers: "X-Failed-Recipients: TO\nAuto-Submitted: auto-replied\n",
        text: "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  TO\n    user not found\n\n------ This is a copy of your message, including all the headers. ------\n",
        report: None,
        recipient: "",
    },
    Software {
        name: "WorkMail",
        source: "https://docs.aws.amazon.com/workmail/latest/adminguide/troubleshooting.html",
        from: "postmaster@workmail.example",
        headers: "",
        text: "The following message to <TO> was undeliverable.\nThe reason for the problem:\n5.1.0 - Unknown address error 550-'5.1.1 no such user'\n",
        report: Some((
            "report; report-type=delivery-status",
            "message/delivery-status",
        )),
        recipient: "Final-Recipient: rfc822;TO\nAction: failed\nStatus: 5.1.0\nDiagnostic-Code: smtp; 550 5.1.1 no such user",
    },
    Software {
        name: "GMX",
        source: "https://postmaster.gmx.net/en/error-messages",
        from: "GMX Mailer Daemon <mailer-daemon@gmx.example>",
        headers: "Auto-Submitted: auto-replied\n",
        text: "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\nTO:\nSMTP error from remote server for RCPT TO command, host: mx.example (192.0.2.7) reason: 550 5.1.1 User unknown\n\n--- The header of the original message is following. ---\n",
        report: None,
        recipient: "",
    },
    Software {
        name: "Zoho",
        source: "https://www.zoho.com/mail/help/non-delivery-reports.html",
        from: "mailer-daemon@mail.zoho.example",
        headers: "X-Failed-Recipients: TO\n",
        text: "This message was created automatically by mail delivery software.\nA message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\nTO, ERROR CODE :550 - 5.1.1 Email address could not be found, or was misspelled\n",
        report: None,
        recipient: "",
    },
    Software {
        name: "older Exim",
        source: "https://www.exim.org/exim-html-3.30/doc/html/spec_46.html",
        from: "Mail Delivery System <Mailer-Daemon@mx.example>",
        headers: "",
        text: "This message was created automatically by mail delivery software (Exim).\n\nA message that you sent could not be delivered to all of its recipients. The\nfollowing address(es) failed:\n\n  TO:\n    unknown local-part in domain\n\n------ This is a copy of your message, including all the headers. ------\n",
        report: None,
        recipient: "",
    },
    Software {
        name: "OpenSMTPD",
        source: "https://github.com/OpenSMTPD/OpenSMTPD/blob/master/usr.sbin/smtpd/bounce.c",
        from: "Mailer Daemon <MAILER-DAEMON@mx.example>",
        headers: "",
        text: "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\nTO: 550 5.1.1 no such user\n\n    Below is a copy of the original message:\n",
        report: Some(("mixed", "message/delivery-status")),
        recipient: "Final-Recipient: rfc822; TO\nAction: failed\nStatus: 5.1.1",
    },
    Software {
        name: "Postfix",
        source: "https://www.postfix.org/bounce.5.html",
        from: "MAILER-DAEMON@mx.example (Mail Delivery System)",
        headers: "Auto-Submitted: auto-replied\n",
        text: "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\n<TO>: host mx.example[192.0.2.7] said: 550 5.1.1 no such user\n",
        report: Some((
            "report; report-type=delivery-status",
            "message/delivery-status",
        )),
        recipient: "Final-Recipient: rfc822; TO\nOriginal-Recipient: rfc822;TO\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example\nDiagnostic-Code: smtp; 550 5.1.1\n    no such user",
    },
    Software {
        name: "Postfix with SMTPUTF8",
        source: "https://www.postfix.org/SMTPUTF8_README.html, RFC 6533",
        from: "MAILER-DAEMON@mx.example (Mail Delivery System)",
        headers: "",
        text: "This is the mail system at host mx.example.\n\nYour message could not be delivered to one or more recipients.\n",
        report: Some((
            "report; report-type=global-delivery-status",
            "message/global-delivery-status",
        )),
        recipient: "Final-Recipient: utf-8; TO\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user",
    },
    Software {
        name: "Exchange",
        source: "https://learn.microsoft.com/exchange/mail-flow/non-delivery-reports-and-bounce-messages/non-delivery-reports-and-bounce-messages",
        from: "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@acme.example>",
        headers: "X-MS-Exchange-Message-Is-Ndr:\n",
        text: "Delivery has failed to these recipients or groups:\n\nTO\nThe email address you entered couldn't be found.\n\nDiagnostic information for administrators:\n\nRemote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'\n",
        report: Some((
            "report; report-type=delivery-status",
            "message/delivery-status",
        )),
        recipient: "Final-Recipient: RFC822; TO\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
    },
    Software {
        name: "Exim",
        source: "https://github.com/Exim/exim/blob/master/src/src/deliver.c",
        from: "Mail Delivery System <Mailer-Daemon@mx.example>",
        headers: "X-Failed-Recipients: TO\nAuto-Submitted: auto-replied\n",
        text: "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  TO\n    Unrouteable address\n",
        report: Some((
            "report; report-type=delivery-status",
            "message/delivery-status",
        )),
        recipient: "Action: failed\nFinal-Recipient: rfc822;TO\nStatus: 5.0.0",
    },
    Software {
        name: "Sendmail",
        source: "https://github.com/freebsd/freebsd-src/blob/main/contrib/sendmail/src/savemail.c",
        from: "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
        headers: "Auto-Submitted: auto-generated (failure)\n",
        text: "The original message was received at Mon, 30 Nov 2026 09:00:00 GMT\nfrom localhost\n\n   ----- The following addresses had permanent fatal errors -----\n<TO>\n    (reason: 550 5.1.1 no such user)\n",
        report: Some((
            "report; report-type=delivery-status",
            "message/delivery-status",
        )),
        recipient: "Final-Recipient: RFC822; TO\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: SMTP; 550 5.1.1 no such user",
    },
    Software {
        name: "Courier",
        source: "https://www.courier-mta.org/courier.html",
        from: "\"Courier mail server at mx.example\" <postmaster@mx.example>",
        headers: "",
        text: "This is a delivery status notification from mx.example,\nrunning the Courier mail server.\n\nThe original message was received on Mon, 30 Nov 2026 09:00:00 +0000\n\n                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<TO>:\n    mx.example [192.0.2.7]:\n<<< 550 User unknown.\n",
        report: Some((
            "report; report-type=delivery-status",
            "message/delivery-status",
        )),
        recipient: "Final-Recipient: rfc822; TO\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 User unknown.",
    },
    Software {
        name: "Amazon SES",
        source: "https://docs.aws.amazon.com/ses/latest/dg/send-email-concepts-deliverability.html",
        from: "MAILER-DAEMON@amazonses.example",
        headers: "Auto-Submitted: auto-replied\n",
        text: "An error occurred while trying to deliver the mail to the following recipients:\nTO\n",
        report: Some((
            "report; report-type=delivery-status",
            "message/delivery-status",
        )),
        recipient: "Action: failed\nFinal-Recipient: rfc822; TO\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\nStatus: 5.1.1",
    },
    Software {
        name: "Gmail",
        source: "https://support.google.com/mail/answer/6596",
        from: "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        headers: "X-Failed-Recipients: TO\nAuto-Submitted: auto-replied\n",
        text: "** Address not found **\n\nYour message wasn't delivered to TO because the address couldn't be found, or is unable to receive mail.\n\nThe response was:\n550 5.1.1 no such user\n",
        report: Some((
            "report; report-type=delivery-status",
            "message/delivery-status",
        )),
        recipient: "Final-Recipient: rfc822; TO\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550-5.1.1 no such user",
    },
    Software {
        name: "Lotus Domino",
        source: "https://help.hcl-software.com/domino/",
        from: "Postmaster@mx.example",
        headers: "",
        text: "Your message\n\n  Subject: Interview\n\nwas not delivered to:\n\n  TO\n\nbecause:\n\n  550 User not listed in Domino Directory\n",
        report: Some((
            "report; report-type=delivery-status",
            "message/delivery-status",
        )),
        recipient: "Final-Recipient: rfc822;TO\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: X-Notes; User not listed in Domino Directory",
    },
    Software {
        name: "MDaemon",
        source: "https://help.mdaemon.com/mdaemon/en/",
        from: "MAILER-DAEMON@mx.example",
        headers: "",
        text: "The attached message had PERMANENT fatal delivery errors!\n\nAfter one or more unsuccessful delivery attempts the attached message has\nbeen removed from the mail queue on this server.\n\n550 5.1.1 no such user\n",
        report: None,
        recipient: "",
    },
];

/// How much of the email is returned, and where. Five of each software's.
const VARIANTS: usize = 5;

fn mail() -> (WorkspaceId, MailId, String) {
    let (workspace, mail) = (WorkspaceId::new(), MailId::new());
    let id = token::message_id(mail, workspace, "interviews@acme.example");
    (workspace, mail, id)
}

/// The email as it is returned.
fn original(id: &str, variant: usize) -> String {
    let names = match variant {
        // A relay that gives every email a Message-ID of its own (case M7).
        3 => format!("Message-ID: <0102018f-1@eu-west-1.amazonses.example>\nReferences: <{id}>\n"),
        _ => format!("Message-ID: <{id}>\n"),
    };
    format!(
        "From: Dana Reyes <interviews@acme.example>\nTo: {TO}\nSubject: Interview\n{names}MIME-Version: 1.0\nContent-Type: text/plain\n"
    )
}

fn bounce(software: &Software, id: &str, variant: usize) -> String {
    let fill = |text: &str| text.replace("TO", TO);
    let head = format!(
        "Return-Path: <>\nFrom: {}\nTo: interviews@acme.example\nSubject: Undelivered\nDate: Mon, 30 Nov 2026 09:00:00 +0000\n{}MIME-Version: 1.0\n",
        software.from,
        fill(software.headers)
    );
    let (text, original) = (fill(software.text), original(id, variant));
    let Some((kind, status)) = software.report else {
        return match variant {
            // Quoted, as some mail programs do.
            1 => {
                let quoted: String = original.lines().map(|line| format!("> {line}\n")).collect();
                format!("{head}Content-Type: text/plain; charset=us-ascii\n\n{text}\n{quoted}")
            }
            // Encoded.
            2 => {
                let body = format!("{text}\n{original}\nHello Ana\n").replace('\n', "\r\n");
                let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, body);
                let lines: Vec<_> = body
                    .as_bytes()
                    .chunks(76)
                    .map(String::from_utf8_lossy)
                    .collect();
                format!(
                    "{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{}\n",
                    lines.join("\n")
                )
            }
            // Nothing returned, but in answer to it.
            4 => format!("{head}In-Reply-To: <{id}>\nReferences: <{id}>\n\n{text}"),
            _ => format!("{head}\n{text}\n{original}\nHello Ana\n"),
        };
    };
    let elsewhere =
        "Final-Recipient: rfc822; other@mail.example\nAction: delivered\nStatus: 2.0.0\n\n";
    // The first recipient's was delivered, ours was not.
    let before = if variant == 4 { elsewhere } else { "" };
    let returned = match variant {
        0 | 3 => format!("Content-Type: message/rfc822\n\n{original}\nHello Ana\n"),
        1 => format!("Content-Type: text/rfc822-headers\n\n{original}"),
        2 => {
            let body = format!("{original}\nHello Ana\n");
            let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, body);
            format!("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{body}\n")
        }
        _ => format!("Content-Type: message/global-headers\n\n{original}"),
    };
    format!(
        "{head}Content-Type: multipart/{kind}; boundary=\"b/1\"\n\n--b/1\nContent-Type: text/plain\n\n{text}\n--b/1\nContent-Type: {status}\n\nReporting-MTA: dns; mx.example\n\n{before}{}\n\n--b/1\n{returned}\n--b/1--\n",
        fill(software.recipient)
    )
}

/// What a text comes to, as it comes over the wire.
fn says(text: &str) -> Option<crate::mail::inbound::read::Incoming> {
    let plain = text.replace("\r\n", "\n").replace('\n', "\r\n");
    read(plain.as_bytes())
}

/// Case M6: of bounces as the software in use writes them, at least 95 in 100.
#[test]
fn bounces_are_recognised_whatever_software_writes_them() {
    let (mut recognised, mut missed) = (0, Vec::new());
    for software in &SOFTWARE {
        assert!(!software.source.is_empty());
        for variant in 0..VARIANTS {
            let (workspace, mail, id) = mail();
            let read = says(&bounce(software, &id, variant));
            let right = read.as_ref().is_some_and(|it| {
                matches!(it.says, Saying::Bounce { ours: false, .. })
                    && it.answers == [(workspace, mail)]
            });
            match right {
                true => recognised += 1,
                false => missed.push(format!("{} {variant}: {read:?}", software.name)),
            }
        }
    }
    let all = SOFTWARE.len() * VARIANTS;
    println!(
        "{recognised} of {all} bounces of {} kinds of software recognised",
        SOFTWARE.len()
    );
    assert!(
        recognised * 100 >= all * 95,
        "{recognised} of {all}: {missed:#?}"
    );
}

/// A bounce whose affair is the administrator's.
#[test]
fn a_refusal_of_our_server_is_not_the_candidates() {
    let (_, _, id) = mail();
    for software in SOFTWARE.iter().filter(|it| it.report.is_some()) {
        let text = bounce(software, &id, 0);
        for (said, ours) in [
            ("550 5.7.1 Relay access denied", true),
            ("554 5.7.1 Service unavailable; blocked using a list", true),
            ("552 5.2.2 mailbox full", false),
        ] {
            let status =
                format!("Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; {said}\nX-Was: ");
            let text = text
                .replacen("Action: failed", &status, 1)
                .replace("\nDiagnostic-Code: smtp; 550 5.1.1", "\nX-Code: ");
            let read = says(&text).map(|it| it.says);
            let Some(Saying::Bounce { ours: found, why }) = read else {
                panic!("{}: {read:?}", software.name)
            };
            assert_eq!(found, ours, "{}: {why}", software.name);
        }
    }
}

/// What is no failure, with an answer to ours or ours returned in it.
fn innocent(id: &str) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let answer = format!(
        "To: interviews@acme.example\nIn-Reply-To: <{id}>\nReferences: <{id}>\nMIME-Version: 1.0\n"
    );
    let person = "From: Ana Lima <ana.lima@mail.example>\n";
    let daemon = "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\n";
    for text in [
        "I am out of the office until Monday and will answer then.",
        "I'm on leave. Your email was not forwarded. Please write to my colleague.",
        "I no longer work here; mail to this address is not read. My account will be closed.",
        "Thank you for your message. Our office is closed; delivery of answers may be delayed.",
        "I am travelling and read email in the evening.",
        "This mailbox is read on Mondays. Your message has not been delivered to anybody else.",
        "On parental leave; my deputy could not be reached either. Try again next week.",
        "Away until 5 January. If your parcel could not be delivered, call the front desk.",
    ] {
        for head in [
            "Return-Path: <>\nAuto-Submitted: auto-replied\nSubject: Out of office\n",
            "Return-Path: <>\nX-Autoreply: yes\nPrecedence: auto_reply\nSubject: Re: Interview\n",
            "X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\nSubject: Automatic reply: Interview\n",
        ] {
            all.push(("vacation", format!("{head}{person}{answer}\n{text}\n")));
        }
    }
    for (action, mode) in [
        ("displayed", "manual-action/MDN-sent-manually"),
        ("deleted", "automatic-action/MDN-sent-automatically"),
    ] {
        for from in [person, daemon] {
            for kind in [
                "report; report-type=disposition-notification",
                "report; report-type=\"disposition-notification\"",
                "mixed",
            ] {
                all.push(("read receipt", format!(
                    "{from}{answer}Subject: Read: Interview\nContent-Type: multipart/{kind}; boundary=b\n\n--b\nContent-Type: text/plain\n\nYour message was {action}. Delivery failed is not what this says.\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;{TO}\nOriginal-Message-ID: <{id}>\nDisposition: {mode}; {action}\n\n--b--\n"
                )));
            }
        }
    }
    let original = original(id, 0);
    for (action, status, text) in [
        (
            "delayed",
            "4.4.1",
            "Your message could not be delivered to one or more recipients yet; delivery will be retried.",
        ),
        (
            "delayed",
            "4.2.2",
            "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
        ),
        (
            "delayed",
            "5.4.7",
            "Delivery failed for now. It is still being retried.",
        ),
        (
            "Delayed (will try again)",
            "4.0.0",
            "Delivery to this recipient has been delayed.",
        ),
        (
            "delivered",
            "2.0.0",
            "Your message was successfully delivered.",
        ),
        (
            "relayed",
            "2.0.0",
            "Relayed to a system that does not report.",
        ),
        (
            "expanded",
            "2.0.0",
            "Expanded by a list. Nothing could not be delivered to anybody.",
        ),
    ] {
        for kind in ["message/delivery-status", "message/global-delivery-status"] {
            for wrapper in ["report; report-type=delivery-status", "mixed"] {
                all.push(("delay or success", format!(
                    "{daemon}{answer}Subject: Delivery status\nContent-Type: multipart/{wrapper}; boundary=b\n\n--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: {kind}\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {TO}\nAction: {action}\nStatus: {status}\n\n--b\nContent-Type: message/rfc822\n\n{original}\nHello\n--b--\n"
                )));
            }
        }
    }
    for text in [
        "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue. No action is required on your part. Delivery attempts will continue for some time, and this warning may be repeated.",
        "Delivery to the following recipient has been delayed. Gmail will keep trying; delivery failed so far: 451 4.4.1 no answer.",
        "Warning: could not send message for past 4 hours. Will keep trying until message is 5 days old.",
        "Your message is delayed: could not be delivered to ana.lima@mail.example yet. It will be retried.",
    ] {
        for head in [
            "Auto-Submitted: auto-replied\n",
            "X-Failed-Recipients: ana.lima@mail.example\n",
        ] {
            all.push(("delay in words", format!("{daemon}{head}{answer}Subject: Warning: message delayed\n\n{text}\n\n{original}")));
        }
    }
    for text in [
        "Your message is held until you confirm that a person sent it. Click the link, or it cannot be delivered to me.",
        "I use a filter against spam. Reply once and your email is delivered.",
        "Please solve this puzzle so that your message could be delivered.",
    ] {
        for head in [
            "Return-Path: <>\nAuto-Submitted: auto-replied\n",
            "Auto-Submitted: auto-generated\n",
        ] {
            all.push((
                "challenge",
                format!("{head}{person}{answer}Subject: Confirm your message\n\n{text}\n"),
            ));
        }
    }
    for quoted in [
        "I'm sorry to have to inform you that your message could not be delivered to one or more recipients.",
        "Delivery has failed to these recipients or groups: 550 5.1.1 user unknown",
        "This is a permanent error; I've given up. Sorry it didn't work out.",
        "** Address not found ** Your message wasn't delivered to you because it couldn't be found.",
        "An error occurred while trying to deliver the mail to the following recipients:",
    ] {
        for (head, before) in [
            (
                "Subject: Re: Undelivered Mail Returned to Sender\n",
                "Is this about me? ",
            ),
            (
                "Subject: Fwd: Delivery Status Notification (Failure)\n",
                "My other address answered: ",
            ),
            ("Subject: Re: Interview\n", "> "),
        ] {
            all.push(("a reply that quotes", format!("Return-Path: <ana.lima@mail.example>\n{person}{answer}{head}\n{before}{quoted}\n\n> Message-ID: <{id}>\n")));
        }
        all.push(("a reply that attaches", format!(
            "{person}{answer}Subject: Fwd: Undelivered\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\nWhat is this?\n--o\nContent-Type: message/rfc822\n\n{daemon}Content-Type: multipart/report; report-type=delivery-status; boundary=i\n\n--i\nContent-Type: text/plain\n\n{quoted}\n--i\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {TO}\nAction: failed\nStatus: 5.1.1\n\n--i--\n--o--\n"
        )));
        all.push(("a newsletter", format!(
            "Return-Path: <>\nFrom: News <news@list.example>\nList-Id: <news.list.example>\nList-Unsubscribe: <mailto:x@list.example>\n{answer}Subject: What to do when delivery failed\n\nWhy you read this: {quoted}\n"
        )));
    }
    all
}

/// Case M6: none of what is no failure.
#[test]
fn what_is_no_failure_is_not_called_one() {
    let (_, _, id) = mail();
    let all = innocent(&id);
    let called: Vec<_> = all
        .iter()
        .filter(|(_, text)| matches!(says(text).map(|it| it.says), Some(Saying::Bounce { .. })))
        .collect();
    println!(
        "{} of {} that are no failures called one",
        called.len(),
        all.len()
    );
    assert!(all.len() >= 100, "{}", all.len());
    assert!(called.is_empty(), "{called:#?}");
}
