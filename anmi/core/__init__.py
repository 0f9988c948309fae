"""The rule book: pure functions and values. It reads no clock, opens no socket, throws no dice."""
