"""HTTP: routes, the AG-UI stream, problem details."""
