"""/prompts: what callers can hear, to choose from and to listen to."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.errors import PromptNotFound
from api.schemas.failure import failures
from api.schemas.prompts import PromptAnswer, PromptList
from domain.accounts.permissions import Permission
from prompts.texts import languages, load_catalogue

router = APIRouter(
    prefix="/prompts", tags=["flows"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Reader = Annotated[Principal, Depends(Require(Permission.FLOW_READ))]
Language = Annotated[str, Path(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$", examples=["zh-CN"])]
Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$", examples=["greeting"])]
SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/wav": {}}, "description": "The sound that callers hear"}
}


@router.get("", summary="List prompts")
async def list_prompts(_principal: Reader, backend: BackendHere) -> PromptList:
    """In every language, by key; digits and letters that only numbers are made of are left out."""
    sounds = await run_in_threadpool(backend.sounds)
    return PromptList(
        prompts=[
            PromptAnswer(
                key=key,
                language=language,
                text=text,
                length_s=round(sounds.seconds.get(language, {}).get(key, 0.0), 1),
            )
            for language in languages()
            for key, text in load_catalogue(language).prompts.items()
        ]
    )


@router.get(
    "/{language}/{key}/sound",
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
