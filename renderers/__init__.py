"""A state as a Scene, and the Scene as text or picture. Knows no player and no record."""
