/**
 * The syntax of `identity.flux` for editors, as `grammar/identity.pest` reads it. What flux-identity reports as wrong
 * syntax is an error here, too; the rules have the same names.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const NAME = /[A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*/;
const HOLE = /\$\{[A-Za-z0-9._-]+\}/;
const WORD_START = /[!$%&*+.\/0-9:;<=?@A-Z\\^_a-z|~-]/;
const WORD_PART = /[!$%&'*+.\/0-9:;<=>?@A-Z\\^_`a-z|~\])-]/;
// Neither a control character nor one that is invisible or changes the direction of text.
const VISIBLE = new RegExp(
  '[^\\u0000-\\u0008\\u000A-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F'
  + '\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF0-\\uFFFB'
  + '\\u{1BCA0}-\\u{1BCA3}\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E0FFF}]',
  'u',
);

// No name is reserved: a word that begins an item or a statement is a name where nothing fits that it begins.
const FIRST_WORDS = [
  'allow', 'cluster', 'component', 'include', 'isolate', 'let', 'on', 'patch', 'profile', 'require', 'resource', 'role',
  'service-account', 'trust', 'use', 'values',
];
// Before `=`, only these are: the others are half of a statement there, which is a syntax error.
const SETTINGS = ['cluster', 'on', 'service-account', 'values'];

export default grammar({
  name: 'flux_identity',

  word: $ => $.name,

  extras: $ => [/[ \t]/, $.comment],

  rules: {
    source_file: $ => seq(repeat(choice($._line_break, seq($._item, $._line_break))), optional($._item)),

    _item: $ => choice(
      $.cluster, $.profile, $.include, $.require, $.isolate, $.values, $.on_block, $._statement,
    ),

    cluster: $ => seq('cluster', list($, field('name', $.name)), 'on', field('platform', $.name), $.block),
    profile: $ => seq('profile', field('name', $.name), $.block),
    include: $ => seq('include', field('path', $.text)),
    require: $ => seq('require', list($, $._who), optional(seq('on', field('platform', $.name)))),
    isolate: $ => seq('isolate', field('role', $.name), 'by', field('variable', $.name)),
    values: $ => seq('values', field('path', $.text)),
    on_block: $ => seq('on', list($, field('platform', $.name)), alias($._on_body, $.block)),

    block: $ => block($, choice($._statement, $.on_block)),
    _on_body: $ => block($, $._statement),

    _statement: $ => choice(
      $.use_profiles, $.role, $.let_variable, $.setting, $.trust, $.mapping, $.resource, $.component, $.patch, $.allow,
    ),

    use_profiles: $ => seq('use', list($, field('profile', $.name))),
    role: $ => seq('role', field('name', $.name), '=', $.identity),
    let_variable: $ => seq('let', field('name', $.name), '=', field('value', $._value)),
    setting: $ => seq(field('name', $._setting_name), '=', field('value', $._value)),
    trust: $ => seq('trust', alias($._trusted, $.mapping)),
    _trusted: $ => seq(list($, $._who), '->', list($, $._target)),
    mapping: $ => seq(
      $._first_who, optional(seq($._comma, list($, $._who))), '->', list($, $._target),
    ),
    resource: $ => seq('resource', field('path', $.text)),
    component: $ => seq('component', field('path', $.text)),
    patch: $ => seq('patch', field('path', $.text), optional($.options)),
    allow: $ => seq('allow', field('code', $.name), field('reason', $.text)),

    _first_who: $ => seq(
      choice($.service_account, field('controller', choice($.name, alias(choice(...FIRST_WORDS), $.name)))),
      optional($.if_installed),
    ),
    _who: $ => seq(
      choice($.service_account, field('controller', choice($.name, alias('service-account', $.name)))),
      optional($.if_installed),
    ),
    if_installed: _ => token.immediate('?'),
    service_account: $ => seq(
      'service-account', field('namespace', $.name),
      token.immediate('/'), field('name', alias(token.immediate(NAME), $.name)),
    ),

    _target: $ => choice($.identity, field('role', choice($.name, alias($._provider, $.name)))),
    identity: $ => seq(
      choice(
        seq(field('provider', choice($.name, alias($._provider, $.name))), $.text),
        seq(field('provider', alias($._provider, $.name)), $.word),
      ),
      optional($.options),
    ),
    _provider: _ => choice('aws', 'azure', 'gcp'),

    options: $ => seq(
      '{', repeat($._line_break),
      optional(seq(
        $.option, repeat($._line_break),
        repeat(seq(',', repeat($._line_break), $.option, repeat($._line_break))),
      )),
      '}',
    ),
    option: $ => seq(field('name', $.name), '=', field('value', $._value)),

    _value: $ => choice($.text, $.word),

    name: _ => NAME,
    _setting_name: $ => choice($.name, alias(choice(...SETTINGS), $.name)),

    // A word of a closed list, or text whose quotes were forgotten.
    // A brace that is followed by more of a word closes nothing.
    word: _ => token(seq(choice(HOLE, WORD_START), repeat(choice(HOLE, WORD_PART, seq('}', WORD_PART))))),

    text: $ => seq('"', repeat(choice($.literal, $.interpolation)), token.immediate('"')),
    literal: _ => token.immediate(prec(1, /[\t !#%-~]+/)),
    interpolation: $ => seq(
      token.immediate('${'), field('variable', alias(token.immediate(NAME), $.name)), token.immediate('}'),
    ),

    comment: _ => token(seq('#', repeat(VISIBLE))),

    _line_break: _ => /\r?\n/,
    // The line may end after a comma. An empty line ends the list, one with a comment does not.
    _comma: $ => seq(',', optional(seq($._line_break, repeat(seq($.comment, $._line_break))))),
  },
});

/** Elements with commas between them. */
function list($, element) {
  return seq(element, repeat(seq($._comma, element)));
}

/** Statements in braces, each on a line, or one on the line of the braces. */
function block($, statement) {
  return seq('{', repeat(choice($._line_break, seq(statement, $._line_break))), optional(statement), '}');
}
