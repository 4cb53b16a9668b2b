# Log collector for one support case. Windows PowerShell 5.1 and later; installs nothing, changes nothing.
# It reads what the block of options below names, packs it into one zip on the desktop, and uploads that
# zip if you agree. Exit codes: 0 done; 1 stopped by you; 2 the zip is on the desktop, but was not
# uploaded; 3 done, but some things could not be collected (the manifest names them); 5 failed.
param(
    [string]$Into = '',
    [string]$Send = '',
    [switch]$Yes,
    [switch]$NoUpload,
    [switch]$Asked
)

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

# ---- What the engineer asks for ----------------------------------------------------------------
#@OPTIONS@#
# ------------------------------------------------------------------------------------------------

$Collector = '1'
$Chinese = (Get-UICulture).Name -like 'zh*'
$Culture = (Get-UICulture).Name
$MostMessages = 40000000
$MostCopied = 2147483648

function Say([string]$zh, [string]$en) {
    if ($Chinese) { return $zh }
    return $en
}

function Ask([string]$question) {
    if ($Yes) { return $true }
    $answer = Read-Host ($question + ' [Y/N]')
    return ($answer -match '^\s*[yY是]')
}

function Test-Elevated {
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
    $principal = New-Object Security.Principal.WindowsPrincipal($identity)
    return $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

# ---- The plan ----------------------------------------------------------------------------------

function Show-Plan {
    Write-Host ''
    Write-Host (Say '日志采集器' 'Log collector') -ForegroundColor Cyan
    Write-Host ((Say '案例' 'Case') + ': ' + $Options.Case)
    Write-Host ''
    Write-Host (Say '将要采集：' 'It will collect:')
    if ($Options.Days -gt 0) {
        $span = (Say '最近 {0} 天' 'the last {0} days') -f $Options.Days
    } else {
        $span = Say '全部时间' 'all of the time'
    }
    foreach ($log in $Options.Logs) { Write-Host ('  - ' + (Say '事件日志' 'event log') + ' ' + $log + ' (' + $span + ')') }
    foreach ($path in $Options.Files) { Write-Host ('  - ' + (Say '文件的哈希和属性（不含内容）' 'hash and properties, not the content, of') + ' ' + $path) }
    foreach ($key in $Options.Registry) { Write-Host ('  - ' + (Say '注册表项' 'registry key') + ' ' + $key) }
    $parts = @(
        @('Messages', '事件消息模板', 'message templates of the events'),
        @('System', '系统信息（systeminfo、msinfo32）', 'system information (systeminfo, msinfo32)'),
        @('Software', '已安装的软件', 'installed software'),
        @('Drivers', '驱动程序列表', 'list of drivers'),
        @('Patches', '已安装的补丁', 'installed patches'),
        @('Policy', '组策略结果（gpresult）', 'group policy results (gpresult)'),
        @('Network', '网络配置和连接', 'network settings and connections'),
        @('Reports', '错误报告（WER）', 'error reports (WER)'),
        @('Dumps', '小型内存转储（可能含有内存中的内容）', 'minidumps (they may hold what was in memory)')
    )
    foreach ($part in $parts) {
        if ($Options[$part[0]]) { Write-Host ('  - ' + (Say $part[1] $part[2])) }
    }
    Write-Host ''
    Write-Host (Say '不会采集：文档、邮件、照片、密码、浏览器数据，以及上面没有列出的任何内容。不会安装或修改任何东西。' 'It leaves alone: documents, mail, pictures, passwords, browser data, and everything not listed above. It installs and changes nothing.')
    Write-Host ''
}

# ---- Collecting --------------------------------------------------------------------------------

$script:LeftOut = New-Object System.Collections.ArrayList
$script:StepNumber = 0
$script:StepTotal = 1

function Skip-Thing([string]$what, [string]$why) {
    [void]$script:LeftOut.Add(@{ what = $what; why = $why.Trim() })
    Write-Host ('  ! ' + $what + ': ' + $why.Trim()) -ForegroundColor Yellow
}

# The names are odd on purpose: the block sees the variables of this function before those of its own.
function Step([string]$StepName, [scriptblock]$StepBlock) {
    $script:StepNumber += 1
    $StepPercent = [Math]::Min(100, [int](100 * $script:StepNumber / $script:StepTotal))
    Write-Progress -Activity (Say '正在采集' 'Collecting') -Status $StepName -PercentComplete $StepPercent
    Write-Host ('  * ' + $StepName)
    try { & $StepBlock } catch { Skip-Thing $StepName $_.Exception.Message }
}

function New-Folder([string]$name) {
    $folder = Join-Path $Root $name
    [void](New-Item -ItemType Directory -Force -Path $folder)
    return $folder
}

function Write-Text([string]$file, [string]$content) {
    [IO.File]::WriteAllText($file, $content, (New-Object Text.UTF8Encoding($true)))
}

# Runs a program of Windows; what it writes goes to a file, or with none must not be an error.
function Invoke-Tool([string]$program, [string[]]$arguments, [string]$file = '') {
    $tool = Join-Path $env:SystemRoot ('System32\' + $program)
    $before = $ErrorActionPreference
    $ErrorActionPreference = 'Continue'
    try { $said = & $tool @arguments 2>&1 | ForEach-Object { "$_" } | Out-String -Width 4096 } finally { $ErrorActionPreference = $before }
    if ($file) { Write-Text $file $said }
    if ($LASTEXITCODE -ne 0) { throw ('{0} ({1}): {2}' -f $program, $LASTEXITCODE, $said) }
}

function Get-LogName([string]$log) {
    return ($log -replace '[\\/:*?"<>|]', '%4')
}

function Save-Logs {
    $folder = New-Folder 'EventLog'
    foreach ($log in $Options.Logs) {
        Step ((Say '事件日志 ' 'Event log ') + $log) {
            $file = Join-Path $folder ((Get-LogName $log) + '.evtx')
            $arguments = @('epl', $log, $file, '/ow:true')
            if ($Options.Days -gt 0) {
                $span = [long]$Options.Days * 86400000
                $arguments += ('/q:*[System[TimeCreated[timediff(@SystemTime) <= {0}]]]' -f $span)
            }
            Invoke-Tool 'wevtutil.exe' $arguments
        }
    }
}

function Save-Messages {
    $folder = New-Folder 'messages'
    $names = New-Object System.Collections.Generic.SortedSet[string]
    foreach ($log in $Options.Logs) {
        try { foreach ($name in (Get-WinEvent -ListLog $log).ProviderNames) { [void]$names.Add($name) } }
        catch { Skip-Thing ((Say '消息模板 ' 'Message templates ') + $log) $_.Exception.Message }
    }
    $file = Join-Path $folder 'messages.json'
    $writer = New-Object IO.StreamWriter($file, $false, (New-Object Text.UTF8Encoding($false)))
    try {
        $writer.Write('{"schema": "anjuan.messages/1", "messages": [')
        $written = 0
        $first = $true
        foreach ($name in $names) {
            $events = @()
            try { $events = @((Get-WinEvent -ListProvider $name -ErrorAction Stop).Events) } catch { continue }
            foreach ($one in $events) {
                if ($null -eq $one -or -not $one.Description) { continue }
                $number = [long]$one.Id
                $entry = [ordered]@{ provider = $name; id = ($number -band 0xFFFF); language = $Culture; text = [string]$one.Description }
                if ($number -gt 0xFFFF) { $entry.qualifiers = ($number -shr 16) -band 0xFFFF } else { $entry.version = [int]$one.Version }
                $json = ConvertTo-Json -InputObject $entry -Compress
                $written += $json.Length
                if ($written -gt $MostMessages) { break }
                if (-not $first) { $writer.Write(',') }
                $writer.Write($json)
                $first = $false
            }
            if ($written -gt $MostMessages) { Skip-Thing $name (Say '消息模板过多' 'too many message templates'); break }
        }
        $writer.Write(']}')
    } finally { $writer.Dispose() }
}

function Save-FileStates {
    $folder = New-Folder 'Files'
    $said = New-Object Text.StringBuilder
    foreach ($path in $Options.Files) {
        Step ((Say '文件 ' 'File ') + $path) {
            $whole = [Environment]::ExpandEnvironmentVariables($path)
            $item = Get-Item -LiteralPath $whole -Force
            if ($item.PSIsContainer) { throw (Say '这是文件夹，不是文件。' 'This is a folder, not a file.') }
            [void]$said.Append((Get-FileHash -Algorithm SHA256 -LiteralPath $whole | Format-List | Out-String -Width 4096))
            [void]$said.Append(($item | Select-Object -Property @('FullName', 'Length', 'CreationTime', 'LastWriteTime', 'LastAccessTime', 'Attributes', 'VersionInfo') | Format-List | Out-String -Width 4096))
        }
    }
    Write-Text (Join-Path $folder 'file-states.txt') $said.ToString()
}

function Save-Registry {
    $folder = New-Folder 'Registry'
    $number = 0
    foreach ($key in $Options.Registry) {
        $number += 1
        $file = Join-Path $folder ('{0:d3}.reg' -f $number)
        Step ((Say '注册表项 ' 'Registry key ') + $key) { Invoke-Tool 'reg.exe' @('export', $key, $file, '/y') }
    }
}

function Save-System {
    $folder = New-Folder 'System'
    Step 'systeminfo' { Invoke-Tool 'systeminfo.exe' @() (Join-Path $folder 'systeminfo.txt') }
    Step 'msinfo32' {
        $file = Join-Path $folder 'msinfo.txt'
        $tool = Join-Path $env:SystemRoot 'System32\msinfo32.exe'
        $running = Start-Process -FilePath $tool -ArgumentList ('/report "{0}"' -f $file) -PassThru
        if (-not $running.WaitForExit(600000)) {
            $running.Kill()
            throw (Say '十分钟内没有完成。' 'It did not end within ten minutes.')
        }
    }
}

function Save-Software {
    $folder = New-Folder 'System'
    $places = @(
        'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*',
        'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\*',
        'HKCU:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*'
    )
    $found = foreach ($place in $places) { Get-ItemProperty -Path $place -ErrorAction SilentlyContinue }
    $found | Select-Object -Property @('DisplayName', 'DisplayVersion', 'Publisher', 'InstallDate', 'PSChildName') |
        Where-Object { $_.DisplayName } | Sort-Object DisplayName |
        Export-Csv -Path (Join-Path $folder 'software.csv') -NoTypeInformation -Encoding UTF8
}

function Save-Patches {
    $folder = New-Folder 'System'
    Get-HotFix | Select-Object -Property @('HotFixID', 'Description', 'InstalledOn', 'InstalledBy') |
        Export-Csv -Path (Join-Path $folder 'patches.csv') -NoTypeInformation -Encoding UTF8
}

function Save-Network {
    $folder = New-Folder 'Network'
    Step 'ipconfig' { Invoke-Tool 'ipconfig.exe' @('/all') (Join-Path $folder 'ipconfig.txt') }
    Step 'netstat' { Invoke-Tool 'netstat.exe' @('-ano') (Join-Path $folder 'netstat.txt') }
    Step 'route' { Invoke-Tool 'route.exe' @('print') (Join-Path $folder 'route.txt') }
    Step 'winhttp' { Invoke-Tool 'netsh.exe' @('winhttp', 'show', 'proxy') (Join-Path $folder 'proxy.txt') }
}

# Copies files of a folder that are young enough, until they are too many bytes in all.
function Copy-Young([string]$from, [string]$pattern, [string]$name) {
    if (-not (Test-Path -LiteralPath $from)) { return }
    $folder = New-Folder $name
    $since = [DateTime]::MinValue
    if ($Options.Days -gt 0) { $since = (Get-Date).AddDays(-$Options.Days) }
    $total = 0
    $number = 0
    foreach ($item in (Get-ChildItem -LiteralPath $from -Filter $pattern -Recurse -Force -ErrorAction SilentlyContinue | Sort-Object LastWriteTime -Descending)) {
        if ($item.PSIsContainer -or $item.LastWriteTime -lt $since) { continue }
        $total += $item.Length
        if ($total -gt $MostCopied) { Skip-Thing $item.FullName (Say '超过 2 GB 上限' 'beyond the limit of 2 GB'); break }
        $number += 1
        try { Copy-Item -LiteralPath $item.FullName -Destination (Join-Path $folder ('{0:d3}-{1}' -f $number, $item.Name)) }
        catch { Skip-Thing $item.FullName $_.Exception.Message }
    }
}

function Save-Everything {
    $script:StepTotal = $Options.Logs.Count + $Options.Files.Count + $Options.Registry.Count + 14
    if ($Options.Logs.Count) { Save-Logs }
    if ($Options.Messages) { Step (Say '事件消息模板' 'Message templates') { Save-Messages } }
    if ($Options.Files.Count) { Save-FileStates }
    if ($Options.Registry.Count) { Save-Registry }
    if ($Options.System) { Save-System }
    if ($Options.Software) { Step (Say '已安装的软件' 'Installed software') { Save-Software } }
    if ($Options.Drivers) { Step 'driverquery' { Invoke-Tool 'driverquery.exe' @('/v', '/fo', 'csv') (Join-Path (New-Folder 'System') 'drivers.csv') } }
    if ($Options.Patches) { Step (Say '已安装的补丁' 'Installed patches') { Save-Patches } }
    if ($Options.Policy) { Step 'gpresult' { Invoke-Tool 'gpresult.exe' @('/h', (Join-Path (New-Folder 'Policy') 'gpresult.html'), '/f') } }
    if ($Options.Network) { Save-Network }
    if ($Options.Reports) { Step 'WER' { Copy-Young (Join-Path $env:ProgramData 'Microsoft\Windows\WER') 'Report.wer' 'WER' } }
    if ($Options.Dumps) { Step 'Minidump' { Copy-Young (Join-Path $env:SystemRoot 'Minidump') '*.dmp' 'Minidump' } }
    Write-Progress -Activity (Say '正在采集' 'Collecting') -Completed
}

function Get-Collected {
    foreach ($item in (Get-ChildItem -LiteralPath $Root -Recurse -Force | Sort-Object FullName)) {
        if ($item.PSIsContainer) { continue }
        $name = $item.FullName.Substring($Root.Length + 1).Replace('\', '/')
        @{ item = $item; name = $name }
    }
}

function Write-Manifest([string]$started) {
    $files = @(foreach ($one in @(Get-Collected)) {
        [ordered]@{ path = $one.name; sha256 = (Get-FileHash -Algorithm SHA256 -LiteralPath $one.item.FullName).Hash; size = $one.item.Length }
    })
    $manifest = [ordered]@{
        schema = 'anjuan.manifest/1'
        case = $Options.Case
        collector = $Collector
        machine = $env:COMPUTERNAME
        language = $Culture
        started = $started
        finished = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
        elevated = (Test-Elevated)
        files = $files
        left_out = @($script:LeftOut.ToArray())
    }
    $json = ConvertTo-Json -InputObject $manifest -Depth 4
    [IO.File]::WriteAllText((Join-Path $Root 'manifest.json'), $json, (New-Object Text.UTF8Encoding($false)))
}

# Entries get forward slashes, which older .NET would not write by itself.
function Write-Zip([string]$zip) {
    Add-Type -AssemblyName System.IO.Compression
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    $part = $zip + '.part'
    $archive = [IO.Compression.ZipFile]::Open($part, 'Create')
    try {
        foreach ($one in @(Get-Collected)) {
            [void][IO.Compression.ZipFileExtensions]::CreateEntryFromFile($archive, $one.item.FullName, $one.name)
        }
    } finally { $archive.Dispose() }
    Move-Item -LiteralPath $part -Destination $zip
}

# ---- Uploading: tus 1.0 over the upload link of this collector ------------------------------------

function New-Request([string]$method, [Uri]$address) {
    $request = [Net.HttpWebRequest][Net.WebRequest]::Create($address)
    $request.Method = $method
    $request.Headers.Add('Tus-Resumable', '1.0.0')
    $request.Headers.Add('Authorization', 'Link ' + $Options.Secret)
    if ($Chinese) { $request.Headers.Add('Accept-Language', 'zh-hans') } else { $request.Headers.Add('Accept-Language', 'en') }
    $request.UserAgent = 'anjuan-collector/' + $Collector
    $request.Timeout = 120000
    $request.ReadWriteTimeout = 120000
    $request.AllowAutoRedirect = $false
    if ($request.Proxy) { $request.Proxy.Credentials = [Net.CredentialCache]::DefaultNetworkCredentials }
    return $request
}

# The status and the sentence of a refusal; status 0 where nobody answered.
function Read-Failure($failure) {
    $inner = $failure.Exception
    while ($inner -and -not ($inner -is [Net.WebException])) { $inner = $inner.InnerException }
    if (-not $inner) { return @{ status = -1; said = $failure.Exception.Message } }
    if (-not $inner.Response) { return @{ status = 0; said = $inner.Message } }
    $status = [int]$inner.Response.StatusCode
    $said = ''
    try {
        $reader = New-Object IO.StreamReader($inner.Response.GetResponseStream(), [Text.Encoding]::UTF8)
        $said = $reader.ReadToEnd()
        $reader.Dispose()
    } catch { $said = $inner.Message }
    if ($said.Length -gt 400) { $said = $said.Substring(0, 400) }
    return @{ status = $status; said = $said }
}

function Test-Passing([int]$status) {
    return ($status -eq 0 -or $status -eq 408 -or $status -eq 409 -or $status -eq 423 -or $status -eq 429 -or ($status -ge 500 -and $status -ne 507))
}

# A table of two: the headers themselves would be taken apart on their way out of the function.
function Get-Answer($request) {
    $response = $request.GetResponse()
    $answer = @{ Offset = $response.Headers['Upload-Offset']; Location = $response.Headers['Location'] }
    $response.Close()
    return $answer
}

function Send-Agreement {
    $request = New-Request 'POST' ([Uri]($Options.Portal + '/uploads/link-consent'))
    $body = [Text.Encoding]::UTF8.GetBytes('agree=1&version=' + [Uri]::EscapeDataString($Options.Privacy))
    $request.ContentType = 'application/x-www-form-urlencoded'
    $request.ContentLength = $body.Length
    $stream = $request.GetRequestStream()
    $stream.Write($body, 0, $body.Length)
    $stream.Close()
    [void](Get-Answer $request)
}

function New-Upload([IO.FileInfo]$file) {
    $request = New-Request 'POST' ([Uri]($Options.Portal + '/uploads/tus/'))
    $name = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($file.Name))
    $request.Headers.Add('Upload-Length', [string]$file.Length)
    $request.Headers.Add('Upload-Metadata', 'filename ' + $name)
    $request.ContentLength = 0
    $answer = Get-Answer $request
    return (New-Object Uri(([Uri]($Options.Portal + '/')), $answer.Location)).AbsoluteUri
}

function Get-Offset([string]$address) {
    $answer = Get-Answer (New-Request 'HEAD' ([Uri]$address))
    return [long]$answer.Offset
}

function Send-Chunk([string]$address, [IO.FileStream]$source, [long]$offset) {
    $length = [Math]::Min([long]16777216, $source.Length - $offset)
    $request = New-Request 'PATCH' ([Uri]$address)
    $request.ContentType = 'application/offset+octet-stream'
    $request.Headers.Add('Upload-Offset', [string]$offset)
    $request.AllowWriteStreamBuffering = $false
    $request.ContentLength = $length
    [void]$source.Seek($offset, 'Begin')
    $block = New-Object byte[] 262144
    $stream = $request.GetRequestStream()
    try {
        $left = $length
        while ($left -gt 0) {
            $count = $source.Read($block, 0, [int][Math]::Min($left, $block.Length))
            if ($count -le 0) { throw (Say '压缩包在上传时被改动。' 'The zip changed while it was uploaded.') }
            $stream.Write($block, 0, $count)
            $left -= $count
            $done = $offset + $length - $left
            Write-Progress -Activity (Say '正在上传' 'Uploading') -Status ('{0:n0} / {1:n0}' -f $done, $source.Length) -PercentComplete ([int](100 * $done / $source.Length))
        }
    } finally { $stream.Close() }
    $answer = Get-Answer $request
    return [long]$answer.Offset
}

# True when every byte has arrived. The address of the upload is kept beside the zip: a later run
# with -Send continues where this one stopped.
function Send-Bundle([string]$zip) {
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    [Net.ServicePointManager]::Expect100Continue = $false
    $file = Get-Item -LiteralPath $zip
    $note = $file.FullName + '.upload'
    $address = ''
    if (Test-Path -LiteralPath $note) { $address = ([IO.File]::ReadAllText($note)).Trim() }
    # Whatever the note says: the secret goes to our own portal alone.
    if ($address -and -not $address.StartsWith($Options.Portal + '/uploads/tus/')) { $address = '' }
    $source = [IO.File]::OpenRead($file.FullName)
    try {
        $agreed = $false
        $offset = -1
        $tries = 0
        while ($offset -lt $source.Length) {
            try {
                if (-not $agreed) { Send-Agreement; $agreed = $true }
                if (-not $address) {
                    $address = New-Upload $file
                    [IO.File]::WriteAllText($note, $address)
                }
                if ($offset -lt 0) { $offset = Get-Offset $address }
                if ($offset -lt $source.Length) {
                    $offset = Send-Chunk $address $source $offset
                    $tries = 0
                }
            } catch {
                $failure = Read-Failure $_
                if ($address -and ($failure.status -eq 404 -or $failure.status -eq 410) -and $tries -eq 0) {
                    $address = ''
                    $tries = 1
                } elseif (-not (Test-Passing $failure.status) -or $tries -ge 60) {
                    Write-Host ('  ! ' + $failure.said) -ForegroundColor Yellow
                    return $false
                } else {
                    $tries += 1
                    Write-Host ('  ' + (Say '连接中断，稍后自动继续……' 'The connection was lost; going on in a moment...'))
                    Start-Sleep -Seconds ([Math]::Min(30, 2 * $tries))
                }
                $offset = -1
            }
        }
    } finally { $source.Dispose() }
    Write-Progress -Activity (Say '正在上传' 'Uploading') -Completed
    Remove-Item -LiteralPath $note -ErrorAction SilentlyContinue
    return $true
}

function Send-Asked([string]$zip) {
    if ($NoUpload -or -not $Options.Secret) { return 0 }
    Write-Host ''
    Write-Host ((Say '上传之前，请阅读隐私声明：' 'Before uploading, please read the privacy statement: ') + $Options.Portal + '/uploads/privacy')
    Write-Host (Say '（压缩包旁的 PRIVACY.txt 是同一文本。）' '(PRIVACY.txt beside this script is the same text.)')
    if (-not $Options.Portal.StartsWith('https:')) {
        Write-Host (Say '注意：此门户的地址没有加密（http），传输内容可能被他人读取。' 'Mind: the address of this portal is not encrypted (http); others may read what is sent.') -ForegroundColor Yellow
    }
    if (-not (Ask (Say '我已阅读隐私声明并同意，现在上传？' 'I have read the privacy statement and agree: upload now?'))) {
        Write-Host (Say '没有上传。您可以在案例页面上传桌面上的压缩包。' 'Not uploaded. You can upload the zip on the desktop on the case page.')
        return 0
    }
    if (Send-Bundle $zip) {
        Write-Host (Say '上传完成。谢谢！' 'Uploaded. Thank you!') -ForegroundColor Green
        return 0
    }
    Write-Host (Say '没有上传完。压缩包仍在，可再次运行以继续：' 'The upload is not complete. The zip is kept; to continue, run:') -ForegroundColor Yellow
    Write-Host ('  collect.cmd -Send "' + $zip + '"')
    return 2
}

# ---- The run -----------------------------------------------------------------------------------

function Start-Elevated {
    $arguments = '-NoProfile -ExecutionPolicy Bypass -File "{0}" -Asked -Into "{1}"' -f $PSCommandPath, $Into.TrimEnd('\')
    if ($Yes) { $arguments += ' -Yes' }
    if ($NoUpload) { $arguments += ' -NoUpload' }
    $shell = Join-Path $PSHOME 'powershell.exe'
    $child = Start-Process -FilePath $shell -ArgumentList $arguments -Verb RunAs -Wait -PassThru
    return [int]$child.ExitCode
}

if (-not $Into) { $Into = [Environment]::GetFolderPath('Desktop') }
if (-not $Into -or -not (Test-Path -LiteralPath $Into)) { $Into = $env:USERPROFILE }
if ($Send) { exit (Send-Asked $Send) }
if (-not $Asked) {
    Show-Plan
    if (-not (Ask (Say '开始采集？' 'Begin?'))) { exit 1 }
}
if (-not (Test-Elevated)) {
    Write-Host (Say '事件日志等内容需要管理员权限。Windows 将请您确认。' 'Event logs and the like need administrator rights. Windows will ask you to confirm.')
    $code = -1
    try { $code = Start-Elevated } catch { Write-Host ('  ! ' + $_.Exception.Message) -ForegroundColor Yellow }
    if ($code -ge 0) { exit $code }
    if (-not (Ask (Say '没有管理员权限，只能采集一部分。继续？' 'Without these rights only a part can be collected. Go on?'))) { exit 1 }
}

$Root = Join-Path ([IO.Path]::GetTempPath()) ('anjuan-' + [Guid]::NewGuid().ToString('N'))
$result = 5
try {
    [void](New-Item -ItemType Directory -Path $Root)
    $Root = (Get-Item -LiteralPath $Root).FullName
    $started = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
    Save-Everything
    Write-Manifest $started
    $name = '{0}-{1}-{2}.zip' -f $Options.Case, $env:COMPUTERNAME, (Get-Date).ToString('yyyyMMdd-HHmmss')
    $zip = Join-Path $Into $name
    Write-Zip $zip
    Write-Host ''
    Write-Host ((Say '采集完成：' 'Collected: ') + $zip) -ForegroundColor Green
    Write-Host ('SHA-256: ' + (Get-FileHash -Algorithm SHA256 -LiteralPath $zip).Hash)
    $result = Send-Asked $zip
    if ($result -eq 0 -and $script:LeftOut.Count) { $result = 3 }
} catch {
    Write-Host ('  ! ' + $_.Exception.Message) -ForegroundColor Red
    $result = 5
} finally {
    if (Test-Path -LiteralPath $Root) { Remove-Item -LiteralPath $Root -Recurse -Force -ErrorAction SilentlyContinue }
}
if ($Asked -and -not $Yes) { [void](Read-Host (Say '按回车键关闭' 'Press Enter to close')) }
exit $result
