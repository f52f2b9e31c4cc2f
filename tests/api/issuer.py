"""An OIDC issuer on loopback: real keys, real tokens, a count of how often it is asked.

`python -m tests.api.issuer PORT` serves it for a browser: whoever comes is signed in at once.
"""

import base64
import hashlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

_BROWSER_CLAIMS = {"cognito:groups": ["admin"]}


@dataclass
class Issuer:
    """Signs tokens with `key`; publishes `published`, by id."""

    url: str = ""
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    requests: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """Code -> what it was asked for with; a code is good for one token."""

    def token(self, headers: dict[str, str] | None = None, **claims: object) -> str:
        """Returns a token that is valid but for what the claims and headers change."""
        whole = {
            "iss": self.url,
            "sub": "ada",
            "aud": "vtion",
            "iat": time.time(),
            "exp": time.time() + 300,
            **claims,
        }
        present = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(present, self.key, "RS256", headers={"kid": "one", **(headers or {})})

    def document(self, path: str) -> object:
        """Returns what is published at a path."""
        self.requests += 1
        if path.endswith("openid-configuration"):
            return {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/jwks",
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "end_session_endpoint": f"{self.url}/logout",
            }
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Returns where the browser goes on: back, with a code for the one who asked."""
        if asked["response_type"] != "code" or asked["code_challenge_method"] != "S256":
            return f"{asked['redirect_uri']}?{urlencode({'error': 'invalid_request'})}"
        if asked.get("scope") == "openid denied":
            refused = {"error": "access_denied", "state": asked["state"]}
            return f"{asked['redirect_uri']}?{urlencode(refused)}"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def grant(self, form: dict[str, str]) -> tuple[int, object]:
        """Returns the tokens for a code whose verifier is right, or for a refresh token."""
        if form["grant_type"] == "refresh_token":
            return 200, self._tokens(None)
        asked = self.codes.pop(form["code"], {})
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_same = asked.get("redirect_uri") == form["redirect_uri"]
        if not is_same or challenge != asked.get("code_challenge"):
            return 400, {"error": "invalid_grant"}
        return 200, self._tokens(asked.get("nonce"))

    def _tokens(self, nonce: str | None) -> dict[str, object]:
        return {
            "access_token": "opaque",
            "token_type": "Bearer",
            "refresh_token": "renew",
            "id_token": self.token(None, nonce=nonce, **_BROWSER_CLAIMS),
        }


def _handler(found: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place = urlsplit(self.path)
            asked = dict(parse_qsl(place.query))
            if place.path == "/authorize":
                self._go(found.authorize(asked))
            elif place.path == "/logout":
                self._go(asked["post_logout_redirect_uri"])
            else:
                self._answer(200, found.document(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*found.grant(dict(parse_qsl(body))))

        def _go(self, where: str) -> None:
            self.send_response(302)
            self.send_header("Location", where)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _answer(self, status: int, document: object) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def issuer(port: int = 0) -> Iterator[Issuer]:
    """Serves an issuer on a port, a free one by default."""
    found = Issuer()
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(found))
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


if __name__ == "__main__":
    with issuer(int(sys.argv[1])):
        threading.Event().wait()
