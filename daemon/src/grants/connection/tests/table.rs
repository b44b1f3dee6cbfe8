//! The table of every way a connection changes.

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::zoom::ConnectionState;

use super::{at, ended, failed, grant, refreshed, run};
use crate::grants::connection::{Event, Waiting};
use crate::grants::reason::Reason;
use crate::grants::terms::tests::EXAMPLE;

/// Its name, what happens, how it stands afterwards, why, and with which generation.
type Story = (
    &'static str,
    Vec<Event>,
    ConnectionState,
    Option<Reason>,
    u64,
);

#[test]
fn the_table() {
    use ConnectionState as S;
    use Event::{Disconnected, Granted, RefreshBegan};
    use Reason as R;
    let began = |generation| RefreshBegan { generation };
    let id = AttemptId::new();
    let started = || Event::AttemptStarted(Waiting { id, until: at(600) });
    let declined = || Event::AttemptEnded {
        id,
        reason: R::Declined,
    };
    let cancelled = || Event::AttemptEnded {
        id,
        reason: R::Cancelled,
    };
    let asked = || Event::ApprovalAsked {
        client_id: "app".into(),
    };
    let given = |app: &str| Event::ApprovalGiven {
        client_id: app.into(),
    };
    let withdrawn = || Event::ApprovalWithdrawn {
        client_id: "app".into(),
    };
    let stories: Vec<Story> = vec![
        (
            "asked while the browser stands at the provider's page",
            vec![started(), asked()],
            S::PreApprovalRequested,
            Some(R::ApprovalAwaited),
            0,
        ),
        (
            "trying again",
            vec![asked(), started()],
            S::Authorizing,
            Some(R::ApprovalAwaited),
            0,
        ),
        (
            "given up again",
            vec![asked(), started(), cancelled()],
            S::PreApprovalRequested,
            Some(R::ApprovalAwaited),
            0,
        ),
        (
            "the consent page was there after all",
            vec![asked(), started(), declined()],
            S::Disconnected,
            Some(R::Declined),
            0,
        ),
        (
            "approved and connected",
            vec![asked(), started(), Granted(grant())],
            S::Connected,
            None,
            1,
        ),
        (
            "a colleague connected with the app",
            vec![asked(), given("app")],
            S::Disconnected,
            Some(R::Approved),
            0,
        ),
        (
            "a colleague connected with another app",
            vec![asked(), given("other")],
            S::PreApprovalRequested,
            Some(R::ApprovalAwaited),
            0,
        ),
        (
            "approved, and asked again",
            vec![asked(), given("app"), asked()],
            S::PreApprovalRequested,
            Some(R::ApprovalAwaited),
            0,
        ),
        (
            "the app is another one now",
            vec![asked(), withdrawn()],
            S::Disconnected,
            None,
            0,
        ),
        (
            "asked while connected",
            vec![Granted(grant()), asked()],
            S::Connected,
            None,
            1,
        ),
        (
            "asked where the app was switched off",
            vec![Granted(grant()), began(1), ended(1), asked()],
            S::PreApprovalRequested,
            Some(R::ApprovalAwaited),
            1,
        ),
        (
            "asked, then disconnected",
            vec![asked(), Disconnected],
            S::Disconnected,
            Some(R::Revoked),
            1,
        ),
        ("a browser opens", vec![started()], S::Authorizing, None, 0),
        (
            "declined",
            vec![started(), declined()],
            S::Disconnected,
            Some(R::Declined),
            0,
        ),
        (
            "granted",
            vec![started(), Granted(grant())],
            S::Connected,
            None,
            1,
        ),
        (
            "declined again, with keys",
            vec![Granted(grant()), started(), declined()],
            S::Connected,
            None,
            1,
        ),
        (
            "renewed",
            vec![Granted(grant()), began(1), refreshed(1)],
            S::Connected,
            None,
            2,
        ),
        (
            "in the way",
            vec![Granted(grant()), began(1), failed(1, false)],
            S::Retrying,
            Some(R::Unreachable),
            1,
        ),
        (
            "back without anyone",
            vec![
                Granted(grant()),
                began(1),
                failed(1, false),
                began(1),
                refreshed(1),
            ],
            S::Connected,
            None,
            2,
        ),
        (
            "ended",
            vec![Granted(grant()), began(1), ended(1)],
            S::ReconnectRequired,
            Some(R::ReplacedElsewhere),
            1,
        ),
        (
            "lost, then dead",
            vec![
                Granted(grant()),
                began(1),
                failed(1, true),
                began(1),
                ended(1),
            ],
            S::ReconnectRequired,
            Some(R::AnswerLost),
            1,
        ),
        (
            "killed, then dead",
            vec![Granted(grant()), began(1), began(1), ended(1)],
            S::ReconnectRequired,
            Some(R::AnswerLost),
            1,
        ),
        (
            "lost, in the way, then dead",
            vec![
                Granted(grant()),
                began(1),
                failed(1, true),
                began(1),
                failed(1, false),
                began(1),
                ended(1),
            ],
            S::ReconnectRequired,
            Some(R::AnswerLost),
            1,
        ),
        (
            "in the way, then dead",
            vec![
                Granted(grant()),
                began(1),
                failed(1, false),
                began(1),
                ended(1),
            ],
            S::ReconnectRequired,
            Some(R::ReplacedElsewhere),
            1,
        ),
        (
            "lost, then dead, where nothing is lost with an answer",
            vec![
                Granted(grant()),
                began(1),
                failed(1, true),
                began(1),
                Event::Ended {
                    generation: 1,
                    reason: R::ReplacedElsewhere,
                    rotates: false,
                },
            ],
            S::ReconnectRequired,
            Some(R::ReplacedElsewhere),
            1,
        ),
        (
            "refused for one renewal, then renewed by another of the same keys",
            vec![Granted(grant()), began(1), ended(1), refreshed(1)],
            S::Connected,
            None,
            2,
        ),
        (
            "lost and refused for one renewal, then renewed by another of the same keys",
            vec![Granted(grant()), began(1), began(1), ended(1), refreshed(1)],
            S::Connected,
            None,
            2,
        ),
        (
            "refused, then renewed from keys that are not those",
            vec![
                Granted(grant()),
                began(1),
                refreshed(1),
                ended(2),
                refreshed(1),
            ],
            S::ReconnectRequired,
            Some(R::ReplacedElsewhere),
            2,
        ),
        (
            "ended for another reason, then renewed",
            vec![
                Granted(grant()),
                began(1),
                Event::Ended {
                    generation: 1,
                    reason: R::UserGone,
                    rotates: true,
                },
                refreshed(1),
            ],
            S::ReconnectRequired,
            Some(R::UserGone),
            1,
        ),
        (
            "disconnected",
            vec![Granted(grant()), Disconnected],
            S::Disconnected,
            Some(R::Revoked),
            2,
        ),
        (
            "an answer after the disconnect",
            vec![Granted(grant()), began(1), Disconnected, refreshed(1)],
            S::Disconnected,
            Some(R::Revoked),
            2,
        ),
        (
            "an end after a new consent",
            vec![Granted(grant()), began(1), Granted(grant()), ended(1)],
            S::Connected,
            None,
            2,
        ),
        (
            "connected again",
            vec![
                Granted(grant()),
                began(1),
                ended(1),
                started(),
                Granted(grant()),
            ],
            S::Connected,
            None,
            2,
        ),
    ];
    for (story, events, state, reason, generation) in stories {
        let record = run(events);
        assert_eq!(record.state(at(100)), state, "{story}");
        assert_eq!(record.reason(&EXAMPLE), reason, "{story}");
        assert_eq!(record.generation, generation, "{story}");
    }
}
