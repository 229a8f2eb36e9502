//! What an expression is made of, measured as Go measures it.

use std::collections::VecDeque;
use std::sync::Arc;

use super::PatternFault;
use super::class::Class;
use super::unicode;

/// Source: `maxHeight` of `regexp/syntax`.
const MAX_HEIGHT: u32 = 1000;
/// Instructions. Source: `maxSize` of `regexp/syntax`: 128 MiB of 40 bytes each.
const MAX_SIZE: u64 = (128 << 20) / 40;
/// Copies of one thing that counted repetitions may make. Source: `maxRepeat` of `regexp/syntax`.
const MAX_COPIES: u64 = 1000;

/// A part of an expression.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Kind,
    /// The least number of characters that it matches.
    pub least: u64,
    height: u32,
    size: u64,
    copies: u64,
    /// How many alternatives there are, if it has any.
    branches: u64,
}

#[derive(Clone, Debug)]
pub enum Kind {
    Empty,
    Literal { points: VecDeque<u32>, ignores_case: bool },
    Class(Arc<Class>),
    Any { line_break: bool },
    Assertion(Assertion),
    Capture(Box<Node>),
    Repeat(Box<Node>, Count),
    Concat(VecDeque<Node>),
    Alternate(VecDeque<Node>),
}

/// What holds at a place between characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assertion {
    BeginText,
    EndText,
    BeginLine,
    EndLine,
    WordBoundary,
    NoWordBoundary,
}

/// How often something is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub least: u32,
    /// No limit if there is none.
    pub most: Option<u32>,
    /// False for `*`, `+` and `?`.
    pub is_counted: bool,
}

impl Node {
    pub fn leaf(kind: Kind) -> Node {
        let least = if let Kind::Literal { points, .. } = &kind {
            u64::try_from(points.len()).unwrap_or(u64::MAX)
        } else {
            u64::from(matches!(kind, Kind::Class(_) | Kind::Any { .. }))
        };
        Node { kind, least, height: 1, size: least.max(1), copies: 0, branches: 0 }
    }

    /// A character class; one that has a single character is that character.
    pub fn class(class: Class) -> Node {
        if let (false, [super::class::Item::Range(first, last)]) = (class.is_negated, class.items.as_slice())
            && first == last
        {
            let cases = if class.ignores_case { unicode::fold(*first).count() } else { 1 };
            if cases <= 2 {
                return Node::leaf(Kind::Literal { points: [*first].into(), ignores_case: cases == 2 });
            }
        }
        Node::leaf(Kind::Class(Arc::new(class)))
    }

    pub fn capture(node: Node) -> Result<Node, PatternFault> {
        let (least, height, size, copies) = (node.least, node.height, node.size, node.copies);
        let kind = Kind::Capture(Box::new(node));
        Node {
            kind,
            least,
            height: height.saturating_add(1),
            size: size.saturating_add(2),
            copies,
            branches: 0,
        }
        .measured()
    }

    pub fn repeat(node: Node, count: Count) -> Result<Node, PatternFault> {
        let (low, high) = (u64::from(count.least), count.most.map(u64::from));
        let size = match (count.is_counted, high) {
            (false, None) if low == 0 => node.size.saturating_add(2),
            (false, _) => node.size.saturating_add(1),
            (true, None) if low == 0 => node.size.saturating_add(2),
            (true, None) => low.saturating_mul(node.size).saturating_add(1),
            (true, Some(high)) => high.saturating_mul(node.size).saturating_add(high.saturating_sub(low)),
        };
        let times = high.unwrap_or(low);
        let copies = match (count.is_counted, high) {
            (false, _) => node.copies,
            (true, Some(0)) => 0,
            (true, None) if low == 0 => node.copies,
            (true, _) => times.saturating_mul(node.copies.max(1)),
        };
        let least = low.saturating_mul(node.least);
        let height = node.height.saturating_add(1);
        let kind = Kind::Repeat(Box::new(node), count);
        let node = Node { kind, least, height, size: size.max(1), copies, branches: 0 }.measured()?;
        if count.is_counted && times >= 2 && copies > MAX_COPIES {
            return Err(PatternFault::Copies);
        }
        Ok(node)
    }

    /// One after the other. Literals side by side become one, and what is a sequence itself joins this one.
    pub fn concat(nodes: Vec<Node>) -> Result<Node, PatternFault> {
        let mut whole = Node { kind: Kind::Empty, least: 0, height: 1, size: 0, copies: 0, branches: 0 };
        let mut parts: VecDeque<Node> = VecDeque::with_capacity(nodes.len());
        for node in nodes {
            let is_sequence = matches!(node.kind, Kind::Concat(_));
            whole.least = whole.least.saturating_add(node.least);
            whole.size = whole.size.saturating_add(node.size);
            whole.height = whole.height.max(node.height.saturating_add(u32::from(!is_sequence)));
            whole.copies = whole.copies.max(node.copies);
            match (parts.back_mut(), node.kind) {
                (
                    Some(Node { kind: Kind::Literal { points, ignores_case }, least, size, .. }),
                    Kind::Literal { points: more, ignores_case: also },
                ) if *ignores_case == also => {
                    *points = joined(std::mem::take(points), more);
                    *least = least.saturating_add(node.least);
                    *size = *least;
                }
                (_, Kind::Concat(inner)) => parts = joined(parts, inner),
                (_, kind) => parts.push_back(Node { kind, ..node }),
            }
        }
        if parts.len() <= 1 {
            return Ok(parts.pop_back().unwrap_or_else(|| Node::leaf(Kind::Empty)));
        }
        whole.kind = Kind::Concat(parts);
        whole.measured()
    }

    /// One or the other. Go makes one class of alternatives that are characters and stand side by side.
    pub fn alternate(nodes: Vec<Node>) -> Result<Node, PatternFault> {
        let mut whole =
            Node { kind: Kind::Empty, least: u64::MAX, height: 1, size: 0, copies: 0, branches: 0 };
        let mut parts: VecDeque<Node> = VecDeque::with_capacity(nodes.len());
        for node in nodes {
            let (branches, first) = if let Kind::Alternate(inner) = &node.kind {
                (node.branches, inner.front())
            } else {
                (1, Some(&node))
            };
            let is_character = |node: Option<&Node>| node.is_some_and(Node::is_character);
            let merged = u64::from(is_character(parts.back()) && is_character(first));
            let size = node.size.saturating_sub(branches.saturating_sub(1)).saturating_sub(merged);
            whole.size = whole.size.saturating_add(size);
            whole.branches = whole.branches.saturating_add(branches).saturating_sub(merged);
            whole.least = whole.least.min(node.least);
            whole.copies = whole.copies.max(node.copies);
            // That of what is inside.
            let height = node.height.saturating_sub(u32::from(branches > 1));
            whole.height = whole.height.max(height);
            if let Kind::Alternate(inner) = node.kind {
                parts = joined(parts, inner);
            } else {
                parts.push_back(node);
            }
        }
        if parts.len() <= 1 {
            return Ok(parts.pop_back().unwrap_or_else(|| Node::leaf(Kind::Empty)));
        }
        whole.size = whole.size.saturating_add(whole.branches.saturating_sub(1));
        whole.height = whole.height.saturating_add(u32::from(whole.branches > 1));
        whole.kind = Kind::Alternate(parts);
        whole.measured()
    }

    fn is_character(&self) -> bool {
        if let Kind::Literal { points, .. } = &self.kind {
            return points.len() == 1;
        }
        matches!(self.kind, Kind::Class(_) | Kind::Any { .. })
    }

    fn measured(self) -> Result<Node, PatternFault> {
        if self.size > MAX_SIZE {
            Err(PatternFault::TooLarge)
        } else if self.height > MAX_HEIGHT {
            Err(PatternFault::TooDeep)
        } else {
            Ok(self)
        }
    }
}

/// One behind the other, in time that the shorter one takes: what is nested is joined again at each level.
fn joined<T>(mut left: VecDeque<T>, mut right: VecDeque<T>) -> VecDeque<T> {
    if left.len() >= right.len() {
        left.extend(right);
        return left;
    }
    while let Some(last) = left.pop_back() {
        right.push_front(last);
    }
    right
}
