; Neovim's names, and Helix' below; each passes over the other's.
[(block) (list) (group)] @indent.begin
["}" "]" ")"] @indent.branch @indent.end

[(block) (list) (group)] @indent
["}" "]" ")"] @outdent
