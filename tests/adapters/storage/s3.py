"""An S3 bucket that stands in for the real one: enough of its protocol for what we ask of it, on loopback."""

from __future__ import annotations

import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override


class Bucket(ThreadingHTTPServer):
    """What lies in it, and whether it answers at all."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.is_away = False

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running() -> Generator[Bucket]:
    """Run a bucket."""
    bucket = Bucket()
    thread = threading.Thread(target=bucket.serve_forever)
    thread.start()
    try:
        yield bucket
    finally:
        bucket.shutdown()
        bucket.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _bucket(self) -> Bucket:
        assert isinstance(self.server, Bucket)
        return self.server

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        key, query = self._asked()
        if self._bucket.is_away:
            self._say(500)
        elif "uploadId" in query:
            self._bucket.parts[query["uploadId"][0]][int(query["partNumber"][0])] = body
            self._say(200, etag=query["partNumber"][0])
        else:
            self._bucket.objects[key] = body
            self._say(200, etag="whole")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        key, query = self._asked()
        if self._bucket.is_away:
            self._say(500)
        elif "delete" in query:
            names = re.findall("<Key>(.*?)</Key>", body)
            for name in names:
                self._bucket.objects.pop(f"{key.rstrip('/')}/{name}", None)
            told = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
            self._say(200, f"<DeleteResult>{told}</DeleteResult>".encode())
        elif "uploadId" in query:
            parts = self._bucket.parts.pop(query["uploadId"][0])
            self._bucket.objects[key] = b"".join(parts[number] for number in sorted(parts))
            self._say(200, b"<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>")
        else:
            upload = f"upload-{len(self._bucket.parts)}"
            self._bucket.parts[upload] = {}
            told = f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
            self._say(200, told.encode())

    def do_GET(self) -> None:
        key, _ = self._asked()
        content = self._bucket.objects.get(key)
        if self._bucket.is_away:
            self._say(500)
        elif content is None:
            self._say(404)
        elif found := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", "")):
            first, last = int(found[1]), min(int(found[2]), len(content) - 1)
            self._say(206, content[first : last + 1], content_range=f"bytes {first}-{last}/{len(content)}")
        else:
            self._say(200, content)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _asked(self) -> tuple[str, dict[str, list[str]]]:
        parts = urlsplit(self.path)
        return parts.path, parse_qs(parts.query, keep_blank_values=True)

    def _say(self, status: int, body: bytes = b"", *, etag: str = "x", content_range: str = "") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("etag", f'"{etag}"')
        self.send_header("last-modified", "Mon, 23 Nov 2026 00:00:00 GMT")
        if content_range:
            self.send_header("content-range", content_range)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
