"""Where the page's sign-in sends the browser's requests."""

from urllib.parse import urlsplit

from settings.settings import Settings


def issuer_origins(settings: Settings) -> tuple[str, ...]:
    """Returns the origins of the issuer's endpoints; none where nobody signs in at an issuer."""
    issuer = urlsplit(settings.identity)
    if issuer.scheme not in ("https", "http"):
        return ()
    return (f"{issuer.scheme}://{issuer.netloc}", *settings.oidc_origins)
