"""Which program or device a file is consistent with, what contradicts that, and what platforms strip."""
