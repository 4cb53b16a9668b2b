"""The analysis engine: reads a bundle and says what it found. It imports no Django.

The way of the data: ``unpack`` → ``artifacts`` → ``parsers`` → ``event_index`` and file
states → ``analyzers`` → ``result``. ``analyze.analyze`` walks it once.
"""
