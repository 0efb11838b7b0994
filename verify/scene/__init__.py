"""What happens in a clip, and what one clip shows that another does not."""

from verify.scene.differences import differences, differences_of
from verify.scene.light import LightCurve, events_from
from verify.scene.movers import Mover
from verify.scene.plate import Plate
from verify.scene.watch import Watch, watch

__all__ = [
    "LightCurve",
    "Mover",
    "Plate",
    "Watch",
    "differences",
    "differences_of",
    "events_from",
    "watch",
]
