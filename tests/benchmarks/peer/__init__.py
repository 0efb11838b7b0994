"""What `peers.py` measures: the methods, the pairs that all of them are tried on, and the figures."""
