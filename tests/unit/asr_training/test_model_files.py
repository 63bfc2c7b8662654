import struct

import pytest

from asr.training.model_files import assemble, phone_count
from asr.training.phone_table import PhonesDiffer, PhoneTable

TABLE = PhoneTable(("SIL", "th", "iN2"))


def network_for(table, path):
    ids = struct.pack(f"<{table.count}i", *range(1, table.count + 1))
    head = b"\0B<TransitionModel> <Topology> \x04" + struct.pack("<i", table.count)
    path.write_bytes(head + ids + b"...")


def graph_for(table, path):
    path.mkdir()
    (path / "phones.txt").write_text("".join(f"{s} {n}\n" for n, s in enumerate(table.symbols)))
    (path / "HCLG.fst").write_bytes(b"graph")


def test_a_model_is_laid_out_as_vosk_reads_it(tmp_path):
    network_for(TABLE, tmp_path / "final.mdl")
    graph_for(TABLE, tmp_path / "graph")
    assemble(tmp_path / "final.mdl", tmp_path / "graph", tmp_path / "model")
    files = {str(p.relative_to(tmp_path / "model")) for p in (tmp_path / "model").rglob("*.*")}
    assert {"am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLG.fst"} <= files
    assert "synthetic speech" in (tmp_path / "model/README").read_text()


def test_a_network_for_other_phones_is_refused_because_vosk_would_crash(tmp_path):
    network_for(PhoneTable(("SIL", "th")), tmp_path / "final.mdl")
    graph_for(TABLE, tmp_path / "graph")
    with pytest.raises(PhonesDiffer, match="5 phones, the graph 9"):
        assemble(tmp_path / "final.mdl", tmp_path / "graph", tmp_path / "model")


def test_as_many_phones_but_others_are_refused_too(tmp_path):
    network_for(TABLE, tmp_path / "final.mdl")
    (tmp_path / "phones.txt").write_text("SIL\niN2\nth\n")
    graph_for(TABLE, tmp_path / "graph")
    with pytest.raises(PhonesDiffer, match="different phones"):
        assemble(tmp_path / "final.mdl", tmp_path / "graph", tmp_path / "model")


def test_what_is_no_kaldi_model_is_refused(tmp_path):
    (tmp_path / "final.mdl").write_bytes(b"PK\3\4")
    with pytest.raises(PhonesDiffer, match="not a binary Kaldi model"):
        phone_count(tmp_path / "final.mdl")
