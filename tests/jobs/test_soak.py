"""The soak in small: see soak.py."""
from soak import soak

soak(60)
