for word in "$@"; do printf '%s\n' "$word" >> said.log; done
