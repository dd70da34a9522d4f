"""A repository run by django-oai-pmh on a PostgreSQL database, until standard input closes.

Usage: python django_server.py SOCKET_FOLDER DATABASE SIZE. Every tenth record is deleted. Writes
its address on standard output.
"""

from __future__ import annotations

import sys
import threading
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

PAGE_SIZE = 50
urlpatterns: list[Any] = []


class Server(ThreadingMixIn, WSGIServer):
    """A server that answers several requests at once."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """A handler that writes no log."""

    def log_message(self, *_: Any) -> None:
        """Write nothing."""


def not_yet(_: dict[str, Any], respond: Any) -> list[bytes]:  # noqa: ANN401 - as WSGI says
    """Answer before the application is there."""
    respond("503 Service Unavailable", [("Retry-After", "1")])
    return []


def configure(folder: str, database: str, url: str) -> None:
    """Make Django's settings in code."""
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": database,
                "USER": "postgres",
                "HOST": folder,
            }
        },
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.sites",
            "django.contrib.postgres",
            "django_oai_pmh",
        ],
        OAI_PMH={"REPOSITORY_NAME": "Kho mẫu", "BASE_URL": url, "NUM_PER_PAGE": PAGE_SIZE},
        ADMINS=[("Kho", "oai@a.example")],
        ROOT_URLCONF=__name__,
        SECRET_KEY="for tests only",
        SITE_ID=1,
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        USE_TZ=True,
    )
    django.setup()
    urlpatterns.append(path("oai", include("django_oai_pmh.urls")))


def fill(size: int) -> None:
    """Make the tables and the invented records."""
    call_command("migrate", verbosity=0)
    from django_oai_pmh.models import DCRecord, Header, MetadataFormat

    dublin_core, _made = MetadataFormat.objects.get_or_create(
        prefix="oai_dc",
        defaults={
            "schema": "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
            "namespace": "http://www.openarchives.org/OAI/2.0/oai_dc/",
        },
    )
    for number in range(size):
        header = Header.objects.create(
            identifier=f"oai:a.example:{number}", deleted=number % 10 == 0
        )
        header.metadata_formats.add(dublin_core)
        if not header.deleted:
            DCRecord.objects.create(header=header, title=[f"Địa chí tỉnh Mẫu, tập {number}"])


def main(folder: str, database: str, size: str) -> None:
    """Serve until standard input closes."""
    with make_server("127.0.0.1", 0, not_yet, Server, Quiet) as server:
        url = f"http://127.0.0.1:{server.server_port}/oai"
        configure(folder, database, url)
        fill(int(size))
        server.set_app(get_wsgi_application())
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
