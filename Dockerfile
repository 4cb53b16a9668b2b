# One image for web, worker and beat; docker-compose.yml says which of them a container is.
FROM node:22-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY static ./static
RUN node static/build.mjs

FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings ANJUAN_HOME=/data BIND=0.0.0.0 PORT=8000
WORKDIR /app
COPY requirements.txt requirements-s3.txt requirements-yara.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt -r requirements-s3.txt -r requirements-yara.txt
COPY . .
COPY --from=assets /app/static/dist ./static/dist
# The faces of the PDF reports.
COPY --from=assets /app/node_modules/@embedpdf/fonts-sc ./node_modules/@embedpdf/fonts-sc
RUN python -c "from pathlib import Path; from launcher.translations import compile_all; compile_all(Path('locale'))" \
 && python -c "from launcher import error_codes; error_codes.prepare(needed=False)" \
 && python manage.py collectstatic --no-input --verbosity 0 \
 && useradd --system --uid 10001 --home-dir /data anjuan \
 && install -d -o anjuan -g anjuan -m 0700 /data
USER anjuan
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "python:config.server.gunicorn_conf"]
