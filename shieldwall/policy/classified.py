"""Classified: the words by which NATO, the EU and the nations mark classified documents, RESTRICTED and above.

From the tables of equivalence that NATO and EU security agreements carry. Left out, being common words or no
classification: INTERNO, ÖZEL, RESERVED words of companies, UNCLASSIFIED, LIMITE, FOUO, UK OFFICIAL(-SENSITIVE),
PROTECTED. All text is compared folded: upper case without accents.
"""

from __future__ import annotations

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), "")


def fold(text: str) -> str:
    """Upper case, accents and odd dashes removed: `VS–Nur für` becomes `VS-NUR FUR`."""
    if text.isascii():
        return text.upper()
    parts = unicodedata.normalize("NFKD", text.translate(_DASHES)).upper()
    return "".join(c for c in parts if not unicodedata.combining(c))


# Nobody writes these alone on a line but as a marking, in whatever case.
UNMISTAKABLE = """
COSMIC TOP SECRET; COSMIC TRES SECRET; NATO TOP SECRET; NATO SECRET; NATO CONFIDENTIAL; NATO CONFIDENTIEL;
NATO RESTRICTED; NATO DIFFUSION RESTREINTE; OTAN SECRET; OTAN CONFIDENTIEL; OTAN DIFFUSION RESTREINTE;
SECRET OTAN; CONFIDENTIEL OTAN; DIFFUSION RESTREINTE OTAN;
ATOMAL; SECRET ATOMAL; CONFIDENTIAL ATOMAL; TOP SECRET ATOMAL; TOP SECRET BOHEMIA;
NATO/EAPC SECRET; NATO/EAPC CONFIDENTIAL; NATO/EAPC RESTRICTED; NATO/PFP SECRET; NATO/PFP CONFIDENTIAL;
NATO/PFP RESTRICTED; NATO/ISAF SECRET; NATO/ISAF CONFIDENTIAL; NATO/ISAF RESTRICTED; NATO/KFOR SECRET;
NATO/KFOR CONFIDENTIAL; NATO/KFOR RESTRICTED; EAPC SECRET; EAPC CONFIDENTIAL; EAPC RESTRICTED; ISAF SECRET;
ISAF CONFIDENTIAL; ISAF RESTRICTED; KFOR SECRET;
KFOR CONFIDENTIAL; KFOR RESTRICTED; PFP SECRET; PFP CONFIDENTIAL; PFP RESTRICTED;
TRES SECRET UE; SECRET UE; CONFIDENTIEL UE; RESTREINT UE; TRES SECRET UE/EU TOP SECRET; SECRET UE/EU SECRET;
CONFIDENTIEL UE/EU CONFIDENTIAL; RESTREINT UE/EU RESTRICTED;
VS-NUR FUR DEN DIENSTGEBRAUCH; VS-NUR FUER DEN DIENSTGEBRAUCH; VS NUR FUR DEN DIENSTGEBRAUCH; VS-NFD; VS-VERTRAULICH;
VS-GEHEIM; NUR FUR DEN DIENSTGEBRAUCH; NUR FUER DEN DIENSTGEBRAUCH;
CONFIDENTIEL DEFENSE; SECRET DEFENSE; TRES SECRET DEFENSE; DIFFUSION RESTREINTE; SPECIAL FRANCE;
SECRET SPECIAL FRANCE; BEPERKTE VERSPREIDING; STG. GEHEIM; STG. ZEER GEHEIM; STG. CONFIDENTIEEL; STG GEHEIM;
STG ZEER GEHEIM; STG CONFIDENTIEEL; DEP. VERTROUWELIJK; DEP VERTROUWELIJK; DEPARTEMENTAAL VERTROUWELIJK;
STAATSGEHEIM GEHEIM; TRES SECRET LUX; SECRET LUX; CONFIDENTIEL LUX; RESTREINT LUX; DIFUSION LIMITADA;
KAYTTO RAJOITETTU; BEGRANSAT HEMLIG; KVALIFICERAT HEMLIG; SECRET DE SERVICIU; STRICT SECRET DE IMPORTANTA DEOSEBITA;
KORLATOZOTT TERJESZTESU; DIENESTA VAJADZIBAM; ЗА СЛУЖЕБНО ПОЛЗВАНЕ; ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ; HIZMETE OZEL
"""

# These are markings when alone on a line in capitals; in small letters they are words like others.
IN_CAPITALS = """
TOP SECRET; SECRET; CONFIDENTIAL; RESTRICTED; UK TOP SECRET; UK SECRET; UK CONFIDENTIAL; UK RESTRICTED; US TOP SECRET;
US SECRET; US CONFIDENTIAL; EU TOP SECRET; EU SECRET; EU CONFIDENTIAL; EU RESTRICTED; TRES SECRET; CONFIDENTIEL;
CANADIAN TOP SECRET; CANADIAN SECRET; CANADIAN CONFIDENTIAL; MISSION SECRET; MISSION CONFIDENTIAL; MISSION RESTRICTED;
NATIONAL SECRET; STRENG GEHEIM; GEHEIM; ZEER GEHEIM; VERTROUWELIJK; YDERST HEMMELIGT; HEMMELIGT; FORTROLIGT;
TIL TJENESTEBRUG; STRENGT HEMMELIG; HEMMELIG; KONFIDENSIELT; BEGRENSET; HEMLIG; KONFIDENTIELL; ERITTAIN SALAINEN;
SALAINEN; LUOTTAMUKSELLINEN; TAIESTI SALAJANE; SALAJANE; KONFIDENTSIAALNE; PIIRATUD; SEVISKI SLEPENI; SLEPENI;
KONFIDENCIALI; VISISKAI SLAPTAI; SLAPTAI; KONFIDENCIALIAI; RIBOTO NAUDOJIMO; SCISLE TAJNE; TAJNE; POUFNE; ZASTRZEZONE;
PRISNE TAJNE; DUVERNE; VYHRAZENE; DOVERNE; VYHRADENE; SZIGORUAN TITKOS; TITKOS; BIZALMAS; STROGO TAJNO; VRLO TAJNO;
TAJNO; ZAUPNO; POVJERLJIVO; OGRANICENO; STRICT SECRET; SEGRETISSIMO; SEGRETO; RISERVATISSIMO; RISERVATO; SECRETO;
MUITO SECRETO; RESERVADO; CONFIDENCIAL; TEPER SEKRET; SEKRET; KONFIDENCIAL; I KUFIZUAR; COK GIZLI; GIZLI;
СТРОГО СЕКРЕТНО; СЕКРЕТНО; ПОВЕРИТЕЛНО; ДРЖАВНА ТАЈНА; СТРОГО ДОВЕРЛИВО; ДОВЕРЛИВО; ΑΚΡΩΣ ΑΠΟΡΡΗΤΟ; ΑΠΟΡΡΗΤΟ;
ΕΜΠΙΣΤΕΥΤΙΚΟ
"""

# As values of marking fields and machine tags.
ABBREVIATED = """
CTS; CTS-A; CTS-B; NS; NS-A; NC; NC-A; NR; TS; S; C; R; TS-UE/EU-TS; S-UE/EU-S; C-UE/EU-C; R-UE/EU-R;
EU-TS; EU-S; EU-C; EU-R; VS-V; NFD; VSNFD
"""

# What may stand beside a level on its line.
CAVEATS = """
ATOMAL; BOHEMIA; BALK; CRYPTO; NOFORN; NF; ORCON; PROPIN; RELIDO; SI; TK; HCS; FGI; FRD; RD; RESTRICTED DATA; IMCON;
EYES ONLY; UK EYES ONLY; CANADIAN EYES ONLY; US EYES ONLY; LOCSEN; PERSONAL; DRAFT; EXERCISE; WHEN COMPLETED;
AMTLICH GEHEIMGEHALTEN; GEHEIMGEHALTEN; SPECIAL FRANCE; NATO; UE; EU; EAPC; ISAF; KFOR; FVEY; USA
"""


def phrases(table: str) -> tuple[str, ...]:
    """The entries of one of the tables above, longest first so that a pattern takes the whole of one."""
    entries = {fold(" ".join(entry.split())) for entry in table.split(";") if entry.strip()}
    return tuple(sorted(entries, key=lambda entry: (-len(entry), entry)))


def pattern_of(*tables: str) -> str:
    """A pattern for any entry, whatever stands between its words."""
    entries = sorted({e for table in tables for e in phrases(table)}, key=lambda entry: (-len(entry), entry))
    return "(?:" + "|".join(r"[ _-]{1,3}".join(map(re.escape, entry.split(" "))) for entry in entries) + ")"


def anchors(*tables: str) -> frozenset[str]:
    """The longest word of each entry: a folded text without any of these holds none of the entries."""
    return frozenset(max(words_of(entry), key=len) for table in tables for entry in phrases(table))


def words_of(folded: str) -> list[str]:
    """Runs of letters."""
    return re.findall(r"[^\W\d_]+", folded)
