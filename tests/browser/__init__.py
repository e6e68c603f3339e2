"""The dashboard as a reader sees it: a server of its own and Chromium."""
