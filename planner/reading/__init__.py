"""The grammar: from linked words to what a question asks for."""
