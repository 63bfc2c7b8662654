"""Fetch a model archive over HTTP into a file, with bounds on size and time."""

from collections.abc import Callable
from pathlib import Path

import httpx

from asr.models.layout import ModelProblem

Progress = Callable[[int, int | None], None]
"""Called with bytes done and, where known, bytes in all."""

_LARGEST = 8 << 30
_CHUNK = 1 << 20
# No answer or no byte for this long: the other end is gone. The whole may take hours.
_TIMEOUT = httpx.Timeout(30.0)


class DownloadFailed(ModelProblem):
    """The URL gave no complete file."""


def download(url: str, into: Path, progress: Progress | None = None) -> None:
    """Write the body of ``url`` into the new file ``into``; `DownloadFailed` says what failed."""
    try:
        with (
            httpx.Client(follow_redirects=True, timeout=_TIMEOUT) as client,
            client.stream("GET", url, headers={"accept-encoding": "identity"}) as answer,
        ):
            answer.raise_for_status()
            _copy(answer, url, into, progress)
    except httpx.HTTPStatusError as refused:
        status = refused.response.status_code
        raise DownloadFailed(f"{url} answered HTTP {status}; it must answer 200.") from refused
    except (httpx.HTTPError, httpx.InvalidURL) as failed:
        raise DownloadFailed(
            f"{url} could not be fetched: {str(failed) or type(failed).__name__}"
        ) from (failed)


def _copy(answer: httpx.Response, url: str, into: Path, progress: Progress | None) -> None:
    length = answer.headers.get("content-length", "")
    total = int(length) if length.isdecimal() else None
    done = 0
    with into.open("xb") as out:
        # Raw bytes: a server that labels a .tar.gz as "encoding: gzip" must not unpack it for us.
        for chunk in answer.iter_raw(_CHUNK):
            done += len(chunk)
            if done > _LARGEST:
                raise DownloadFailed(f"{url} sends more than {_LARGEST} bytes.")
            out.write(chunk)
            if progress is not None:
                progress(done, total)
    if total is not None and done != total:
        raise DownloadFailed(f"{url} sent {done} of {total} bytes.")
