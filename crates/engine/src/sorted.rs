//! Maps and sets in the order of their keys, as sorted vectors: one small implementation instead
//! of a balanced tree for each pair of types, which a browser would have to download many times.
//! Ours hold tens of entries, rarely thousands; a copy is one allocation.

use std::borrow::Borrow;

/// A map in the order of its keys.
pub type Map<K, V> = litemap::LiteMap<K, V>;

/// The entries from a key on.
pub fn from<'a, K: Ord + Borrow<Q>, V, Q: Ord + ?Sized>(
    map: &'a Map<K, V>,
    key: &Q,
) -> &'a [(K, V)] {
    let (Ok(at) | Err(at)) = map.find_index(key);
    &map.as_slice()[at..]
}

/// A set in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set<K> {
    members: Vec<K>,
}

impl<K> Default for Set<K> {
    fn default() -> Self {
        Set::new()
    }
}

impl<K> Set<K> {
    /// An empty set.
    pub const fn new() -> Self {
        Set {
            members: Vec::new(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// In order.
    pub fn iter(&self) -> std::slice::Iter<'_, K> {
        self.members.iter()
    }

    /// Takes out what `keep` refuses.
    pub fn retain(&mut self, keep: impl FnMut(&K) -> bool) {
        self.members.retain(keep);
    }

    /// Takes out all.
    pub fn clear(&mut self) {
        self.members.clear();
    }
}

impl<K: Ord> Set<K> {
    /// Adds a member; false when it was in already.
    pub fn insert(&mut self, member: K) -> bool {
        match self.members.binary_search(&member) {
            Ok(_) => false,
            Err(at) => {
                self.members.insert(at, member);
                true
            }
        }
    }

    /// Whether it is in.
    pub fn contains<Q: Ord + ?Sized>(&self, member: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(member).is_ok()
    }

    /// Takes one out; false when it was not in.
    pub fn remove<Q: Ord + ?Sized>(&mut self, member: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        let found = self.find(member);
        if let Ok(at) = found {
            self.members.remove(at);
        }
        found.is_ok()
    }

    fn find<Q: Ord + ?Sized>(&self, member: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.members
            .binary_search_by(|other| other.borrow().cmp(member))
    }
}

impl<K: Ord> FromIterator<K> for Set<K> {
    fn from_iter<I: IntoIterator<Item = K>>(members: I) -> Self {
        let mut set = Set::new();
        set.extend(members);
        set
    }
}

impl<K: Ord> Extend<K> for Set<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, members: I) {
        for member in members {
            self.insert(member);
        }
    }
}

impl<'a, K> IntoIterator for &'a Set<K> {
    type Item = &'a K;
    type IntoIter = std::slice::Iter<'a, K>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K> IntoIterator for Set<K> {
    type Item = K;
    type IntoIter = std::vec::IntoIter<K>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Set;

    #[test]
    fn a_set_keeps_its_order_and_each_member_once() {
        let mut set: Set<&str> = ["c", "a", "b", "a"].into_iter().collect();
        assert_eq!(set.iter().copied().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(!set.insert("b"));
        assert!(set.remove("a") && !set.remove("a"));
        assert!(set.contains("c") && !set.contains("a"));
    }
}
