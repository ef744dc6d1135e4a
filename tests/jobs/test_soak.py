"""The soak in small: see soak.py. Under the sanitizer in smaller still: there a job costs four times as much."""
import os

from soak import soak

soak(20 if os.path.basename(os.environ["HEAVYOPT_BUILD"].rstrip("/")) == "asan" else 30)
