//! Whether an expression matches a text: all ways through it at once, so that no text takes longer than its length.

use std::collections::VecDeque;

use super::class::Class;
use super::node::{Assertion, Count, Kind, Node};
use super::unicode;

/// The most steps that a match may take: instructions by characters.
const MAX_STEPS: usize = 1 << 24;

enum Instruction<'n> {
    Point(u32, bool),
    Class(&'n Class),
    Any {
        line_break: bool,
    },
    Assertion(Assertion),
    /// Goes on at both.
    Split(usize, usize),
    Jump(usize),
    Fail,
    Match,
}

/// An expression, as far as it counts for one text.
pub struct Program<'n> {
    text: Vec<char>,
    code: Vec<Instruction<'n>>,
}

impl<'n> Program<'n> {
    /// Nothing if matching could take more than [`MAX_STEPS`].
    pub fn compile(node: &'n Node, text: &str) -> Option<Program<'n>> {
        let text: Vec<char> = text.chars().collect();
        let mut program = Program { text, code: Vec::new() };
        program.add(node)?;
        program.emit(Instruction::Match)?;
        Some(program)
    }

    fn emit(&mut self, instruction: Instruction<'n>) -> Option<usize> {
        let at = self.code.len();
        if at.saturating_mul(self.text.len().saturating_add(1)) > MAX_STEPS {
            return None;
        }
        self.code.push(instruction);
        Some(at)
    }

    /// Lets an instruction that splits go on at the end of the code as well.
    fn split_to_end(&mut self, at: usize) {
        let end = self.code.len();
        if let Some(instruction) = self.code.get_mut(at) {
            *instruction = Instruction::Split(at.saturating_add(1), end);
        }
    }

    fn add(&mut self, node: &'n Node) -> Option<()> {
        if node.least > u64::try_from(self.text.len()).unwrap_or(u64::MAX) {
            return self.emit(Instruction::Fail).map(|_| ());
        }
        match &node.kind {
            Kind::Empty => {}
            Kind::Literal { points, ignores_case } => {
                for point in points {
                    self.emit(Instruction::Point(*point, *ignores_case))?;
                }
            }
            Kind::Class(class) => return self.emit(Instruction::Class(class)).map(|_| ()),
            Kind::Any { line_break } => {
                return self.emit(Instruction::Any { line_break: *line_break }).map(|_| ());
            }
            Kind::Assertion(assertion) => {
                return self.emit(Instruction::Assertion(*assertion)).map(|_| ());
            }
            Kind::Capture(node) => self.add(node)?,
            Kind::Repeat(node, count) => self.repeat(node, *count)?,
            Kind::Concat(nodes) => {
                for node in nodes {
                    self.add(node)?;
                }
            }
            Kind::Alternate(nodes) => self.alternate(nodes)?,
        }
        Some(())
    }

    fn alternate(&mut self, nodes: &'n VecDeque<Node>) -> Option<()> {
        let mut ends = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            if index.saturating_add(1) == nodes.len() {
                self.add(node)?;
                break;
            }
            let split = self.emit(Instruction::Fail)?;
            self.add(node)?;
            ends.push(self.emit(Instruction::Fail)?);
            self.split_to_end(split);
        }
        for at in ends {
            let end = self.code.len();
            if let Some(instruction) = self.code.get_mut(at) {
                *instruction = Instruction::Jump(end);
            }
        }
        Some(())
    }

    /// A text of n characters can be cut into at most n parts that are not empty. So n+1 repetitions are as good as
    /// more: one of them is empty, and what is empty once may be so any number of times.
    fn repeat(&mut self, node: &'n Node, count: Count) -> Option<()> {
        let limit = u32::try_from(self.text.len()).unwrap_or(u32::MAX).saturating_add(1);
        let least = count.least.min(limit);
        for _ in 0..least {
            self.add(node)?;
        }
        match count.most.filter(|most| *most < limit) {
            None => {
                let split = self.emit(Instruction::Fail)?;
                self.add(node)?;
                self.emit(Instruction::Jump(split))?;
                self.split_to_end(split);
            }
            Some(most) => {
                let mut splits = Vec::new();
                for _ in least..most {
                    splits.push(self.emit(Instruction::Fail)?);
                    self.add(node)?;
                }
                for split in splits {
                    self.split_to_end(split);
                }
            }
        }
        Some(())
    }

    /// True if a part of the text matches; expressions of targets have their own anchors.
    pub fn matches(&self) -> bool {
        let mut now = Threads::new(self.code.len());
        let mut next = Threads::new(self.code.len());
        for at in 0..=self.text.len() {
            if self.follow(&mut now, 0, at) {
                return true;
            }
            let Some(letter) = self.text.get(at) else { break };
            for index in 0..now.list.len() {
                let Some(instruction) = now.list.get(index).copied() else { break };
                let goes_on = self.code.get(instruction).is_some_and(|code| code.takes(*letter));
                let behind = at.saturating_add(1);
                if goes_on && self.follow(&mut next, instruction.saturating_add(1), behind) {
                    return true;
                }
            }
            std::mem::swap(&mut now, &mut next);
            next.clear();
        }
        false
    }

    /// Adds all instructions that take a character and can be reached from one without any. True if the end can.
    fn follow(&self, threads: &mut Threads, from: usize, at: usize) -> bool {
        let mut waiting = vec![from];
        while let Some(instruction) = waiting.pop() {
            if !threads.mark(instruction) {
                continue;
            }
            match self.code.get(instruction) {
                Some(Instruction::Match) => return true,
                Some(Instruction::Jump(to)) => waiting.push(*to),
                Some(Instruction::Split(one, other)) => waiting.extend([*one, *other]),
                Some(Instruction::Assertion(assertion)) => {
                    if self.holds(*assertion, at) {
                        waiting.push(instruction.saturating_add(1));
                    }
                }
                Some(Instruction::Point(..) | Instruction::Class(_) | Instruction::Any { .. }) => {
                    threads.list.push(instruction);
                }
                Some(Instruction::Fail) | None => {}
            }
        }
        false
    }

    fn holds(&self, assertion: Assertion, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.text.get(before));
        let behind = self.text.get(at);
        let is_word = |letter: Option<&char>| {
            letter.is_some_and(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
        };
        match assertion {
            Assertion::BeginText => before.is_none(),
            Assertion::EndText => behind.is_none(),
            Assertion::BeginLine => before.is_none_or(|letter| *letter == '\n'),
            Assertion::EndLine => behind.is_none_or(|letter| *letter == '\n'),
            Assertion::WordBoundary => is_word(before) != is_word(behind),
            Assertion::NoWordBoundary => is_word(before) == is_word(behind),
        }
    }
}

impl Instruction<'_> {
    fn takes(&self, letter: char) -> bool {
        match self {
            Instruction::Point(point, ignores_case) => {
                let letter = u32::from(letter);
                *point == letter || *ignores_case && unicode::fold(letter).any(|case| case == *point)
            }
            Instruction::Class(class) => class.has(letter),
            Instruction::Any { line_break } => *line_break || letter != '\n',
            Instruction::Assertion(_)
            | Instruction::Split(..)
            | Instruction::Jump(_)
            | Instruction::Fail
            | Instruction::Match => false,
        }
    }
}

/// Instructions that wait for the next character.
struct Threads {
    list: Vec<usize>,
    is_marked: Vec<bool>,
    marked: Vec<usize>,
}

impl Threads {
    fn new(instructions: usize) -> Threads {
        Threads { list: Vec::new(), is_marked: vec![false; instructions], marked: Vec::new() }
    }

    /// False if it has been marked already.
    fn mark(&mut self, instruction: usize) -> bool {
        match self.is_marked.get_mut(instruction) {
            Some(is_marked) if !*is_marked => {
                *is_marked = true;
                self.marked.push(instruction);
                true
            }
            _ => false,
        }
    }

    fn clear(&mut self) {
        self.list.clear();
        for instruction in self.marked.drain(..) {
            if let Some(is_marked) = self.is_marked.get_mut(instruction) {
                *is_marked = false;
            }
        }
    }
}
