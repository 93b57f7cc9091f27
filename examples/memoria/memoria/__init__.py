"""A practice system: the command line that Memoria documents, over real SQLite.

This is not Memoria. See README.md beside this package.
"""

__version__ = "1.0.0"
