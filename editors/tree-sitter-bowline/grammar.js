// bowline for editors: the shapes of `grammar/bowline.pest` that colours, folds and selections need. Total on purpose: a
// statement is whatever stands on its line, and `bowline lsp` says what is wrong with it.
/// <reference types="tree-sitter-cli/dsl" />

module.exports = grammar({
  name: "bowline",

  extras: ($) => [/[ \t\r\f\uFEFF]/, /\\\r?\n/],

  word: ($) => $.identifier,

  // `{` on a line may open a block, an object or a value: the first that goes on wins.
  conflicts: ($) => [[$.statement]],

  rules: {
    source_file: ($) => repeat(choice($.statement, $._end)),

    _end: () => choice("\n", ";"),

    statement: ($) => prec.right(repeat1($._part)),

    _part: ($) =>
      choice(
        $.comment,
        $.prose,
        $.fence,
        $.string,
        $.raw_string,
        $.regex,
        $.number,
        $.operator,
        $.path,
        $.identifier,
        $.argument,
        $.punctuation,
        $.splice,
        $.block,
        $.list,
        $.group,
      ),

    // Blocks, objects and the values of a `run` line are all between braces.
    block: ($) => seq("{", repeat(choice($.statement, $._end)), "}"),
    list: ($) => seq("[", repeat(choice($._part, "\n")), "]"),
    group: ($) => seq("(", repeat(choice($._part, "\n")), ")"),

    comment: () => token(prec(1, /#[^\n]*/)),

    prose: () => token(prec(3, seq('"""', repeat(choice(/[^"]/, /"[^"]/, /""[^"]/)), '"""'))),

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
    interpolation: ($) => seq(token.immediate("{"), optional($.splice), repeat1($._part), "}"),
    splice: () => "...",

    raw_string: () => /'[^'\n]*'/,
    regex: () => /\/[^ \/\n]([^\/\n\\]|\\.)*\//,
    number: () => /\d+(\.\d+)*(-[A-Za-z][A-Za-z0-9.]*)?[A-Za-z0-9]*/,
    operator: () => token(choice("==", "!=", "<=", ">=", "<", ">", "=", "+", "*", "/", "-")),
    punctuation: () => token(choice(",", ":", ".")),

    // `module.name`, `value.field.other`
    path: ($) => seq($.identifier, repeat1(seq(token.immediate(prec(2, ".")), alias($._field, $.identifier)))),
    _field: () => token.immediate(/[A-Za-z_][A-Za-z0-9_]*/),

    identifier: () => /[A-Za-z_][A-Za-z0-9_]*/,
    // Any other word of a `run` line; a path from the root is longer than what would be a regex in it.
    argument: () => choice(/\/[^\s{}\[\]()"'#;,`]*[^\s{}\[\]()"'#;,`\/]/, token(prec(-2, /[^\s{}\[\]()"'#;,`]+/))),
  },
});
