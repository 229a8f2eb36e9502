//! Things with commas between them, as they come.

use crate::syntax::tree::{Comment, List, Listed};

/// Things with commas between them, as they come.
pub struct ListBuilder<'s, T> {
    /// What came so far.
    pub list: List<'s, T>,
}

impl<'s, T> ListBuilder<'s, T> {
    /// A list without anything in it.
    pub fn new() -> ListBuilder<'s, T> {
        ListBuilder { list: List { items: Vec::new() } }
    }

    /// Takes in the next thing.
    pub fn push(&mut self, node: T) {
        self.list.items.push(Listed { node, comments: Vec::new() });
    }

    /// Takes in a comment behind the last thing.
    pub fn comment(&mut self, comment: Comment<'s>) {
        if let Some(last) = self.list.items.last_mut() {
            last.comments.push(comment);
        }
    }
}
