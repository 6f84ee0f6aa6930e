"""Every write of opportunities and of the notices of them."""

from support.services.opportunities import draft

__all__ = ["draft"]
