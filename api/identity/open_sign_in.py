"""The way to sign in that the settings name."""

from api.identity.authenticator import Authenticator, TokenVerifier
from api.identity.current_user import SignIn
from api.identity.key_verifier import KeyVerifier
from api.identity.local_mode import LocalMode
from domain.errors import OperatorError
from run_store.run_store import RunStore
from settings.settings import Settings


def open_sign_in(settings: Settings, store: RunStore) -> SignIn:
    """Returns local mode, or a check of API keys and, with an issuer, of its tokens."""
    if settings.identity == "local":
        return LocalMode()
    verifiers: list[TokenVerifier] = [KeyVerifier(store)]
    if settings.identity.startswith(("https://", "http://")):
        # Imported here: cryptography is slow to load and only issuers need it.
        from api.identity.oidc_verifier import OidcVerifier

        verifiers.append(
            OidcVerifier(
                settings.identity,
                settings.oidc_audience,
                settings.oidc_roles_claim,
                settings.oidc_attributes,
            )
        )
    elif settings.identity != "keys":
        raise OperatorError(
            f"VTION_IDENTITY={settings.identity} is not known.",
            "Use local, keys, or the URL of an OIDC issuer.",
        )
    return Authenticator(verifiers)
