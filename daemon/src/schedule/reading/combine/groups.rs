//! Entries that belong together, so that each day has each time.
//!
//! Owns which day a clock belongs to where a list has several. Must not change an entry.

use super::{Entry, Group, Joint, What};

/// Neighbours that stand together without a comma, and what they share with the next ones.
pub(super) fn groups(entries: Vec<Entry>) -> Vec<Group> {
    let clusters = clusters(entries);
    let ahead: Vec<Option<bool>> = clusters.iter().map(|it| time_first(it)).collect();
    let mut groups = Vec::new();
    let mut group = Group::default();
    for (at, cluster) in clusters.into_iter().enumerate() {
        let (mut days, mut times, mut first_is_time) = (Vec::new(), Vec::new(), false);
        for entry in cluster {
            match entry.what {
                What::Days(it) => days.push(it),
                What::Time(it) => {
                    first_is_time |= days.is_empty();
                    times.push(it);
                }
            }
        }
        let begin = |groups: &mut Vec<Group>, group: &mut Group| {
            if *group != Group::default() {
                groups.push(std::mem::take(group));
            }
        };
        match (days.is_empty(), times.is_empty()) {
            (false, true) => {
                if group.times.is_empty() || group.days.is_empty() {
                    group.days_after |= group.days.is_empty() && !group.times.is_empty();
                } else if !group.days_after {
                    begin(&mut groups, &mut group);
                }
                group.days.extend(days);
            }
            (true, _) => {
                // "10am Mon, 11 or 12 Tue": what stands before its own day belongs to it.
                let next_day = ahead[at + 1..].iter().flatten().next();
                if !group.days.is_empty() && group.days_after {
                    let same = group.days.clone();
                    begin(&mut groups, &mut group);
                    if next_day != Some(&true) {
                        group.days = same;
                    }
                }
                group.times.extend(times);
            }
            (false, false) => {
                let joins = match first_is_time {
                    true => group.days.is_empty(),
                    false => group.times.is_empty(),
                };
                if !joins {
                    begin(&mut groups, &mut group);
                }
                group.days_after = first_is_time;
                group.days.extend(days);
                group.times.extend(times);
            }
        }
    }
    if group != Group::default() {
        groups.push(group);
    }
    groups
}

/// Of a cluster with a day: whether its clock stands first.
fn time_first(cluster: &[Entry]) -> Option<bool> {
    let day = cluster
        .iter()
        .position(|it| matches!(it.what, What::Days(_)))?;
    Some(day > 0)
}

fn clusters(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut clusters: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        let is_day = matches!(entry.what, What::Days(_));
        let joins = entry.joint == Joint::Near
            && clusters.last().is_some_and(|cluster| {
                // A day after a clock after a day begins anew, and so the other way round.
                let changes = cluster.windows(2).any(|pair| {
                    matches!(pair[0].what, What::Days(_)) != matches!(pair[1].what, What::Days(_))
                });
                let last_is_day = cluster
                    .last()
                    .is_some_and(|it| matches!(it.what, What::Days(_)));
                !changes || last_is_day == is_day
            });
        match clusters.last_mut() {
            Some(cluster) if joins => cluster.push(entry),
            _ => clusters.push(vec![entry]),
        }
    }
    clusters
}
