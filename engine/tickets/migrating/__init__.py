"""Running tickets moved to another version of their type: previewed, in bulk, and back again."""
