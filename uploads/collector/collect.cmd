@echo off
rem Double-click to start the log collector. It asks before it does anything.
rem Unpack the whole zip first: collect.ps1 must lie beside this file.
if not exist "%~dp0collect.ps1" (
  echo Please unpack the whole zip first.
  pause
  exit /b 5
)
"%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -ExecutionPolicy Bypass -File "%~dp0collect.ps1" %*
set code=%ERRORLEVEL%
rem A machine that runs this with switches waits for nobody.
if "%~1"=="" pause
exit /b %code%
