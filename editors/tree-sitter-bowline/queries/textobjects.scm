(statement (block) @function.inside) @function.around
(comment) @comment.inside
