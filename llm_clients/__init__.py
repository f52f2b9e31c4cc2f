"""Chat models by one string, one file a provider."""
