"""Sealed sound in an S3 or MinIO bucket."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from storage.vault.shelf import SoundMissing

ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
# A reviewer waits for the first sound: a server that is away is told soon, not after minutes.
PATIENCE = Config(
    connect_timeout=5, read_timeout=30, retries={"max_attempts": 3}, signature_version="s3v4"
)


@dataclass(frozen=True)
class Bucket:
    """``endpoint``: such as ``https://minio.example:9000``; empty for Amazon's own."""

    endpoint: str
    name: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"


class S3Shelf:
    """Objects of one bucket, which must exist. Uploads are whole or not there (S3's promise)."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket.name
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=bucket.endpoint or None,
            aws_access_key_id=bucket.access_key,
            aws_secret_access_key=bucket.secret_key,
            region_name=bucket.region,
            config=PATIENCE,
        )

    def take(self, name: str, source: Path) -> None:
        self._client.upload_file(str(source), self._bucket, name)
        source.unlink()

    def put(self, name: str, content: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=name, Body=content)

    def read(self, name: str, start: int, length: int) -> bytes:
        if length <= 0:
            return b""
        wanted = f"bytes={start}-{start + length - 1}"
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=name, Range=wanted)
        except ClientError as failure:
            if _code(failure) in ABSENT:
                raise SoundMissing(name) from None
            if _code(failure) in {"416", "InvalidRange"}:
                return b""
            raise
        return bytes(found["Body"].read())

    def size(self, name: str) -> int | None:
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=name)
        except ClientError as failure:
            if _code(failure) in ABSENT:
                return None
            raise
        return int(found["ContentLength"])

    def delete(self, name: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=name)

    def names(self, prefix: str = "") -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
            for found in page.get("Contents", []):
                yield str(found["Key"])


def _code(failure: ClientError) -> str:
    return str(failure.response.get("Error", {}).get("Code", ""))
