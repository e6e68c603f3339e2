"""Figures in, chart out: an exhibit is a title, a chart, its table and its text alternative."""
