; The words are those of the language: `BOWLINE_WRITE_EDITORS=1 cargo test --test lsp editors` writes them.

(comment) @comment
(prose) @string.special
(string) @string
(raw_string) @string
(regex) @string.regexp
(number) @number
(operator) @operator
(punctuation) @punctuation.delimiter
(splice) @operator
(escape) @string.escape
(argument) @string
(fence_open) @punctuation.special
(fence_close) @punctuation.special
(language) @label
(identifier) @variable
(interpolation ["{" "}"] @punctuation.special)
["{" "}" "[" "]" "(" ")"] @punctuation.bracket

(path (identifier) @module)
(field) @property

((identifier) @boolean (#any-of? @boolean "true" "false" "null"))
((identifier) @keyword.operator (#any-of? @keyword.operator "and" "contains" "else" "if" "in" "matches" "not" "or" "otherwise" "then" "until"))
((identifier) @type.builtin (#any-of? @type.builtin "artifact" "bool" "duration" "int" "json" "lines" "number" "path" "secret" "size" "text" "time" "url" "version"))
((identifier) @function.builtin (#any-of? @function.builtin "basename" "capture" "count" "dirname" "exists" "join" "jq" "keys" "lines" "lower" "max" "min" "split" "sum" "trim" "upper" "values"))
(statement (identifier) @keyword.modifier (#any-of? @keyword.modifier "answers" "artifact" "at" "atomic" "best" "by" "clean" "crash" "deprecated" "dir" "due" "every" "expected" "failure" "from" "hang" "idempotent" "interrupts" "irreversible" "limit" "misses" "need" "none" "on" "once" "optional" "parallel" "retry" "self" "showing" "soak" "terminal" "timeout" "typing" "unknown" "where" "window" "within"))
(statement . (identifier) @keyword (#any-of? @keyword "after" "answer" "approval" "artifact" "ask" "attempt" "basic" "bearer" "before" "body" "call" "check" "choose" "commit" "confirm" "dir" "done" "else" "end" "ends" "env" "every" "evidence" "exclusive" "expect" "fail" "for" "form" "gate" "given" "guard" "header" "hint" "http" "if" "input" "json" "judge" "let" "log" "manual" "module" "notify" "otherwise" "parallel" "phase" "query" "ran" "repeat" "restore" "retry" "return" "rollback" "run" "runbook" "scenario" "stdin" "step" "timeout" "undone" "until" "untouched" "use" "wait" "with"))
(statement (identifier) @keyword (#any-of? @keyword "let" "look" "run"))
