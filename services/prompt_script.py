"""What a voice actor has to read: every prompt of a flow with its words, as Markdown."""

from collections.abc import Iterator, Mapping

from callflow.check import parts_of
from callflow.flow import Flow
from callflow.nodes.base import Words


def script_of(flow: Flow, language: str, texts: Mapping[str, str]) -> str:
    """A table in the order of the flow. ``texts``: prompt key → words in this language."""
    rows = [
        f"| {number} | `{key}` | {said} | {node} | |"
        for number, (key, said, node) in enumerate(_lines(flow, language, texts), start=1)
    ]
    head = [
        f"# {flow.title or flow.name} · {language}",
        "",
        "配音稿 Script for the voice actor. 一条一个文件，文件名同编号；平稳、清楚。",
        "One file for each line; calm and clear, half a second of rest between sentences.",
        "",
        "| 序号 No. | 编号 key | 内容 words | 节点 node | 备注 remark |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def _lines(flow: Flow, language: str, texts: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    told: set[str] = set()
    for name in _in_order(flow):
        node = flow.nodes[name]
        for part in parts_of(node):
            key = part.prompt if isinstance(part, Words) else part
            if key.startswith("{") or key in told:
                continue
            told.add(key)
            words = part.text.get(language, "") if isinstance(part, Words) else texts.get(key, "")
            yield key, _cell(words) or "（缺 missing）", name


def _in_order(flow: Flow) -> list[str]:
    """As a caller comes to them; a database may keep the drawing in another order."""
    found = [flow.start]
    for name in found:
        found += [to for to in flow.nodes[name].exits() if to not in found]
    return found + sorted(set(flow.nodes) - set(found))


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
