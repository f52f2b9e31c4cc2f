"""What is kept of runs: records, conversations, feedback and usage, in SQLite or Postgres."""
