//! Case U8: who of a stage's panel takes part. Everyone of "all of", of each "any of" the one who
//! has done least, nobody of the optional ones.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::{InterviewNew, MeetingType, Outcome, PanelProposal};
use greenroom_protocol::pipeline::{
    CandidateMove, PanelGroup, PanelRule, Stage, StageConfigure, StageInterview,
};
use greenroom_protocol::workspace::{MemberAdd, Reference};
use greenroom_tests::sandbox::Config;

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, with};

const SAM: usize = 0;
const LENA: usize = 1;
const KOFI: usize = 2;
const MINA: usize = 3;

struct Panel {
    desk: Fixture,
    /// Sam, Lena, Kofi and Mina.
    people: Vec<MemberId>,
    stage: Stage,
}

impl Panel {
    async fn open() -> Self {
        let desk = Fixture::unconnected(Config::default()).await;
        let mut people = Vec::new();
        for name in ["Sam Ito", "Lena Bauer", "Kofi Mensah", "Mina Okafor"] {
            let member = MemberAdd {
                name: name.into(),
                email: format!("{}@acme.example", name.to_lowercase().replace(' ', ".")),
                zoom_email: None,
                zone: None,
                roles: Vec::new(),
                hiring_jobs: Vec::new(),
            };
            people.push(desk.dana.member_add(member).await.unwrap().id);
        }
        let stage = desk.dana.job_list().await.unwrap().items[0].stages[0].clone();
        Self {
            desk,
            people,
            stage,
        }
    }

    async fn plans(&self, groups: &[(PanelRule, &[usize])]) {
        let group = |(rule, members): &(PanelRule, &[usize])| PanelGroup {
            rule: *rule,
            members: members.iter().map(|at| self.people[*at]).collect(),
        };
        let stage = StageConfigure {
            stage: self.stage.id.to_string(),
            interview: Some(StageInterview {
                panel: groups.iter().map(group).collect(),
                ..StageInterview::default()
            }),
            ..StageConfigure::default()
        };
        self.desk.dana.stage_configure(stage).await.unwrap();
    }

    async fn books(&self, candidate: &str, start: &str, people: &[usize]) -> Outcome {
        let interview = InterviewNew {
            kind: MeetingType::Phone,
            details: Some("+1 555 0100".into()),
            with: people
                .iter()
                .map(|at| self.people[*at].to_string())
                .collect(),
            ..with(candidate, start)
        };
        self.desk.dana.interview_new(interview).await.unwrap()
    }

    fn took(&self, outcome: &Outcome) -> Vec<usize> {
        let at = |id| self.people.iter().position(|it| *it == id).unwrap();
        let interviewers = outcome.interview.interviewers.iter();
        interviewers.map(|it| at(it.id)).collect()
    }
}

fn counts(panel: &PanelProposal) -> Vec<(u32, u32, bool, bool)> {
    let members = panel.groups.iter().flat_map(|group| &group.members);
    members
        .map(|it| (it.interviews, it.week_minutes, it.free, it.proposed))
        .collect()
}

/// Case U8.
#[tokio::test]
async fn without_names_the_panel_of_the_stage_takes_part_one_of_each_group() {
    let panel = Panel::open().await;
    panel
        .plans(&[
            (PanelRule::AllOf, &[SAM]),
            (PanelRule::AnyOf, &[LENA, KOFI]),
            (PanelRule::Optional, &[MINA]),
        ])
        .await;
    // Lena did one already, so it is Kofi's turn; then both have one, and the id decides.
    panel.books(BEN, "2026-11-30T15:00:00Z", &[LENA]).await;
    let first = panel.books(ANA, TEN, &[]).await;
    assert_eq!(panel.took(&first), [SAM, KOFI]);
    let told = first.panel.as_ref().unwrap();
    assert_eq!(
        counts(told),
        [
            (0, 0, true, true),
            (1, 30, true, false),
            (0, 0, true, true),
            (0, 0, true, false)
        ]
    );
    let least = [LENA, KOFI].into_iter().min_by_key(|at| panel.people[*at]);
    let second = panel.books(BEN, "2026-12-02T10:00:00Z", &[]).await;
    assert_eq!(panel.took(&second), [SAM, least.unwrap()]);
}

/// Case U8: who has another interview then is not chosen, however little they did.
#[tokio::test]
async fn who_is_busy_is_not_chosen_and_a_person_who_is_named_stays() {
    let panel = Panel::open().await;
    panel.plans(&[(PanelRule::AnyOf, &[LENA, KOFI])]).await;
    for hour in 10..13 {
        let start = format!("2026-12-03T{hour}:00:00Z");
        panel.books(BEN, &start, &[LENA]).await;
    }
    panel.books(BEN, TEN, &[KOFI]).await;
    let at_ten = panel.books(ANA, TEN, &[]).await;
    assert_eq!(panel.took(&at_ten), [LENA], "Kofi has Ben then");
    let named = panel.books(ANA, "2026-12-04T10:00:00Z", &[LENA]).await;
    assert_eq!(panel.took(&named), [LENA]);
    let proposed = &named.panel.unwrap().interviewers;
    assert_eq!(
        proposed[0].id, panel.people[KOFI],
        "and is proposed otherwise"
    );
}

/// Case U8: two groups that share people are filled with two people, where a greedy choice would
/// find one only.
#[tokio::test]
async fn groups_that_share_people_get_one_each() {
    let panel = Panel::open().await;
    panel
        .plans(&[
            (PanelRule::AnyOf, &[LENA, KOFI]),
            (PanelRule::AnyOf, &[LENA]),
        ])
        .await;
    panel.books(BEN, "2026-12-02T15:00:00Z", &[KOFI]).await;
    let outcome = panel.books(ANA, TEN, &[]).await;
    assert_eq!(panel.took(&outcome), [KOFI, LENA]);
}

/// Case U8: a cancelled interview does not count, one long ago neither.
#[tokio::test]
async fn what_was_cancelled_or_is_long_ago_does_not_count() {
    let panel = Panel::open().await;
    panel.plans(&[(PanelRule::AnyOf, &[LENA, KOFI])]).await;
    let cancelled = panel.books(BEN, "2026-12-02T15:00:00Z", &[LENA]).await;
    let id = Reference::to(cancelled.interview.id.to_string());
    panel.desk.dana.interview_cancel(id.into()).await.unwrap();
    panel.books(BEN, "2026-12-02T15:00:00Z", &[KOFI]).await;
    let now = panel.books(ANA, TEN, &[]).await;
    assert_eq!(panel.took(&now), [LENA]);
    // Six weeks later what Kofi did is forgotten, and so is what Lena did: the id decides.
    let least = [LENA, KOFI].into_iter().min_by_key(|at| panel.people[*at]);
    let later = panel.books(ANA, "2027-01-20T10:00:00Z", &[]).await;
    assert_eq!(panel.took(&later), [least.unwrap()]);
}

/// Case U8: of a stage without a panel, and of one whose people are all optional, the caller takes
/// part.
#[tokio::test]
async fn without_a_panel_the_caller_takes_part() {
    let panel = Panel::open().await;
    let mine = |outcome: &Outcome| {
        let names = outcome
            .interview
            .interviewers
            .iter()
            .map(|it| it.name.clone());
        names.collect::<Vec<_>>()
    };
    let outcome = panel.books(ANA, TEN, &[]).await;
    assert_eq!(
        (mine(&outcome), outcome.panel),
        (vec!["Dana Reyes".to_owned()], None)
    );
    panel.plans(&[(PanelRule::Optional, &[MINA])]).await;
    let outcome = panel.books(BEN, "2026-12-02T10:00:00Z", &[]).await;
    assert_eq!(
        (mine(&outcome), outcome.panel),
        (vec!["Dana Reyes".to_owned()], None)
    );
}

/// Case U7: a move to the stage somebody is in changes nothing, and is refused.
#[tokio::test]
async fn a_move_to_the_same_stage_changes_nothing_and_says_so() {
    let panel = Panel::open().await;
    let to = CandidateMove {
        candidate: ANA.into(),
        stage: panel.stage.name.clone(),
        ..CandidateMove::default()
    };
    let moved = panel.desk.dana.candidate_move(to.clone()).await.unwrap();
    let again = panel.desk.dana.candidate_move(to).await.unwrap();
    assert_eq!(
        moved.application, again.application,
        "no revision, no history"
    );
    assert_eq!(moved.from, moved.application.stage);
    assert!(moved.warnings[0].contains("is already in"), "{moved:?}");
}
