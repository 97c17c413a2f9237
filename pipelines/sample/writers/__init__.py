"""One module per delivered format: rows into bytes. Which rows go where is decided elsewhere."""
