"""The `vtion` command: thin, everything it does lives elsewhere."""

import gc

# What is imported stays: looking for garbage in it took a tenth of the time to import it.
gc.set_threshold(50_000, 20, 50)
