"""A small release controller over two real SQLite stores, to practise MemoryOS rollouts on."""
