"""Work that is due: enqueued in the transaction that asks for it, run later under a lease."""
