"""The story for a hall: its scenes, the stage that shows them, and slides to edit afterwards."""
