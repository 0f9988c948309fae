"""Bodies of the speech port: a recogniser inside this process, a FunASR server, and the rehearsal.

Nothing here imports a recogniser before it is asked for: Anmi runs without the speech packages.
"""
