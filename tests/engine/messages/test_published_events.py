"""Each event that we have words or a rule for is one that Windows really writes.

The message tables and manifests of Windows 7 are public as a database of plaso's; they have the
providers, the events and the values of their messages. Events that came later are named here
with the public source that shows them.
"""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from engine import messages
from engine.rules.rule_files import own_rules, read_own

DATA = Path(messages.__file__).parent / "data"
MANIFESTS, MAPS = "nasbench/EVTX-ETW-Resources", "EricZimmerman/evtx, Maps"
LEARN, LOGS = "learn.microsoft.com", "public event logs"
DELL = "Dell OpenManage Server Administrator, Messages Reference Guide"

# Later than Windows 7, or of a driver or product of its own.
ELSEWHERE: Mapping[str, Mapping[str, set[int]]] = {
    MANIFESTS: {
        "microsoft-windows-devicesetupmanager": {131},
        "microsoft-windows-hyper-v-hypervisor": {41},
        "microsoft-windows-user device registration": {304, 305},
        "microsoft-windows-storport": {500},
        "microsoft-windows-refs": {133},
        "microsoft-windows-ntfs": {131},
        "microsoft-windows-laps": {10025},
        "microsoft-windows-devicemanagement-enterprise-diagnostics-provider": {71, 76},
        "microsoft-windows-bits-client": {209, 16403},
        "microsoft-windows-bitlocker-api": {
            *range(521, 532),
            768,
            775,
            776,
            793,
            796,
            817,
            823,
            824,
            845,
            846,
        },
        "microsoft-windows-application-experience": {505},
        "microsoft-windows-appxdeployment": {325},
        "microsoft-windows-appxdeployment-server": {400, 401, 404},
        "microsoft-windows-apps": {5961},
        "microsoft-windows-audit-cve": {1},
        "microsoft-windows-capi2": {40, 50, 52, 81, 4111, 4112},
        "microsoft-windows-grouppolicy": {4257, 5115, 5116, 5117, 5126, 5257, 5340, 5351, 7016},
        "microsoft-windows-program-compatibility-assistant": {17},
        "microsoft-windows-shell-core": {
            *{9705, 9706, 9707, 9708, 9811, 28115, 28117, 62144, 62170, 62171},
        },
        "microsoft-windows-taskscheduler": {151, 325},
        "microsoft-windows-usermodepowerservice": {12},
        "microsoft-windows-codeintegrity": {3111, 3032, 3033, 3034, 3035, 3036, 3063, 3065, 3066},
        "microsoft-windows-distributedcom": {10028},
        "microsoft-windows-immersive-shell": {5973},
        "microsoft-windows-kernel-boot": {16, 25, 27, 29, 32, 153},
        "microsoft-windows-kernel-pnp": {400, 401, 410, 411, 420, 430, 440, 442},
        "microsoft-windows-ndis": {10400},
        "microsoft-windows-powershell": {4100, 4103, 4105, 4106, 8197, 40961, 40962, 53504},
        "microsoft-windows-remotedesktopservices-rdpcorets": {
            *{33, 65, 66, 68, 70, 71, 72, 98, 100, 101, 102, 103, 104, 129, 130, 132, 135, 139, 141},
            *{142, 143, 145, 148, 162, 168, 169, 226, 227, 228, 229},
        },
        "microsoft-windows-terminalservices-clientactivexcore": {*range(1024, 1030), 1102, 1103, 1105},
        "microsoft-windows-terminalservices-gateway": {200, 201, 300, 301, 302, 303, 304, 312},
        "microsoft-windows-terminalservices-remoteconnectionmanager": {1155, 1158},
        "microsoft-windows-winrm": {91, 145, 161},
        "microsoft-windows-smbclient": {*range(30803, 30810), 31001, 31010, 31013, 31017},
        "microsoft-windows-tpm-wmi": {1025, 1026},
        "microsoft-windows-windowsupdateclient": {43, 44},
    },
    MAPS: {
        "avp": {302},
        "microsoft-windows-remotedesktopservices-rdpcorets": {131, 140},
        "microsoft-windows-terminalservices-localsessionmanager": {32, 34, 39, 40, 41, 42, 54},
        "microsoft-windows-windows defender": {1116, 1117},
        "sophos anti-virus": {32},
        "trellix endpoint security": {3},
        "securitycenter": {15},
    },
    LEARN: {
        "microsoft-windows-kernel-power": {524},
        "apache service": {3299},
        "microsoft-fslogix-apps": {26},
        "srmsvc": {8215, 12325},
        "sqlispackage150": {12291},
        "microsoft-sharepoint products-sharepoint foundation": {3355},
        "ntfrs": {13568},
        "nps": {13},
        "msexchange adaccess": {2114},
        "microsoft-windows-certificationauthority": {48, 65, 66, 100},
        "microsoft-windows-laps": {10005},
        "ad fs": {102, 364, 385},
        "netlogon": {5827, 5838},
        "microsoft-windows-distributedcom": {10036, 10037, 10038},
        "asp.net 4.0.30319.0": {1325, 1309},
        "microsoft-windows-dhcp-server": {1020, 1041, 1046, 1059, 1063},
        "was": {5002},
        "msexchangetransport": {12018, 12014, 15004},
        "microsoft-windows-msdtc 2": {4185},
        "sqlserveragent": {103, 208},
        "mssql$express": {823, 1827},
        "dfsr": {
            4004,
            4208,
            4612,
            *{1002, 1004, 1006, 1008, 1202, 1206, 1210, 2104, 2212, 2213, 4012, 4614, 5002, 5004},
            *{5008, 5014},
        },
        "microsoft-windows-activedirectory_domainservice": {
            1126,
            *{1000, 1004, 1173, 1308, 1311, 1388, 1394, 1566, 1645, 1655, 1699, 1864, 1865, 1925},
            *{1988, 2042, 2087, 2088, 2089, 2092, 2095, 2103, 2886, 2887, 2889, 2946},
        },
        "microsoft-windows-applocker": {*range(8020, 8026)},
        "microsoft-windows-certificateservicesclient-autoenrollment": {13},
        "microsoft-windows-directory-services-sam": {16962, 16963, 16965},
        "microsoft-windows-dns-client": {
            *{3006, 3008, 3009, 3010, 3011, 3018, 3019, 3020, 8015, 8016, 8018, 8019, 8020, 8021},
        },
        "microsoft-windows-dns-server-service": {
            *{2, 3, 4, 150, 404, 407, 408, 770, 4000, 4004, 4007, 4013, 4015, 6001},
            *{6004},
        },
        "microsoft-windows-dnsserver": {541},
        "microsoft-windows-failoverclustering": {
            *{1126, 1127, 1129, 1130},
            1196,
            1562,
            1573,
            5121,
            *{1034, 1035, 1037, 1038, 1069, 1070, 1092, 1135, 1146, 1177, 1205, 1230, 1254, 1553},
            *{1554, 1564, 1570, 1571, 1572, 1641, 1672, 5120, 5142},
        },
        "microsoft-windows-hyper-v-vmms": {
            18012,
            21024,
            32022,
            12010,
            12030,
            12130,
            12140,
            12240,
            12290,
            12620,
            13002,
            13003,
            16050,
            16060,
        },
        "microsoft-windows-hyper-v-worker": {
            18500,
            18502,
            18504,
            18508,
            18510,
            18512,
            18514,
            18590,
            18596,
            18601,
            18603,
        },
        "microsoft-windows-kerberos-key-distribution-center": {39, 7, 11, 14, 16, 19, 20, 21, 27, 29, 32},
        "microsoft-windows-ntlm": {8004},
        "microsoft-windows-smbserver": {551, 1001, 1006, 1009, 1016, 1020, 3000},
        "microsoft-windows-user profiles service": {67},
        "microsoft-windows-was": {
            *{5002, 5009, 5010, 5011, 5012, 5013, 5021, 5057, 5059, 5074, 5117, 5186},
        },
        "microsoft-windows-windows firewall with advanced security": {
            *{2052, 2059, 2060, 2071, 2073, 2082, 2083, 2097, 2099},
        },
        "microsoft-windows-wlan-autoconfig": {4003},
        ".net runtime": {1025, 1026},
        "disk": {153, 154, 157},
        "microsoft-windows-bitlocker-api": {851, 853, 854},
        "microsoft-windows-codeintegrity": {3076, 3077, *range(3089, 3093), 3095, 3096, 3097, 3099},
        "microsoft-windows-powershell": {4104},
        "microsoft-windows-security-auditing": {
            *{4626, 4627, 4703, 4797, 4798, 4799, 4818, 4819, *range(4820, 4827), 4911, 4913},
            *{5169, 5379, 5380, 5381, 5382, 6416, *range(6419, 6425)},
        },
        "microsoft-windows-sysmon": {*range(1, 30), 255},
        "microsoft-windows-wmi-activity": {5857, 5858, 5859, 5860, 5861},
        "mssqlserver": {
            3624,
            *{1827, 17058, 17113, 17114},
            *{701, 823, 824, 825, 833, 1105, 3041, 3414, 5144, 9002, 15281, 15457, 17053, 17115},
            *{
                17120,
                17137,
                17147,
                17148,
                17162,
                17182,
                17204,
                17207,
                17806,
                17826,
                17883,
                17890,
                18204,
                18210,
            },
            *{18264, 18265, 18452, 18453, 18454, 18456, 19407, 26014, 26015, 33205, 35206},
        },
        "openssh": {4},
        "microsoft-windows-tpm-wmi": {1034, 1795, 1796},
        "microsoft-windows-windows defender": {
            *{1015, *range(1118, 1129), 1150, 1151, 2005, 2006, 2007, 2010, 2011, 2012, 2013, 2020},
            *{2021, 2030, 2031, 2040, 2041, 2042, 5013, 5100, 5101},
        },
        "storahci": {129},
        "tcpip": {4231, 4266},
        "tpm": {14, 15, 17},
        "volmgr": {161},
    },
    DELL: {"server administrator": {1054, 1306, 1354, 2048, 2049, 2056, 2057, 2083, 2123, 2169}},
    LOGS: {
        "bthusb": {5, 17, 18},
        "e1iexpress": {32},
        "microsoft-windows-kernel-power": {125, 130, 131, 137},
        "microsoft-windows-ndis": {10317},
        "microsoft-windows-setupplatform": {2005},
        "microsoft-windows-wininet-config": {5600},
        "msexchange cmdletlogs": {1, 6},
        "emet": {50},
        "esent": {105, 325, 326, 327},
        "gupdate": {0},
        "microsoft-windows-liveid": {2024, 6115, 6116, 6117},
        "microsoft-windows-bitlocker-api": {4122},
        "vmtools": {105, 108},
        "vmware tools": {1000},
        "microsoft-windows-hyper-v-netvsc": {10},
        "microsoft-windows-kernel-processor-power": {55},
        "microsoft-windows-ntfs": {50, 98, 140},
        "ntfs": {50, 98, 140},
        "microsoft-windows-wininit": {14},
        "e1dexpress": {27},
        "rt640x64": {1},
    },
}
# Known to every administrator, but no public source was found that shows provider, number and values.
UNCONFIRMED: Mapping[str, set[int]] = {
    "mr_monitor": {150, 251},
    "cissesrv": {24607},
    "codemeter runtime server": {1},
    "sqlvdi": {1},
    "report server windows service (mssqlserver)": {107},
    "postgresql": {0},
    "microsoft office 16 alerts": {300},
    "windows server update services": {12002, 12012, 12022, 12032, 12042, 12052, 13042},
    "msexchange common": {4999},
    "microsoft-windows-terminalservices-sessionbroker-client": {1296, 1306},
    "iis aspnetcore module v2": {1033},
    "active server pages": {5},
    "netwtw10": {5007},
    "ixgbs": {27},
    "microsoft-windows-hyper-v-vmms": {15130},
    "microsoft-windows-hyper-v-worker": {3122, 12010, 12240, 18560},
    "microsoft-windows-iis-w3svc": {1004, 1007},
    "microsoft-windows-iis-w3svc-wp": {2262, 2280, 2282},
    "microsoft-windows-kernel-power": {105, 107, 172, 187, 506, 507},
    "microsoft-windows-security-spp": {8233, 16394},
    "nvlddmkm": {13, 14},
    "service control manager": {7046},
}
# Values that these events carry besides those that Windows 7's message uses.
UNSAID = {
    ("microsoft-windows-distributedcom", 10016),
    ("microsoft-windows-servicing", 2),
    ("microsoft-windows-servicing", 4),
    ("microsoft-windows-setup", 2003),
    ("microsoft-windows-setup", 2004),
}


class Tables:
    """What the database knows: provider → event → texts with ``{0:s}`` for the first value."""

    def __init__(self, file: Path) -> None:
        db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        self._files: dict[str, set[str]] = defaultdict(set)
        query = "SELECT name, log_sources, event_message_files FROM winevtrc_eventlog_provider"
        for name, sources, paths in db.execute(query):
            for known in {name, *json.loads(sources or "[]")} - {None}:
                self._files[known.casefold()] |= {path.casefold() for path in json.loads(paths or "[]")}
        numbers = db.execute("SELECT _identifier, windows_path FROM winevtrc_message_file")
        paths_of = {f"winevtrc_message_file.{number}": path.casefold() for number, path in numbers}
        tables = db.execute("SELECT _identifier, _message_file_identifier FROM winevtrc_message_table")
        path_of = {f"winevtrc_message_table.{number}": paths_of.get(file) for number, file in tables}
        self._texts: dict[tuple[str | None, int], list[str]] = defaultdict(list)
        query = "SELECT _message_table_identifier, message_identifier, text FROM winevtrc_message_string"
        for table, number, text in db.execute(query):
            self._texts[path_of.get(table), number & 0xFFFF].append(text)

    def texts(self, provider: str, event_id: int) -> list[str]:
        return [text for path in self._files.get(provider, ()) for text in self._texts[path, event_id]]


@pytest.fixture(scope="module")
def tables(windows_message_tables: Path) -> Tables:
    return Tables(windows_message_tables)


def named(providers: list[str], event_id: int, where: Mapping[str, set[int]]) -> bool:
    return any(event_id in where.get(provider, ()) for provider in providers)


def catalogue() -> Iterator[tuple[list[str], int, str]]:
    for file in sorted(DATA.glob("events-*.yaml")):
        for group in yaml.safe_load(file.read_text("utf-8")):
            names = group["provider"]
            providers = [name.casefold() for name in ([names] if isinstance(names, str) else names)]
            for event in group["events"]:
                numbers = event["id"] if isinstance(event["id"], list) else [event["id"]]
                yield from ((providers, number, event["en"]) for number in numbers)


def rules() -> Iterator[tuple[list[str], int, str]]:
    for file in own_rules():
        for example in read_own(file).fires:
            if example["event_id"] is None:
                continue  # a line of a text log
            yield [example["provider"].casefold()], example["event_id"], file.stem


def unknown(tables: Tables, events: Iterator[tuple[list[str], int, str]]) -> set[tuple[str, int]]:
    return {
        (providers[0], number)
        for providers, number, _ in events
        if not any(tables.texts(provider, number) for provider in providers)
        and not any(named(providers, number, where) for where in ELSEWHERE.values())
        and not named(providers, number, UNCONFIRMED)
    }


def test_every_event_of_the_catalogue_is_published(tables: Tables) -> None:
    assert not unknown(tables, catalogue()), "name the public source of these events under ELSEWHERE"


def test_every_event_that_a_rule_fires_on_is_published(tables: Tables) -> None:
    assert not unknown(tables, rules()), "name the public source of these events under ELSEWHERE"


def test_nothing_is_said_of_a_value_that_the_message_does_not_have(tables: Tables) -> None:
    wrong = []
    for providers, number, template in catalogue():
        texts = [text for provider in providers for text in tables.texts(provider, number)]
        asked = max((int(place) for place in re.findall(r"\{(\d+)[|}/]", template)), default=0)
        known = max(
            (int(place) + 1 for text in texts for place in re.findall(r"\{(\d+):s\}", text)), default=0
        )
        if texts and asked > known:
            wrong.append((providers[0], number))
    assert set(wrong) == UNSAID
