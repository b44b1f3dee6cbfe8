//! Owns which Unix users of which machine are whom: what becomes of links when they begin to
//! name a machine, and when a backup is restored.
//!
//! The same number is another person on another machine, so a link counts on the machine it was
//! made on. Invariants: nobody becomes a member by a number of another machine unless the operator
//! says that both have the same people; a link that was removed anywhere does not return.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use greenroom_protocol::id::{MemberId, WorkspaceId};

use crate::records::workspace::{LinkRecord, Machine, MemberRecord, UnixUser};
use crate::services::Services;
use crate::store::{GLOBAL, Store, StoreError};

/// Links read at a time.
const PAGE: usize = 500;

/// A member of a workspace.
type Who = (WorkspaceId, MemberId);

type Links = BTreeMap<UnixUser, LinkRecord>;

/// Whose links of a restored backup are links on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// Those made on it, and those that name no machine.
    OfThisMachine,
    /// Those made on it. Those that name no machine were made somewhere else, on a
    /// machine that is known by the store that was there.
    OfTheMachineOf(Machine),
    /// All: the backup is from a machine that has the same Unix users.
    Same,
}

/// The member's Unix user on this machine. The number in their record may be of another one.
pub(super) fn linked_here(
    services: &Services,
    workspace: WorkspaceId,
    id: MemberId,
    record: &MemberRecord,
) -> Option<u32> {
    let is_theirs = |uid: &u32| {
        let links = services.index.link(services.user(*uid));
        links.is_some_and(|links| links.members.contains(&(workspace, id)))
    };
    record.unix_uid.filter(is_theirs)
}

/// The members of a workspace who were linked on another machine and are not on this one, by name.
#[must_use]
pub fn linked_elsewhere(services: &Services, workspace: WorkspaceId) -> Vec<String> {
    let members = services.index.members(workspace).into_iter();
    let elsewhere = members.filter(|row| {
        let here = linked_here(services, workspace, row.id, &row.record);
        row.record.unix_uid.is_some() && here.is_none()
    });
    elsewhere.map(|row| row.record.name.clone()).collect()
}

/// Makes links that name no machine links of the machine the store is on. Where
/// there are none, nothing is written.
///
/// # Errors
/// What the store says.
pub async fn adopt_links(store: &Store) -> Result<(), StoreError> {
    let machine = store.machine().parse().unwrap_or(Machine::UNKNOWN);
    let before = links(store).await?;
    if before.keys().all(|user| user.machine.is_some()) {
        return Ok(());
    }
    write(store, &before, &told_apart(&before, machine)).await
}

/// Decides which links of a restored store are links on `machine`, and has the members' records
/// name the users of that machine. Run again, it changes nothing.
///
/// # Errors
/// What the store says.
pub async fn settle_links(
    store: &Store,
    machine: Machine,
    people: People,
) -> Result<(), StoreError> {
    let before = links(store).await?;
    let recorded = recorded(store, &before).await?;
    let after = settled(&before, &recorded, machine, people);
    write(store, &before, &after).await?;
    let differing: Vec<_> = differing(&after, &recorded, machine).collect();
    let written = store.transact_each(&differing, |tx, ((workspace, id), uid)| async move {
        let (space, id) = (workspace.to_string(), id.to_string());
        let Some(mut record) = tx.get::<MemberRecord>(&space, &id).await? else {
            return Ok(());
        };
        record.unix_uid = Some(*uid);
        tx.put(&space, &id, &record)
    });
    written.await
}

/// The same links, each of a machine: those of none yet are of `old`.
fn told_apart(before: &Links, old: Machine) -> Links {
    let mut after = Links::new();
    for (user, links) in before {
        let machine = user.machine.or(Some(old));
        let known = after.entry(UnixUser { machine, ..*user }).or_default();
        for link in &links.members {
            add(known, *link);
        }
        known.usual = known.usual.or(links.usual);
    }
    after
}

/// The links of a restored store as they are on `machine`. `recorded` is the number in each linked
/// member's record.
fn settled(
    before: &Links,
    recorded: &HashMap<Who, Option<u32>>,
    machine: Machine,
    people: People,
) -> Links {
    let old = match people {
        People::OfThisMachine | People::Same => machine,
        People::OfTheMachineOf(other) => other,
    };
    let mut after = told_apart(before, old);
    for links in after.values_mut() {
        let linked = |who: &Who| matches!(recorded.get(who), Some(Some(_)));
        // The member is gone or was unlinked since, on another machine.
        let removed: Vec<_> = links.members.extract_if(.., |it| !linked(it)).collect();
        let of_removed = |usual: &WorkspaceId| removed.iter().any(|(it, _)| it == usual);
        links.usual = links.usual.filter(|usual| !of_removed(usual));
    }
    after.retain(|_, links| *links != LinkRecord::default());
    if people == People::Same {
        take_over(&mut after, recorded, machine);
    }
    after
}

/// Links on `machine` those linked on others under the number in their record. A number that
/// is two people, on two machines, is nobody here until somebody links it.
fn take_over(links: &mut Links, recorded: &HashMap<Who, Option<u32>>, machine: Machine) {
    let here = |user: &UnixUser| user.machine == Some(machine);
    let of_here = links.iter().filter(|(user, _)| here(user));
    let linked: BTreeSet<Who> = of_here.flat_map(|(_, it)| it.members.clone()).collect();
    let mut claims: BTreeMap<(u32, WorkspaceId), BTreeSet<MemberId>> = BTreeMap::new();
    let mut usual = HashMap::new();
    for (user, theirs) in links.iter().filter(|(user, _)| !here(user)) {
        let agreed = |who: &&Who| recorded.get(*who) == Some(&Some(user.uid));
        let open = theirs.members.iter().filter(agreed);
        for (workspace, id) in open.filter(|who| !linked.contains(who)) {
            let claimed = claims.entry((user.uid, *workspace)).or_default();
            claimed.insert(*id);
        }
        if let Some(workspace) = theirs.usual {
            usual.entry(user.uid).or_insert(workspace);
        }
    }
    for ((uid, workspace), claimed) in claims {
        let Some(id) = claimed.first().filter(|_| claimed.len() == 1) else {
            continue;
        };
        let machine = Some(machine);
        let known = links.entry(UnixUser { machine, uid }).or_default();
        add(known, (workspace, *id));
        known.usual = known.usual.or_else(|| usual.get(&uid).copied());
    }
}

/// Adds a link, unless the user is somebody else in that workspace already.
fn add(links: &mut LinkRecord, who: Who) {
    if !links.members.iter().any(|(it, _)| *it == who.0) {
        links.members.push(who);
    }
}

/// Members who are linked on `machine` under another number than their record names.
fn differing(
    links: &Links,
    recorded: &HashMap<Who, Option<u32>>,
    machine: Machine,
) -> impl Iterator<Item = (Who, u32)> {
    let here = links.iter().filter(move |it| it.0.machine == Some(machine));
    let named = here.flat_map(|(user, links)| links.members.iter().map(|who| (*who, user.uid)));
    named.filter(|(who, uid)| recorded.get(who) != Some(&Some(*uid)))
}

/// Every Unix user who is somebody, of whatever machine.
async fn links(store: &Store) -> Result<Links, StoreError> {
    let (mut found, mut after) = (Links::new(), None::<String>);
    loop {
        let page = store.scan(GLOBAL, after.as_deref(), PAGE).await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let rows = page.rows.into_iter();
        found.extend(rows.filter_map(|(id, row)| Some((id.parse().ok()?, row.record))));
        if !page.more {
            return Ok(found);
        }
    }
}

/// The number in the record of everybody who is linked; nobody who is gone.
async fn recorded(store: &Store, links: &Links) -> Result<HashMap<Who, Option<u32>>, StoreError> {
    let mut found = HashMap::new();
    for (user, links) in links {
        for (workspace, id) in &links.members {
            let (space, key) = (workspace.to_string(), id.to_string());
            let uid = match store.get::<MemberRecord>(&space, &key).await {
                Ok(Some(stored)) => stored.record.unix_uid,
                Ok(None) => continue,
                // `doctor` names the record; it is no reason against a restore.
                Err(StoreError::Migrate { .. } | StoreError::Decode { .. }) => Some(user.uid),
                Err(error) => return Err(error),
            };
            found.insert((*workspace, *id), uid);
        }
    }
    Ok(found)
}

/// Replaces the links `before` by those `after`. Cut off half way, no link is missing.
async fn write(store: &Store, before: &Links, after: &Links) -> Result<(), StoreError> {
    let changed: Vec<_> = after
        .iter()
        .filter(|(user, links)| before.get(user) != Some(links))
        .collect();
    let put = store.transact_each(&changed, |tx, (user, links)| async move {
        tx.put(GLOBAL, &user.to_string(), *links)
    });
    put.await?;
    let gone: Vec<_> = before.keys().filter(|it| !after.contains_key(it)).collect();
    let removed = store.transact_each(&gone, |tx, user| async move {
        tx.delete::<LinkRecord>(GLOBAL, &user.to_string())
    });
    removed.await
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "0123456789abcdef0123456789abcdef";
    const THERE: &str = "fedcba9876543210fedcba9876543210";
    const THIRD: &str = "00000000000000000000000000000003";

    fn machine(id: &str) -> Machine {
        id.parse().unwrap()
    }

    /// Links by the ids they are stored under.
    fn stored(links: &[(String, &[Who])]) -> Links {
        let links = links.iter().map(|(id, members)| {
            let record = LinkRecord {
                members: members.to_vec(),
                usual: members.first().map(|(workspace, _)| *workspace),
            };
            (id.parse().unwrap(), record)
        });
        links.collect()
    }

    fn of(machine: &str, uid: u32) -> String {
        format!("{machine}/{uid}")
    }

    fn two() -> (Who, Who) {
        let acme = WorkspaceId::new();
        ((acme, MemberId::new()), (acme, MemberId::new()))
    }

    #[test]
    fn links_of_before_are_of_this_machine_only_where_its_store_was() {
        let (dana, _) = two();
        let before = stored(&[("1000".into(), &[dana])]);
        let recorded = HashMap::from([(dana, Some(1000))]);
        let other = machine(THERE);
        for (people, expected) in [
            (People::OfThisMachine, of(HERE, 1000)),
            (People::Same, of(HERE, 1000)),
            (People::OfTheMachineOf(other), of(THERE, 1000)),
        ] {
            let after = settled(&before, &recorded, machine(HERE), people);
            assert_eq!(after, stored(&[(expected, &[dana])]));
            assert_eq!(settled(&after, &recorded, machine(HERE), people), after);
        }
    }

    #[test]
    fn the_same_number_on_two_machines_is_two_people() {
        let (dana, iris) = two();
        let before = stored(&[(of(HERE, 1000), &[dana]), (of(THERE, 1000), &[iris])]);
        let recorded = HashMap::from([(dana, Some(1000)), (iris, Some(1000))]);
        let here = machine(HERE);
        for people in [People::OfThisMachine, People::Same] {
            assert_eq!(settled(&before, &recorded, here, people), before);
        }
        // On a third machine with the same people it could be either, so it is neither.
        let third = machine(THIRD);
        assert_eq!(settled(&before, &recorded, third, People::Same), before);
    }

    #[test]
    fn the_same_people_are_taken_over_as_their_records_name_them() {
        let (dana, iris) = two();
        // Dana was linked anew under another number, on the machine that made the backup.
        let before = stored(&[
            (of(THERE, 1000), &[dana]),
            (of(THERE, 1001), &[iris]),
            (of(THIRD, 2000), &[dana]),
        ]);
        let recorded = HashMap::from([(dana, Some(2000)), (iris, Some(1001))]);
        let after = settled(&before, &recorded, machine(HERE), People::Same);
        let here = after
            .iter()
            .filter(|it| it.0.machine == Some(machine(HERE)));
        let here: Links = here.map(|(user, links)| (*user, links.clone())).collect();
        let expected = [(of(HERE, 1001), &[iris][..]), (of(HERE, 2000), &[dana])];
        assert_eq!(here, stored(&expected));
        let after = settled(&before, &recorded, machine(HERE), People::OfThisMachine);
        assert_eq!(after, before);
    }

    #[test]
    fn a_link_that_was_removed_on_another_machine_does_not_return() {
        let (dana, iris) = two();
        let before = stored(&[(of(HERE, 1000), &[dana]), (of(HERE, 1001), &[iris])]);
        // Dana was unlinked there, and Iris is a member no more.
        let recorded = HashMap::from([(dana, None)]);
        let after = settled(&before, &recorded, machine(HERE), People::OfThisMachine);
        assert_eq!(after, Links::new());
    }

    #[test]
    fn a_record_names_the_number_of_this_machine() {
        let (dana, iris) = two();
        let links = stored(&[(of(HERE, 1000), &[dana]), (of(THERE, 1001), &[iris])]);
        let recorded = HashMap::from([(dana, Some(2000)), (iris, Some(3000))]);
        let found: Vec<_> = differing(&links, &recorded, machine(HERE)).collect();
        assert_eq!(found, [(dana, 1000)]);
    }
}
