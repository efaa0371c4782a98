# The image of hearten: two stages, so that nothing that builds is in the one that runs.
# BASE is any Debian-like image with Python 3.11 or newer, the same for both stages.
# This one is docker.io/library/python:3.11-slim-bookworm, by its digest; docs/deploy.md says how to
# renew it.
ARG BASE=docker.io/library/python@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

FROM ${BASE} AS build
WORKDIR /build
COPY requirements/ requirements/
# pip is in a folder of its own and fills the other one: what is handed on holds no pip.
RUN python3 -m venv /opt/tools \
    && python3 -m venv --without-pip /opt/hearten \
    && /opt/tools/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt \
    && /opt/tools/bin/pip --python /opt/hearten/bin/python install --no-cache-dir \
        --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY docs/measures/ docs/measures/
COPY src/ src/
RUN /opt/tools/bin/hatchling build -t wheel -d /build/dist \
    && /opt/tools/bin/pip --python /opt/hearten/bin/python install --no-cache-dir \
        --no-index --no-deps dist/*.whl

FROM ${BASE}
LABEL org.opencontainers.image.title="hearten" \
      org.opencontainers.image.description="Shows each software team where it stands against a few light-touch targets, with the evidence." \
      org.opencontainers.image.documentation="docs/deploy.md"
COPY --from=build /opt/hearten /opt/hearten
# A number, so that Kubernetes can see that it is not root. Only the volume can be written.
RUN mkdir -p /etc/hearten /var/lib/hearten && chown 10001:10001 /var/lib/hearten
ENV PATH=/opt/hearten/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HEARTEN_CONFIG=/etc/hearten \
    HEARTEN_HOST=0.0.0.0 \
    HEARTEN_PORT=8000 \
    HEARTEN_LOG_FORMAT=json
USER 10001:10001
WORKDIR /var/lib/hearten
VOLUME /var/lib/hearten
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['HEARTEN_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["hearten"]
CMD ["serve"]
