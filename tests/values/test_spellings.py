"""Twenty spellings, one value (DOMAIN.md R7)."""

from __future__ import annotations

import pytest

from shieldwall.stix.values import Value, find_value, normalise

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
MD5 = "d41d8cd98f00b204e9800998ecf8427e"


def pairs(digits: str, by: str) -> str:
    return by.join(digits[i : i + 2] for i in range(0, len(digits), 2))


SPELLINGS = {
    Value("ipv4", "198.51.100.7"): (
        "198.51.100.7",
        " 198.51.100.7\n",
        "198[.]51[.]100[.]7",
        "198.51.100[.]7",
        "198(.)51(.)100(.)7",
        "198{.}51{.}100{.}7",
        "198[dot]51[dot]100[dot]7",
        "198(DOT)51(DOT)100(DOT)7",
        "198 dot 51 dot 100 dot 7",
        "198[.51[.100[.7",
        "198.]51.]100.]7",
        "198\\.51\\.100\\.7",
        "１９８．５１．１００．７",
        "198。51。100。7",
        "198.51.100.7/32",
        "198.51.100.7/255.255.255.255",
        "::ffff:198.51.100.7",
        "::FFFF:c633:6407",
        "0:0:0:0:0:ffff:198.51.100.7",
        "[::ffff:198.51.100.7]:443",
        "::ffff:198.51.100.7/128",
        "198.51.100.7:8080",
        "user:pass@198.51.100.7:21",
        "[198.51.100.7]",
        "<198.51.100.7>",
        '"198.51.100.7"',
        "“198.51.100.7”",
        "198.51.100.7,",
        "198.51.100.7.",
        "198.51\u200b.100.7",
        "ip: 198.51.100.7",
        "198.51.100.7/",
    ),
    Value("ipv6", "2001:db8::8a2e:370:7334"): (
        "2001:db8::8a2e:370:7334",
        "2001:DB8::8A2E:370:7334",
        "2001:0db8:0000:0000:0000:8a2e:0370:7334",
        "2001:db8:0:0:0:8a2e:370:7334",
        "2001:db8:0::0:8a2e:370:7334",
        "2001:db8::0:0:8a2e:370:7334",
        "2001:db8:0:0:0:8a2e:3.112.115.52",
        "2001:db8::8a2e:370:7334/128",
        "[2001:db8::8a2e:370:7334]",
        "[2001:db8::8a2e:370:7334]:443",
        "2001:db8::8a2e:370:7334%eth0",
        "2001[:]db8[:][:]8a2e[:]370[:]7334",
        "2001[:]db8::8a2e:370[:]7334",
        "2001(:)db8::8a2e:370:7334",
        "2001{:}db8::8a2e:370:7334",
        "２００１：ｄｂ８：：８ａ２ｅ：３７０：７３３４",
        "  2001:db8::8a2e:370:7334\t",
        "'2001:db8::8a2e:370:7334'",
        "(2001:db8::8a2e:370:7334)",
        "2001:db8::8a2e:370:7334.",
        "2001:db8::8a2e:370:7334,",
        "ipv6: 2001:db8::8a2e:370:7334",
    ),
    Value("cidr", "192.0.2.0/24"): (
        "192.0.2.0/24",
        "192.0.2.7/24",
        "192.0.2.255/24",
        "192.0.2.0/255.255.255.0",
        "192.0.2.9/255.255.255.0",
        "192[.]0[.]2[.]0/24",
        "192.0.2[.]0/24",
        "192(.)0(.)2(.)0/24",
        "192 dot 0 dot 2 dot 0/24",
        "192[dot]0[dot]2[dot]0/24",
        "192.0.2.0[/]24",
        "192[.]0[.]2[.]0[/]24",
        "::ffff:192.0.2.0/120",
        "::ffff:c000:200/120",
        "::ffff:192.0.2.77/120",
        " 192.0.2.0/24 ",
        "(192.0.2.0/24)",
        "192.0.2.0/24,",
        "192.0.2.0/24.",
        "１９２．０．２．０／２４",
        "cidr: 192.0.2.0/24",
        '"192.0.2.0/24"',
    ),
    Value("domain", "login.evil.example"): (
        "login.evil.example",
        "LOGIN.EVIL.EXAMPLE",
        "Login.Evil.Example",
        "login.evil.example.",
        "login[.]evil[.]example",
        "login.evil[.]example",
        "login(.)evil(.)example",
        "login{.}evil{.}example",
        "login<.>evil<.>example",
        "login[ . ]evil[ . ]example",
        "login[dot]evil[dot]example",
        "login (dot) evil.example".replace(" ", ""),
        "login dot evil dot example",
        "login[.evil[.example",
        "login.]evil.]example",
        "login[.evil].example",
        "login\\.evil\\.example",
        "login。evil。example",
        "login．evil．example",
        "ｌｏｇｉｎ.ｅｖｉｌ.ｅｘａｍｐｌｅ",
        "log\u00adin.evil.example",
        "login.evil\u200b.example",
        "login.evil.example:8443",
        "user:pass@login.evil.example",
        "login.evil.example/",
        "«login.evil.example»",
        "[login.evil.example]",
        "`login.evil.example`,",
        "host: login.evil.example",
    ),
    Value("domain", "xn--mnchen-3ya.example"): (
        "münchen.example",
        "MÜNCHEN.EXAMPLE",
        "München.Example",
        "mu\u0308nchen.example",
        "MU\u0308NCHEN.example",
        "xn--mnchen-3ya.example",
        "XN--MNCHEN-3YA.EXAMPLE",
        "Xn--Mnchen-3ya.example",
        "münchen[.]example",
        "xn--mnchen-3ya[.]example",
        "münchen(.)example",
        "münchen[dot]example",
        "münchen dot example",
        "münchen。example",
        "münchen．example",
        "ｍüｎｃｈｅｎ.example",
        "münchen.example.",
        "xn--mnchen-3ya.example.",
        "münchen.example:443",
        "“münchen.example”",
        "mün\u00adchen.example",
        "<münchen.example>",
    ),
    Value("url", "http://evil.example/a/gate.php?id=1"): (
        "http://evil.example/a/gate.php?id=1",
        "HTTP://EVIL.EXAMPLE/a/gate.php?id=1",
        "hxxp://evil.example/a/gate.php?id=1",
        "hXXp://evil[.]example/a/gate[.]php?id=1",
        "hxxp[:]//evil[.]example/a/gate.php?id=1",
        "hxxp[://]evil[.]example/a/gate.php?id=1",
        "http[:]//evil(.)example/a/gate.php?id=1",
        "http://evil[.]example/a/gate.php?id=1",
        "http://evil(dot)example/a/gate.php?id=1",
        "http://evil dot example/a/gate.php?id=1",
        "h**p://evil.example/a/gate.php?id=1",
        "htxp://evil.example/a/gate.php?id=1",
        "meow://evil.example/a/gate.php?id=1",
        "hxxp:[//]evil.example/a/gate.php?id=1",
        "hxxp:\\\\evil.example\\a\\gate.php?id=1",
        "http://evil.example:80/a/gate.php?id=1",
        "http://evil.example./a/gate.php?id=1",
        "http://user:pass@evil.example/a/gate.php?id=1",
        "http://bank.example@evil.example/a/gate.php?id=1",
        "http://evil.example/a/gate.php?id=1#top",
        "http://evil.example/b/../a/./gate.php?id=1",
        "http://evil.example/%61/g%61te.php?id=%31",
        "http://%65vil.example/a/gate.php?id=1",
        "http:\\\\evil.example\\a\\gate.php?id=1",
        "http://ｅｖｉｌ。example/a/gate.php?id=1",
        "ｈｔｔｐ：／／evil.example/a/gate.php?id=1",
        "  http://evil.example/a/gate.php?id=1\n",
        "<http://evil.example/a/gate.php?id=1>",
        '"http://evil.example/a/gate.php?id=1"',
        "evil.example/a/gate.php?id=1",
        "evil[.]example/a/gate[.]php?id=1",
        "//evil.example/a/gate.php?id=1",
        "url: http://evil.example/a/gate.php?id=1",
    ),
    Value("email", "bob@evil.example"): (
        "bob@evil.example",
        "Bob@Evil.Example",
        "BOB@EVIL.EXAMPLE",
        "bob@evil.example.",
        "bob[@]evil.example",
        "bob[at]evil.example",
        "bob(at)evil(dot)example",
        "bob at evil dot example",
        "bob@evil[.]example",
        "bob[@]evil[.]example",
        "bob{at}evil{dot}example",
        "mailto:bob@evil.example",
        "mailto:bob@evil.example?subject=hi",
        "MAILTO:Bob@evil[.]example",
        "<bob@evil.example>",
        "Bob Evil <bob@evil.example>",
        '"Evil, Bob" <bob@evil.example>',
        '"bob"@evil.example',
        "ｂｏｂ＠evil.example",
        "bob@evil。example",
        "'bob@evil.example'",
        "bob@evil.example,",
        "email: bob@evil.example",
    ),
    Value("mac", "0a:1b:2c:3d:4e:5f"): (
        "0a:1b:2c:3d:4e:5f",
        "0A:1B:2C:3D:4E:5F",
        "0a-1b-2c-3d-4e-5f",
        "0A-1B-2C-3D-4E-5F",
        "a:1b:2c:3d:4e:5f",
        "A-1B-2C-3D-4E-5F",
        "0a1b.2c3d.4e5f",
        "0A1B.2C3D.4E5F",
        "0a1b:2c3d:4e5f",
        "0a1b-2c3d-4e5f",
        "0a[:]1b[:]2c[:]3d[:]4e[:]5f",
        "0a1b[.]2c3d[.]4e5f",
        "0a‑1b‑2c‑3d‑4e‑5f",
        "0a–1b–2c–3d–4e–5f",
        " 0a:1b:2c:3d:4e:5f ",
        '"0a:1b:2c:3d:4e:5f"',
        "(0a:1b:2c:3d:4e:5f)",
        "[0a-1b-2c-3d-4e-5f]",
        "０ａ：１ｂ：２ｃ：３ｄ：４ｅ：５ｆ",
        "0a:1b:2c:3d:4e:5f.",
        "0a:1b:2c:3d:4e:5f,",
        "mac: 0a:1b:2c:3d:4e:5f",
        "MAC=0A1B2C3D4E5F",
    ),
    **{
        Value(kind, digits): (
            digits,
            digits.upper(),
            digits.title(),
            f"0x{digits}",
            f"0X{digits.upper()}",
            pairs(digits, ":"),
            pairs(digits.upper(), ":"),
            pairs(digits, " "),
            pairs(digits, "-"),
            f" {digits}\r\n",
            f'"{digits}"',
            f"'{digits}'",
            f"`{digits}`",
            f"({digits})",
            f"<{digits}>",
            f"[{digits}]",
            f"{digits},",
            f"{digits}.",
            f"{label}:{digits}",
            f"{label.lower()}: {digits.upper()}",
            f"{label.replace('-', '')}={digits}",
            f"{label.replace('-', '_')} : {digits}",
            digits.translate({ord(d): ord(d) - ord("0") + ord("０") for d in "0123456789"}),
            f"{digits[:5]}\u200b{digits[5:]}",
        )
        for kind, label, digits in (("md5", "MD5", MD5), ("sha256", "SHA-256", SHA256))
    },
    Value("asn", "AS64500"): ("AS64500", "as64500", "ASN64500", "AS 64500", "asn: 64500", "AS#64500", "AS0.64500"),
    Value("cve", "CVE-2021-44228"): (
        "CVE-2021-44228",
        "cve-2021-44228",
        "CVE–2021–44228",
        "CVE‑2021‑44228",
        "CVE 2021-44228",
        "CVE_2021_44228",
        "(CVE-2021-44228)",
        "CVE-2021-044228",
    ),
    Value("attack-id", "T1059.001"): ("T1059.001", "t1059.001", "T1059/001", "[T1059.001]", "T1059.001."),
    Value("cpe", "cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*"): (
        "cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*",
        "CPE:2.3:A:Apache:Log4j:2.14.1:*:*:*:*:*:*:*",
        "cpe:2.3:a:apache:log4j:2\\.14\\.1:*:*:*:*:*:*:*",
        "cpe:2.3:a:apache:log4j:2.14.1",
        "cpe:/a:apache:log4j:2.14.1",
        "cpe:/a:Apache:Log4j:2%2e14%2e1",
        "cpe:/a:apache:log4j:2.14.1:",
    ),
    Value("tlsh", "T1" + "A1B2C3D4E5" * 7): ("T1" + "A1B2C3D4E5" * 7, "a1b2c3d4e5" * 7, "tlsh: t1" + "a1b2c3d4e5" * 7),
    Value("ssdeep", "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C"): (
        "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C",
        '3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C,"invoice.exe"',
        "ssdeep: 3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C",
    ),
}
LABELS = ("ip:", "ipv6:", "cidr:", "host:", "url:", "email:", "mac:", "mac=", "md5", "sha", "tlsh:", "ssdeep:", "asn:")
TWENTY = ("ipv4", "ipv6", "cidr", "domain", "url", "email", "mac", "md5", "sha256")


@pytest.mark.parametrize(
    ("value", "spelling"), [(value, spelling) for value, spellings in SPELLINGS.items() for spelling in spellings]
)
def test_however_it_is_spelled_it_is_one_value(value: Value, spelling: str) -> None:
    assert find_value(spelling) == value


def test_each_kind_an_analyst_meets_daily_has_twenty_different_spellings() -> None:
    for value, spellings in SPELLINGS.items():
        if value.kind in TWENTY:
            assert len(set(spellings)) >= 20, value


@pytest.mark.parametrize(
    ("kind", "spelling", "value"),
    [
        (value.kind, spelling, value)
        for value, spellings in SPELLINGS.items()
        for spelling in spellings
        if not spelling.lower().startswith(LABELS)
    ],
)
def test_a_field_that_names_its_kind_reads_the_same_spellings(kind: str, spelling: str, value: Value) -> None:
    assert normalise(kind, spelling) == value


AMBIGUOUS = "010.8.8.8 0x7f.1 0x7f000001 2130706433 017700000001 127.1 1.2.3.04 256.1.1.1 1.2.3"


@pytest.mark.parametrize("text", AMBIGUOUS.split())
@pytest.mark.parametrize("kind", ["ipv4", "ipv6", "cidr", "domain"])
def test_an_address_two_parsers_disagree_about_is_none(kind: str, text: str) -> None:
    assert normalise(kind, text) is None
    assert find_value(text) is None
    assert find_value(text + "/24") is None


LOOPBACK = "0x7f.1 2130706433 127.1 0177.0.0.1 ①27.0.0.1 [::ffff:127.0.0.1] 127.0.0.1."


@pytest.mark.parametrize("host", LOOPBACK.split())
def test_in_a_url_the_standard_that_browsers_follow_decides(host: str) -> None:
    assert normalise("url", f"http://{host}/x") == Value("url", "http://127.0.0.1/x")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("https://evil.example", "https://evil.example/"),
        ("https://evil.example:443?", "https://evil.example/"),
        ("https://evil.example:8443/?#x", "https://evil.example:8443/"),
        ("http://evil.example/a?b=[.]&c=(dot)", "http://evil.example/a?b=[.]&c=(dot)"),
        ("http://evil.example/a/", "http://evil.example/a/"),
        ("http://evil.example/%e2%82%ac", "http://evil.example/%E2%82%AC"),
        ("http://evil.example/€", "http://evil.example/%E2%82%AC"),
        ("http://evil.example/100%/%4%31", "http://evil.example/100%25/%254%31".replace("%31", "1")),
        ("http://evil.example/%2541", "http://evil.example/%2541"),
        ("http://evil.example/%2f..%2F", "http://evil.example/%2F..%2F"),
        ("http://evil.example/%2e%2E/x", "http://evil.example/x"),
        ("http://[2001:DB8:0:0::1]:80/", "http://[2001:db8::1]/"),
        ("http://münchen.example/", "http://xn--mnchen-3ya.example/"),
        ("ftp://anonymous@files.example:21/x", "ftp://files.example/x"),
        ("fxp://files.example/x", "ftp://files.example/x"),
        ("hxxps://evil[.]example", "https://evil.example/"),
        ("wss://evil.example/c2", "wss://evil.example/c2"),
        ("ssh://Git@HOST.example./x", "ssh://host.example/x"),
        ("evil.example:8080/x", "http://evil.example:8080/x"),
        ("198.51.100.7:8080/x", "http://198.51.100.7:8080/x"),
        ("data:text/html,<b>", "data:text/html,<b>"),
        ("magnet:?xt=urn:btih:c12fe1c0", "magnet:?xt=urn:btih:c12fe1c0"),
    ],
)
def test_a_url_is_what_is_asked_of_the_server(text: str, normal: str) -> None:
    assert normalise("url", text) == find_value(text) == Value("url", normal)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "note: http is old",
        "javascript: alert(1)",
        "mailto:#",
        "http://",
        "http://./",
        "http://a..b/",
        "http://evil(/",
        "http://ex ample/",
    ],
)
def test_what_no_browser_opens_is_no_url(text: str) -> None:
    assert normalise("url", text) is None


@pytest.mark.parametrize(
    ("kind", "text", "normal"),
    [
        ("domain", "localhost", "localhost"),
        ("domain", "dc01.intranet", "dc01.intranet"),
        ("domain", "_dmarc.Evil.example", "_dmarc.evil.example"),
        ("domain", "-lead.evil.example", "-lead.evil.example"),
        ("domain", "faß.example", "xn--fa-hia.example"),
        ("domain", "i❤.example", "xn--i-7iq.example"),
        ("domain", "a" * 63 + ".example", "a" * 63 + ".example"),
        ("email", "root@localhost", "root@localhost"),
        ("email", "bob+tag@evil.example", "bob+tag@evil.example"),
        ("email", "JOSÉ@evil.example", "josé@evil.example"),
        ("email", "bob@MÜNCHEN.example", "bob@xn--mnchen-3ya.example"),
        ("email", "bob@[192.0.2.1]", "bob@[192.0.2.1]"),
        ("email", "bob@[IPv6:2001:DB8:0::1]", "bob@[ipv6:2001:db8::1]"),
        ("asn", "64500", "AS64500"),
        ("asn", "AS1.10", "AS65546"),
        ("certificate-serial", "00:36:F7:d4:32", "36f7d432"),
        ("certificate-serial", "0x0", "0"),
        ("mutex", " Global\\Evil Mutex ", "Global\\Evil Mutex"),
        ("message-id", "<CAF+1@mail.Example>", "CAF+1@mail.Example"),
        ("cidr", "2001:DB8:0:1::/32", "2001:db8::/32"),
        ("cidr", "198.51.100.7/0", "0.0.0.0/0"),
        ("cidr", "::ffff:0:0/80", "::/80"),
        ("cpe", "cpe:/a:v%26w:p:::~~pro~linux~x64~", "cpe:2.3:a:v\\&w:p:*:*:*:*:pro:linux:x64:*"),
        ("cpe", "cpe:2.3:a:v\\:w:p:1:*:*:*:*:*:*:*", "cpe:2.3:a:v\\:w:p:1:*:*:*:*:*:*:*"),
        ("ssdeep", "3::", "3::"),
    ],
)
def test_decisions_of_the_normal_form(kind: str, text: str, normal: str) -> None:
    value = normalise(kind, text)
    assert value is not None and value.normal == normal


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("domain", "a" * 64 + ".example"),
        ("domain", ".".join(["a" * 62] * 5)),
        ("domain", "a..b"),
        ("domain", "*.evil.example"),
        ("domain", "http://evil.example"),
        ("domain", "evil.example\x00.org"),
        ("email", "evil.example"),
        ("email", "@evil.example"),
        ("email", "a b@evil.example"),
        ("ipv4", "198.51.100.7/33"),
        ("ipv6", "2001:db8::1/129"),
        ("ipv6", "2001:db8::1::2"),
        ("cidr", "198.51.100.7/024"),
        ("cidr", "198.51.100.0/255.0.255.0"),
        ("mac", "0a:1b:2c:3d:4e"),
        ("mac", "0a:1b:2c:3d:4e:5g"),
        ("asn", "AS4294967296"),
        ("asn", "AS65536.1"),
        ("md5", SHA256),
        ("sha256", MD5),
        ("sha256", "g" * 64),
        ("ssdeep", "4:abc:def"),
        ("cve", "CVE-21-1"),
        ("attack-id", "T105"),
        ("cpe", "cpe:2.3:x:vendor:product"),
        ("cpe", "cpe:2.3:a" + ":*" * 11),
        ("message-id", "no at sign"),
    ],
)
def test_what_is_not_of_its_kind_has_no_value(kind: str, text: str) -> None:
    assert normalise(kind, text) is None
