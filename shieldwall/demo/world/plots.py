"""The kinds of incident a year brings, and what analysts write about them.

Slots: {who} a victim described without its name, {cluster} the actor, {malware}, {t1} {t2} {t3} techniques with their
codes, {domain} {ip} defanged values, {days} {hosts} numbers, {product} something that was vulnerable.
"""

from __future__ import annotations

import msgspec


class Plot(msgspec.Struct, frozen=True):
    """One kind of incident."""

    id: str
    titles: tuple[str, ...]
    techniques: tuple[str, ...]  # ATT&CK codes, the first ones in the story line
    finds: dict[str, float]  # what is found, with weights
    infrastructure: str  # a word of STIX's infrastructure-type-ov
    openings: tuple[str, ...]
    entries: tuple[str, ...]
    actions: tuple[str, ...]
    effects: tuple[str, ...]
    responses: tuple[str, ...]


_NET = {"domain": 5, "ipv4": 4, "url": 3, "file": 2, "email": 1, "ipv6": 0.6, "traffic": 0.5, "certificate": 0.4,
        "system": 0.3}
_HOST = {"file": 6, "ipv4": 3, "domain": 3, "url": 1, "mutex": 0.6, "registry": 0.6, "account": 0.5, "directory": 0.4,
         "traffic": 0.5}
_MAIL = {"email": 4, "domain": 5, "url": 5, "file": 2, "ipv4": 2, "certificate": 0.3}

PLOTS: tuple[Plot, ...] = (
    Plot(
        "phishing", ("Credential phishing against {trade} staff", "Mailbox takeover wave in the {trade} sector",
                     "Phishing kit impersonates a supplier portal"),
        ("T1566.002", "T1078", "T1114.003", "T1598.003", "T1204.001", "T1539", "T1583.001", "T1656", "T1534"),
        _MAIL, "phishing",
        ("Since the start of the week, staff of {who} have received mails that pretend to come from a "
         "long-standing supplier.",
         "A wave of credential phishing reached {who} and at least two of its partners within {days} days.",
        "The help desk of {who} was told of a sign-in page that looked right and was not."),
        ("The mails carry a link to {domain}, where a copy of the sign-in page collects the password and relays the "
         "second factor in real time; we file this under {t1}.",
         "Delivery followed {t1}: one link, no attachment, and a redirect through {domain} that opens only for "
         "addresses inside the nation.",
         "Recipients were chosen with care. Eleven of fourteen work in purchasing, and each mail quotes a real "
        "order number."),
        ("With the stolen session the intruder logged in from {ip} ({t2}) and set rules that hide answers from the "
         "victim ({t3}).",
         "Within {days} hours of the first click the account was used to write to forty further contacts.",
        "The page was built with a kit that we also saw in spring; {cluster} has used it before, but so have others."),
        ("{hosts} accounts were reset. No payment was diverted as far as we know.",
         "One invoice was altered before the change was noticed; the bank stopped the transfer.",
        "The impact stayed small: the mailbox held no contracts, and the tokens were revoked the same day."),
        ("Conditional access by device ended it. Blocking {domain} alone did not, because the kit moved twice.",
         "Partners were warned by telephone, which turned out to be faster than the mail that we had prepared.")),
    Plot(
        "ransomware", ("Ransomware at {a_trade} organisation", "Extortion with {malware}: timeline and indicators",
                       "{malware} encrypts virtual machines at night"),
        ("T1486", "T1133", "T1490", "T1567.002", "T1021.001", "T1003.001", "T1562.001", "T1489", "T1059.001"), _HOST,
        "command-and-control",
        ("In the night to Sunday {who} lost {hosts} servers to {malware}.",
         "{who_cap} reports an extortion case. Encryption began {days} days after the first foreign sign-in.",
        "This report describes how {malware} came in, what it did before anyone noticed, and what stopped it."),
        ("Entry was by a remote access gateway without a second factor ({t2}); the account belonged to a "
         "contractor who left last year.",
         "The first foothold came from {ip} through {product}, which had missed its last two updates.",
         "An access broker had offered this very network {days} days earlier; nobody of us made the connection in "
        "time."),
        ("Before encrypting ({t1}) the operators deleted snapshots ({t3}) and copied some 200 GB to {domain}.",
         "Security tools were switched off through the management console itself, with an account taken from memory.",
         "They used the victim's own software distribution to roll out {malware}, which explains why all sites fell "
        "within the same ten minutes."),
        ("Production stood still for {days} days. Off-site backups were intact and restored in order of need.",
         "Control systems were not touched: the two networks had been parted in spring after an exercise.",
        "Personal data of employees appeared on a leak site; the authority has been told."),
        ("What worked: an offline copy of the directory, and a list on paper of whom to call.",
         "We ask others who run {product} to look for sign-ins from {ip} in the last ninety days.")),
    Plot(
        "espionage", ("Long-running intrusion at {a_trade} organisation", "{cluster}: quiet access to engineering data",
                      "Web shells on edge devices lead to {cluster}"),
        ("T1190", "T1505.003", "T1071.001", "T1573.002", "T1005", "T1041", "T1070.004", "T1136.001", "T1098"), _NET,
        "command-and-control",
        ("During a review {who} found an account that nobody could explain; it led to an intrusion of {days} months.",
         "{cluster} had access to {who} since early spring. We judge the purpose to be theft of designs.",
        "A tip from another member let {who} find traffic to {domain} that had gone on unseen."),
        ("The intruder came in through {product} ({t1}) and left a small web shell ({t2}) that answers only to a "
         "header.",
         "Initial access is not known for sure. The oldest trace is a file dropped on an edge device by {ip}.",
        "A trusted service provider was the way in; its jump host shows the same shell."),
        ("Commands travel inside ordinary web requests to {domain} ({t3}); the interval is {hosts} minutes with "
         "jitter.",
         "{malware} runs only in memory on two servers and is started again by a scheduled task after each boot.",
        "Archives were staged under a name that looks like a print spooler and left in pieces of 8 MB at night."),
        ("Drawings of two components were taken. What else left the network cannot be said: logs reach back {days} "
         "days.",
         "We found no sign of sabotage. The working hours of the operator suggest a steady team, not an opportunist.",
         "Three further organisations of the sector talk to the same addresses; they have been told through their "
        "CERTs."),
        ("We advise against blocking at once: watch {ip} first, then act everywhere in one night.",
         "Rotate every secret that passed the device, not only those of the accounts that were seen.")),
    Plot(
        "ddos", ("Denial of service against {trade} websites", "Hacktivist calls and what came of them",
                 "Layer-7 floods on public services"),
        ("T1498.001", "T1499.002", "T1498.002", "T1583.005", "T1595.001"),
         {"ipv4": 10, "ipv6": 3, "domain": 1, "system": 1, "url": 1},
        "botnet",
        ("Public pages of {who} and four others were slow or away for {hosts} minutes on Tuesday.",
         "After a post that named targets, floods began at nine sharp, as they did last month.",
        "For {days} days in a row {who} has seen short floods, each stronger than the one before."),
        ("The first wave was plain volume ({t1}); when it was filtered the second asked for the search page ({t2}).",
         "Most sources are proxies that we have seen before; {ip} alone sent nine percent.",
        "The operator of the botnet rents it out. We count some 3,000 addresses, a third of them home routers."),
        ("Requests carry a random query string, so caches did not help until the rule was changed.",
         "Sources changed each quarter of an hour, which defeats block lists but not rate limits.",
        "{cluster} claimed the outage ten minutes before it began."),
        ("Nobody lost data. Customers could pay by telephone.",
         "The effect was in the news rather than in the service.",
        "One supplier's outage lasted longer because its provider charged for filtering and nobody could approve it."),
        ("Filtering upstream within twelve minutes; the contract for it was signed in January after the last wave.",
         "We share the list of sources for rate limiting. Do not block for longer than a day: most are victims.")),
    Plot(
        "supply-chain", ("Tampered update of {product}", "Supplier compromise reaches {trade} customers",
                         "Build server of a small software firm abused"),
        ("T1195.002", "T1199", "T1553.002", "T1195.001", "T1072", "T1554"), _HOST, "hosting-malware",
        ("An update of {product} that went out on Thursday held code which its maker did not write.",
         "{who_cap} noticed that a signed installer asks {domain} for instructions.",
         "A firm of nine people supplies software to half the sector. Last month someone else was in its build "
        "server."),
        ("The change was made on the build server ({t1}); the signature is genuine ({t3}).",
         "The supplier's remote maintenance account was used ({t2}) from {ip}.",
        "A dependency with almost the same name was published and pulled in by an automatic build."),
        ("{malware} waits for {days} days, then checks whether the machine belongs to one of a list of domains.",
         "Of some 400 installations only a few were given a second stage, all of them in the {trade} sector.",
        "The code reads the licence file, which tells the customer's name: targets were picked by hand."),
        ("{hosts} of our machines had the update, none the second stage.",
         "The maker has withdrawn the version and published a clean one under a new certificate.",
        "Customers who block outgoing traffic of servers by default saw nothing but a failed lookup."),
        ("Ask your own suppliers now, and ask how they know.",
         "Compare the hash of your copy with the list; the file date tells nothing.")),
    Plot(
        "edge", ("Exploitation of {product}", "Mass scanning for {product} turns into break-ins",
                 "Unpatched gateways at small {trade} organisations"),
        ("T1190", "T1133", "T1505.003", "T1210", "T1068", "T1595.002"), _NET, "staging",
        ("Within {days} days of the advisory for {product} we saw the first working attempts.",
         "Scanners from {ip} ask each address for one file that exists only in {product}.",
        "{who_cap} was told by us that its gateway had been entered; it had not known that the device existed."),
        ("The request overlong in one header is enough ({t1}); no sign-in is needed.",
         "After entry a new local administrator is made and a tunnel set up to {domain} ({t2}).",
        "The attackers read the session store, so that a patch alone does not put them out."),
        ("On a third of the devices we also found {malware}, installed later and by someone else.",
         "The same key was written to every device, which makes a good indicator.",
        "{cluster} appears to sell the access on: two victims were extorted a fortnight later."),
        ("In our nation {hosts} devices were reachable; by Friday all but four were patched or off.",
         "No loss is known yet. We treat every device that was open before the fix as entered.",
        "Small operators were hit hardest since nobody reads advisories there at night."),
        ("Patch, end all sessions, change the secrets, look for the shell: in this order.",
         "A notice by letter to the owners worked better than mail: nine of ten answered.")),
    Plot(
        "control", ("Foreign access to a control network", "Engineering workstation of {a_trade} site compromised",
                    "Exposed controllers changed by strangers"),
        ("T1133", "T1219", "T1078", "T1046", "T1021.001", "T1485", "T1529", "T1040"),
        {"ipv4": 5, "traffic": 3, "domain": 2, "file": 3, "mac": 1, "account": 1, "url": 0.5}, "reconnaissance",
        ("An operator at {who} saw the pointer move by itself.",
         "At a site of {who} set points were changed twice within {days} days; alarms rang as they should.",
        "A controller that was reachable from the internet showed a message instead of its levels."),
        ("Remote maintenance software was left running after a visit ({t2}).",
         "The workstation took its updates from the office network; {malware} came that way.",
        "The controller had its factory password. Someone from {ip} tried just that ({t1})."),
        ("The intruder looked around ({t3}), read the project file and left; nothing was written.",
         "Values were changed by hand in the display, by someone who did not know the process.",
        "Traffic to {domain} on port 502 ran for {hosts} minutes."),
        ("The plant ran on by hand. Nobody was in danger; the safety system is separate and was not reached.",
         "One pump stopped. Supply was not affected thanks to the tank.",
        "There was no effect on the process, but the project file describes all of it."),
        ("Maintenance access now opens only when the control room turns a key.",
         "We ask all operators to look for their own addresses in the scan data that we attach.")),
    Plot(
        "stealer", ("Information stealers in the {trade} sector", "{malware} spread by false advertisements",
                    "Stolen sessions for sale"),
        ("T1555.003", "T1539", "T1204.002", "T1189", "T1608.006", "T1027", "T1176"), _NET | {"file": 6},
        "hosting-malware",
        ("Passwords of staff of {who} are on sale; the lot is {days} days old.",
         "An advertisement above the search results offered a tool that engineers use. It installed {malware}.",
        "In a dump of a stealer we found {hosts} accounts of members and told them within the day."),
        ("The file comes from {domain}, is larger than most scanners read, and must be started by hand ({t3}).",
         "A page asks the visitor to prove that he is human by pasting a command.",
        "The download is signed with a certificate issued to a bakery."),
        ("{malware} takes passwords and cookies from browsers ({t1}, {t2}) and sends them to {ip} once.",
         "It leaves nothing behind, so that the first trace is a sign-in from elsewhere weeks later.",
        "Private machines are the gap: the browser carries the profile of the office home."),
        ("Two sessions were used before we could end them.",
         "No access with a second factor bound to the device was abused.",
        "The account of a supplier was among them, and through it a shared folder."),
        ("End sessions, not only passwords. Forbid the sync of browser profiles.",
         "We share hashes, but they age within hours; the addresses last longer.")),
    Plot(
        "fraud", ("Payment fraud with a hijacked thread", "False bank details sent to {trade} customers",
                  "Voice imitation in a payment case"),
        ("T1657", "T1534", "T1114.003", "T1586.002", "T1656", "T1583.001"), _MAIL, "phishing",
        ("{who_cap} was asked in an ongoing conversation to pay to a new account.",
         "A call in the voice of the director urged the accounts office of {who} to pay before noon.",
        "Four members report the same letter about new bank details within {days} days."),
        ("The thread was real, the mailbox of the partner taken ({t2}); answers went to {domain}, one letter off.",
         "The forger had read along for weeks and knew the amount.",
        "The caller named a real project. The voice was made from a recorded speech."),
        ("Rules in the mailbox moved our answers out of sight ({t3}).",
         "The domain was made the day before and answers mail from {ip}.",
        "The money was to leave in three parts, each below the limit for a second signature."),
        ("The first payment went out; the bank got back most of it.",
         "A clerk called back on the known number, which ended it.",
        "The loss is {hosts} thousand euro. The insurer asks for our report."),
        ("Calling back is the only control that worked in all cases we know.",
         "We share the accounts with the banks through the finance group, not here.")),
    Plot(
        "cloud", ("Consent abuse in cloud tenants", "Token theft reaches {trade} tenants",
        "Password spraying against sign-in services"),
        ("T1528", "T1078.004", "T1110.003", "T1098.003", "T1530", "T1538", "T1550.001"),
        {"ipv4": 6, "domain": 4, "url": 3, "account": 2, "ipv6": 1.5, "email": 1}, "anonymization",
        ("An application that nobody ordered had been granted the right to read all mail at {who}.",
         "From {ip} and some ninety others, one password a day is tried on every account.",
        "{who_cap} found sign-ins that no person made: a token was used from two nations at once."),
        ("Consent was given by a user who followed a link to {domain} ({t1}).",
         "An old protocol without a second factor was still open for one service account ({t2}).",
        "The token came from a build log that was public for {days} days."),
        ("The intruder gave further rights to the application ({t3}) and read the folders of the board.",
         "Slow spraying stays below each threshold; only the sum over all tenants shows it.",
        "{cluster} rents addresses in the nation of the victim, so that rules by country do not help."),
        ("Mail of {hosts} people was readable for a week.",
         "Nothing was changed. We revoked the grants and made consent a matter for administrators.",
        "Two tenants of subsidiaries were found with the same application."),
        ("Search your tenant for the application identifiers in the notes.",
         "Bind tokens to devices where you can; log their use where you cannot.")),
    Plot(
        "influence", ("Hack-and-leak ahead of a vote", "False notices in the name of {trade} bodies",
                      "Copied news sites spread forged documents"),
        ("T1583.001", "T1585.001", "T1586.001", "T1491.002", "T1567", "T1656"),
         {"domain": 8, "url": 6, "ipv4": 2, "email": 2, "certificate": 1},
        "hosting-target-lists",
        ("Documents that were taken from {who} last year are now published in pieces, some of them altered.",
         "A copy of a known news site carries an article that never was printed; it cites {who}.",
        "Within {days} days a dozen new accounts repeated one sentence about a fuel shortage."),
        ("The site stands at {domain}; the text was translated by a machine ({t1}).",
         "The accounts are old and were bought ({t3}); their earlier posts are about football.",
        "The mail with the archive went to journalists first and came from {ip}."),
        ("Of sixty pages four are forged, and these are the ones that are quoted.",
         "Advertisements pay for the reach; the payer is a firm without a register entry.",
        "{cluster} used the same page template in two other nations."),
        ("Reach was small until an official denial made it larger.",
         "Press offices had a line ready and the story died in a day.",
        "Queues formed at {hosts} filling stations for an afternoon."),
        ("We publish which pages are forged, with the originals beside them.",
         "Tell the platforms through one contact: twelve requests from twelve of us were slower than one.")),
    Plot(
        "scanning", ("Broad scanning from hosting ranges", "Brute force on remote access",
        "Reconnaissance of {trade} networks"),
        ("T1595.002", "T1110.001", "T1046", "T1590.005", "T1018", "T1110.003"),
        {"ipv4": 12, "ipv6": 2, "system": 1.5, "domain": 1}, "reconnaissance",
        ("Sensors of {who} count a tenfold rise of attempts on remote access since Monday.",
         "A block of addresses around {ip} scans the sector in order of its members' names.",
        "We see one source that asks for three ports only, all of them of industrial protocols."),
        ("Attempts use names that are in no public list but in our old telephone directory ({t2}).",
         "Scans are slow ({t1}): one packet a minute to each of us, visible only together.",
        "The tool says what it is; its version is {days} days old."),
        ("The hits are followed within the hour by a sign-in attempt from elsewhere.",
         "Whoever it is maps suppliers as well: the list includes firms of ten people.",
        "We compared with {hosts} honeypots; none of them was asked, so the list was made by hand."),
        ("No entry is known.",
         "One test system without a second factor was entered and taken off the net.",
        "The load alone made an old gateway restart."),
        ("Lock by device, not by address: the addresses change daily.",
         "We share the sources at low confidence; hunt for them, do not block on them alone.")),
)
