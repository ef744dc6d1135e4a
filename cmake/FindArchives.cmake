# minizip with zlib's header, and expat, for XLSX workbooks and ZIP archives that are read. Sets HEAVYOPT_HAVE_ARCHIVES and makes
# heavyopt_archives, which is empty without them.
set(HEAVYOPT_HAVE_ARCHIVES FALSE)
add_library(heavyopt_archives INTERFACE)
if(NOT HEAVYOPT_ARCHIVES STREQUAL "OFF")
  pkg_check_modules(ARCHIVES QUIET IMPORTED_TARGET minizip expat zlib)
  if(ARCHIVES_FOUND)
    set(HEAVYOPT_HAVE_ARCHIVES TRUE)
    target_link_libraries(heavyopt_archives INTERFACE PkgConfig::ARCHIVES)
  elseif(HEAVYOPT_ARCHIVES STREQUAL "ON")
    message(FATAL_ERROR "HEAVYOPT_ARCHIVES is ON, and there is no minizip, zlib or expat: install libminizip-dev, zlib1g-dev, libexpat1-dev")
  endif()
endif()
message(STATUS "minizip and expat: ${HEAVYOPT_HAVE_ARCHIVES}")
