"""What an event says: its message in both languages, from the best source there is."""
