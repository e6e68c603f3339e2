"""An intruder who knows everything but the key and the answers, and what is found out."""
