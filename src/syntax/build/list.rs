//! Things with commas between them, as they come.

use crate::syntax::tree::{Comment, List, Listed};

/// Things with commas between them, as they come.
pub struct ListBuilder<'s, T> {
    list: List<'s, T>,
}

impl<'s, T> ListBuilder<'s, T> {
    /// A list without anything in it, with room for as many things as will probably come.
    pub fn with_room(things: usize) -> ListBuilder<'s, T> {
        ListBuilder { list: List { items: Vec::with_capacity(things) } }
    }

    pub fn push(&mut self, node: T) {
        self.list.items.push(Listed { node, comments: Vec::new() });
    }

    pub const fn so_far(&self) -> &List<'s, T> {
        &self.list
    }

    /// All that came, in no more room than it needs: a tree is kept for long.
    pub fn done(mut self) -> List<'s, T> {
        self.list.items.shrink_to_fit();
        self.list
    }

    /// Takes in a comment behind the last thing.
    pub fn comment(&mut self, comment: Comment<'s>) {
        if let Some(last) = self.list.items.last_mut() {
            last.comments.push(comment);
        }
    }
}
