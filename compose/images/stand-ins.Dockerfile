# Stand-ins for the images of Prometheus, Alertmanager and HAProxy, from Debian's packages: the same
# users, paths, entry points and helper programs, as far as compose.yaml uses them.
# Built by stand_ins.sh.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS packages
LABEL org.opencontainers.image.description="A stand-in from packages"
RUN apt-get update && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      haproxy prometheus prometheus-alertmanager && \
    apt-get clean && rm -rf /var/lib/apt/lists/*

FROM packages AS prometheus
RUN mkdir -p /prometheus && chown nobody:nogroup /prometheus
USER nobody
EXPOSE 9090
VOLUME ["/prometheus"]
WORKDIR /prometheus
ENTRYPOINT ["/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]

FROM packages AS alertmanager
RUN ln -s prometheus-alertmanager /usr/bin/alertmanager && \
    mkdir -p /alertmanager && chown nobody:nogroup /alertmanager
USER nobody
EXPOSE 9093
VOLUME ["/alertmanager"]
WORKDIR /alertmanager
ENTRYPOINT ["/bin/alertmanager"]
CMD ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]

FROM packages AS haproxy
USER haproxy
STOPSIGNAL SIGUSR1
CMD ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]
