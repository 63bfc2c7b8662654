"""What each step of the pipeline does; every function here runs in a process of its own.

Imports stand inside the functions, so that no process loads what another step needs: torch, vosk
and kaldifst together in one process hung (see `pipeline`).

Every step gets the build's directory (earlier steps' results are its subfolders) and an empty
folder for its own result.
"""

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from asr.training.recipe import Recipe

if TYPE_CHECKING:
    from asr.training.language_model import LanguageModel
    from asr.training.training import Frames

GENERAL_SENTENCES = 20_000
SPOKEN_SENTENCES = 9_000
# Every eighth sentence is asked for how its words are read inside it: 26 000 suffice, in 30 s.
CONTEXT_EVERY = 8
SEED = 31
TEST_SEED = 5


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def _write_lines(path: Path, lines: list[str] | tuple[str, ...]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf8")


def _read_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf8").splitlines()


def phones(recipe: Recipe, build: Path, out: Path) -> None:
    """phones.txt: of the acoustic model that is taken over, else of this espeak-ng."""
    if recipe.acoustic_model:
        from asr.training.phone_table import read_phones

        table = read_phones(Path(recipe.acoustic_model) / "graph/phones.txt")
        _write_lines(out / "phones.txt", table.phones)
        return
    from collections import Counter

    from asr.training.phoneset import enumerate_phones
    from asr.training.segmentation import dictionary
    from asr.training.synthesis import Espeak

    counts: Counter[str] = Counter()
    for word, frequency in dictionary():
        counts.update(dict.fromkeys(word, frequency))
    found = enumerate_phones(counts.most_common(9000), Espeak().phonemes)
    say(f"{len(found)} phones")
    _write_lines(out / "phones.txt", found)


def texts(recipe: Recipe, build: Path, out: Path) -> None:
    """language_model.txt, spoken.txt, general.txt; fails when a test set leaks."""
    from asr.training import corpus
    from asr.training.segmentation import dictionary

    extra = [s for path in recipe.sentences for s in corpus.read_sentences(Path(path))]
    if recipe.language:
        if recipe.leaks_stop:
            corpus.check_additions(recipe.words, extra)
        _write_lines(out / "language_model.txt", extra)
        return
    amounts = corpus.Amounts(
        recipe.hotline_sentences, recipe.colloquial_sentences, recipe.request_sentences
    )
    made = corpus.make_texts(corpus.read_grammar(), amounts, extra)
    counts = map(len, (made.hotline, made.colloquial, made.requests))
    say("{} hotline, {} colloquial, {} spoken requests".format(*counts))
    _write_lines(out / "language_model.txt", made.language_model)
    _write_lines(out / "spoken.txt", corpus.spoken_texts(made, SPOKEN_SENTENCES))
    general = corpus.general_texts(dictionary(), GENERAL_SENTENCES, SEED)
    _write_lines(out / "general.txt", general)


def speech(recipe: Recipe, build: Path, out: Path, part: int) -> None:
    """examples.npz: one part of the training speech; even parts speak general text."""
    from asr.training.invented_voices import lay_out
    from asr.training.speech import TrainingSpeech, save_examples
    from asr.training.synthesis import Espeak, installed_data
    from asr.training.voices import training_voices

    spoken = _read_lines(build / "texts" / ("spoken.txt" if part % 2 else "general.txt"))
    with tempfile.TemporaryDirectory(prefix="voices-") as folder:
        lay_out(installed_data(), Path(folder), SEED + part)
        espeak = Espeak(Path(folder))
        speaker = TrainingSpeech(
            espeak,
            training_voices(espeak.variants()),
            _read_lines(build / "phones/phones.txt"),
            SEED + part,
        )
        examples, failed = speaker.hours(spoken, recipe.hours / recipe.speech_parts)
    say(f"{len(examples)} sentences, {failed} that espeak read unexpectedly")
    save_examples(out / "examples.npz", examples)


def _frames(recipe: Recipe, build: Path) -> "Frames":
    import torch

    from asr.training.training import Frames

    torch.set_num_threads(recipe.threads)
    parts = [build / f"speech-{part:02}/examples.npz" for part in range(recipe.speech_parts)]
    return Frames(parts, SEED)


def cross_entropy(recipe: Recipe, build: Path, out: Path) -> None:
    """network.pt after the frame-by-frame stage; of the model to start from, where there is one."""
    from asr.training import training
    from asr.training.warm_start import load_finished

    frames = _frames(recipe, build)
    count = len(_read_lines(build / "phones/phones.txt"))
    statistics = training.phone_statistics(frames.labels, count)
    network = training.new_network(frames, count, recipe.width, SEED)
    if recipe.start:
        load_finished(Path(recipe.start) / "am/final.mdl", network, frames, statistics)
    else:
        stage = training.cross_entropy_stage(recipe.minutes * 11 / 29)
        training.fit(network, frames, statistics, stage)
    say(f"frames right: {training.frame_accuracy(network, frames):.3f}")
    training.save(out / "network.pt", network, statistics)


def sequence(recipe: Recipe, build: Path, out: Path) -> None:
    """network.pt after the whole-sequence stage."""
    from asr.training import training

    frames = _frames(recipe, build)
    count = len(_read_lines(build / "phones/phones.txt"))
    statistics = training.phone_statistics(frames.labels, count)
    network = training.load(build / "cross-entropy/network.pt")
    stage = training.sequence_stage(recipe.minutes * 18 / 29)
    training.fit(network, frames, statistics, stage)
    say(f"frames right: {training.frame_accuracy(network, frames):.3f}")
    training.save(out / "network.pt", network, statistics)


def acoustic_model(recipe: Recipe, build: Path, out: Path) -> None:
    """final.mdl: exported, or taken over."""
    if recipe.acoustic_model:
        shutil.copyfile(Path(recipe.acoustic_model) / "am/final.mdl", out / "final.mdl")
        return
    import torch

    from asr.training.export import write_model
    from asr.training.phone_table import read_phones

    checkpoint = torch.load(build / "sequence/network.pt", weights_only=True)
    write_model(out / "final.mdl", checkpoint, read_phones(build / "phones/phones.txt"))


def _everyday(recipe: Recipe) -> "LanguageModel":
    """Everyday Chinese: the ARPA model given, else jieba's words without any order."""
    from asr.training.arpa import read_arpa
    from asr.training.language_model import LanguageModel
    from asr.training.segmentation import dictionary

    if recipe.everyday:
        return read_arpa(Path(recipe.everyday))
    words = dict(dictionary())
    total = sum(words.values())
    return LanguageModel({word: count / total for word, count in words.items()}, {}, {})


def _pinyin(character: str) -> list[str]:
    import pypinyin

    readings = pypinyin.pinyin(
        character, heteronym=True, style=pypinyin.Style.TONE3, neutral_tone_with_five=True
    )
    return [reading.replace("ü", "v") for reading in readings[0][:4]]


def lexicon(recipe: Recipe, build: Path, out: Path) -> None:
    """lexicon.json, segmented.txt (words of each sentence), open_vocabulary.json."""
    if recipe.language:
        from asr.training.additions import add_words

        add_words(recipe, build, out, say)
        return
    from asr.training import lexicon as lexicons
    from asr.training.city_words import place_words, read_words
    from asr.training.corpus import TEXTS, read_grammar
    from asr.training.segmentation import Segmenter, everyday_words
    from asr.training.synthesis import Espeak
    from asr.training.vocabulary import open_vocabulary

    given: dict[str, list[tuple[str, ...]]] = {
        word: [] for word in sorted(place_words(read_grammar()))
    }
    given |= read_words([*sorted(TEXTS.glob("*.words")), *map(Path, recipe.words)])
    known_words = everyday_words(_everyday(recipe).unigrams)
    segmenter = Segmenter(dict(known_words), given)
    sentences = _read_lines(build / "texts/language_model.txt")
    segmented = [segmenter.words(sentence) for sentence in sentences]
    known = _read_lines(build / "phones/phones.txt")
    pronouncer = lexicons.Pronouncer(Espeak().phonemes, known)
    asked = slice(None, None, CONTEXT_EVERY)
    seen = lexicons.in_context(sentences[asked], segmented[asked], pronouncer)
    say(f"{len(seen)} words heard in sentences")
    open_words = open_vocabulary(known_words, recipe.dictionary_words, given)
    vocabulary = set(open_words).union(*segmented)
    found = lexicons.build(vocabulary, pronouncer, seen, _pinyin, given)
    unread = sorted(set(given) - set(found))
    if unread:
        say(f"espeak cannot read: {' '.join(unread)}")
    say(f"{len(found)} words, {sum(map(len, found.values()))} pronunciations")
    (out / "lexicon.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf8")
    whole = [" ".join(words) for words in segmented if all(word in found for word in words)]
    _write_lines(out / "segmented.txt", whole)
    kept = {word: share for word, share in open_words.items() if word in found}
    (out / "open_vocabulary.json").write_text(json.dumps(kept, ensure_ascii=False), "utf8")


def language_model(recipe: Recipe, build: Path, out: Path) -> None:
    """G.arpa: the callers' sentences mixed with everyday Chinese, or with a finished model's."""
    from asr.training import language_model as models
    from asr.training import mixing
    from asr.training.additions import SHARE, finished_language

    sentences = [line.split() for line in _read_lines(build / "lexicon/segmented.txt")]
    words = json.loads((build / "lexicon/open_vocabulary.json").read_text(encoding="utf8"))
    pairs, triples, share = recipe.pairs, recipe.triples, recipe.callers_share
    if recipe.language:
        everyday = finished_language(Path(recipe.language))
        pairs, triples, share = 2 * pairs, 2 * triples, SHARE
        smoothing = models.Smoothing(domain_share=0.8, cutoff=1)
    else:
        everyday = mixing.only(_everyday(recipe), words)
        smoothing = models.Smoothing(domain_share=0.8)
    callers = models.train(sentences, words, smoothing)
    chosen = mixing.Mixture(share, pairs, triples)
    model = mixing.mix(callers, everyday, mixing.counted(map(tuple, sentences)), chosen)
    say(f"{len(model.unigrams)} words, {len(model.bigrams)} pairs, {len(model.trigrams)} triples")
    with (out / "G.arpa").open("w", encoding="utf8") as arpa:
        models.write_arpa(model, arpa)


def graph(recipe: Recipe, build: Path, out: Path) -> None:
    """graph/ of the model, HCLG.fst above all."""
    from asr.training.graph import build_graph
    from asr.training.phone_table import read_phones

    read = json.loads((build / "lexicon/lexicon.json").read_text(encoding="utf8"))
    words = {
        word: [(tuple(map(tuple, reading)), cost) for reading, cost in readings]
        for word, readings in read.items()
    }
    arpa = build / "language-model/G.arpa"
    build_graph(words, arpa, read_phones(build / "phones/phones.txt"), out, say)


def model(recipe: Recipe, build: Path, out: Path) -> None:
    """The vosk model directory."""
    from asr.training.model_files import assemble

    assemble(build / "acoustic-model/final.mdl", build / "graph", out)


def spoken_test_set(recipe: Recipe, build: Path, out: Path, name: str) -> None:
    """NAME-clean/, NAME-noisy/ and so on: wav files and ref.txt.

    One process per set: espeak-ng's voice generator carries state from sentence to sentence, so
    that a set is only spoken alike again when nothing was spoken before it. (Ending and starting
    the library again in one process instead hung for ten minutes with espeak-ng 1.51.)
    """
    from asr.training.corpus import read_test_sets
    from asr.training.speech import LINES, speak_test_set
    from asr.training.synthesis import Espeak

    espeak = Espeak()
    sentences = (read_test_sets("written") | read_test_sets("template"))[name]
    if recipe.tested_sentences is not None and len(sentences) > recipe.tested_sentences:
        sentences = random.Random(TEST_SEED).sample(sentences, recipe.tested_sentences)
    for line in LINES if recipe.noisy_tests else LINES[:1]:
        speak_test_set(espeak, sentences, out / f"{name}-{line}", line, TEST_SEED)


def evaluation(recipe: Recipe, build: Path, out: Path) -> None:
    """scores.json and, per set, what was spoken and recognised."""
    from asr.training.report import evaluate

    sets = sorted(path.parent for path in build.glob("test-*/*/ref.txt"))
    evaluate(build / "model", sets, out, say)


Run = Callable[[Recipe, Path, Path], None]

RUNS: Mapping[str, Run] = {
    "phones": phones,
    "texts": texts,
    "cross-entropy": cross_entropy,
    "sequence": sequence,
    "acoustic-model": acoustic_model,
    "lexicon": lexicon,
    "language-model": language_model,
    "graph": graph,
    "model": model,
    "evaluation": evaluation,
}


def run_step(name: str, recipe: Recipe, build: Path, out: Path) -> None:
    """Run one step into the empty folder ``out``; KeyError for a name that is none."""
    if name.startswith("speech-"):
        speech(recipe, build, out, int(name.removeprefix("speech-")))
    elif name.startswith("test-"):
        spoken_test_set(recipe, build, out, name.removeprefix("test-"))
    else:
        RUNS[name](recipe, build, out)
