echo looked >> said.log
test "$(wc -l < said.log)" -ge 2
