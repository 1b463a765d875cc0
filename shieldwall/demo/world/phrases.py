"""Sentences that any report, note, sighting or recall may hold. Slots as in `plots.py`; {group} is one of ATT&CK's."""

from __future__ import annotations

ASSESSMENTS = (
    "We assess with moderate confidence that this is the work of {cluster}; the overlap in infrastructure is "
    "solid, the overlap in tooling less so.",
    "Attribution stays open. Some of the tooling resembles what is known of {group}, but it is for sale.",
    "It is likely that the same operators were behind the case reported in the group last month.",
    "We hold the link to {group} for unlikely: the timing fits, the craft does not.",
    "Our confidence is low. Two of the three sources may go back to the same vendor's note.",
    "{cluster} is our own name for this activity. We drop it as soon as it proves to be known under another.",
)
GAPS = (
    "We do not know how the first account was taken.", "We lack flow data from before the change of provider.",
    "Samples of the second stage are missing; please share them if you have any.",
    "Whether others in the {trade} sector are concerned is not known to us.",
    "The logs of the device were overwritten after {days} days.",
)
REQUESTS = (
    "Please search for the indicators over the last ninety days and report sightings, negative ones too.",
    "Please tell us at once if you see {domain} resolve again.",
    "If you can say more about {malware}, write to us; we keep sources to ourselves.",
    "Handle with care: the victim is known to its customers and has not gone public.",
)
QUESTIONS = (
    "Has anyone seen {domain} outside the {trade} sector? We find it in our resolver logs but no client that asked.",
    "Does anyone have a working rule for {malware} that survives repacking? Ours lasted two days.",
    "Which of you has experience with isolating {product} without stopping production?",
    "We were asked whether {cluster} is one group or two. What do you see on your side?",
    "Who has negotiated with this crew before, and did the key work?",
    "How do you tell small operators without a security contact? Letters, telephone, the chamber of commerce?",
)
ANSWERS = (
    "Seen here as well, twice, both times from a guest network. We did not find the client either.",
    "Yes. We match on the structure of the configuration and not on strings; rule attached to the indicator above.",
    "We did it last winter: first mirror the traffic, then cut the uplink during a planned stop. Call us for details.",
    "On our side it looks like one group with two teams. The hours differ, the mistakes are the same.",
    "The key worked for about nine files in ten; the large ones were damaged before the ransom was even asked.",
    "The chamber of commerce reached four in five within two days, at no cost.",
    "Nothing here over ninety days, in flow data and resolver logs.",
)
WORKED = (
    "the offline list of contacts", "the exercise in spring, since everybody knew the room and the roles",
    "separating the two networks a year ago", "a junior analyst who did not accept the first explanation",
    "the early warning from {cert}, {days} hours before our own sensors", "restoring in an order agreed beforehand",
    "logging at the resolver", "binding sessions to devices",
)
FAILED = (
    "two of three deputies were on leave", "the contract for help did not cover weekends",
    "backups were readable with the same account that was stolen",
    "we blocked too early and lost sight of the second door",
    "nobody could say which supplier had which access", "the log server kept eleven days",
    "the first report waited {days} hours for approval", "our indicators were shared without saying how old they were",
)
NEXT_TIME = (
    "decide on the second hour, not on the second day", "ask for help early; nobody has ever minded",
    "keep one administrator who cannot be reached from the office network", "write down times as they happen",
    "test the restoration of the directory twice a year", "tell suppliers in the same hour as the board",
    "share raw indicators first and the nice report later",
)
SIGHTED = (
    "Seen at the resolver, blocked.", "One client, cleaned the same day.", "In flow data only; no host identified.",
    "Attempt stopped by the mail gateway.", "Seen in a honeypot.", "Found in a retrospective search over ninety days.",
    "Seen on a guest network.", "Matched by the sensor at the border; traffic was encrypted.",
)
FALSE_ALARM = (
    "Revoked: the address belongs to a content network again.",
    "Revoked: sinkholed by a researcher, no longer a threat.",
    "Revoked: matched an installer that is harmless.", "Revoked: was a test of our own team.",
)
RECALLED = (
    "Names a customer that has not agreed to be named.", "Went to more readers than was meant.",
    "Holds an internal address plan.", "The victim asked us to wait until its board has met.",
    "Source asked us to take it back.",
)
# (adjective, noun): names of activity clusters that no vendor uses.
CLUSTER_NAMES = (
    ("Hollow", "Pale", "Slow", "Brine", "Copper", "Lantern", "Tidal", "Quiet", "Salt", "Ashen", "Northern", "Paper",
     "Glass", "Rusty"),
    ("Heron", "Anvil", "Ferry", "Lichen", "Compass", "Curlew", "Moraine", "Ledger", "Beacon", "Thistle", "Kiln",
     "Otter", "Sextant"),
)
MALWARE_NAMES = (
    ("Varn", "Tide", "Osk", "Grum", "Pell", "Krait", "Loam", "Sker", "Brum", "Nix", "Quill", "Fath", "Mord", "Zil"),
    ("loader", "key", "shade", "rat", "drop", "lock", "whisper", "gate", "worm", "spool", "cast", "tap"),
)
PRODUCTS = (
    ("Korvane", "Access Gateway", "9.2.{}"), ("Telmark", "Mail Relay", "4.1.{}"), ("Ostrava Systems",
     "Plant Historian", "2021.{}"),
    ("Brightfen", "Remote Desk", "7.{}"), ("Halvorsen Nett", "Edge Router OS", "12.4.{}"), ("Piccoli", "SCADA Studio",
     "3.8.{}"),
    ("Medanta", "Image Archive", "6.0.{}"), ("Quorra", "File Transfer", "2.{}"), ("Sundrift", "Backup Director",
     "11.{}"),
    ("Lindqvist", "Identity Broker", "5.5.{}"), ("Arkelo", "Hypervisor", "8.0.{}"), ("Navarro", "Fleet Manager",
     "1.9.{}"),
    ("Tessmer", "Signalling Gateway", "3.2.{}"), ("Ravelin", "Firewall Manager", "10.1.{}"), ("Corvana",
     "Ground Station Suite", "2.7.{}"),
    ("Petrel", "Meter Head-End", "4.4.{}"), ("Dunmere", "Print Server", "15.{}"), ("Wexler", "Web Console", "1.14.{}"),
)
FLAWS = (
    ("a stack overflow in the parser of request headers", "run code without signing in", "CWE-121", 9.8),
    ("a missing check of the session's owner", "read files of other users", "CWE-639", 7.5),
    ("a password that is the same in every installation", "sign in as the maintainer", "CWE-798", 9.1),
    ("unsafe deserialisation in the management service", "run code with the rights of the service", "CWE-502", 8.8),
    ("a path that is not confined", "write a file anywhere on the device", "CWE-22", 8.1),
    ("a signature that is checked after the file is unpacked", "plant a false update", "CWE-347", 8.3),
    ("a race in the release of a buffer", "gain the rights of the kernel from a user account", "CWE-416", 7.8),
    ("a query built from parameters", "read the table of accounts", "CWE-89", 8.6),
    ("a redirect that follows any host", "reach services inside the network", "CWE-918", 7.2),
    ("an unlimited number of attempts", "guess the short code of the second factor", "CWE-307", 6.5),
)
