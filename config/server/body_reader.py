"""A request's body that is received into the caller's memory."""

from gunicorn.http.body import Body, LengthReader


class StraightBody(Body):
    """gunicorn's body with ``readinto``.

    ``read`` copies each byte five times on its way through gunicorn's buffers; of an upload of
    1 GiB that was the larger half of the time.
    """

    def readinto(self, memory: memoryview) -> int:
        """As soon as any bytes are there, up to ``len(memory)`` of them; 0 at the end.

        Raises ``OSError`` of the connection, ``TimeoutError`` of its pace.
        """
        if self.buf.tell() or not isinstance(self.reader, LengthReader):
            data = self.read(len(memory))
            memory[: len(data)] = data
            return len(data)
        memory = memory[: self.reader.length]
        if not memory:
            return 0
        unreader = self.reader.unreader
        held = unreader.take_buffered()
        if held:  # What came in one piece with the request's head.
            count = min(len(held), len(memory))
            memory[:count] = held[:count]
            unreader.unread(held[count:])
        else:
            try:
                count = int(unreader.sock.recv_into(memory))
            except Exception:
                self.failed = True
                raise
        self.reader.length -= count
        return count
