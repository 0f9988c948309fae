"""How fast 300 rules read a million utterances on one core, against a loop of `re` over the same rules.

Run `python benchmarks/inspection_rules.py --utterances 1000000`. A rule of the loop is one compiled expression, the
ways of saying it joined by `|`; the loop reads a part of the texts, because it would take hours on all. Anmi also sees
through denials in its time, and in the second figure hears homophones; the loop does neither.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

from anmi.core.inspection.hearing import Hearing
from anmi.core.inspection.match import Cue, Scanner
from anmi.core.inspection.rules import RulePack
from anmi.core.inspection.text import plain
from anmi.quality.rules.loader import rule_pack

CORPUS = Path(__file__).parents[1] / "tests" / "quality" / "corpus" / "utterances.jsonl"
RULES = 300
CHUNK = 2000
CORPUS_SHARE = 0.1
# What most of a call consists of, either side.
TALK_LIST = (
    "嗯|嗯嗯|好|好的|哦|对|对的|是|是的|喂|喂，你好|您好|啊，怎么了|你说|你是哪里|听得到吗|听得见|"
    "喂，听得到吗|我知道了|行|行吧|可以|没事|谢谢|再见|拜拜|嗯，我在听|稍等一下|您稍等|不好意思|信号不太好|"
    "我现在在上班|我在开车呢|现在不太方便|晚一点吧|那您先忙|我等会打给你|我看一下再说吧|我想想|我回头看看|"
    "这样啊|您请说|请问是{name}先生吗|您好，请问是{name}女士吗|我是{name}|他现在不在|您这边方便说话吗|"
    "那您大概什么时候方便|这个月{day}号吧|{day}号之前|下周{week}可以吗|我{day}号发工资|应该是{day}号|"
    "大概还要{few}天|{few}千块钱吧|先还{few}千行不行|最近生意不太好做|家里最近用钱的地方多|孩子刚开学|"
    "老人身体不太好|公司这两个月效益不好|我这边刚换了工作|前段时间回老家了|您的账单是{few}千{few}百元|"
    "那我给您记一下|我帮您看一下|这边系统显示的是{day}号|您用手机银行就可以|打开软件点还款就行了|"
    "我不太会用那个软件|怎么操作呢|点右下角我的|然后点进去就能看到|看到了|没看到啊|有一个本期账单|"
    "我点了没反应|那您重新登录试一下|好了好了，看到了|这个利息是怎么算的|是按日计算的|我之前都是按时还的|"
    "上个月忘记了|那麻烦您了|那先这样|祝您生活愉快|不客气"
)
TALK = TALK_LIST.split("|")


def texts(count: int) -> list[str]:
    """Make a floor's day: nine in ten are talk, the rest comes from the corpus with its violations and hard denials."""
    dice = random.Random(20)
    corpus = [json.loads(line)["text"] for line in CORPUS.read_text("utf-8").splitlines()]
    return [
        dice.choice(corpus)
        if dice.random() < CORPUS_SHARE
        else "，".join(_talk(dice) for _ in range(dice.randint(1, 3)))
        for _ in range(count)
    ]


def _talk(dice: random.Random) -> str:
    return dice.choice(TALK).format(
        name=dice.choice("王李张刘陈") + dice.choice("小明芳伟强娜"),
        day=dice.randint(1, 28),
        week=dice.choice("一二三四五"),
        few=dice.choice("一两三四五六七八九"),
    )


def rules_of(pack: RulePack) -> list[Cue]:
    """Return the pack cut into rules of a few ways of saying a thing each, 300 of them or a few more."""
    for size in range(10, 0, -1):
        rules = [
            replace(cue, id=f"{cue.id}.{start}", patterns=cue.patterns[start : start + size])
            for cue in pack.cues
            for start in range(0, len(cue.patterns), size)
        ]
        if len(rules) >= RULES:
            break
    return rules


def per_second(scanner: Scanner, said: list[str]) -> tuple[float, int]:
    """Return utterances per second of one core, and how many cues were heard."""
    begin = time.process_time()
    hits = sum(
        len(heard.hits) for start in range(0, len(said), CHUNK) for heard in scanner.scan(said[start : start + CHUNK])
    )
    return len(said) / (time.process_time() - begin), hits


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--utterances", type=int, default=50_000)
    options.add_argument("--loop", type=int, default=2000, help="utterances read by the loop of re")
    chosen = options.parse_args()

    pack = rule_pack()
    cues = rules_of(pack)
    said = texts(chosen.utterances)
    ways = sum(len(cue.patterns) for cue in cues)
    length = sum(map(len, said)) / len(said)
    print(f"{len(cues)} rules, {ways} ways of saying them, {len(said):,} utterances, {length:.0f} characters each")

    # Both sides begin with everything compiled.
    for way in (way for cue in cues for way in cue.patterns + cue.unless):
        way.regex.search("")
    hearing = Hearing(pack.heard_words, pack.short_words, pack.kept_words, pack.phrases, pack.mistaken_words)
    figures: dict[str, float] = {}
    for name, scanner in (
        ("anmi", Scanner(cues, None, pack.common_words)),
        ("anmi, hearing homophones", Scanner(cues, hearing, pack.common_words)),
    ):
        figures[name], hits = per_second(scanner, said)
        print(f"{name}: {figures[name]:,.0f} utterances per second and core, {hits:,} hits")

    part = said[: chosen.loop]
    loop_rules = [re.compile("|".join(way.expression for way in cue.patterns)) for cue in cues]
    begin = time.process_time()
    found = sum(bool(rule.search(text)) for text in map(plain, part) for rule in loop_rules)
    loop = len(part) / (time.process_time() - begin)
    print(f"loop of re: {loop:,.0f} utterances per second and core, {found * len(said) // len(part):,} matches on all")
    for name, figure in figures.items():
        print(f"ratio, {name}: {figure / loop:.0f}")
    sys.exit(0 if figures["anmi"] / loop >= 20 else 1)


if __name__ == "__main__":
    main()
