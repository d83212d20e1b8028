"""Second factors and passkeys: allauth keeps them, the vault seals their secrets, the settings say who must have one."""

from __future__ import annotations

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _

from jiangbang.accounts.models import Membership, User
from jiangbang.vaults import vault

AAD = b"accounts.factor"
# Any of these is a second factor; recovery codes alone are none.
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth's second factors with secrets sealed by the house's vault, and under the house's name."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(vault().seal(text.encode(), AAD)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return vault().unseal(base64.b64decode(encrypted_text), AAD).decode()

    def get_totp_issuer(self) -> str:
        return _("Jiangbang")

    def _get_site_name(self) -> str:
        return _("Jiangbang")

    def generate_authenticator_name(self, user: User, type: str) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": user.username, "display_name": str(user)}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays with whoever must have one."""
        if authenticator.type not in STRONG or not is_due(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=STRONG).exclude(pk=authenticator.pk)
        return bool(others.exists())


def is_due(user: User) -> bool:
    """Whether one of the person's roles, in any edition, wants a second factor."""
    return Membership.objects.filter(user=user, role__in=settings.JIANGBANG_MFA_ROLES).exists()


def is_missing(user: User) -> bool:
    """Whether the person must set one up before anything else."""
    return is_due(user) and not Authenticator.objects.filter(user=user, type__in=STRONG).exists()
