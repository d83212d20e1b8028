"""What the conferral keeps."""

from __future__ import annotations

from jiangbang.conferral.award_models import Award, HandedOver, Revocation

__all__ = ["Award", "HandedOver", "Revocation"]
