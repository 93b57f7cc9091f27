"""The surroundings that a release of the queue goes through: forge, cluster, tracker, scanners. Each is a double."""
