//! Merges an edition into the base that it extends; each value keeps the position in its file.

use std::collections::BTreeMap;

use super::{
    method,
    tree::{Entry, Node, Value},
};
use crate::{nearest::nearest, problem::Problem};

/// Merges an edition into its base. Tables are merged field by field; lists of tables with ids are merged by id, with
/// new ones at the end; bilingual texts and choices are replaced as a whole, so that an edition's Chinese does not keep
/// the base's English; notes are appended; everything else is replaced. For items see [`merge_items`].
pub fn merge(base: Node, edition: Node) -> Result<Node, Vec<Problem>> {
    let (Value::Table(mut entries), Value::Table(own)) = (base.value, edition.value) else {
        return Ok(Node { at: edition.at, value: Value::Table(BTreeMap::new()) });
    };
    let replace = own.get("items").and_then(|e| e.node.text()) == Some("replace");
    let base_items = entries.remove("item").map_or(Vec::new(), |e| into_list(e.node));
    let mut own_items = Vec::new();
    let mut items_at = None;
    let mut problems = Vec::new();
    for (key, entry) in own {
        match key.as_str() {
            "item" => {
                items_at = Some((entry.key.clone(), entry.node.at.clone()));
                own_items = into_list(entry.node);
            }
            "note" | "document_finding" => {
                let mut notes = entries.remove(&key).map_or(Vec::new(), |e| into_list(e.node));
                let (key_at, at) = (entry.key, entry.node.at.clone());
                notes.extend(into_list(entry.node));
                let node = Node { at, value: Value::List(notes) };
                entries.insert(key, Entry { key: key_at, node });
            }
            _ => insert(&mut entries, key, entry, &mut problems),
        }
    }
    let items = match merge_items(base_items, own_items, replace) {
        Ok(items) => items,
        Err(more) => {
            problems.extend(more);
            Vec::new()
        }
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let (key, at) = items_at.unwrap_or_else(|| (edition.at.clone(), edition.at.clone()));
    entries.insert("item".into(), Entry { key, node: Node { at, value: Value::List(items) } });
    Ok(Node { at: edition.at, value: Value::Table(entries) })
}

fn merge_items(base: Vec<Node>, own: Vec<Node>, replace: bool) -> Result<Vec<Node>, Vec<Problem>> {
    let mut merged = if replace { Vec::new() } else { base.clone() };
    let mut problems = Vec::new();
    for item in own {
        let from = item.get("from").cloned();
        let id = item.id().unwrap_or_default().to_string();
        let parent = match from.as_ref().and_then(Node::text) {
            Some(wanted) => {
                let found = base.iter().find(|b| b.id() == Some(wanted));
                if found.is_none() {
                    let at = from.as_ref().map_or(item.at.clone(), |n| n.at.clone());
                    let ids: Vec<&str> = base.iter().filter_map(Node::id).collect();
                    problems.push(
                        Problem::error("standard_from_unknown", at.place())
                            .with("found", wanted)
                            .with("allowed", ids.join(", ")),
                    );
                }
                found.cloned()
            }
            None => merged.iter().find(|b| b.id() == Some(&id)).cloned(),
        };
        if parent.is_none() && from.is_none() {
            problems.extend(misspelt(&item, &base));
        }
        let item = match parent {
            Some(parent) => over(parent, item, &mut problems),
            None => item,
        };
        match merged.iter_mut().find(|b| b.id() == Some(&id)) {
            Some(place) => *place = item,
            None => merged.push(item),
        }
    }
    if problems.is_empty() { Ok(merged) } else { Err(problems) }
}

fn into_list(node: Node) -> Vec<Node> {
    match node.value {
        Value::List(list) => list,
        _ => Vec::new(),
    }
}

fn insert(into: &mut BTreeMap<String, Entry>, key: String, entry: Entry, problems: &mut Vec<Problem>) {
    let node = match into.remove(&key) {
        Some(old) => over(old.node, entry.node, problems),
        None => entry.node,
    };
    into.insert(key, Entry { key: entry.key, node });
}

/// An entry that is not in the base's list and is incomplete: its id is probably a misspelling of another one's.
fn misspelt(new: &Node, base: &[Node]) -> Option<Problem> {
    let alone = ["title", "reason"].into_iter().all(|key| {
        let known = !base.is_empty() && base.iter().all(|entry| entry.get(key).is_some());
        !known || new.get(key).is_some()
    });
    if alone {
        return None;
    }
    let found = new.id()?;
    let known: Vec<&str> = base.iter().filter_map(Node::id).collect();
    let near = nearest(found, known.iter().copied());
    let code = if near.is_empty() { "standard_not_in_base" } else { "standard_misspelt_in_base" };
    let at = new.get("id").map_or(&new.at, |id| &id.at);
    Some(
        Problem::error(code, at.place())
            .with("found", found)
            .with("nearest", near.join(", "))
            .with("allowed", known.join(", ")),
    )
}

/// Groups of keys that exclude one another: an edition that sets one replaces the others.
const INSTEAD: [(&[&str], &[&str]); 15] = [
    (&["by"], &["from", "until", "after", "days"]),
    (&["year"], &["every", "since"]),
    (&["every"], &["year"]),
    (&["from", "until"], &["by", "after", "days", "year"]),
    (&["after"], &["by", "from", "until", "year"]),
    (&["required"], &["required_by_class"]),
    (&["required_by_class"], &["required"]),
    (&["otherwise"], &["tiers"]),
    (&["tiers"], &["otherwise"]),
    (&["check"], &["entered", "better"]),
    (&["entered"], &["check"]),
    (&["each"], &["least", "most"]),
    (&["least", "most"], &["each", "counted"]),
    (&["points"], &["share"]),
    (&["share"], &["points"]),
];
/// Removes what the edition's keys exclude from the base.
fn give_way(base: &mut BTreeMap<String, Entry>, own: &BTreeMap<String, Entry>) {
    let method = |entries: &BTreeMap<String, Entry>| {
        entries.get("method").and_then(|entry| entry.node.text()).map(str::to_string)
    };
    if method(own).is_some_and(|own| method(base).unwrap_or_else(|| "office".into()) != own) {
        method::keys().for_each(|key| drop(base.remove(key)));
    }
    for (_, others) in INSTEAD.iter().filter(|(keys, _)| keys.iter().any(|key| own.contains_key(*key))) {
        others.iter().for_each(|key| drop(base.remove(*key)));
    }
}

/// Merges `new` over `old`, at `new`'s position.
fn over(old: Node, new: Node, problems: &mut Vec<Problem>) -> Node {
    let at = new.at;
    let value = match (old.value, new.value) {
        (Value::Table(mut entries), Value::Table(own)) => {
            if own.contains_key("zh") || own.contains_key("setting") {
                Value::Table(own)
            } else {
                give_way(&mut entries, &own);
                for (key, entry) in own {
                    insert(&mut entries, key, entry, problems);
                }
                Value::Table(entries)
            }
        }
        (Value::List(old), Value::List(new)) if new.iter().all(|n| n.id().is_some()) && !new.is_empty() => {
            let mut merged = old.clone();
            for node in new {
                match merged.iter().position(|m| m.id() == node.id()) {
                    Some(i) => merged[i] = over(merged[i].clone(), node, problems),
                    None => {
                        problems.extend(misspelt(&node, &old));
                        merged.push(node);
                    }
                }
            }
            Value::List(merged)
        }
        (_, new) => new,
    };
    Node { at, value }
}
