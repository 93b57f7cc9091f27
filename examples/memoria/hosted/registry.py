"""A double of an image registry: which tags have a manifest, by the distribution specification (OCI, /v2/).

Its images are placeholders; their digests are those of the manifests that it gives.
"""

import hashlib
import json
import re

from hosted.web import Handler

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
TAGS = ["0.9.4", "1.0.0"]


class Registry(Handler):
    """`GET` and `HEAD /v2/memoria/IMAGE/manifests/TAG`."""

    def do_GET(self) -> None:
        """A manifest, or what the specification wants where there is none."""
        found = re.fullmatch(r"/v2/(memoria/(?:server|dashboard))/manifests/([\w.:-]+)", self.path)
        if found and found[2] in TAGS:
            return self._manifest(found[1], found[2])
        if self.path == "/v2/":
            return self.json(200, {})
        self.json(404, {"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]})

    do_HEAD = do_GET

    def _manifest(self, name: str, tag: str) -> None:
        data = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "annotations": {"name": f"{name}:{tag}"}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", MANIFEST)
        self.send_header("Docker-Content-Digest", "sha256:" + hashlib.sha256(data).hexdigest())
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
