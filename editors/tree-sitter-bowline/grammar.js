// bowline for editors: the shapes of `grammar/bowline.pest` that colours, folds and selections need. Total on purpose: a
// statement is whatever stands on its line, and `bowline lsp` says what is wrong with it. `.ci/editors` and
// `cargo test --test components editors` generate it, and read every runbook of the repository with it.
/// <reference types="tree-sitter-cli/dsl" />

/** Statements with an end of line or a `;` between any two. */
const statements = ($) => seq(optional($.statement), repeat(seq($._end, optional($.statement))));

module.exports = grammar({
  name: "bowline",

  extras: () => [/[ \t\r\f\uFEFF]/, /\\\r?\n/],

  word: ($) => $.identifier,

  rules: {
    source_file: ($) => statements($),

    _end: () => choice("\n", ";"),

    statement: ($) => repeat1($._part),

    _part: ($) =>
      choice(
        $.comment,
        $.prose,
        $.fence,
        $.string,
        $.raw_string,
        $.number,
        $.operator,
        $.path,
        $._name,
        $.argument,
        $._punctuated,
        $.splice,
        $.block,
        $.list,
        $.group,
      ),

    // Blocks, objects and the values of a `run` line are all between braces.
    block: ($) => seq("{", statements($), "}"),
    list: ($) => seq("[", repeat(choice($._part, "\n")), "]"),
    group: ($) => seq("(", repeat(choice($._part, "\n")), ")"),

    comment: () => token(prec(1, /#[^\n]*/)),

    prose: ($) => seq(token(prec(3, '"""')), optional($.prose_text), token.immediate(prec(3, '"""'))),
    prose_text: () => repeat1(choice(token.immediate(/[^"]+/), token.immediate(/"[^"]/), token.immediate(/""[^"]/))),

    fence: ($) => seq($.fence_open, optional($.language), optional($.group), $._newline, optional($.script), $.fence_close),
    fence_open: () => token(prec(2, /`{3,}/)),
    language: () => token.immediate(/[A-Za-z0-9+_-]+/),
    _newline: () => "\n",
    script: () => token(prec(-1, repeat1(choice(/[^`]/, /`[^`]/, /``[^`]/)))),
    fence_close: () => token(prec(2, /`{3,}/)),

    string: ($) =>
      seq('"', repeat(choice($.string_content, $.escape, $.interpolation)), choice(token.immediate('"'), token.immediate(/\n/))),
    string_content: () => token.immediate(prec(1, /[^"\\{}\n]+/)),
    escape: () => token.immediate(choice(/\\[^\n]/, "{{", "}}", "}")),
    interpolation: ($) => seq(token.immediate("{"), repeat1($._part), "}"),
    splice: () => "...",

    raw_string: () => /'[^'\n]*'/,
    number: () => /\d+(\.\d+)*(-[A-Za-z][A-Za-z0-9.]*)?[A-Za-z0-9]*/,
    operator: () => token(choice("==", "!=", "<=", ">=", "<", ">", "=", "+", "*", "/", "-")),

    // Where a regular expression may stand; elsewhere `/a /b` are two paths of a `run` line.
    regex: () => /\/[^ \/\n]([^\/\n\\]|\\.)*\//,
    _name: ($) => choice($.identifier, seq(alias(choice("hint", "matches"), $.identifier), optional($.regex))),
    _punctuated: ($) => choice(alias(choice(":", "."), $.punctuation), seq(alias(",", $.punctuation), optional($.regex))),

    // `module.name`, `value.field.other`
    path: ($) => seq($.identifier, repeat1($.field)),
    field: () => token.immediate(/\.[A-Za-z_][A-Za-z0-9_]*/),

    identifier: () => /[A-Za-z_][A-Za-z0-9_]*/,
    // Any other word of a `run` line: with a sign in it, else what begins as nothing else does.
    argument: () =>
      choice(
        /[^\s{}\[\]()"'#;,`<>]*[-\/:=@+%~][^\s{}\[\]()"';,`<>]+/,
        token(prec(-2, /[^\sA-Za-z0-9_.{}\[\]()"'#;,`][^\s{}\[\]()"'#;,`]*/)),
      ),
  },
});
