# The operator's image. Builds with BuildKit and with the classic builder.
#
#   docker build -t pawl .                       the image
#   docker build --target test .                 the tests that need no control plane
#   make image                                   the same with version and revision; BASE=local where no registry is reached
#
# Authorities that the machine's proxy or registry asks for: put them into certs/ as *.crt; nothing there is committed.

# Both have to be glibc systems. The base of the image needs no shell and no Node: Node comes along.
ARG BUILD_BASE=docker.io/library/node:24.21.0-bookworm-slim
ARG BASE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILD_BASE} AS source
WORKDIR /src
COPY certs/ /usr/local/share/ca-certificates/
COPY package.json package-lock.json .npmrc ./
# An install may end with status 0 and have fetched nothing, for want of an authority: the project's own Node tells.
RUN find /usr/local/share/ca-certificates -name '*.crt' -exec cat {} + > /tmp/authorities.pem \
 && if [ -s /tmp/authorities.pem ]; then export NODE_EXTRA_CA_CERTS=/tmp/authorities.pem; fi \
 && npm ci --no-audit --no-fund \
 && node_modules/.bin/node --version | grep '^v24\.'
ENV PATH=/src/node_modules/.bin:$PATH
COPY . .

FROM source AS build
RUN node tools/bundle.ts /out/pawl \
 && npm sbom --omit dev --sbom-format cyclonedx > /out/pawl/sbom.cdx.json \
 && cp "$(node -p process.execPath)" /out/node

FROM ${BASE} AS image
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="pawl" \
      org.opencontainers.image.description="Scans live Kubernetes clusters against policies, takes today's violations as the baseline, and reports only what is new" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /out/node /usr/local/bin/node
COPY --from=build /out/pawl /opt/pawl
# As in the first line of src/bin/pawl.ts, as is the entry point below.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=131072
USER 65532:65532
EXPOSE 8080 8081
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=4", "--heap-growing-percent=25", "/opt/pawl/pawl.js"]
CMD ["operator"]

FROM source AS test
RUN vitest run --project unit

# The default. It stands here because the classic builder builds whatever stands above its target.
FROM image
