"""What the unnamed values of events are called: by provider and event, in the order of the record.

The names are those of the manifests that newer versions of Windows brought for the same sources, as dumped in
nasbench/EVTX-ETW-Resources; where there is none they are ours, after the event's message text (Microsoft,
"Database engine events and errors", "Active Directory replication event ID 2042", [MS-DFSRH] 2.2.1.5.17; the
tables of Windows 7).
"""

from collections.abc import Mapping

_DIRECTORY = (
    "Microsoft-Windows-ActiveDirectory_DomainService",
    "NTDS Replication",
    "NTDS General",
    "NTDS KCC",
)
_KEY_CENTRE = ("Microsoft-Windows-Kerberos-Key-Distribution-Center", "KDC")
_HTTP = ("Microsoft-Windows-HttpEvent", "HTTP")
_PUBLISHING = ("Microsoft-Windows-IIS-W3SVC", "W3SVC")
_WORKER = ("Microsoft-Windows-IIS-W3SVC-WP", "IIS-W3SVC-WP")
_DHCP = ("Microsoft-Windows-DHCP-Server", "DhcpServer")
_AUTHORITY = ("Microsoft-Windows-CertificationAuthority", "CertSvc")
_ENROLMENT = "Microsoft-Windows-CertificateServicesClient-CertEnroll"
_STORAGE_ENGINE = ("ESENT", "ESE", "ESE BACKUP", "NTDS ISAM")
_RENEWAL = "Microsoft-Windows-CertificateServicesClient-AutoEnrollment"


def _each(
    providers: tuple[str, ...], events: tuple[int, ...], *names: str
) -> Mapping[tuple[str, int], tuple[str, ...]]:
    return {(provider, event): names for provider in providers for event in events}


BY_MESSAGE: Mapping[tuple[str, int], tuple[str, ...]] = {
    **_each(_DIRECTORY, (1308,), "Attempts", "Concerned"),
    **_each(_DIRECTORY, (1311, 1566, 1865), "Concerned"),
    **_each(_DIRECTORY, (2042,), "LastReplication", "InvocationId", "Source", "LimitInDays"),
    **_each(_DIRECTORY, (2889,), "ClientAddress", "ClientAccount"),
    **_each(_KEY_CENTRE, (14, 16, 26, 27), "Target", "Name", "KeyId", "RequestedTypes", "AvailableTypes"),
    **_each(("NETLOGON",), (5774, 5775), "DnsRecord", "RecordStatus", "NameServer"),
    **_each(("NETLOGON",), (5781,), "DnsDomain"),
    **_each(("DFSR",), (4004,), "FolderId", "FolderContext", "FolderPath"),
    **_each(("DFSR",), (4202, 4206, 4208, 4612), "FolderId", "FolderPath"),
    **_each(_STORAGE_ENGINE, (455,), "EseUser", "EseProcess", "EseName", "EseError", "EseFile"),
    **_each(_STORAGE_ENGINE, (488, 489, 490), "EseUser", "EseProcess", "EseName", "EseFile", "EseError"),
    **_each(("MSSQL*",), (823,), "SqlError", "SqlOperation", "PageOffset", "SqlFile"),
    **_each(("MSSQL*",), (824,), "SqlError", "SqlOperation", "Page", "DatabaseId", "PageOffset", "SqlFile"),
    **_each(("MSSQL*",), (1827,), "SizeLimit", "LimitOf"),
    **_each(("MSSQL*",), (3041,), "SqlCommand"),
    **_each(("MSSQL*",), (17182,), "NetworkCode", "NetworkState", "NetworkReason", "NetworkDetail"),
    **_each(("MSSQL*",), (17204,), "SqlRoutine", "SqlFile", "FileNumber", "SqlError"),
    **_each(("MSSQL*",), (17207,), "SqlRoutine", "SqlError", "SqlFile"),
    **_each(("MSSQL*",), (17806,), "SignInCode", "SignInState", "SignInStep", "SignInReason", "SqlClient"),
    **_each(("MSSQL*",), (18204,), "SqlRoutine", "BackupDevice", "SqlOperation", "SqlError"),
    **_each(("MSSQL*",), (18210,), "SqlRoutine", "SqlOperation", "BackupDevice", "SqlError"),
    **_each(("MSSQL*",), (18452,), "SqlClient"),
    **_each(("MsiInstaller",), (1001,), "ProductCode", "FeatureName", "ComponentId"),
    **_each(("MsiInstaller",), (1004,), "ProductCode", "FeatureName", "ComponentId", "MissingResource"),
    **_each(("MSExchangeTransport",), (15004,), "PressureBefore", "PressureNow", "Pressure"),
    **_each(("MSExchangeTransport",), (15006, 15007), "Pressure"),
    **_each(("RemoteAccess",), (20255,), "Connection", "VpnPort", "VpnUser", "VpnReason"),
    **_each(("RemoteAccess",), (20271,), "Connection", "VpnUser", "VpnClient", "VpnReason"),
    **_each(("VSS",), (22,), "ComponentId", "ComponentName", "VssError"),
    **_each(("VSS",), (12292,), "ComponentId", "VssError"),
    **_each(("System Restore",), (8193,), "RestoreProcess", "RestoreDescription", "RestoreError"),
    **_each(("System Restore",), (8211,), "RestoreError"),
    **_each(_HTTP, (15005, 15021), "DeviceObject", "Endpoint"),
    **_each(_PUBLISHING, (1004, 1007), "UrlPrefix", "SiteID"),
    **_each(_WORKER, (2280, 2282), "ModuleDll"),
    **_each(_DHCP, (1020,), "DhcpScope", "UsedPercent", "FreeAddresses"),
    **_each(_DHCP, (1063,), "DhcpScope"),
    **_each(_AUTHORITY, (48, 100), "CACommonName", "ErrorCode"),
    **_each((_ENROLMENT,), (13, 16), "Context", "TemplateName", "CAName", "RequestId", "EnrolCode"),
    **_each((_ENROLMENT,), (46, 47), "Context", "TemplateName"),
    **_each((_RENEWAL,), (6, 15), "Context", "EnrolCode", "EnrolReason"),
}
"""A provider that ends in ``*`` is every one that begins so (the instances of SQL Server)."""
