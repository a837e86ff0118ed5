"""Certificates for the targets, made by openssl when the test begins."""

import pathlib
import ssl
import subprocess

EVERY_NAME = "DNS:localhost,DNS:second.example,IP:127.0.0.1,IP:::1"


class Certificates:
    """A CA that the exporters trust, one that they don't, and what servers and clients show."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self._authority("ca", "Conformance CA")
        self._authority("stranger", "Unknown CA")
        self._intermediate()
        self._issue("good", "ca", EVERY_NAME)
        self._issue("odd_subject", "ca", EVERY_NAME,
                    subject="/C=DE/O=Ä, B & Co+1/OU=one/OU=two/CN=localhost")
        self._issue("chained", "intermediate", EVERY_NAME)
        self._issue("expired", "ca", EVERY_NAME, days=("20200101000000Z", "20210101000000Z"))
        self._issue("not_yet", "ca", EVERY_NAME, days=("20900101000000Z", "20910101000000Z"))
        self._issue("wrong_name", "ca", "DNS:elsewhere.example")
        self._issue("no_names", "ca", None)
        self._issue("unknown_ca", "stranger", EVERY_NAME)
        self._issue("client", "ca", "DNS:client.example")
        self._self_signed()

    def path(self, name):
        return str(self.folder / name)

    def server(self, name, alpn=None, client_ca=None, newest=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(f"{name}.crt"), self.path(f"{name}.key"))
        if alpn:
            context.set_alpn_protocols(alpn)
        if client_ca:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.path(f"{client_ca}.crt"))
        if newest:
            context.maximum_version = newest
        return context

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def _key(self, name):
        self._openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")

    def _authority(self, name, title):
        self._key(name)
        self._openssl("req", "-x509", "-new", "-key", f"{name}.key", "-out", f"{name}.crt",
                      "-days", "3650", "-subj", f"/O=selfheal tests/CN={title}")
        self._ca_folder(name)

    def _ca_folder(self, name):
        """What `openssl ca` wants beside the key."""
        (self.folder / f"{name}.index").write_text("")
        (self.folder / f"{name}.conf").write_text(f"""
[ca]
default_ca = it
[it]
database = {name}.index
unique_subject = no
new_certs_dir = .
rand_serial = yes
certificate = {name}.crt
private_key = {name}.key
default_md = sha256
policy = any
copy_extensions = copy
[any]
countryName = optional
organizationName = optional
organizationalUnitName = optional
commonName = supplied
""")

    def _intermediate(self):
        self._issue("intermediate", "ca", None, subject="/CN=Conformance intermediate",
                    extensions="basicConstraints=critical,CA:TRUE",
                    days=("20240101000000Z", "20510101000000Z"))
        self._ca_folder("intermediate")

    def _issue(self, name, authority, names, subject=None, extensions=None,
               days=("20240101000000Z", "20400101000000Z")):
        self._key(name)
        added = ([f"subjectAltName={names}"] if names else []) + ([extensions] if extensions else [])
        self._openssl("req", "-new", "-utf8", "-key", f"{name}.key", "-out", f"{name}.csr",
                      "-subj", subject or f"/O=selfheal tests/CN={name}",
                      *(argument for one in added for argument in ("-addext", one)))
        self._openssl("ca", "-batch", "-notext", "-config", f"{authority}.conf", "-utf8",
                      "-in", f"{name}.csr", "-out", f"{name}.crt",
                      "-startdate", days[0], "-enddate", days[1])
        if authority == "intermediate":
            issuer = (self.folder / "intermediate.crt").read_text()
            with open(self.folder / f"{name}.crt", "a", encoding="ascii") as file:
                file.write(issuer)

    def _self_signed(self):
        self._key("self_signed")
        self._openssl("req", "-x509", "-new", "-key", "self_signed.key", "-out", "self_signed.crt",
                      "-days", "30", "-subj", "/CN=localhost",
                      "-addext", f"subjectAltName={EVERY_NAME}")
