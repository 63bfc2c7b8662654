"""/prompts: what callers hear, to choose from, to hear, to replace; scripts for voice actors."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.errors import PromptNotFound
from api.routes.flows import drawn
from api.schemas.failure import failures
from api.schemas.flows import FlowName
from api.schemas.prompts import PromptAnswer, PromptList, PromptWordsInput
from domain.accounts.permissions import Permission
from prompts.own import own_words, speak_prompt, take_upload
from prompts.texts import languages, load_catalogue
from services.actor import Actor
from services.audit import Deed, write_down
from services.prompt_script import script_of, script_pdf

router = APIRouter(tags=["prompts"], dependencies=SCHEMES, responses=failures(401, 403, 503))
Reader = Annotated[Principal, Depends(Require(Permission.FLOW_READ))]
Editor = Annotated[Principal, Depends(Require(Permission.FLOW_EDIT))]
Language = Annotated[str, Path(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$", examples=["zh-CN"])]
Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$", examples=["greeting"])]
SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/wav": {}}, "description": "The sound that callers hear"}
}


@router.get("/prompts", summary="List prompts")
async def list_prompts(_principal: Reader, backend: BackendHere) -> PromptList:
    """Those that flows may name, in every language, by key, with their words and seconds."""
    sounds = await run_in_threadpool(backend.sounds)
    found = []
    for language in languages():
        texts = await run_in_threadpool(_texts, language, backend)
        seconds = sounds.seconds.get(language, {})
        own = {file.stem for file in (backend.recorded_dir / language).glob("*.wav")}
        found += [
            _answer(language, key, texts.get(key, ""), seconds.get(key, 0.0), recorded=key in own)
            for key in [*texts, *sorted(set(seconds) - set(texts))]
        ]
    return PromptList(prompts=found)


@router.put(
    "/prompts/{language}/{key}",
    summary="Upload a recording",
    responses=failures(404, 413, 422),
)
async def upload(
    language: Language, key: Key, request: Request, principal: Editor, backend: BackendHere
) -> PromptAnswer:
    """The body is the sound file, in any format; it is brought to one loudness, 8 and 16 kHz.

    422 `RecordingRefused` says why one cannot be used: clipped, silent, too long. Calls hear it
    from the next time on that they come to it.
    """
    content = await request.body()
    folder = backend.prompts_dir / language
    seconds = await run_in_threadpool(take_upload, content, key, folder)
    await run_in_threadpool(take_upload, content, key, backend.recorded_dir / language)
    texts = await run_in_threadpool(_texts, language, backend)
    await _written(backend, principal.actor, f"{language}/{key}", len(content))
    return _answer(language, key, texts.get(key, ""), seconds, recorded=True)


@router.put(
    "/prompts/{language}/{key}/words",
    summary="Speak words as a prompt",
    responses=failures(404, 413, 422, 503),
)
async def speak(
    language: Language, key: Key, given: PromptWordsInput, principal: Editor, backend: BackendHere
) -> PromptAnswer:
    """By the synthetic voice; a recording of this name is replaced. Calls hear it from now on."""
    if language not in languages():
        raise PromptNotFound(language, key)
    folders = (backend.prompts_dir / language, backend.recorded_dir / language)
    seconds = await run_in_threadpool(speak_prompt, key, given.words, language, folders)
    await _written(backend, principal.actor, f"{language}/{key}", len(given.words.encode()))
    return _answer(language, key, given.words, seconds, recorded=True)


@router.get(
    "/prompts/{language}/{key}/sound",
    summary="Listen to a prompt",
    response_class=FileResponse,
    responses={**SOUND, **failures(404, 422)},
)
async def listen(
    language: Language, key: Key, _principal: Reader, backend: BackendHere
) -> FileResponse:
    """As it was rendered or recorded; 404 until then."""
    file = backend.prompts_dir / language / f"{key}.wav"
    if not await run_in_threadpool(file.is_file):
        raise PromptNotFound(language, key)
    return FileResponse(file, media_type="audio/wav")


@router.get(
    "/flows/{name}/prompt-script",
    summary="Script for a voice actor",
    response_class=Response,
    responses={
        200: {
            "content": {
                "text/markdown": {"example": "| 1 | `greeting` | 您好 | greeting | |"},
                "application/pdf": {},
            },
            "description": "A table",
        },
        **failures(404, 422),
    },
)
async def script(
    name: FlowName,
    _principal: Reader,
    backend: BackendHere,
    language: Annotated[str, Query(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$")] = "zh-CN",
    kind: Annotated[Literal["md", "pdf"], Query(description="Markdown or PDF")] = "md",
) -> Response:
    """Every prompt of the draft in the order of the flow."""
    if language not in languages():
        raise PromptNotFound(language, "")
    flow = await drawn(name, None, backend)
    texts = await run_in_threadpool(_texts, language, backend)
    if kind == "pdf":
        sheet = await run_in_threadpool(script_pdf, flow, language, texts)
        return Response(sheet, media_type="application/pdf")
    text = script_of(flow, language, texts)
    return Response(text, media_type="text/markdown; charset=utf-8")


def _texts(language: str, backend: Backend) -> dict[str, str]:
    """Key → words: the catalogue's, and those of the city's own prompts."""
    return {**load_catalogue(language).prompts, **own_words(backend.recorded_dir / language)}


def _answer(language: str, key: str, text: str, length_s: float, *, recorded: bool) -> PromptAnswer:
    return PromptAnswer(
        key=key, language=language, text=text, length_s=round(length_s, 1), recorded=recorded
    )


async def _written(backend: Backend, actor: Actor, name: str, size: int) -> None:
    async with backend.database.transaction() as session:
        deed = Deed("prompt.upload", "prompt", name, detail={"bytes": size})
        write_down(session, actor, deed, now=backend.clock())
