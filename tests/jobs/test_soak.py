"""The soak in small: see soak.py. Under the sanitizer in smaller still: there a job costs four times as much."""
from soak import soak
from under_test import SLOW

soak(20 if SLOW else 30)
