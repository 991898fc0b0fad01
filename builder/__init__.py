"""The build: from the command line to a deck on disk. Imports nothing, so that a build with nothing to do is quick."""
