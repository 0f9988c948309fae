"""Holds a conversation against the rules of conduct: pure, from turns and rules to findings and a half-written note."""
