"""Error codes of Windows in words; a code that no table has is said to be in none."""
