#!/usr/bin/env python3
"""The smallest practice system: a folder of files. `FOLDER [--scenario NAME]` makes it, `--serve`, `--dump`."""

import os
import pathlib
import shutil
import sys


def main(arguments: list[str]) -> int:
    """Does what the command line says."""
    folder = pathlib.Path(arguments[0])
    state = folder / "state"
    if "--dump" in arguments:
        for file in sorted(state.iterdir()):
            print(f"== file {file.name}\n{file.read_text()}", end="")
    elif "--serve" in arguments:
        print("ready", flush=True)
        sys.stdin.buffer.read()
    else:
        shutil.rmtree(folder, ignore_errors=True)
        state.mkdir(parents=True)
        (state / "kept").write_text(f"{os.environ.get('SPECIMEN_KEPT', 'as it was')}\n")
        (folder / "specimen.inputs.toml").write_text(f'state = "{state}"\n')
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
