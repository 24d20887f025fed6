"""Who hears what, in which language, over what: rules, texts, inboxes, channels, deliveries."""
