"""What is taken away: a page for a board, a page's tables."""
