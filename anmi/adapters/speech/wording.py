"""From what Whisper writes to what we keep: simplified characters, Chinese punctuation, and nothing invented."""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import cache
from typing import Final

from opencc import OpenCC

PROMPT: Final = "以下是普通话的句子。"
"""Without it Whisper writes traditional characters now and then, and no punctuation."""

# Whisper learned from subtitles, and hears their closing lines in noise. None of them is said on a collection call.
INVENTED: Final = re.compile(
    r"字幕|明镜|点点栏目|不吝点赞|打赏支持|点赞.{0,4}订阅|订阅.{0,6}转发|感谢(您的)?(观看|收看)|谢谢(大家)?(观看|收看)"
    r"|多谢您的观看|独播剧场|yoyotelevision|amaraorg|中文字幕|志愿者李宗盛|作词作曲|词曲李宗盛|下期(视频|节目)?再见"
    r"|mingpao|bwd6|优优独播|请关注我的频道|本期视频"
)
_HAN: Final = "\u3400-\u9fff"
_PUNCTUATION: Final = str.maketrans({",": "，", "?": "？", "!": "！", ";": "；", ":": "："})
_MARKS: Final = r",?!;:"


def polished(text: str) -> str:
    """Return the text in simplified characters with Chinese punctuation."""
    text = _simplifier().convert(unicodedata.normalize("NFC", text)).strip()
    text = re.sub(rf"(?<=[{_HAN}，。？！]) +| +(?=[{_HAN}，。？！])", "", text)
    text = re.sub(
        rf"(?<=[{_HAN}])[{_MARKS}]|[{_MARKS}](?=[{_HAN}])", lambda mark: mark[0].translate(_PUNCTUATION), text
    )
    return text.replace("�", "").strip("，、 ")


def is_invented(text: str, hot_words: tuple[str, ...] = ()) -> bool:
    """Tell whether these words come from the model and not from the audio."""
    bare = bare_text(text)
    if not bare or INVENTED.search(bare):
        return True
    prompt = bare_text(PROMPT)
    if len(bare) >= 4 and (bare in prompt or prompt in bare):
        return True
    # One hot word alone may well have been said; a list of them in our order is our own prompt.
    return len(hot_words) > 1 and bare_text(hot_words[0]) != bare and bare in bare_text("".join(hot_words))


def repeats_itself(text: str) -> bool:
    """Tell whether the text turns in a circle, as Whisper does when it loses its way."""
    written = text.encode()
    return len(written) / len(zlib.compress(written)) > 2.4 or bool(re.search(r"(.{2,}?)\1{4,}|(\D)\2{7,}", text))


def bare_text(text: str) -> str:
    """Return letters, digits and characters only, in one width and in lower case."""
    return "".join(mark for mark in unicodedata.normalize("NFKC", text).lower() if mark.isalnum())


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
