"""Measuring accuracy on question sets."""
