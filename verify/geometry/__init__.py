"""Picture x Picture -> Registration: features matched, robust fits, agreement by patches."""

from verify.geometry.register import register
from verify.geometry.views import View, ViewBuilder, from_arrays, to_arrays, view, views

__all__ = ["View", "ViewBuilder", "from_arrays", "register", "to_arrays", "view", "views"]
