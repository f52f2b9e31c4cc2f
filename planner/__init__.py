"""The embedded, keyless brain: a question to a typed plan to SQL, a summary to prose."""
