"""The analysis engine: reads a bundle and says what it found. It imports no Django.

The way of the data: ``unpacking`` → ``artifacts`` → ``parsers`` → ``index`` and file states →
``analyzers`` and ``rules`` → ``conclusions`` → ``result``. ``analyze.analyze`` walks it once.
"""
