# Runs one program on a target, for bowline. POSIX sh; behind what host/target/wrapper.rs writes:
# bowline_mark, bowline_name (of the program, to be told), bowline_patience and bowline_grace (seconds),
# bowline_folder (for bowline_script, or empty), bowline_stdin (or unset), bowline_env (sets the
# environment, enters the folder), and the command as the positional parameters.
#
# Left of a pipe the program runs, in a group of its own. Everything that happens is a line in that
# pipe: the program began or ended, an order or a beat came from bowline, a second went by. Right
# of it one loop reads these lines and alone decides. So nothing has to be shared, and nothing waits
# for two things at once.

bowline_say() { printf '\036%s %s\n' "$bowline_mark" "$1"; }

# What goes wrong before the program starts ends it here; what was said is told to bowline.
bowline_refuse() { printf 'refused %s\n' "$1" >&3; exit 0; }

# The program gets a session, or at least a group, of its own.
bowline_apart() {
  if bowline_tool=$(command -v setsid); then return 0; fi
  if bowline_tool=$(command -v perl); then
    bowline_how='setpgrp(0, 0); exec { $ARGV[0] } @ARGV; exit 127'
  elif bowline_tool=$(command -v python3); then
    bowline_how='import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])'
  else
    bowline_refuse 'neither setsid nor perl nor python3 is there, one of which is needed to stop a program as a whole'
  fi
}

# A process that execs: what the shell around it says of its end goes nowhere.
bowline_start() (
  case ${bowline_tool##*/} in
    perl) set -- -e "$bowline_how" "$bowline_sh" -c "$bowline_become" sh "$@" ;;
    python3) set -- -c "$bowline_how" "$bowline_sh" -c "$bowline_become" sh "$@" ;;
    *) set -- "$bowline_sh" -c "$bowline_become" sh "$@" ;;
  esac
  # Some shells close what they opened beyond 2, unless they are told.
  exec "$bowline_tool" "$@" 3>&3 >&5 2>&6 5>&- 6>&-
)

bowline_found() {
  case $1 in
    '') bowline_refuse 'the command is empty: its first word has no text' ;;
    */*) [ -f "$1" ] && [ -x "$1" ] || bowline_refuse "there is no program $bowline_name, or it may not be executed" ;;
    # By hand: what a shell finds may be a part of itself.
    *) (
      IFS=: && set -f
      for bowline_place in $PATH; do
        [ -f "${bowline_place:-.}/$1" ] && [ -x "${bowline_place:-.}/$1" ] && exit 0
      done
      exit 1
    ) || bowline_refuse "there is no program $bowline_name in PATH" ;;
  esac
}

# The script of a fence, in a folder that only its owner can enter.
bowline_keep() {
  [ -n "$bowline_folder" ] || return 0
  (umask 077 && mkdir "$bowline_folder" && printf %s "$bowline_script" >"$bowline_folder/script") ||
    bowline_refuse "the script could not be written to $bowline_folder"
}

# Left: 3 is the pipe, 5 and 6 are the streams of the program.
bowline_run() {
  bowline_sh=$(command -v sh)
  bowline_become='printf "group %s\n" "$$" >&3; exec 3>&-; exec "$@"'
  command -v sleep >/dev/null || bowline_refuse 'there is no sleep in PATH'
  bowline_apart
  bowline_keep
  bowline_env
  bowline_found "$@"
  if [ -n "${bowline_stdin+x}" ]; then
    # A printf that is a program would show it to everybody.
    [ "$(command -v printf)" = printf ] || bowline_refuse 'its shell cannot hand over a standard input'
    { printf %s "$bowline_stdin" 3>&- 5>&- 6>&- & } | bowline_start "$@"
  else
    bowline_start "$@" </dev/null
  fi
  printf 'exit %s\n' "$?" >&3
}

# A line from bowline is a beat or an order; no more lines: it is gone, or the connection.
bowline_hear() {
  while read -r bowline_line; do printf '%s\n' "$bowline_line"; done
  echo gone
}

bowline_tick() { while sleep 1; do echo tick; done; }

bowline_signal() { [ -z "$bowline_group" ] || kill "-$1" "-$bowline_group" 2>/dev/null; }

bowline_is_empty() { [ -z "$bowline_group" ] || ! kill -0 "-$bowline_group" 2>/dev/null; }

# TERM, and KILL after so many seconds.
bowline_stop() {
  if [ -z "$bowline_why" ]; then
    bowline_why=$1
    bowline_signal TERM
    bowline_signal CONT
    bowline_left=$2
  elif [ "$2" -lt "$bowline_left" ]; then
    bowline_left=$2
  fi
}

bowline_second() {
  bowline_silent=$((bowline_silent + 1))
  [ "$bowline_silent" -lt "$bowline_patience" ] || bowline_stop silence "$bowline_grace"
  [ -n "$bowline_why" ] || return 0
  bowline_left=$((bowline_left - 1))
  [ "$bowline_left" -gt 0 ] || bowline_signal KILL
}

# Whether there is nothing left to wait for. Two seconds after KILL what is left cannot be killed.
bowline_is_over() {
  [ -n "$bowline_code" ] || return 1
  [ -z "$bowline_why" ] || bowline_is_empty || [ "$bowline_left" -lt -1 ]
}

# Right: decides.
bowline_watch() {
  bowline_group='' bowline_silent=0 bowline_why='' bowline_left=0 bowline_code='' bowline_helpers=''
  while IFS= read -r bowline_line; do
    bowline_value=${bowline_line#* }
    case $bowline_line in
      tick) bowline_second ;;
      beat) bowline_silent=0 ;;
      term) bowline_stop asked 3600 ;;
      kill) bowline_stop asked 1; bowline_left=0; bowline_signal KILL ;;
      halt) bowline_signal STOP ;;
      go) bowline_signal CONT ;;
      gone) bowline_stop gone "$bowline_grace" ;;
      helper\ *) bowline_helpers="$bowline_helpers $bowline_value" ;;
      group\ *) bowline_group=$bowline_value; [ -z "$bowline_why" ] || bowline_signal TERM ;;
      exit\ *) bowline_code=$bowline_value ;;
      refused\ *) [ -n "$bowline_code" ] || { bowline_why="refused $bowline_value"; break; } ;;
    esac
    if bowline_is_over; then break; fi
  done
  # shellcheck disable=SC2086 # a list of numbers
  kill -KILL $bowline_helpers 2>/dev/null
  [ -z "$bowline_folder" ] || rm -rf -- "$bowline_folder"
  bowline_say end
  bowline_say "end ${bowline_code:-0} ${bowline_why:-itself}" >&2
}

bowline_main() {
  bowline_say begin
  bowline_say begin >&2
  exec 4<&0 5>&1 6>&2
  {
    # What shells say of programs that a signal ended is not what the programs say.
    exec 3>&1 >&5 2>/dev/null
    bowline_hear <&4 >&3 3>&- 4<&- 5>&- 6>&- &
    printf 'helper %s\n' "$!" >&3
    bowline_tick </dev/null >&3 3>&- 4<&- 5>&- 6>&- &
    printf 'helper %s\n' "$!" >&3
    exec 4<&-
    (bowline_run "$@")
    # Heard only where nothing was said of an end.
    printf 'refused %s\n' 'its shell gave up' >&3
  } | bowline_watch 4<&- 5>&- 6>&-
}

bowline_main "$@"
