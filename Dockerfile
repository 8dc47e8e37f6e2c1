# The production image: our code and its locked requirements, no compiler, no embedded servers.
FROM python:3.11-slim-bookworm AS requirements
COPY requirements/base.lock /tmp/base.lock
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/base.lock

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media
# What draws the text of PDF files.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv/app marketplace \
 && install -d -o marketplace /srv/media /srv/beat
WORKDIR /srv/app
COPY --from=requirements /opt/venv /opt/venv
COPY manage.py ./
COPY marketplace marketplace
COPY listings listings
COPY deals deals
COPY templates templates
COPY static static
# The API's browsable pages are off and its documentation page is our own: their files stay out.
# Neither command reads a secret or a server; the values only satisfy the settings.
RUN python -m marketplace.base.translations \
 && DEVELOPMENT=0 SECRET_KEY=unused-while-building DATABASE_URL=postgresql://unused/unused \
    REDIS_URL=redis://unused python manage.py collectstatic --noinput --verbosity 0 \
    --ignore redoc --ignore rest_framework
USER marketplace
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "marketplace.wsgi:application"]
