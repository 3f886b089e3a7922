# The server with its front end in one image; it needs a PostgreSQL (DATABASE_URL), see docker-compose.yml.

FROM docker.io/library/node:22-bookworm-slim AS node

FROM docker.io/library/rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && rustup target add wasm32-unknown-unknown
WORKDIR /src
ENV MAMIS_TOOLS_DIR=/tools
COPY . .
# Tools and crates are kept between builds by the cache mounts.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/tools \
    --mount=type=cache,target=/src/target \
    cargo xtask spa \
 && cargo build --release --locked --bin mamis \
 && install -D target/release/mamis /out/mamis \
 && cp -r frontend/dist /out/spa

FROM docker.io/library/debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /var/lib/mamis --create-home mamis
COPY --from=build /out/mamis /usr/local/bin/mamis
COPY --from=build /out/spa /usr/share/mamis/spa
COPY reference /usr/share/mamis/reference
USER mamis
WORKDIR /var/lib/mamis
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD curl -fsS http://127.0.0.1:8080/readyz || exit 1
ENTRYPOINT ["tini", "--", "mamis"]
CMD ["serve", "--bind", "0.0.0.0", "--port", "8080", "--data-dir", "/var/lib/mamis/data", "--spa-dir", "/usr/share/mamis/spa"]
