"""Encoded streams: parameter sets, and what encoders write of their settings."""
