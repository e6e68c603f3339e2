"""The open side: every figure a reader sees, computed from a release's protected counts."""
