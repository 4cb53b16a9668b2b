"""The lines that a page becomes, as they grow."""


class Lines:
    """Lines as they grow. What is wanted (space, line end, blank line) waits until text stands behind it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.line: list[str] = []
        self.prefix = self.line_prefix = self.mark = ""
        self.wants_space = self.wants_line = self.wants_blank = self.is_cell_start = False

    @property
    def count(self) -> int:
        """Of the lines so far, the one that grows included."""
        return len(self.done) + bool(self.line)

    def say(self, text: str) -> None:
        if self.wants_line:
            self.flush()
        if not self.line:
            has_text_above = self.done and self.line_prefix == self.prefix and self.done[-1].strip("> ")
            if self.wants_blank and has_text_above:
                self.done.append(self.prefix.rstrip())
            self.line_prefix = self.prefix
            if self.mark:
                self.line.append(self.mark)
        elif self.wants_space:
            self.line.append(" ")
        self.mark = ""
        self.wants_space = self.wants_line = self.wants_blank = self.is_cell_start = False
        self.line.append(text)

    def flush(self) -> None:
        if self.line:
            self.done.append(f"{self.line_prefix}{''.join(self.line)}".rstrip(" \t"))
            self.line = []
        self.wants_line = self.wants_space = False

    def line_end(self) -> None:
        """One that is written in the page: of two, the second makes a blank line."""
        is_blank = not self.line or self.wants_line
        self.flush()
        if is_blank:
            self.done.append(self.prefix.rstrip())

    def block(self, *, is_apart: bool = False) -> None:
        """The edge of an element with lines of its own."""
        if not self.is_cell_start:
            self.wants_line = True
            self.wants_blank |= is_apart and not self.mark

    def cell(self) -> None:
        """The next cell of a row stands behind the last line of the one before."""
        if self.line:
            self.line.append("\t")
            self.wants_line = self.wants_blank = self.wants_space = False
            self.is_cell_start = True
