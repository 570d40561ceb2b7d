//! What concerns which unit of a scoring standard.

use super::{
    Item, Member, Over, Standard, UnitKind,
    entry::{Entry, What},
};

impl Standard {
    /// Whether the entry is made for a unit: in a standard by departments, for the departments of its item.
    pub fn concerns(&self, entry: &Entry, is_called: impl Fn(&str) -> bool) -> bool {
        let Some(item) = entry.item.and_then(|item| self.items.get(item)) else { return true };
        self.concerns_item(item, is_called)
    }

    /// Whether an item is scored for a unit: in a standard by departments, for those of the item.
    pub fn concerns_item(&self, item: &Item, is_called: impl Fn(&str) -> bool) -> bool {
        let by_department = self.units.as_ref().is_some_and(|units| units.by_department);
        !by_department || item.departments.iter().any(|name| is_called(name.trim()))
    }

    /// The units that the document names, with duties or without, and gives none of its items: they are listed and not
    /// scored.
    pub fn members_without_items(&self) -> Vec<&Member> {
        let Some(units) = self.units.as_ref().filter(|units| units.by_department) else { return Vec::new() };
        let is_idle = |member: &&Member| {
            let is = |name: &str| name == member.name || member.aliases.iter().any(|alias| alias == name);
            !self.items.iter().any(|item| self.concerns_item(item, is))
        };
        units.members.iter().filter(is_idle).collect()
    }

    /// Whether an entry is one figure of the district, the same for every unit: entered once, in any unit's column.
    pub fn is_shared(&self, entry: &Entry) -> bool {
        let (What::CheckValue { check } | What::CheckRequired { check }) = &entry.what else { return false };
        let kind = self.units.as_ref().map(|units| units.kind);
        let within = kind == Some(UnitKind::School);
        let item = entry.item.and_then(|item| self.items.get(item));
        let check = item.and_then(|item| item.checks().iter().find(|own| own.id == *check));
        within && check.is_some_and(|check| check.over == Over::District)
    }

    /// Whether units are ranked: not where the document neither ranks nor compares them (setting `ranking` = `none`).
    pub fn ranks_units(&self) -> bool {
        self.setting("ranking") != "none"
    }
}
