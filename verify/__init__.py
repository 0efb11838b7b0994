"""Compare circulating clips with each other and with reference imagery, and write verification reports."""

__version__ = "0.1.0"
