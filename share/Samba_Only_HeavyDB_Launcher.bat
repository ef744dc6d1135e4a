@echo off
rem Starts portfolio runs on the server: double-click it. The share's address is asked for once and kept in
rem %APPDATA%\heavyopt\share.txt; Windows asks for the password, and no file holds it.
setlocal
set "HO_FILE=%APPDATA%\heavyopt\share.txt"
set "HO_DRIVE="
set "HO_MAPPED="
if defined HEAVYOPT_DRIVE set "HO_DRIVE=%HEAVYOPT_DRIVE%"
if not defined HO_DRIVE call :find_share
if not defined HO_DRIVE goto no_share
if not exist %HO_DRIVE%\jobs\queue\ goto no_share
set "HO_DEFAULT=35"
set "HO_HFT=20"
set "HO_LARGE=50"
if exist %HO_DRIVE%\config\production_config.ini call :read_sizes
:menu
echo.
echo   1  Complete optimization, %HO_DEFAULT% strategies
echo   2  HFT, %HO_HFT% strategies
echo   3  Comprehensive, %HO_LARGE% strategies
echo   4  Another size, other options
echo   5  Jobs
echo   6  System
echo   7  Exit
set "HO_CHOICE="
set "HO_CONFIG="
set /p HO_CHOICE=Your choice: 
if not defined HO_CHOICE goto done
if "%HO_CHOICE%"=="1" call :submit %HO_DEFAULT% complete_optimization
if "%HO_CHOICE%"=="2" call :submit %HO_HFT% hft_optimization
if "%HO_CHOICE%"=="3" call :submit %HO_LARGE% comprehensive_optimization
if "%HO_CHOICE%"=="4" call :ask_size
if "%HO_CHOICE%"=="5" call :show_jobs
if "%HO_CHOICE%"=="6" call :show_system
if "%HO_CHOICE%"=="7" goto done
goto menu

:find_share
set "HO_SHARE="
if exist "%HO_FILE%" set /p HO_SHARE=<"%HO_FILE%"
if not defined HO_SHARE set /p HO_SHARE=Address of the share, such as \\server\heavyopt: 
if not defined HO_SHARE exit /b 1
if not exist "%APPDATA%\heavyopt" md "%APPDATA%\heavyopt"
if not exist "%HO_FILE%" echo %HO_SHARE%>"%HO_FILE%"
for %%d in (L: M: N:) do call :try_drive %%d
exit /b 0

:try_drive
if defined HO_DRIVE exit /b 0
if exist %1\nul exit /b 0
if exist %1\ exit /b 0
net use %1 "%HO_SHARE%" /persistent:no
if not exist %1\jobs\queue\ exit /b 0
set "HO_DRIVE=%1"
set "HO_MAPPED=%1"
exit /b 0

:read_sizes
for /f "usebackq tokens=1,2 delims==:; " %%a in ("%HO_DRIVE%\config\production_config.ini") do call :one_size %%a %%b
exit /b 0

:one_size
if /i "%1"=="default_portfolio_size" call :take_size HO_DEFAULT %2
if /i "%1"=="hft_portfolio_size" call :take_size HO_HFT %2
if /i "%1"=="comprehensive_portfolio_size" call :take_size HO_LARGE %2
exit /b 0

:take_size
set "HO_BAD="
for /f "delims=0123456789" %%x in ("%2") do set "HO_BAD=1"
if defined HO_BAD exit /b 0
if "%2"=="" exit /b 0
if %2 LSS 10 exit /b 0
if %2 GTR 100 exit /b 0
set "%1=%2"
exit /b 0

:ask_size
set "HO_SIZE="
set /p HO_SIZE=Strategies, 10 to 100 (Enter: %HO_DEFAULT%): 
if not defined HO_SIZE set "HO_SIZE=%HO_DEFAULT%"
set "HO_ASKED="
call :take_size HO_ASKED %HO_SIZE%
if not defined HO_ASKED echo That is no number from 10 to 100.
if not defined HO_ASKED exit /b 0
set "HO_OPTIONS="
set /p HO_OPTIONS=Options, such as effort=quick max-correlation=0.7 (Enter: none): 
if defined HO_OPTIONS call :take_options %HO_OPTIONS%
call :submit %HO_ASKED% custom_optimization
exit /b 0

rem cmd parts words at = as well as at blanks: each option comes as two.
:take_options
if "%~2"=="" exit /b 0
if defined HO_CONFIG set "HO_CONFIG=%HO_CONFIG%, "
set "HO_CONFIG=%HO_CONFIG%"%~1": "%~2""
shift
shift
goto take_options

:submit
set "HO_COUNT=0"
echo.
echo Tables in input:
for /f "delims=" %%f in ('dir /b %HO_DRIVE%\input\*.csv') do call :list_table "%%f"
if "%HO_COUNT%"=="0" echo   none: copy a .csv file to %HO_DRIVE%\input first
if "%HO_COUNT%"=="0" exit /b 0
set "HO_INPUT="
set /p HO_INPUT=Table, its number or name (Enter: 1): 
if not defined HO_INPUT set "HO_INPUT=1"
set "HO_INPUT=%HO_INPUT:\=/%"
set "HO_BAD="
for /f "delims=0123456789" %%x in ("%HO_INPUT%") do set "HO_BAD=1"
if not defined HO_BAD call set "HO_INPUT=%%HO_TABLE_%HO_INPUT%%%"
if not defined HO_INPUT echo There is no table of that number.
if not defined HO_INPUT exit /b 0
set "HO_EXT="
for %%f in ("%HO_INPUT%") do set "HO_EXT=%%~xf"
if /i not "%HO_EXT%"==".csv" echo A .csv file was expected.
if /i not "%HO_EXT%"==".csv" exit /b 0
if not exist "%HO_DRIVE%\input\%HO_INPUT%" echo There is no such table in input.
if not exist "%HO_DRIVE%\input\%HO_INPUT%" exit /b 0
set "HO_JOB=job_%RANDOM%%RANDOM%_%COMPUTERNAME%_%RANDOM%"
set "HO_JOB=%HO_JOB: =_%"
set "HO_PART=%HO_DRIVE%\jobs\queue\%HO_JOB%.tmp"
> "%HO_PART%" echo {
>>"%HO_PART%" echo   "job_id": "%HO_JOB%",
>>"%HO_PART%" echo   "input_file": "%HO_INPUT%",
>>"%HO_PART%" echo   "portfolio_size": %1,
>>"%HO_PART%" echo   "job_type": "%2",
>>"%HO_PART%" echo   "config": {%HO_CONFIG%},
>>"%HO_PART%" echo   "timestamp": "%DATE% %TIME%",
>>"%HO_PART%" echo   "client_info": {"computer_name": "%COMPUTERNAME%", "username": "%USERNAME%", "drive_letter": "%HO_DRIVE:~0,2%"}
>>"%HO_PART%" echo }
ren "%HO_PART%" "%HO_JOB%.json"
if exist "%HO_PART%" echo The job could not be put into the queue.
if exist "%HO_PART%" exit /b 1
echo Job %HO_JOB%
set "HO_COUNT=0"
:poll
if exist "%HO_DRIVE%\jobs\completed\%HO_JOB%.json" goto completed
if exist "%HO_DRIVE%\jobs\failed\%HO_JOB%.json" goto failed
set /a HO_COUNT+=1
if %HO_COUNT% GTR 400 goto too_long
set "HO_STATE=waits"
if exist "%HO_DRIVE%\jobs\processing\%HO_JOB%.json" set "HO_STATE=runs"
set "HO_PERCENT="
set "HO_BEST="
if exist "%HO_DRIVE%\jobs\status\%HO_JOB%.json" call :read_state
echo   %HO_STATE%%HO_PERCENT%%HO_BEST%
ping -n 4 127.0.0.1 >nul
goto poll

:list_table
set /a HO_COUNT+=1
set "HO_TABLE_%HO_COUNT%=%~1"
echo   %HO_COUNT%  %~1
exit /b 0

:read_state
for /f "usebackq tokens=2 delims=:, " %%a in (`find "percent" "%HO_DRIVE%\jobs\status\%HO_JOB%.json"`) do set "HO_PERCENT=, %%a percent"
for /f "usebackq tokens=2 delims=:, " %%a in (`find "best_fitness" "%HO_DRIVE%\jobs\status\%HO_JOB%.json"`) do set "HO_BEST=, best so far %%a"
if "%HO_BEST%"==", best so far null" set "HO_BEST="
exit /b 0

:completed
echo   completed
set "HO_RUN="
for /f "usebackq tokens=2 delims=:," %%a in (`find "output_dir" "%HO_DRIVE%\jobs\completed\%HO_JOB%.json"`) do set "HO_RUN=%%~a"
for /f "tokens=* delims= " %%a in ("%HO_RUN%") do set "HO_RUN=%%~a"
set "HO_RUN=%HO_RUN:/=\%"
echo   Results: %HO_DRIVE%\%HO_RUN%
if exist "%HO_DRIVE%\%HO_RUN%\report.html" start "" "%HO_DRIVE%\%HO_RUN%\report.html"
exit /b 0

:failed
echo   failed
find "error" "%HO_DRIVE%\jobs\failed\%HO_JOB%.json"
exit /b 0

:too_long
echo   still not done; choose 5 to look again later
exit /b 0

:show_jobs
for %%f in (queue processing completed failed) do call :show_folder %%f
exit /b 0

:show_folder
set "HO_COUNT=0"
for %%j in (%HO_DRIVE%\jobs\%1\*.json) do set /a HO_COUNT+=1
echo %1: %HO_COUNT%
for %%j in (%HO_DRIVE%\jobs\%1\*.json) do echo   %%~nj
exit /b 0

:show_system
echo Computer %COMPUTERNAME%, user %USERNAME%, share at %HO_DRIVE%
if exist "%HO_DRIVE%\jobs\status\current_status.json" type "%HO_DRIVE%\jobs\status\current_status.json"
exit /b 0

:no_share
echo The share was not found: no drive with jobs\queue.
echo Its address is kept in "%HO_FILE%"; delete that file to be asked again.
rem A window that was opened by a double click would close before this is read.
set /p HO_CHOICE=Press Enter. 
exit /b 1

:done
if defined HO_MAPPED net use %HO_MAPPED% /delete /y
exit /b 0
