"""What is deployed, as Helm's double or Terraform's module has it in the practice folder."""

import json
from pathlib import Path

OLD, GA = "0.9.4", "1.0.0"
REGISTRY = "registry.arca.run/memoria"
IMAGES = ["server", "dashboard"]
RELEASE = "memoria"


def desired_tags(folder: Path) -> dict[str, str]:
    """The tag that each image shall run with."""
    kind = (folder / "deployment" / "kind").read_text(encoding="utf-8").strip()
    return _by_terraform(folder) if kind == "terraform" else _by_helm(folder)


def desired_images(folder: Path) -> dict[str, str]:
    """The whole name of each image."""
    return {name: f"{REGISTRY}/{name}:{tag}" for name, tag in sorted(desired_tags(folder).items())}


def _by_helm(folder: Path) -> dict[str, str]:
    """The tags of the newest revision that is deployed; one that failed or hangs changes nothing."""
    revisions = json.loads((folder / "deployment" / "helm.json").read_text(encoding="utf-8"))[RELEASE]["revisions"]
    deployed = [one for one in revisions if one["status"] == "deployed"]
    return {name: str(deployed[-1]["values"][name]["tag"]) for name in IMAGES}


def _by_terraform(folder: Path) -> dict[str, str]:
    """What the module wrote when it was applied."""
    return json.loads((folder / "deployment" / "terraform" / "deployed.json").read_text(encoding="utf-8"))
