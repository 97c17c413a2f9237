"""Gates: what must hold before anything is published. Nothing here computes an indicator or changes data."""
