"""What is kept of a picture or a clip to find it again: hashes, local features and tracks over time."""

from verify.fingerprint import pdq
from verify.fingerprint.recipe import Recipe

__all__ = ["Recipe", "pdq"]
