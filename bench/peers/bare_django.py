"""A bare Django that takes an upload: fsync the file, append a row to a hash chain, answer. Nothing is read, sealed or checked.

Settings, model, view and WSGI application in one module: `granian --interface wsgi bench.peers.bare_django:application`. The database is
`BARE_DATABASE` (a file for SQLite, else a URL of PostgreSQL); files go to `BARE_FILES`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path


def _database(name: str) -> dict[str, Any]:
    if "://" not in name:
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        }
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
    parts = urlsplit(name)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


FILES = Path(os.environ["BARE_FILES"])
settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": _database(os.environ["BARE_DATABASE"])},
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()


class Audit(models.Model):
    """One row of the chain: its hash covers the row before it."""

    sha256 = models.CharField(max_length=64)
    chained = models.CharField(max_length=64)

    class Meta:
        app_label = "bare"


class Tail(models.Model):
    """The chain's end; its row is the writers' lock."""

    chained = models.CharField(max_length=64)

    class Meta:
        app_label = "bare"


def prepare() -> None:
    """Make the tables and the folder, once."""
    FILES.mkdir(parents=True, exist_ok=True)
    with connection.schema_editor() as editor:
        editor.create_model(Audit)
        editor.create_model(Tail)
    Tail.objects.create(pk=1, chained="")


def keep(upload: UploadedFile[Any]) -> str:
    """Write aside, sync, rename, sync the folder."""
    data = upload.read()
    sha256 = hashlib.sha256(data).hexdigest()
    draft = FILES / secrets.token_hex(8)
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(FILES / sha256)
    folder = os.open(FILES, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return sha256


def receive(request: HttpRequest) -> HttpResponse:
    for upload in request.FILES.getlist("packets"):
        sha256 = keep(upload)
        with transaction.atomic():
            tail = Tail.objects.select_for_update().get(pk=1)
            tail.chained = hashlib.sha256(f"{tail.chained}{sha256}".encode()).hexdigest()
            tail.save()
            Audit.objects.create(sha256=sha256, chained=tail.chained)
    return HttpResponse("ok")


urlpatterns = [path("packets/receive/", receive)]
application = get_wsgi_application()
