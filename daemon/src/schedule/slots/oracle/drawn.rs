//! Worlds that nobody chose, as plain numbers: the engine and the oracle are each given one.

use greenroom_protocol::pipeline::{PanelRule, Window};
use proptest::prelude::*;

/// Moments shortly before a clock changes, or where one is unusual: hours and half hours, forwards
/// and backwards, at midnight, by a whole day, and never.
pub(super) const MOMENTS: [(&str, &str); 14] = [
    ("Europe/Berlin", "2026-10-24T12:00:00Z"),
    ("Europe/Berlin", "2027-03-27T12:00:00Z"),
    ("America/New_York", "2026-10-31T18:00:00Z"),
    ("America/New_York", "2027-03-13T18:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T00:00:00Z"),
    ("Australia/Lord_Howe", "2027-04-03T00:00:00Z"),
    ("Pacific/Chatham", "2026-09-26T00:00:00Z"),
    ("Pacific/Chatham", "2027-04-03T00:00:00Z"),
    ("America/Santiago", "2027-04-03T12:00:00Z"),
    ("America/Santiago", "2026-09-05T12:00:00Z"),
    ("America/Havana", "2026-10-31T12:00:00Z"),
    ("Africa/Cairo", "2027-04-29T06:00:00Z"),
    ("Asia/Kathmandu", "2026-12-31T00:00:00Z"),
    ("Pacific/Apia", "2011-12-29T00:00:00Z"),
];

/// Zones in which people may be, wherever the clocks change.
pub(super) const ELSEWHERE: [&str; 4] = [
    "Asia/Kathmandu",
    "America/New_York",
    "Pacific/Chatham",
    "Europe/Berlin",
];

/// Hours that are searched.
pub(super) const HOURS: i64 = 60;

/// People of a world.
pub(super) const PEOPLE: usize = 5;

/// A world.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    /// Which of [`MOMENTS`].
    pub moment: usize,
    /// Seconds from the beginning of the search to the present.
    pub now: i64,
    pub grid: Zone,
    /// The zone that times are named in, which decides nothing.
    pub named: Zone,
    /// The workspace's zone.
    pub home: Zone,
    pub step: u32,
    pub minutes: u32,
    pub notice: u32,
    pub horizon: Option<u32>,
    /// From when to when candidates are not asked; `None`: they may be at any hour.
    pub night: Option<(u16, u16)>,
    /// The stage's own hours.
    pub windows: Vec<Window>,
    /// The only hours that are wished for.
    pub only: Vec<Window>,
    pub people: Vec<Person>,
    pub candidate: Option<Candidate>,
    /// What the host can host at once, and what they do.
    pub host: Option<(usize, Vec<Taken>)>,
    pub groups: Vec<(PanelRule, Vec<usize>)>,
    pub talks: Vec<Talked>,
    /// What is judged again.
    pub again: Again,
    /// Whether it may have a slot that one other shares.
    pub shares: bool,
}

impl Drawn {
    /// Makes most slots that may be shared as long as what is searched, on the half hour, and some of
    /// them the same as one before.
    fn fit_shared(&mut self) {
        let seconds = i64::from(self.minutes) * 60;
        let people = self.people.iter_mut().map(|it| &mut it.taken);
        let candidate = self.candidate.iter_mut().map(|it| &mut it.taken);
        let host = self.host.iter_mut().map(|(_, taken)| taken);
        for taken in people.chain(candidate).chain(host) {
            let mut before = None;
            let shared = |it: &&mut Taken| matches!(it.by, By::Held { shared: true, .. });
            for slot in taken.iter_mut().filter(shared) {
                if slot.from % 7 == 0 {
                    continue;
                }
                let own = slot.from - slot.from.rem_euclid(30 * 60);
                slot.from = before.filter(|_| slot.from % 3 == 0).unwrap_or(own);
                slot.seconds = seconds;
                before = Some(slot.from);
            }
        }
    }
}

/// What is judged again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    Interview,
    /// An outreach with its slots.
    Outreach,
    /// An interview for which an outreach holds slots.
    Both,
}

/// Where somebody is: where the clocks change, or one of [`ELSEWHERE`].
#[derive(Debug, Clone, Copy)]
pub(super) enum Zone {
    There,
    Elsewhere(usize),
}

#[derive(Debug, Clone)]
pub(super) struct Person {
    pub zone: Zone,
    pub weekly: Vec<Window>,
    /// Days after the first on which something else holds.
    pub unlike: Vec<(i64, Unlike)>,
    pub before: u32,
    pub after: u32,
    pub a_day: u32,
    pub a_week: u32,
    pub taken: Vec<Taken>,
}

/// What a day has in place of the week.
#[derive(Debug, Clone)]
pub(super) enum Unlike {
    /// Hours of this date; none: off.
    Hours(Vec<(u16, u16)>),
    /// A day off of the workspace.
    Off,
}

#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// `None`: not known.
    pub zone: Option<Zone>,
    pub taken: Vec<Taken>,
}

/// A stretch of taken time.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    /// Seconds from the beginning of the search.
    pub from: i64,
    pub seconds: i64,
    pub by: By,
    /// Minutes that were to stay free before and after when it was taken.
    pub kept: (u32, u32),
}

/// By what time is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By what is judged again.
    Itself,
    /// By an interview of its own.
    Interview { planned: bool },
    /// By one of the slots of an outreach; `shared`: one other may have it too.
    Held { outreach: usize, shared: bool },
    /// By what this version does not know.
    Unknown,
}

/// An interview of the job that fairness counts.
#[derive(Debug, Clone)]
pub(super) struct Talked {
    pub who: usize,
    /// Days after the first.
    pub day: i64,
    pub minutes: u32,
}

fn zone() -> impl Strategy<Value = Zone> {
    prop_oneof![
        3 => Just(Zone::There),
        2 => (0..ELSEWHERE.len()).prop_map(Zone::Elsewhere),
    ]
}

fn window(days: &[u8], from_minute: u16, to_minute: u16) -> Window {
    Window {
        days: days.to_vec(),
        from_minute,
        to_minute,
    }
}

/// Weeks: the usual one, long ones that see every change of the clocks, nights, odd minutes, two
/// windows that touch, some that overlap.
fn weekly() -> impl Strategy<Value = Vec<Window>> {
    const ALL: [u8; 7] = [1, 2, 3, 4, 5, 6, 7];
    prop::sample::select(vec![
        vec![window(&[1, 2, 3, 4, 5], 540, 1020)],
        vec![window(&ALL, 0, 13 * 60), window(&ALL, 14 * 60, 24 * 60)],
        vec![window(&ALL, 0, 24 * 60)],
        vec![window(&ALL, 22 * 60, 24 * 60), window(&ALL, 0, 190)],
        vec![window(&[1, 3, 5, 6, 7], 8 * 60 + 5, 16 * 60 + 50)],
        vec![window(&ALL, 135, 165), window(&ALL, 165, 600)],
        vec![window(&[6, 7], 30, 150), window(&ALL, 90, 1300)],
    ])
}

fn wide() -> impl Strategy<Value = Vec<Window>> {
    prop::sample::select(vec![
        vec![],
        vec![],
        vec![window(&[1, 2, 3, 4, 5, 6, 7], 60, 20 * 60 + 5)],
        vec![
            window(&[6, 7, 1], 0, 11 * 60),
            window(&[6, 7], 12 * 60, 1440),
        ],
    ])
}

fn unlike() -> impl Strategy<Value = Vec<(i64, Unlike)>> {
    let what = prop_oneof![
        Just(Unlike::Off),
        Just(Unlike::Hours(vec![])),
        Just(Unlike::Hours(vec![(60, 15 * 60)])),
        Just(Unlike::Hours(vec![
            (0, 150),
            (150, 9 * 60),
            (23 * 60, 1440)
        ])),
    ];
    proptest::collection::vec((-1i64..4, what), 0..3)
}

pub(super) fn taken() -> impl Strategy<Value = Taken> {
    let by = prop_oneof![
        1 => Just(By::Itself),
        4 => any::<bool>().prop_map(|planned| By::Interview { planned }),
        3 => (0usize..3, any::<bool>())
            .prop_map(|(outreach, shared)| By::Held { outreach, shared }),
        1 => Just(By::Unknown),
    ];
    let odd = prop::sample::select(vec![0i64, 0, 0, 1, 59]);
    let kept = prop::sample::select(vec![(0u32, 0u32), (0, 20), (60, 5)]);
    let minutes = prop::sample::select(vec![0i64, 15, 30, 45, 60, 150]);
    (-30 * 60i64..(HOURS + 24) * 60, minutes, odd, by, kept).prop_map(
        |(from, minutes, odd, by, kept)| Taken {
            from: from * 60 + odd,
            seconds: minutes * 60,
            by,
            kept,
        },
    )
}

fn all_taken(most: usize) -> impl Strategy<Value = Vec<Taken>> {
    proptest::collection::vec(taken(), 0..most)
}

fn person() -> impl Strategy<Value = Person> {
    let free = prop::sample::select(vec![(0u32, 0u32), (0, 0), (10, 0), (0, 30), (15, 45)]);
    let caps = prop::sample::select(vec![(0u32, 0u32), (0, 0), (1, 0), (2, 3), (0, 2), (0, 4)]);
    (zone(), weekly(), unlike(), free, caps, all_taken(8)).prop_map(
        |(zone, weekly, unlike, (before, after), (a_day, a_week), taken)| Person {
            zone,
            weekly,
            unlike,
            before,
            after,
            a_day,
            a_week,
            taken,
        },
    )
}

fn group() -> impl Strategy<Value = (PanelRule, Vec<usize>)> {
    let rule = prop_oneof![
        1 => Just(PanelRule::AllOf),
        3 => Just(PanelRule::AnyOf),
        1 => Just(PanelRule::Optional),
    ];
    (rule, proptest::collection::vec(0..PEOPLE, 1..4))
}

/// Any world.
pub(super) fn drawn() -> impl Strategy<Value = Drawn> {
    let time = (
        0..MOMENTS.len(),
        -200_000i64..100_000,
        (zone(), zone(), zone()),
        prop::sample::select(vec![5u32, 10, 15, 20, 30, 60]),
        prop::sample::select(vec![15u32, 30, 45, 60, 100]),
        prop::sample::select(vec![0u32, 0, 45, 24 * 60]),
        proptest::option::weighted(0.7, 0u32..4),
    );
    let candidate = (proptest::option::weighted(0.7, zone()), all_taken(4));
    let candidate = candidate.prop_map(|(zone, taken)| Candidate { zone, taken });
    let talked = (0..PEOPLE, -40i64..14, prop::sample::select(vec![30u32, 45]));
    let talked = talked.prop_map(|(who, day, minutes)| Talked { who, day, minutes });
    let people = (
        proptest::collection::vec(person(), PEOPLE),
        proptest::option::weighted(0.8, candidate),
        proptest::option::weighted(0.6, (1usize..3, all_taken(8))),
        proptest::collection::vec(group(), 1..5),
        proptest::collection::vec(talked, 0..8),
        prop::sample::select(vec![Again::Interview, Again::Outreach, Again::Both]),
    );
    // Over midnight, until midnight, from midnight on, and within a day.
    let usual = Some((21 * 60, 7 * 60));
    let night = prop::sample::select(vec![
        None,
        usual,
        usual,
        Some((22 * 60 + 30, 6 * 60 + 15)),
        Some((20 * 60, 0)),
        Some((0, 6 * 60)),
        Some((60, 5 * 60)),
    ]);
    let around = (wide(), wide(), night, any::<bool>());
    (time, people, around).prop_map(|(time, people, (windows, only, night, shares))| {
        let (moment, now, (grid, named, home), step, minutes, notice, horizon) = time;
        let (people, candidate, host, groups, talks, again) = people;
        let mut drawn = Drawn {
            moment,
            now,
            grid,
            named,
            home,
            step,
            minutes,
            notice,
            horizon,
            night,
            windows,
            only,
            people,
            candidate,
            host,
            groups,
            talks,
            again,
            shares,
        };
        drawn.fit_shared();
        drawn
    })
}
