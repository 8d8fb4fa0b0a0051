"""One blueprint per API family, with the paths of the real platform."""
