"""The live floor (话务现场): who is there in which state, and what is being talked. It keeps nothing of its own."""
