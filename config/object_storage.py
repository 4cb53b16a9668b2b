"""Sealed bundles in an S3-compatible object storage instead of the data folder."""

from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config import env


def s3_storage() -> dict[str, Any] | None:
    """The entry of STORAGES for the bucket that S3_BUCKET names; None without one.

    Raises ``ImproperlyConfigured`` where the package for it is not installed.
    Source: https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html
    """
    bucket = env.text("S3_BUCKET", "")
    if not bucket:
        return None
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "S3_BUCKET is set, but a package is missing: pip install --require-hashes -r requirements-s3.txt"
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.text("S3_ENDPOINT", "") or None,
            "region_name": env.text("S3_REGION", "") or None,
            # Without these two boto3 looks in its own places: a role of the machine, its files.
            "access_key": env.text("S3_ACCESS_KEY", "") or None,
            "secret_key": env.text("S3_SECRET_KEY", "") or None,
            "signature_version": "s3v4",
            # Otherwise an opened object lies in memory, all of it.
            "max_memory_size": 8 * 2**20,
        },
    }
