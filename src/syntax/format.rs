//! Tree to text, in the one style, which `docs/style.md` writes down.

use crate::syntax::notation;
use crate::syntax::tree::{
    Allow, Binding, Block, Comment, ControllerName, Identity, Isolate, Item, Line, List, Listed, Mapping,
    MappingSubject, Name, On, Options, Passthrough, Require, Statement, Target, Tree, Value,
};

/// How wide a line may be before what can be broken is.
const WIDTH: usize = 100;
/// How far the statements of a block stand in, and what goes on over several lines.
const INDENT: usize = 2;

/// The text of a tree; nothing if a part of it is broken, for what was not read cannot be kept.
pub fn format(tree: &Tree<'_>) -> Option<String> {
    let lines: Option<Vec<Printed>> = tree.lines.iter().map(item_line).collect();
    let mut lines = lines?;
    separate_blocks(&mut lines);
    Some(print(&lines, 0, 0))
}

/// A line as it is to be printed, and how it goes with its neighbours.
struct Printed {
    blank_before: bool,
    /// Before the sign that neighbours of its kind have in one column.
    left: String,
    /// That sign and what follows, perhaps over several lines.
    right: String,
    /// Lines of one kind that follow each other are aligned.
    kind: Option<Kind>,
    is_block: bool,
    comment: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Setting,
    Let,
    Role,
    Mapping,
    Trust,
}

impl Printed {
    fn plain(text: String) -> Printed {
        let right = String::new();
        Printed { blank_before: false, left: text, right, kind: None, is_block: false, comment: None }
    }

    fn aligned(kind: Kind, left: String, right: String) -> Printed {
        let kind = if left.contains('\n') { None } else { Some(kind) };
        Printed { blank_before: false, left, right, kind, is_block: false, comment: None }
    }

    fn is_comment(&self) -> bool {
        self.left.is_empty() && self.right.is_empty()
    }

    fn width(&self) -> usize {
        self.left.len().saturating_add(1).saturating_add(first_line(&self.right))
    }
}

fn line<T>(line: &Line<'_, T>, print: impl FnOnce(&T) -> Option<Printed>) -> Option<Printed> {
    let printed = match &line.node {
        Some(node) => print(node)?,
        None => Printed::plain(String::new()),
    };
    let comment = line.comment.map(|comment| comment.text.to_owned());
    Some(Printed { blank_before: line.blank_before, comment, ..printed })
}

/// A block of several lines, with the comments right above it, stands apart from its neighbours.
fn separate_blocks(lines: &mut [Printed]) {
    let mut first_of_group = 0;
    let mut after_block = false;
    let mut apart = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let goes_on =
            !line.blank_before && at > 0 && lines.get(at.wrapping_sub(1)).is_some_and(Printed::is_comment);
        if !goes_on {
            first_of_group = at;
        }
        if after_block {
            apart.push(at);
        }
        if line.is_block {
            apart.push(first_of_group);
        }
        after_block = line.is_block;
    }
    for at in apart {
        if let Some(line) = lines.get_mut(at) {
            line.blank_before = true;
        }
    }
}

/// The text of lines. `indent`: how far they stand in; `margin`: how far in what they are printed into.
fn print(lines: &[Printed], indent: usize, margin: usize) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(first) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        let goes_on = |line: &&Printed| line.kind.is_some() && line.kind == first.kind && !line.blank_before;
        let followers = rest.iter().skip(1).take_while(goes_on).count();
        let run = rest.get(..=followers).unwrap_or_default();
        let column = column(run, indent);
        for (offset, line) in run.iter().enumerate() {
            if line.blank_before && at.saturating_add(offset) > 0 {
                out.push('\n');
            }
            print_line(&mut out, line, margin, column);
        }
        at = at.saturating_add(run.len().max(1));
    }
    out
}

/// How wide the left sides of a run are made: not at all, if that alone would make a line too wide.
fn column(run: &[Printed], indent: usize) -> usize {
    let left = run.iter().map(|line| line.left.len()).max().unwrap_or(0);
    let too_wide = |line: &Printed| {
        let aligned = left.saturating_add(1).saturating_add(first_line(&line.right));
        fits(indent, line.width()) && !fits(indent, aligned)
    };
    if run.iter().any(too_wide) { 0 } else { left }
}

fn fits(indent: usize, width: usize) -> bool {
    indent.saturating_add(width) <= WIDTH
}

fn print_line(out: &mut String, line: &Printed, margin: usize, column: usize) {
    let margin = " ".repeat(margin);
    let mut text = line.left.clone();
    if !line.right.is_empty() {
        let padding = if line.kind.is_some() { column.saturating_sub(text.len()) } else { 0 };
        text.extend(std::iter::repeat_n(' ', padding.saturating_add(1)));
        text.push_str(&line.right);
    }
    if let Some(comment) = &line.comment {
        if !text.is_empty() {
            text.push_str("  ");
        }
        text.push_str(comment);
    }
    for part in text.lines() {
        out.push_str(if part.is_empty() { "" } else { &margin });
        out.push_str(part);
        out.push('\n');
    }
}

fn item_line(of: &Line<'_, Item<'_>>) -> Option<Printed> {
    line(of, |item| match item {
        Item::Profile(profile) => block(&format!("profile {}", profile.name.text), &profile.block, 0),
        Item::Cluster(cluster) => {
            let platform = format!(" on {}", cluster.platform.text);
            let braces = if cluster.block.lines.is_empty() { " {}" } else { " {" };
            let room = WIDTH.saturating_sub(platform.len()).saturating_sub(braces.len());
            // Twice as far in as the statements, so that they are told apart.
            let names = list("cluster ", &cluster.names, room, INDENT.saturating_mul(2), name);
            block(&(names + &platform), &cluster.block, 0)
        }
        Item::Include(path) => Some(Printed::plain(format!("include {}", notation::Value::Text(path.raw)))),
        Item::Values(path) => Some(Printed::plain(format!("values {}", notation::Value::Text(path.raw)))),
        Item::Require(require) => Some(Printed::plain(print_require(require))),
        Item::Isolate(Isolate { role, variable, .. }) => {
            Some(Printed::plain(format!("isolate {} by {}", role.text, variable.text)))
        }
        Item::Statement(of) => statement(of, 0),
        Item::Broken(_) => None,
    })
}

fn print_require(require: &Require<'_>) -> String {
    let platform = require.platform.map_or_else(String::new, |platform| format!(" on {}", platform.text));
    let room = WIDTH.saturating_sub(platform.len());
    list("require ", &require.who, room, INDENT, who) + &platform
}

/// A block stays on its line if it was written so, holds at most one statement and no comment, and fits.
/// `outer`: how far the block itself stands in.
fn block(header: &str, block: &Block<'_>, outer: usize) -> Option<Printed> {
    let inner = outer.saturating_add(INDENT);
    let lines: Option<Vec<Printed>> =
        block.lines.iter().map(|of| line(of, |of| statement(of, inner))).collect();
    let mut lines = lines?;
    if let Some(short) = short_block(header, block, &lines, outer) {
        return Some(Printed { is_block: short.contains('\n'), ..Printed::plain(short) });
    }
    separate_blocks(&mut lines);
    let comment = block.open_comment.map_or_else(String::new, |comment| format!("  {}", comment.text));
    let text = format!("{header} {{{comment}\n{}}}", print(&lines, inner, INDENT));
    Some(Printed { is_block: true, ..Printed::plain(text) })
}

fn short_block(header: &str, block: &Block<'_>, lines: &[Printed], outer: usize) -> Option<String> {
    let short = match lines {
        [] if block.open_comment.is_none() => return Some(format!("{header} {{}}")),
        [only] if block.on_one_line => {
            let text = if only.right.is_empty() {
                only.left.clone()
            } else {
                format!("{} {}", only.left, only.right)
            };
            format!("{header} {{ {text} }}")
        }
        _ => return None,
    };
    (!short.contains('\n') && fits(outer, short.len())).then_some(short)
}

fn statement(statement: &Statement<'_>, indent: usize) -> Option<Printed> {
    let room = WIDTH.saturating_sub(indent);
    Some(match statement {
        Statement::Setting(Binding { name, value: of }) => {
            Printed::aligned(Kind::Setting, name.text.to_owned(), format!("= {}", value(of)?))
        }
        Statement::Let(Binding { name, value: of }) => {
            Printed::aligned(Kind::Let, format!("let {}", name.text), format!("= {}", value(of)?))
        }
        Statement::Role(Binding { name, value: of }) => {
            let left = format!("role {}", name.text);
            let identity = identity(of, room.saturating_sub(left.len()).saturating_sub(3))?;
            Printed::aligned(Kind::Role, left, format!("= {identity}"))
        }
        Statement::Mapping(of) => mapping("", of, Kind::Mapping, room)?,
        Statement::Trust(of) => mapping("trust ", of, Kind::Trust, room)?,
        Statement::Use(profiles) => Printed::plain(list("use ", profiles, room, INDENT, name)),
        Statement::Resource(of) => passed_through("resource", of, room)?,
        Statement::Component(of) => passed_through("component", of, room)?,
        Statement::Patch(of) => passed_through("patch", of, room)?,
        Statement::Allow(Allow { code, reason, .. }) => {
            Printed::plain(format!("allow {} {}", code.text, value(reason)?))
        }
        Statement::On(On { platforms, block: of, .. }) => {
            let room = room.saturating_sub(" {}".len());
            block(&list("on ", platforms, room, INDENT.saturating_mul(2), name), of, indent)?
        }
        Statement::Broken(_) => return None,
    })
}

fn passed_through(keyword: &str, statement: &Passthrough<'_>, room: usize) -> Option<Printed> {
    let left = format!("{keyword} {}", value(&statement.path)?);
    let Some(of) = &statement.options else { return Some(Printed::plain(left)) };
    let options = options(of, room.saturating_sub(left.len()).saturating_sub(1))?;
    Some(Printed::plain(format!("{left} {options}")))
}

/// A mapping that is too wide goes on over several lines on its right if it can, then on its left too.
fn mapping(keyword: &str, mapping: &Mapping<'_>, kind: Kind, room: usize) -> Option<Printed> {
    let of = mapping.targets.as_ref().ok()?;
    let left = list(keyword, &mapping.who, room.saturating_sub(" ->".len()), keyword.len(), who);
    let right = targets(of, &left, room)?;
    let is_whole = mapping.who.items.len() < 2 || left.contains('\n');
    if is_whole || behind(&left).saturating_add(first_line(&right)) <= room {
        return Some(Printed::aligned(kind, left, format!("-> {right}")));
    }
    let left = broken_list(keyword, &mapping.who, keyword.len(), &mut |_, of| who(of));
    let right = targets(of, &left, room)?;
    Some(Printed::aligned(kind, left, format!("-> {right}")))
}

fn behind(left: &str) -> usize {
    left.lines().next_back().map_or(0, str::len).saturating_add(" -> ".len())
}

fn first_line(text: &str) -> usize {
    text.lines().next().map_or(0, str::len)
}

/// The right side of a mapping, on one line if it fits there and holds no comment, else one target on each line.
fn targets(targets: &List<'_, Target<'_>>, left: &str, room: usize) -> Option<String> {
    let room_behind = room.saturating_sub(behind(left));
    if let [only] = targets.items.as_slice() {
        return target(&only.node, room_behind);
    }
    let on_one_line: Option<Vec<String>> = targets.nodes().map(|of| target(of, usize::MAX)).collect();
    let on_one_line = on_one_line?.join(", ");
    if !has_comments(targets) && !on_one_line.contains('\n') && on_one_line.len() <= room_behind {
        return Some(on_one_line);
    }
    Some(broken_list("", targets, INDENT, &mut |at, of| {
        let room = if at == 0 { room_behind } else { room.saturating_sub(INDENT) };
        target(of, room.saturating_sub(",".len())).unwrap_or_default()
    }))
}

fn target(target: &Target<'_>, room: usize) -> Option<String> {
    match target {
        Target::Role(name) => Some(name.text.to_owned()),
        Target::Identity(of) => identity(of, room),
    }
}

fn identity(identity: &Identity<'_>, room: usize) -> Option<String> {
    let text = format!("{} {}", identity.provider.ok()?.text, value(&identity.value)?);
    let Some(of) = &identity.options else { return Some(text) };
    let options = options(of, room.saturating_sub(text.len()).saturating_sub(1))?;
    Some(format!("{text} {options}"))
}

/// Options stand on one line if they fit and hold no comment, else one on each line.
fn options(options: &Options<'_>, room: usize) -> Option<String> {
    let bindings: Option<Vec<String>> = options.list.nodes().map(binding).collect();
    let bindings = bindings?;
    let short = notation::options(&bindings);
    let last_comments = options.list.items.last().is_some_and(|last| !last.comments.is_empty());
    let comments = !options.open_comments.is_empty() || has_comments(&options.list) || last_comments;
    if !comments && short.len() <= room {
        return Some(short);
    }
    let margin = " ".repeat(INDENT);
    let mut out = String::from("{\n");
    for comment in &options.open_comments {
        out.extend([margin.as_str(), comment.text, "\n"]);
    }
    let inner = broken_list("", &options.list, 0, &mut |_, of| binding(of).unwrap_or_default());
    for line in inner.lines() {
        out.extend([margin.as_str(), line, "\n"]);
    }
    out.push('}');
    Some(out)
}

fn binding(binding: &Binding<'_, Value<'_>>) -> Option<String> {
    Some(notation::binding(binding.name.text, value(&binding.value)?))
}

fn value<'s>(value: &Value<'s>) -> Option<notation::Value<'s>> {
    match value {
        Value::Text(text) => Some(notation::Value::Text(text.raw)),
        Value::Word(word) => Some(notation::Value::Word(word.text)),
        Value::Broken(..) => None,
    }
}

fn name(name: &Name<'_>) -> String {
    name.text.to_owned()
}

fn who(who: &MappingSubject<'_>) -> String {
    match who {
        MappingSubject::Controller(ControllerName { name, if_installed }) => {
            format!("{}{}", name.text, if if_installed.is_some() { "?" } else { "" })
        }
        MappingSubject::ServiceAccount(account) => {
            notation::service_account(account.namespace.text, account.name.text)
        }
    }
}

/// A list on one line if it fits and holds no comment, else one thing on each line.
fn list<T>(
    before: &str,
    list: &List<'_, T>,
    room: usize,
    indent: usize,
    print: impl Fn(&T) -> String,
) -> String {
    let short = format!("{before}{}", list.nodes().map(&print).collect::<Vec<_>>().join(", "));
    if !has_comments(list) && short.len() <= room {
        return short;
    }
    broken_list(before, list, indent, &mut |_, of| print(of))
}

fn has_comments<T>(list: &List<'_, T>) -> bool {
    list.items.iter().any(|item| !item.comments.is_empty())
}

/// One thing on each line, the comments where they were: the first of a thing may stand behind it, no other can.
fn broken_list<T>(
    before: &str,
    list: &List<'_, T>,
    indent: usize,
    print: &mut dyn FnMut(usize, &T) -> String,
) -> String {
    let line_break = format!("\n{}", " ".repeat(indent));
    let mut out = before.to_owned();
    let count = list.items.len();
    for (at, Listed { node, comments }) in list.items.iter().enumerate() {
        out.push_str(&print(at, node).replace('\n', &line_break));
        let is_last = at.saturating_add(1) == count;
        if !is_last {
            out.push(',');
        }
        for (at, Comment { text, alone }) in comments.iter().enumerate() {
            out.push_str(if *alone || at > 0 { &line_break } else { "  " });
            out.push_str(text);
        }
        if !is_last {
            out.push_str(&line_break);
        }
    }
    out
}
