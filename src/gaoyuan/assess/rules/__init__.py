"""Rules as data: editions of documents and their criteria, read from YAML."""
