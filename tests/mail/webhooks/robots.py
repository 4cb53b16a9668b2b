"""The group robots of WeCom, DingTalk, Feishu and Slack, in a process of their own: each answers as its
makers write, the first time that it is asked too often. Signatures are checked as they describe it, by
nothing of ours.

A line of JSON on the output for each request: path, headers, body; the first line is the port.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "a-secret-of-the-group"
SKEW = 3600
"""Seconds by which a time may be off."""
asked: set[str] = set()


def _sign(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def _is_of_now(seconds: float) -> bool:
    return abs(seconds - time.time()) < SKEW


def wecom(query: dict[str, list[str]], document: Any, *, busy: bool) -> tuple[int, Any]:
    if busy:
        return 200, {"errcode": 45009, "errmsg": "api freq out of limit"}
    if document.get("msgtype") != "markdown" or not document["markdown"]["content"]:
        return 200, {"errcode": 40008, "errmsg": "invalid message type"}
    return 200, {"errcode": 0, "errmsg": "ok"}


def dingtalk(query: dict[str, list[str]], document: Any, *, busy: bool) -> tuple[int, Any]:
    (at,), (sign,) = query["timestamp"], query["sign"]
    if not _is_of_now(int(at) / 1000) or sign != _sign(SECRET, f"{at}\n{SECRET}"):
        return 200, {"errcode": 310000, "errmsg": "sign not match"}
    if busy:
        return 200, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
    if document.get("msgtype") != "markdown" or not {"title", "text"} <= document["markdown"].keys():
        return 200, {"errcode": 40035, "errmsg": "缺少参数 markdown"}
    return 200, {"errcode": 0, "errmsg": "ok"}


def feishu(query: dict[str, list[str]], document: Any, *, busy: bool) -> tuple[int, Any]:
    at = document["timestamp"]
    if not _is_of_now(int(at)) or document["sign"] != _sign(f"{at}\n{SECRET}", ""):
        refused = "sign match fail or timestamp is not within one hour from current time"
        return 200, {"code": 19021, "data": {}, "msg": refused}
    if busy:
        return 200, {"code": 11232, "data": {}, "msg": "frequency limited"}
    return 200, {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}


def slack(query: dict[str, list[str]], document: Any, *, busy: bool) -> tuple[int, Any]:
    if busy:
        return 429, "rate_limited"
    return (200, "ok") if document.get("text") else (400, "no_text")


ROBOTS = {"/wecom": wecom, "/dingtalk": dingtalk, "/feishu": feishu, "/slack": slack}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        _tell({"path": self.path, "headers": headers, "body": body})
        address = urlsplit(self.path)
        busy = address.path not in asked
        asked.add(address.path)
        status, answer = ROBOTS[address.path](parse_qs(address.query), json.loads(body), busy=busy)
        said = (answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Nothing beside the requests."""


def _tell(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Handler)
    _tell(server.server_address[1])
    server.serve_forever()
