"""Case opening runs: numbers screened, dead ones sifted out, first stage and priority by rule."""
