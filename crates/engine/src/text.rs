//! Interned texts: state holds small ids, the characters stand here once.

use crate::ids::TextId;
use crate::sorted::Map;
use std::sync::Arc;

/// A growing table of texts. Id 0 is the empty text.
#[derive(Clone, Debug)]
pub struct Texts {
    texts: Vec<Arc<str>>,
    ids: Map<Arc<str>, TextId>,
}

impl TextId {
    /// The empty text.
    pub const EMPTY: TextId = TextId(0);
}

impl Default for Texts {
    fn default() -> Self {
        let mut texts = Texts {
            texts: Vec::new(),
            ids: Map::new(),
        };
        texts.intern("");
        texts
    }
}

impl Texts {
    /// The id of `text`, which is added if it is new.
    pub fn intern(&mut self, text: &str) -> TextId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = TextId::at(self.texts.len());
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.ids.insert(text, id);
        id
    }

    /// The characters of `id`; empty for an id of another table.
    pub fn get(&self, id: TextId) -> &str {
        self.texts.get(id.index()).map_or("", |text| text)
    }
}
