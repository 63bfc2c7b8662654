"""The vault of this machine, as the settings say: disk, or a bucket."""

from config.settings import Settings
from storage.vault.keyring import KeyRing
from storage.vault.s3 import Bucket, S3Shelf
from storage.vault.shelf import DiskShelf, Shelf
from storage.vault.vault import Vault


def vault_for(settings: Settings, role: str) -> Vault:
    """Each process has a folder of its own for what it is making."""
    ring = KeyRing(settings.recording_keys_file)
    return Vault(_shelf(settings), ring, settings.run_dir / f"sound-{role}")


def _shelf(settings: Settings) -> Shelf:
    if not settings.s3_bucket:
        return DiskShelf(settings.recordings_dir)
    secret = settings.s3_secret_key
    return S3Shelf(
        Bucket(
            endpoint=settings.s3_endpoint,
            name=settings.s3_bucket,
            access_key=settings.s3_access_key,
            secret_key="" if secret is None else secret.get_secret_value(),
            region=settings.s3_region,
        )
    )
