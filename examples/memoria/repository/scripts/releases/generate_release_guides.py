#!/usr/bin/env python3
"""A double of the script that makes Memoria's release guides and bundles. Python standard library only.

    generate_release_guides.py --phase beta|rc|ga [--output FILE]
    generate_release_guides.py --list-communications [--bundle FILE.tar.gz]
    generate_release_guides.py --release-bundle hosted|self-managed --binaries FILE --output FILE.tar.gz
    generate_release_guides.py --checklist FILE --link URL …

The repository is the one that this file stands in. Equal content gives equal bytes.
MEMORIA_FAULT_BUNDLE=no-gdpr leaves the GDPR pack out of a release bundle, to practise on.
"""

import argparse
import gzip
import io
import os
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMUNICATIONS = ["docs/releases", "docs/admin", "docs/governance"]
RELEASED = ["docs/releases/ga-launch-announcement.md"]
PHASES = {
    "beta": ["dry-runs with trace ids", "roster verification", "bootstrap on a clean environment", "baselines"],
    "rc": ["guardrails on production timers", "regression thresholds", "rollback tested in CI", "sign-off"],
    "ga": ["backup and restore drilled", "compliance packs in the artifact", "announcement in both bundles"],
}


def main(arguments: list[str]) -> int:
    """Does what one of the options asks."""
    args = parser().parse_args(arguments)
    if args.phase:
        say(args.output, guide(args.phase))
    elif args.list_communications:
        files = communications()
        if args.bundle:
            args.bundle.write_bytes(packed((name, (ROOT / name).read_bytes()) for name in files))
        sys.stdout.write("".join(name + "\n" for name in files))
    elif args.release_bundle:
        if not (args.binaries and args.output):
            parser().error("--release-bundle needs --binaries and --output")
        args.output.write_bytes(packed(released(args.release_bundle, args.binaries)))
    else:
        args.checklist.write_text(checklist(args.link), encoding="utf-8")
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    result = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = result.add_mutually_exclusive_group(required=True)
    what.add_argument("--phase", choices=list(PHASES))
    what.add_argument("--list-communications", action="store_true")
    what.add_argument("--release-bundle", choices=["hosted", "self-managed"])
    what.add_argument("--checklist", type=Path)
    result.add_argument("--output", type=Path)
    result.add_argument("--bundle", type=Path)
    result.add_argument("--binaries", type=Path)
    result.add_argument("--link", action="append", default=[])
    return result


def guide(phase: str) -> str:
    """The checklist of one phase."""
    items = "".join(f"- [ ] {item}\n" for item in PHASES[phase])
    return f"# Release guide: {phase}\n\n{items}\nUpgrade and rollback: docs/releases/ga-launch-announcement.md\n"


def checklist(links: list[str]) -> str:
    """The checklists of all phases, with the logs of the automation."""
    logs = "".join(f"- {link}\n" for link in links)
    return "\n".join(guide(phase) for phase in PHASES) + f"\n# Automation logs\n\n{logs}"


def communications() -> list[str]:
    """The documents that go out with a release."""
    return sorted(str(file.relative_to(ROOT)) for folder in COMMUNICATIONS for file in (ROOT / folder).glob("*.md"))


def released(kind: str, binaries: Path) -> list[tuple[str, bytes]]:
    """What a release bundle holds: the binaries, the announcement, the compliance templates."""
    packs = sorted(file for file in (ROOT / "docs/compliance").iterdir() if file.suffix in (".md", ".json"))
    if os.environ.get("MEMORIA_FAULT_BUNDLE") == "no-gdpr":
        packs = [file for file in packs if not file.name.startswith("gdpr")]
    names = RELEASED + [str(file.relative_to(ROOT)) for file in packs]
    head = [(f"{kind}/{binaries.name}", binaries.read_bytes())]
    return head + [(name, (ROOT / name).read_bytes()) for name in names]


def packed(files) -> bytes:
    """A tarball without times and owners."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as outer, tarfile.open(fileobj=outer, mode="w") as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def say(output: Path | None, text: str) -> None:
    """Into a file, or to whoever reads."""
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
