"""A prioritised job queue on Redis: a stand-in to practise releases on, standard library only."""
