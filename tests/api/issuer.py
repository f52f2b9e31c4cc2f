"""An OIDC issuer on loopback: real keys, real tokens, a count of how often it is asked."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass
class Issuer:
    """Signs tokens with `key`; publishes `published`, by id."""

    url: str = ""
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    requests: int = 0

    def token(self, headers: dict[str, str] | None = None, **claims: object) -> str:
        """Returns a token that is valid but for what the claims and headers change."""
        whole = {
            "iss": self.url,
            "sub": "ada",
            "aud": "vtion",
            "exp": time.time() + 300,
            **claims,
        }
        present = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(present, self.key, "RS256", headers={"kid": "one", **(headers or {})})

    def document(self, path: str) -> object:
        """Returns what is published at a path."""
        self.requests += 1
        if path.endswith("openid-configuration"):
            return {"issuer": self.url, "jwks_uri": f"{self.url}/jwks"}
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]}


@contextmanager
def issuer() -> Iterator[Issuer]:
    """Serves an issuer on a free port."""
    found = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(found.document(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
