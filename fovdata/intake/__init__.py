"""The way in, on the safe side: answers become anonymised batches; the synthetic demo answers."""
