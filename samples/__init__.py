"""Sample ticket types, each a deployable folder."""
