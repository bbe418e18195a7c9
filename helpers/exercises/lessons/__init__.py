"""The exercises of the lessons, a module each."""
