"""Texts that carry a classification marking, and texts that only speak of such things. One entry a line block,
entries parted by lines of `----`. Everything here is invented for the test and unclassified.
"""

from __future__ import annotations


def _entries(text: str) -> list[str]:
    return [entry.strip("\n") for entry in text.split("\n----\n")]


_BANNER_LINES = """
NATO SECRET; NATO RESTRICTED; NATO CONFIDENTIAL; COSMIC TOP SECRET; NATO RESTRICTED//REL TO SWE, FIN;
NATO/EAPC RESTRICTED;
COSMIC TOP SECRET ATOMAL; COSMIC TOP SECRET - BOHEMIA; NATO SECRET ATOMAL; NATO CONFIDENTIAL ATOMAL; Nato Restricted;
nato secret; NATO CONFIDENTIEL; NATO DIFFUSION RESTREINTE; OTAN SECRET; COSMIC TRÈS SECRET; NATO/ISAF SECRET;
ISAF SECRET REL TO USA, AUS; KFOR RESTRICTED; NATO SECRET RELEASABLE TO AUSTRIA AND IRELAND; NATO_RESTRICTED;
NATO-CONFIDENTIAL; -- NATO SECRET --; *** NATO RESTRICTED ***; [NATO SECRET]; = NATO CONFIDENTIAL =; | NATO SECRET |;
NATO SECRET - Page 1 of 3; Page 2/7 NATO RESTRICTED; 3 NATO CONFIDENTIAL; NATO RESTRICTED 14; NATO SECRET // EXERCISE;
EXERCISE NATO SECRET; DRAFT: see below\\nNATO RESTRICTED; # NATO SECRET; **NATO RESTRICTED**; > NATO CONFIDENTIAL;
NATO  SECRET; N A T O\\nNATO SECRET; TOP SECRET//SI//NOFORN; TOP SECRET//HCS-P/SI-G/TK//RSEN/ORCON/NOFORN;
SECRET//NOFORN; SECRET//REL TO USA, FVEY; SECRET; TOP SECRET; CONFIDENTIAL; RESTRICTED; CONFIDENTIAL//NF; SECRET/NOFORN;
SECRET NOFORN; S//NF; TS//SI//NF; //NATO SECRET; SECRET//FGI GBR//REL TO USA, GBR; UK SECRET;
UK TOP SECRET STRAP1\\nUK TOP SECRET;
UK SECRET - UK EYES ONLY; UK CONFIDENTIAL; CANADIAN SECRET; SECRET CANADIAN EYES ONLY; US SECRET; MISSION SECRET;
SECRET UE/EU SECRET; RESTREINT UE/EU RESTRICTED; CONFIDENTIEL UE/EU CONFIDENTIAL; TRÈS SECRET UE/EU TOP SECRET;
RESTREINT UE; Restreint UE/EU Restricted; EU SECRET; EU RESTRICTED; SECRET UE; VS-NUR FÜR DEN DIENSTGEBRAUCH;
VS-Nur für den Dienstgebrauch; VS – NUR FÜR DEN DIENSTGEBRAUCH\\nVS-NfD; VS-NfD; VS-VERTRAULICH; VS-Vertraulich; GEHEIM;
STRENG GEHEIM; GEHEIM - amtlich geheimgehalten\\nGEHEIM; VS-NUR FUER DEN DIENSTGEBRAUCH; CONFIDENTIEL DÉFENSE;
SECRET DÉFENSE; TRÈS SECRET DÉFENSE; DIFFUSION RESTREINTE; Diffusion Restreinte; TRÈS SECRET; SPÉCIAL FRANCE;
DIFFUSION RESTREINTE - SPECIAL FRANCE; CONFIDENTIEL DEFENSE; ZEER GEHEIM; VERTROUWELIJK; BEPERKTE VERSPREIDING;
STG. GEHEIM; Stg. Zeer Geheim; Dep. Vertrouwelijk; DEPARTEMENTAAL VERTROUWELIJK; STG. CONFIDENTIEEL; SECRET LUX;
RESTREINT LUX; YDERST HEMMELIGT; HEMMELIGT; FORTROLIGT; TIL TJENESTEBRUG; STRENGT HEMMELIG; HEMMELIG; KONFIDENSIELT;
BEGRENSET; KVALIFICERAT HEMLIG; HEMLIG; BEGRÄNSAT HEMLIG; KONFIDENTIELL; ERITTÄIN SALAINEN; SALAINEN;
LUOTTAMUKSELLINEN; KÄYTTÖ RAJOITETTU; TÄIESTI SALAJANE; SALAJANE; PIIRATUD; SEVIŠĶI SLEPENI; SLEPENI; KONFIDENCIĀLI;
DIENESTA VAJADZĪBĀM; VISIŠKAI SLAPTAI; SLAPTAI; KONFIDENCIALIAI; RIBOTO NAUDOJIMO; ŚCIŚLE TAJNE; TAJNE; POUFNE;
ZASTRZEŻONE; PŘÍSNĚ TAJNÉ; TAJNÉ; DŮVĚRNÉ; VYHRAZENÉ; PRÍSNE TAJNÉ; DÔVERNÉ; VYHRADENÉ; SZIGORÚAN TITKOS!; TITKOS!;
BIZALMAS!; KORLÁTOZOTT TERJESZTÉSŰ!; STROGO TAJNO; TAJNO; ZAUPNO; VRLO TAJNO; POVJERLJIVO; OGRANIČENO;
STRICT SECRET DE IMPORTANȚĂ DEOSEBITĂ; STRICT SECRET; SECRET DE SERVICIU; СТРОГО СЕКРЕТНО; СЕКРЕТНО; ПОВЕРИТЕЛНО;
ЗА СЛУЖЕБНО ПОЛЗВАНЕ; ΑΚΡΩΣ ΑΠΟΡΡΗΤΟ; ΑΠΟΡΡΗΤΟ; ΕΜΠΙΣΤΕΥΤΙΚΟ; ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ; SECRETO; RESERVADO;
CONFIDENCIAL; DIFUSIÓN LIMITADA; MUITO SECRETO; SEGRETISSIMO; SEGRETO; RISERVATISSIMO; RISERVATO; ÇOK GİZLİ; GİZLİ;
HİZMETE ÖZEL; TEPËR SEKRET; SEKRET; I KUFIZUAR; СТРОГО ДОВЕРЛИВО; ДРЖАВНА ТАЈНА
"""

_MARKED_PARAGRAPHS = """
(NS) Red Falcon has moved its infrastructure to three new providers.
----
(NR) The convoy's network was scanned twice on 3 May.
----
(NC) Liaison officers report outages at two relay stations.
----
(S//NF) Source reporting indicates a second operator.
----
(TS//SI//NF) Intercepted traffic names the loader.
----
(U) Background.

(S) The operators work from a known building in the capital.
----
(U//FOUO) Summary of the incident.
(C) Contact with the ministry was lost at noon.
----
1. (NS) Situation. Two ministries report wiper activity.
----
a. (NC) Own forces keep the network segments apart.
----
- (S//REL TO USA, FVEY) Indicators follow in annex B.
----
**(NR)** Weekly summary of scanning against naval bases.
----
(CTS) Only for the council.
----
(CTS-A) Only for those with atomic access.
----
(//NS) Allied reporting confirms the tool.
----
(R-UE/EU-R) The mission's gateway was reached from outside.
----
(VS-NfD) Die Betreiber wurden am Montag gewarnt.
----
(C//REL TO USA, GBR) The firmware was taken from a captured device.
----
(S) Officials confirmed that the implant was placed by a contractor.
----
(S) Annex
(S) Officials confirmed that the annex was never sent.
----
(TS) Collection against the group continues from two sites.
----
(NS-A) Only for readers with access to atomal matters.
----
Summary

    (NS) The malware waits for the signing service to start.
----
NATO RESTRICTED - Weekly cyber summary 12
----
NATO SECRET: annex C to the operations plan
----
[SECRET] Intelligence note 44
----
[NATO RESTRICTED] minutes of the meeting of national points of contact
----
VS-NfD: Lagebericht Woche 12
----
(SECRET//NOFORN) Assessment of the loader
----
Classification: NATO SECRET
Date: 3 May
----
CLASSIFICATION: SECRET//NOFORN
----
Overall classification: NATO RESTRICTED
----
Security classification: Confidential
----
Einstufung: VS-NfD
----
Protective marking: UK SECRET
----
Klauzula: ZASTRZEŻONE
----
Classification: NR
----
Classified By: 1234567
Derived From: Multiple Sources
Declassify On: 20490101
----
<p>NATO RESTRICTED</p><p>Situation report of the day.</p>
----
<div class="banner"><b>SECRET//NOFORN</b></div><div>Body text.</div>
----
This is an ordinary paragraph about an ordinary campaign.

It has a second paragraph.

NATO RESTRICTED
----
NATO UNCLASSIFIED
Covering letter.
NATO SECRET
Annex.
----
SECRET
The text goes on for a while in ordinary words about a campaign against ports.
SECRET
----
Report of the day\r\nCOSMIC TOP SECRET\r\nDistribution list A
"""

_PROSE = """
Secret Blizzard used the servers of another group to reach its targets.
----
The configuration file holds client_secret and client_id in clear text.
----
According to the newspaper, the leaked slides were marked NATO RESTRICTED and dated from last spring.
----
The archive contained documents labelled "NATO SECRET" that the group offered for sale.
----
NATO SECRET documents were put up for sale on a forum, the ministry said on Tuesday.
----
NATO RESTRICTED is the lowest level of classified information in the alliance.
----
Officials would not say whether the files are TOP SECRET.
----
Top Secret
----
Secret
----
secret
----
confidential
----
Confidential
----
Restricted
----
restricted access
----
UNCLASSIFIED
----
NATO UNCLASSIFIED
----
UNCLASSIFIED//FOUO
----
NATO UNCLASSIFIED - RELEASABLE TO THE PUBLIC
----
OFFICIAL
----
OFFICIAL-SENSITIVE
----
TLP:RED
----
TLP:AMBER+STRICT
----
(U) This paragraph is unclassified.
----
(U//FOUO) For official use only.
----
(NU) The alliance published this summary.
----
(C) 2024 Example Software Ltd. All rights reserved.
----
(C) Example Corporation. Redistribution and use in source and binary forms are permitted.
----
(c) the sender was spoofed
----
(C) Copyright by the authors of this rule set and its contributors
----
(a) The mail arrives. (b) The attachment is opened. (c) The loader runs.
----
(a) The mail arrives.
(b) The attachment is opened.
(c) The loader runs.
(s) See also the annex.
----
(A) Initial access came by mail to the press office.
(B) Execution followed within the hour by a script.
(C) Command and control ran over a chat service.
----
(S) Spoofing of the sender by a lookalike domain
(T) Tampering with the update of the client
(R) Repudiation of the payment by the operator
----
(S) Strengths of the current detection rules
(W) Weaknesses of the current detection rules
----
(C) Confidentiality of the mailboxes was lost
(I) Integrity of the backups was kept
(A) Availability was restored in a day
----
(NR) Not rated by the vendor so far.
----
(NC) No change since the last report.
----
(TS) Time stamps are in coordinated universal time.
----
(S) small
----
(S) continues on the next page of this notice
----
(C) Three short words
----
(1) First the actor scans. (2) Then the actor waits.
----
Kubernetes Secret objects were read through the API.
----
The secret key was committed to a public repository.
----
SECRET_KEY=changeme
----
AWS_SECRET_ACCESS_KEY was found in the container image.
----
export CLIENT_SECRET="value"
----
kubectl get secrets --all-namespaces
----
The malware calls itself TopSecret and drops TOPSECRET.DLL into the profile.
----
The ransom note opens with the words YOUR CONFIDENTIAL DATA HAS BEEN STOLEN
----
CONFIDENTIAL FILES OF YOUR COMPANY ARE IN OUR HANDS
----
COMPANY CONFIDENTIAL
----
PRIVATE AND CONFIDENTIAL
----
COMMERCIAL IN CONFIDENCE
----
Strictly confidential: the offer is a lure that asks for bank details.
----
The lure is a document named "NATO SECRET - Exercise schedule.docx".
----
Mails carried the subject "[Confidential] salary list" and a link.
----
The actor targets restricted networks and air-gapped systems.
----
RESTRICTED BOLTZMANN MACHINES WERE USED TO CLUSTER THE SAMPLES
----
Classification: trojan
----
Classification: Restricted Boltzmann machine
----
Classification: Secret Blizzard tooling
----
Classification: public
----
Classification: NATO UNCLASSIFIED
----
Classified as a backdoor by most vendors.
----
The sample was classified as Secret Blizzard's loader by two vendors.
----
The agency declassified the report; it was once SECRET.
----
Declassified documents describe the programme.
----
The S in STRIDE stands for spoofing (S), the C in CIA for confidentiality (C).
----
Windows stores LSA secrets in the registry.
----
T1003.004 LSA Secrets
----
OS Credential Dumping: LSA Secrets
----
Private Keys and Secrets in Files
----
Steal Application Access Token
----
Le groupe a volé des documents portant la mention DIFFUSION RESTREINTE, selon la presse.
----
Une fuite de documents confidentiels a été signalée.
----
Secret professionnel et cybersécurité
----
Die Gruppe bot Unterlagen an, die als VS-NfD gekennzeichnet waren.
----
Der Bericht ist nicht geheim.
----
Geheim bleibt, wer dahinter steckt.
----
Streng geheim oder nicht: die Akten sind im Netz.
----
Vertraulich
----
Grupa oferowała dokumenty z klauzulą ZASTRZEŻONE pochodzące z urzędu.
----
Tajné služby varují před útoky
----
Los documentos llevaban el sello CONFIDENCIAL, dijo el portavoz.
----
Información reservada de la empresa
----
Documenti riservati in vendita su un forum
----
De Stg. Geheim documenten zijn volgens de minister niet echt.
----
Dokumentene var merket BEGRENSET, skriver avisen.
----
Hemliga dokument spreds på nätet
----
Salainen palvelin löydettiin
----
Gizli belgeler sızdırıldı
----
Секретно оружие срещу фишинга
----
Απόρρητα έγγραφα διέρρευσαν
----
The COSMIC framework and the TOP of the list are SECRET no more, says the vendor.
----
Cosmic Lynx targets finance departments.
----
COSMICENERGY
----
ATOMALLY
----
The tool prints "ACCESS RESTRICTED" when started twice.
----
ACCESS RESTRICTED
----
AREA RESTRICTED TO STAFF
----
SHARED SECRET
----
SECRET SERVICE
----
SECRET MANAGER
----
HashiCorp Vault stores secrets; SECRET ENGINE is a plugin.
----
OPEN SECRET
----
TRADE SECRET THEFT
----
NATO
----
NATO CCDCOE
----
NATO SUMMIT
----
EU CYBERSECURITY ACT
----
US-CERT
----
UK NCSC
----
The file is 12 KB (NS record missing).
----
NS records point to ns1.example.net (NS) and ns2.example.net (NS).
----
Name server (NS) hijacking was seen at two registrars.
----
Thread states: (S) sleeping, (R) running, (Z) zombie
----
The drive letters are (C:) and (D:)
----
C:\\Secret\\Confidential\\report.docx
----
/var/run/secrets/kubernetes.io
----
https://vault.example.org/secret/top/nato
----
(S)elect an option: (C)ontinue or (Q)uit
----
(C)ontinue
----
Tor hidden services were once called secret services.
----
The word SECRET appears
in the middle of a sentence on this line.
----
We found the string
"SECRET" in memory.
----
Report: the marking COSMIC TOP SECRET, explained
----
How classification works: NATO uses four levels, from NATO RESTRICTED to COSMIC TOP SECRET.
----
Levels:
- NATO RESTRICTED, the lowest, for most working papers of the staffs
- NATO CONFIDENTIAL, for what would damage the alliance
----
Q: Is this NATO RESTRICTED? A: No, it is public.
----
The policy forbids sending NATO RESTRICTED or higher over this exchange.
----
Do not upload anything SECRET, CONFIDENTIAL or RESTRICTED here.
----
Marking: TLP:CLEAR
----
Handling: TLP:AMBER, recipients may share with clients
----
Sensitivity: internal
----
EXERCISE EXERCISE EXERCISE
----
TS 50701 covers railway cyber security.
----
TS//1 is the name of a relay
----
S/MIME and C//C++ are mentioned
----
NR, NC and NS are codes that users asked about.
----
R//W permissions
----
The group claims to have breached a contractor and released 4 GB of files; the contractor says nothing was SECRET.
----
A misconfigured bucket exposed TOP SECRET//SI documents of a command, reporters found in 2017.
----
"SECRET//NOFORN" was printed on the leaked page, the article says.
----
Confidential computing keeps data encrypted in use.
----
CONFIDENTIAL COMPUTING
----
CVE-2024-0001 lets a restricted user read secrets.
----
Restricted Admin mode for RDP
----
RESTRICTED ADMIN
----
PROTECTED
----
PROTECTED B
----
LIMITE
----
EU LIMITE
----
FOR OFFICIAL USE ONLY
----
INTERNAL USE ONLY
----
USO INTERNO
----
INTERNO
----
ÖZEL
----
SENSITIVE
----
LAW ENFORCEMENT SENSITIVE
----
CONTROLLED UNCLASSIFIED INFORMATION
----
CUI//SP-CTI
----
UNCLASSIFIED WHEN SEPARATED
----
GEHEIMNIS
----
SECRETARY GENERAL
----
SECRETS
----
RESTRICTIONS
----
CONFIDENTIALITY
----
Confidentiality: HIGH
----
CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
----
S:C/C:H/I:N/A:N
----
Hemmelighed
----
Tajna
----
Sekretariat
----
Titkosítás
----
Reserved
----
Reservado el derecho de admisión en el foro
----
Poufne dane klientów wyciekły z serwera
----
The mutex TAJNO-77 is created at start
----
BIZALMASAN
----
Quote of the day: "Two can keep a secret."
----
SECRET: HOW THE LOADER HIDES ITS STRINGS
----
CONFIDENTIAL DATA LEAKED BY RANSOMWARE GROUP
----
The group posts on a channel called secret, in capitals SECRET, which nobody reads.
----
Victims are told that their data is CONFIDENTIAL no more.
----
NATO CYBER DEFENCE PLEDGE
----
NATO DIANA
----
SECRET SHARING SCHEME OF SHAMIR
----
K8S SECRET ROTATED
----
ERROR: ACCESS TO RESTRICTED RESOURCE DENIED
----
RESTRICTED SHELL ESCAPE
----
The installer asks for administrator rights and then contacts its server.
----
Le secret du chargeur est dans la pile.
----
Een geheim kanaal werd gebruikt voor de besturing.
----
Hemmelig nøgle fundet i firmware
----
Der Dienst ist nur für den Dienstgebrauch der Bank bestimmt, so der Anbieter.
----
Nota: el grupo usa un canal secreto en una red social.
----
Il gruppo ha pubblicato un segreto industriale.
----
A chave secreta foi publicada.
----
Secretul serverului a fost furat.
----
Tajemství zůstala na serveru.
----
Slaptažodžiai nutekėjo
----
(MD5) d41d8cd98f00b204e9800998ecf8427e
----
(SHA-256) of the second stage
----
(CVE-2024-3400) is used for access
----
(i) first (ii) second (iii) third
----
(TA505) uses the loader
----
(N/A) nothing known
----
(SC) Supply chain compromise of a build server
----
TOP SECRET PROJECT NAMES FOUND IN A LEAK ARE FAKE, SAYS ARMY
"""

SPILLING = [line.strip().replace("\\n", "\n") for line in _BANNER_LINES.split(";")] + _entries(_MARKED_PARAGRAPHS)
PASSING = _entries(_PROSE)
