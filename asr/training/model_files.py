"""A vosk model directory: what it holds besides network and graph, and whether both fit."""

import shutil
import struct
from pathlib import Path

from asr.training.phone_table import PhonesDiffer, PhoneTable, read_phones

MFCC_CONF = """\
--use-energy=false
--sample-frequency=8000
--num-mel-bins=40
--num-ceps=40
--low-freq=40
--high-freq=3800
--dither=0
"""

MODEL_CONF = """\
--min-active=200
--max-active=5000
--beam=15.0
--lattice-beam=6.0
--acoustic-scale=1.0
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""

README = (
    "Mandarin hotline model trained on synthetic speech (espeak-ng) only; "
    "never tried on human speech.\n"
    "Its language model is mixed with lm_sc.arpa of libime (LGPL-2.1+, CSSlayer).\n"
)


def phone_count(final_mdl: Path) -> int:
    """How many Kaldi phones a binary final.mdl was built for.

    Kaldi's TransitionModel begins with the topology's list of phones: binary mark, two tokens,
    then size byte 4, a little-endian count and the ids.
    """
    opening = b"\0B<TransitionModel> <Topology> \x04"
    with final_mdl.open("rb") as model:
        head = model.read(len(opening) + 4)
    if not head.startswith(opening) or len(head) < len(opening) + 4:
        raise PhonesDiffer(f"{final_mdl} is not a binary Kaldi model")
    return int(struct.unpack_from("<i", head, len(opening))[0])


def check_belong_together(final_mdl: Path, phones: PhoneTable) -> None:
    """Refuse a network and a graph of different phone lists: in vosk that is a segmentation fault.

    `PhonesDiffer` says what differs. am/phones.txt, where the model has one, is compared name by
    name; without it only the counts can be.
    """
    count = phone_count(final_mdl)
    if count != phones.count:
        raise PhonesDiffer(f"{final_mdl} has {count} phones, the graph {phones.count}")
    beside = final_mdl.with_name("phones.txt")
    if beside.exists() and read_phones(beside) != phones:
        raise PhonesDiffer(f"{beside} and the graph list different phones")


def assemble(final_mdl: Path, graph: Path, out: Path) -> None:
    """Lay out a vosk model directory: am/, graph/, conf/, README."""
    phones = read_phones(graph / "phones.txt")
    check_belong_together(final_mdl, phones)
    (out / "am").mkdir(parents=True)
    (out / "conf").mkdir()
    shutil.copyfile(final_mdl, out / "am/final.mdl")
    (out / "am/phones.txt").write_text("\n".join(phones.phones) + "\n", encoding="utf8")
    shutil.copytree(graph, out / "graph")
    (out / "conf/mfcc.conf").write_text(MFCC_CONF, encoding="utf8")
    (out / "conf/model.conf").write_text(MODEL_CONF, encoding="utf8")
    (out / "README").write_text(README, encoding="utf8")
