# The server's image: Node 24 on UBI 9, the program as it is in the repository (Node runs the TypeScript), its
# dependencies, and a compile cache. Built and pushed by `npm run release`; what it promises is tested by
# test/process/container.test.ts, which follows the lines below without a container engine.

FROM registry.access.redhat.com/ubi9/nodejs-24 AS build
USER 0
WORKDIR /opt/ibutsu
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
COPY LICENSE ./
COPY generated ./generated
COPY src ./src
COPY deploy/warm-cache.js /tmp/warm-cache.js
# Code is compiled here and not at each start. The cache is valid for this path and this Node only, so both stages are
# of one version.
ENV NODE_COMPILE_CACHE=/opt/ibutsu/.compile-cache
RUN node src/start.js version && node /tmp/warm-cache.js src
# Whoever runs it may read everything and write nothing.
RUN chmod -R a+rX,a-w .

FROM registry.access.redhat.com/ubi9/nodejs-24-minimal
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ibutsu-server" \
      org.opencontainers.image.description="A server for automated test results" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      io.k8s.display-name="Ibutsu server" \
      io.openshift.expose-services="8080:http" \
      name="ibutsu-server" \
      version="${VERSION}"
WORKDIR /opt/ibutsu
COPY --from=build /opt/ibutsu ./
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/opt/ibutsu/.compile-cache \
    PORT=8080 \
    METRICS_BIND=0.0.0.0:9464
EXPOSE 8080 9464
# Any other id works too (OpenShift picks one), without HOME and on a read-only root file system; /tmp should be writable.
USER 1001
HEALTHCHECK --interval=30s --timeout=5s --start-period=70s --retries=3 CMD ["node", "src/health-check.js"]
# No shell is involved: the supervisor is process 1 and gets the signals.
ENTRYPOINT []
CMD ["node", "src/start.js", "serve"]
