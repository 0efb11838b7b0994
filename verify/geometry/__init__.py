"""Picture x Picture -> Registration: features matched, robust fits, agreement by patches."""

from verify.geometry.register import register
from verify.geometry.views import View, view, views

__all__ = ["View", "register", "view", "views"]
