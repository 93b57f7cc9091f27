"""A prioritised job queue on Redis: a practice system for releases, standard library only."""
