//! Trees to their names, texts and blocks.

use crate::lsp::index::{Block, BlockId, Index, NameAt, PathKind, Symbol, TextAt};
use crate::model::setting::Setting;
use crate::problem::Noun;
use crate::source::{Sources, slice};
use crate::span::{FileId, Span};
use crate::syntax::tree::{
    self, Declared, Identity, Item, List, Mapping, MappingSubject, Name, On, Options, Passthrough, Statement,
    Target, Text, Tree, Value,
};

/// Adds the names, texts and blocks of a file.
pub fn add_file(file: FileId, sources: &Sources, tree: &Tree<'_>, index: &mut Index) {
    let text = sources.get(file).map_or("", |source| source.text.as_str());
    let mut builder = Builder { text, index, block: None };
    for item in tree.lines.iter().filter_map(|line| line.node.as_ref()) {
        builder.item(item);
    }
}

struct Builder<'b> {
    text: &'b str,
    index: &'b mut Index,
    /// The block whose statements are being added.
    block: Option<BlockId>,
}

impl Builder<'_> {
    fn item(&mut self, item: &Item<'_>) {
        match item {
            Item::Profile(profile) => {
                self.block(Noun::Profile, &[profile.name], "", &profile.block);
            }
            Item::Cluster(cluster) => {
                let names: Vec<Name<'_>> = cluster.names.nodes().copied().collect();
                let detail = format!("on {}", cluster.platform.text);
                self.reference(Noun::Platform, cluster.platform.span);
                self.block(Noun::Cluster, &names, &detail, &cluster.block);
            }
            Item::Include(text) | Item::Values(text) => self.text(text, Some(PathKind::Include)),
            Item::Require(require) => {
                for who in require.who.nodes() {
                    self.reference(Noun::Controller, span_of(who));
                }
                if let Some(platform) = require.platform {
                    self.reference(Noun::Platform, platform.span);
                }
            }
            Item::Isolate(isolate) => {
                self.reference(Noun::Role, isolate.role.span);
                self.reference(value_noun(isolate.variable.text), isolate.variable.span);
            }
            Item::Statement(statement) => self.statement(statement),
            Item::Broken(broken) => {
                let declared = broken.declares.and_then(declared_name);
                let noun = declared.map_or(Noun::Cluster, |(noun, _)| noun);
                let names: Vec<Name<'_>> = declared.into_iter().map(|(_, name)| name).collect();
                self.block(noun, &names, "", &broken.block);
            }
        }
    }

    fn block(&mut self, noun: Noun, names: &[Name<'_>], detail: &str, block: &tree::Block<'_>) {
        let first = names.first().map_or(block.span, |name| name.span);
        let whole = self.line_start(first).to(block.span);
        for name in names {
            self.name(noun, name.span, true);
            self.opening(noun, name.span, whole, detail);
        }
        self.open(whole, noun, names.iter().map(|name| name.text.to_owned()).collect(), block);
    }

    fn on(&mut self, on: &On<'_>) {
        let platforms: Vec<String> = on.platforms.nodes().map(|name| name.text.to_owned()).collect();
        for platform in on.platforms.nodes() {
            self.reference(Noun::Platform, platform.span);
        }
        let whole = on.span.to(on.block.span);
        self.opening(Noun::Platform, on.span, whole, &platforms.join(", "));
        self.open(whole, Noun::Platform, platforms, &on.block);
    }

    /// Adds the symbol of the next block.
    fn opening(&mut self, noun: Noun, name: Span, whole: Span, detail: &str) {
        let (detail, block) = (detail.to_owned(), self.block);
        let opens = Some(self.index.blocks.len());
        self.index.symbols.push(Symbol { noun, name, whole, detail, block, opens });
    }

    /// Adds a block with its statements.
    fn open(&mut self, span: Span, noun: Noun, names: Vec<String>, block: &tree::Block<'_>) {
        let (id, parent) = (self.index.blocks.len(), self.block);
        self.index.blocks.push(Block { span, noun, parent, names, symbols: 0..0 });
        let first = self.index.symbols.len();
        self.block = Some(id);
        for statement in block.lines.iter().filter_map(|line| line.node.as_ref()) {
            self.statement(statement);
        }
        self.block = parent;
        let after = self.index.symbols.len();
        if let Some(block) = self.index.blocks.get_mut(id) {
            block.symbols = first..after;
        }
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        match statement {
            Statement::Setting(binding) => {
                self.definition(Noun::Setting, binding.name.span, binding.value.span());
                self.value(&binding.value);
            }
            Statement::Let(binding) => {
                self.definition(Noun::Variable, binding.name.span, binding.value.span());
                self.value(&binding.value);
            }
            Statement::Role(binding) => {
                self.definition(Noun::Role, binding.name.span, binding.value.span);
                self.identity(&binding.value);
            }
            Statement::Mapping(mapping) => self.mapping(Noun::Mapping, mapping),
            Statement::Trust(mapping) => self.mapping(Noun::Trust, mapping),
            Statement::Use(profiles) => {
                for profile in profiles.nodes() {
                    self.reference(Noun::Profile, profile.span);
                }
            }
            Statement::Resource(statement)
            | Statement::Component(statement)
            | Statement::Patch(statement) => {
                self.passthrough(statement);
            }
            Statement::Allow(allow) => self.value(&allow.reason),
            Statement::On(on) => self.on(on),
            Statement::Broken(broken) => {
                if let Some((noun, name)) = broken.declares.and_then(declared_name) {
                    self.name(noun, name.span, true);
                }
            }
        }
    }

    fn mapping(&mut self, noun: Noun, mapping: &Mapping<'_>) {
        for who in mapping.who.nodes() {
            self.definition(noun, span_of(who), mapping.span);
        }
        for target in mapping.targets.iter().flat_map(List::nodes) {
            match target {
                Target::Role(name) if name.text == "none" => {}
                Target::Role(name) => self.reference(Noun::Role, name.span),
                Target::Identity(identity) => self.identity(identity),
            }
        }
    }

    fn identity(&mut self, identity: &Identity<'_>) {
        if let Ok(provider) = &identity.provider {
            self.reference(Noun::Provider, provider.span);
        }
        self.value(&identity.value);
        self.options(Noun::Option, identity.options.as_deref());
    }

    fn passthrough(&mut self, statement: &Passthrough<'_>) {
        match &statement.path {
            Value::Text(text) => self.text(text, Some(PathKind::Passthrough)),
            Value::Word(_) | Value::Broken(..) => {}
        }
        self.options(Noun::Field, statement.options.as_deref());
    }

    fn options(&mut self, noun: Noun, options: Option<&Options<'_>>) {
        for option in options.iter().flat_map(|options| options.list.nodes()) {
            self.reference(noun, option.name.span);
            self.value(&option.value);
        }
    }

    fn value(&mut self, value: &Value<'_>) {
        match value {
            Value::Text(text) => self.text(text, None),
            Value::Word(_) | Value::Broken(..) => {}
        }
    }

    fn text(&mut self, text: &Text<'_>, path: Option<PathKind>) {
        let has_interpolation = !text.interpolations.is_empty();
        let block = self.block;
        self.index.texts.push(TextAt { span: text.span, has_interpolation, path, block });
        for interpolation in &text.interpolations {
            self.reference(value_noun(interpolation.name.text), interpolation.name.span);
        }
    }

    /// A statement that defines a name, up to the end of `last`.
    fn definition(&mut self, noun: Noun, name: Span, last: Span) {
        self.name(noun, name, true);
        let whole = self.line_start(name).to(if last.end > name.end { last } else { name });
        let (detail, block) = (String::new(), self.block);
        self.index.symbols.push(Symbol { noun, name, whole, detail, block, opens: None });
    }

    fn reference(&mut self, noun: Noun, span: Span) {
        self.name(noun, span, false);
    }

    fn name(&mut self, noun: Noun, span: Span, is_definition: bool) {
        self.index.names.push(NameAt { span, noun, is_definition, block: self.block });
    }

    /// The first thing on the line of a place, up to that place.
    fn line_start(&self, place: Span) -> Span {
        let before = slice(self.text, 0..place.start as usize);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let length = u32::try_from(line.trim_start().len()).unwrap_or(0);
        Span { start: place.start.saturating_sub(length), ..place }
    }
}

fn span_of(who: &MappingSubject<'_>) -> Span {
    match who {
        MappingSubject::Controller(controller) => controller.name.span,
        MappingSubject::ServiceAccount(account) => account.span,
    }
}

fn value_noun(name: &str) -> Noun {
    if Setting::from_name(name).is_some() { Noun::Setting } else { Noun::Variable }
}

fn declared_name(declared: Declared<'_>) -> Option<(Noun, Name<'_>)> {
    match declared {
        Declared::Cluster(name) => Some((Noun::Cluster, name)),
        Declared::Profile(name) => Some((Noun::Profile, name)),
        Declared::Role(name) => Some((Noun::Role, name)),
        Declared::Value(name) => Some((value_noun(name.text), name)),
        Declared::Mapping | Declared::Anything => None,
    }
}
