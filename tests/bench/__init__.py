"""The benchmark: our steps beside those of the smallest honest service, and how they grow."""
