"""Invents what was seen on wires and disks: values nobody owns, as STIX observables under their deterministic ids.

Names lie under reserved domains, system numbers and mail addresses in documentation space; IPv4 addresses are drawn
at random, as in life, and mean nobody.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

import msgspec

from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.objects import DAY, Thing, stamp
from shieldwall.stix import observable_id


class Find(msgspec.Struct, frozen=True):
    """One value that was seen: as people read it, as an observable, as a comparison of a pattern."""

    kind: str
    text: str
    thing: Thing
    comparison: str
    beside: tuple[Thing, ...] = ()  # observables that `thing` refers to

    @property
    def defanged(self) -> str:
        return self.text.replace("http", "hxxp", 1).replace(".", "[.]").replace("@", "[@]")


def observable(kind: str, **properties: Any) -> Thing:
    """An SCO under the id that follows from what identifies it."""
    thing: Thing = {"type": kind, "spec_version": "2.1"} | properties
    return thing | {"id": observable_id(thing)}


_HOSTS = ("login", "cdn", "mail", "update", "portal", "sync", "static", "api", "files", "vpn", "sso", "docs",
          "telemetry", "assets", "gw", "notify", "relay", "img")
_STEMS = ("velora", "quantis", "merovia", "tarnix", "osprelle", "kandora", "brightfen", "nordhalle", "silvaro", "ticra",
          "palundra", "ozmeric", "fenwick-dyne", "altabrix", "corvana", "helmstad", "ravelin", "sundrift", "marketo-x",
          "gravina", "logistra", "parcelhub-eu", "docushare-id", "invoice-desk", "securemailer", "teamspace-auth",
          "cloudsign-on", "energy-portal", "customs-notice", "tax-refund-desk", "health-archive", "shipping-note")
_RESERVED = ("example", "example.com", "example.net", "example.org", "example", "test")
_PATHS = ("login.php", "owa/auth", "update/check", "gate", "wp-includes/css/a.js", "api/v2/beacon", "doc/view",
          "dl/setup.msi", "panel/index", "cgi-bin/luci", "s/{}", "invoice/{}.zip", "track?id={}", "assets/{}.png",
          "sso/saml/{}")
_FILES = ("invoice_{}.pdf.exe", "setup_{}.msi", "update-{}.dll", "report {}.docm", "svc{}.exe", "libnet{}.so",
          "scan_{}.iso", "meeting-{}.lnk", "t{}.ps1", "driver{}.sys", "backup_{}.aspx", "kernel{}.ko")
_MAILBOXES = ("billing", "no-reply", "hr", "support", "j.harlan", "office", "notice")
_SUBJECTS = ("Payment overdue", "Updated supplier terms", "Your mailbox is full", "Shipping documents attached",
             "Invitation: exercise planning", "Action required: VPN renewal")
_REGISTRY = ("HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run",
             "HKEY_CURRENT_USER\\Software\\Classes\\CLSID\\InprocServer32",
             "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\WdNetSvc")


def domain(chance: Chance) -> Find:
    number = chance.one(("", f"-{chance.hexes(2)}", str(chance.randint(2, 99))))
    host = f"{chance.one(_HOSTS)}." if chance.often(0.6) else ""
    text = f"{host}{chance.one(_STEMS)}{number}.{chance.one(_RESERVED)}"
    return Find("domain", text, observable("domain-name", value=text), f"domain-name:value = '{text}'")


def ipv4(chance: Chance) -> Find:
    text = _public_address(chance)
    return Find("ipv4", text, observable("ipv4-addr", value=text), f"ipv4-addr:value = '{text}'")


def _public_address(chance: Chance) -> str:
    while True:
        address = ipaddress.IPv4Address(chance.getrandbits(32))
        if address.is_global and not address.is_multicast:
            return str(address)


def ipv6(chance: Chance) -> Find:
    text = str(ipaddress.IPv6Address((0x20010DB8 << 96) | (chance.getrandbits(32) << 64) | chance.getrandbits(16)))
    return Find("ipv6", text, observable("ipv6-addr", value=text), f"ipv6-addr:value = '{text}'")


def url(chance: Chance) -> Find:
    host = domain(chance).text if chance.often(0.75) else _public_address(chance)
    text = f"{chance.one(('https', 'http'))}://{host}/{chance.one(_PATHS).format(chance.hexes(6))}"
    return Find("url", text, observable("url", value=text), f"url:value = '{text}'")


def email(chance: Chance) -> Find:
    text = f"{chance.one(_MAILBOXES)}@{domain(chance).text}"
    return Find("email", text, observable("email-addr", value=text), f"email-addr:value = '{text}'")


def file(chance: Chance) -> Find:
    hashes = {"MD5": chance.hexes(32), "SHA-1": chance.hexes(40), "SHA-256": chance.hexes(64)}
    name = chance.one(_FILES).format(chance.randint(10, 9999))
    thing = observable("file", hashes=hashes, name=name, size=chance.randint(9_000, 6_000_000))
    algorithm = chance.one(("SHA-256", "SHA-256", "SHA-256", "SHA-1", "MD5"))
    quoted = algorithm if algorithm == "MD5" else f"'{algorithm}'"
    return Find("file", hashes[algorithm], thing, f"file:hashes.{quoted} = '{hashes[algorithm]}'")


def traffic(chance: Chance) -> Find:
    source, target = ipv4(chance), ipv4(chance)
    port = chance.one((443, 8443, 53, 22, 445, 502, 4840, 3389, 8080))
    thing = observable("network-traffic", src_ref=source.thing["id"], dst_ref=target.thing["id"], dst_port=port,
                       protocols=["ipv4", "tcp"])
    comparison = f"network-traffic:dst_ref.value = '{target.text}' AND network-traffic:dst_port = {port}"
    return Find("traffic", target.text, thing, comparison, (source.thing, target.thing))


def registry_key(chance: Chance) -> Find:
    key = chance.one(_REGISTRY)
    value = {"name": f"Svc{chance.hexes(4)}", "data": f"C:\\ProgramData\\{chance.hexes(8)}.exe", "data_type": "REG_SZ"}
    escaped = key.replace("\\", "\\\\")
    return Find("registry", key, observable("windows-registry-key", key=key, values=[value]),
                f"windows-registry-key:key = '{escaped}'")


def mutex(chance: Chance) -> Find:
    text = f"Global\\{chance.hexes(8)}-{chance.hexes(4)}"
    escaped = text.replace("\\", "\\\\")
    return Find("mutex", text, observable("mutex", name=text), f"mutex:name = '{escaped}'")


def account(chance: Chance) -> Find:
    text = chance.one(("svc_backup", "admin.tmp", "helpdesk2", "sqlagent", "vpn-test", "scanner")) + chance.hexes(2)
    thing = observable("user-account", user_id=text, account_type="windows-domain", display_name=text)
    return Find("account", text, thing, f"user-account:user_id = '{text}'")


def certificate(chance: Chance) -> Find:
    serial = ":".join(chance.hexes(2) for _ in range(10))
    thing = observable("x509-certificate", serial_number=serial, issuer=f"CN={chance.one(_STEMS)} Root, O=Example",
                       subject=f"CN={domain(chance).text}")
    return Find("certificate", serial, thing, f"x509-certificate:serial_number = '{serial}'")


def system(chance: Chance) -> Find:
    number = chance.randint(64496, 64511) if chance.often(0.5) else chance.randint(65536, 65551)
    thing = observable("autonomous-system", number=number, name=f"{chance.one(_STEMS).upper()}-AS")
    return Find("system", f"AS{number}", thing, f"autonomous-system:number = {number}")


def card(chance: Chance) -> Find:
    text = f"00:00:5e:00:53:{chance.hexes(2)}"
    return Find("mac", text, observable("mac-addr", value=text), f"mac-addr:value = '{text}'")


def directory(chance: Chance) -> Find:
    text = f"/var/tmp/.{chance.hexes(6)}" if chance.often(0.5) else f"C:\\ProgramData\\{chance.hexes(6)}"
    escaped = text.replace("\\", "\\\\")
    return Find("directory", text, observable("directory", path=text), f"directory:path = '{escaped}'")


def letter(chance: Chance, at_us: int) -> Find:
    """A phishing mail."""
    sender = email(chance)
    subject = f"{chance.one(_SUBJECTS)} [{chance.hexes(4)}]"
    thing = observable("email-message", from_ref=sender.thing["id"], subject=subject, is_multipart=False,
                       body=f"Please review by {stamp(at_us + 2 * DAY)[:10]}.")
    return Find("letter", subject, thing, f"email-message:subject = '{subject}'", (sender.thing,))


def process(chance: Chance, at_us: int) -> Thing:
    """A running program; its id is by chance, since nothing identifies it."""
    command = chance.one(("powershell.exe -nop -w hidden -enc {}", "/bin/sh -c /tmp/.{}")).format(chance.hexes(24))
    return {"type": "process", "spec_version": "2.1", "id": f"process--{chance.uuid()}",
            "pid": chance.randint(300, 60000), "created_time": stamp(at_us), "command_line": command}


def software(name: str, vendor: str, version: str) -> Thing:
    return observable("software", name=name, vendor=vendor, version=version)


MAKERS: dict[str, Callable[[Chance], Find]] = {
    "domain": domain, "ipv4": ipv4, "ipv6": ipv6, "url": url, "email": email, "file": file, "traffic": traffic,
    "registry": registry_key, "mutex": mutex, "account": account, "certificate": certificate, "system": system,
    "mac": card, "directory": directory,
}
