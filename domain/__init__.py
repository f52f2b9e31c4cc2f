"""The nouns of the product: pure data, no input or output, importing nothing of ours."""
