"""The other brain: a chat model with versioned prompts drafts the SQL and writes the prose."""
