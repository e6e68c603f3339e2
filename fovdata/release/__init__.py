"""The safe side: answers are counted, the counts protected and written as a release."""
