"""What stands between our process model and SpiffWorkflow, for runtime.py and state.py alone."""
