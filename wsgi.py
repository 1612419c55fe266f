"""The production entry point: gunicorn wsgi:server."""

from dashboard.app import create_app
from dashboard.settings import Settings

server = create_app(Settings()).server
