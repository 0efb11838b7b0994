"""Containers: the boxes of mp4, mov, 3gp and HEIC, and the headers of Matroska."""
