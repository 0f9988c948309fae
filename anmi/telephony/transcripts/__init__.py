"""Transcripts (转写): what was said on a call, track by track, with its times; searched by characters and by sound."""
