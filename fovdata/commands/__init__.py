"""The command line's parts: python -m fovdata."""
