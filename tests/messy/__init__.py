"""Files as contact persons make them, each with what it should give written beside it."""
