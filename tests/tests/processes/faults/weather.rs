//! What goes wrong at Zoom during a round, as far as chance decides.

use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind, Often, Zoom};
use greenroom_tests::seed::Random;

/// How often each misfortune strikes, and where.
const MISFORTUNES: [(Endpoint, FaultKind, f64); 18] = {
    use Endpoint as E;
    use FaultKind as F;
    [
        (E::Refresh, F::SlowAnswer { ms: 300 }, 0.5),
        (E::Refresh, F::LostAfter, 0.02),
        (E::Exchange, F::SlowAnswer { ms: 100 }, 0.3),
        (E::Exchange, F::LostAfter, 0.05),
        (E::User, F::SlowAnswer { ms: 100 }, 0.3),
        (E::Revoke, F::LostBefore, 0.1),
        (E::CreateMeeting, F::SlowAnswer { ms: 300 }, 0.3),
        // Carried out although the daemon may be long dead.
        (E::CreateMeeting, F::Slow { ms: 500 }, 0.2),
        (E::CreateMeeting, F::LostBefore, 0.1),
        (E::CreateMeeting, F::LostAfter, 0.15),
        (E::GetMeeting, F::LostAfter, 0.05),
        (E::UpdateMeeting, F::SlowAnswer { ms: 200 }, 0.2),
        (E::UpdateMeeting, F::LostBefore, 0.05),
        (E::UpdateMeeting, F::LostAfter, 0.1),
        (E::DeleteMeeting, F::SlowAnswer { ms: 300 }, 0.2),
        (E::DeleteMeeting, F::LostAfter, 0.2),
        (E::ListMeetings, F::SlowAnswer { ms: 200 }, 0.3),
        (
            E::ListMeetings,
            F::Answer(Answer::Html { status: 502 }),
            0.1,
        ),
    ]
};

/// From now on answers are slow and get lost.
pub fn turns_bad(zoom: &Zoom, random: &mut Random) {
    for (endpoint, kind, probability) in MISFORTUNES {
        let seed = random.below(usize::MAX) as u64;
        let often = Often::Chance { probability, seed };
        zoom.fault(Fault::once(endpoint, kind).often(often));
    }
}

/// From now on every answer arrives.
pub fn clears(zoom: &Zoom) {
    zoom.clear_faults();
}
