# Debian's PostgreSQL with a generated password; never as root.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
# No cluster at installation: it would be part of the image, the same for everybody.
RUN mkdir -p /etc/postgresql-common \
 && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
 && apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      postgresql >/dev/null \
 && rm -rf /var/lib/apt/lists/*
COPY ops/docker/postgres.sh /usr/local/bin/serve-postgres
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent \
      --shell /usr/sbin/nologin hotline \
 && install -d -o hotline -g hotline -m 0700 /var/lib/hotline-postgres /run/hotline-secret \
 && install -d -o hotline -g hotline -m 0755 /run/postgresql
VOLUME /var/lib/hotline-postgres /run/hotline-secret
ENV PGHOST=/run/postgresql
USER hotline
CMD ["serve-postgres"]
