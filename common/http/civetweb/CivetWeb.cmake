# Finds the civetweb that build.sh made and exposes it as selfheal::civetweb.
# Why not the distribution's: README.md beside this file.

set(CIVETWEB_PREFIX "${CMAKE_SOURCE_DIR}/build/civetweb" CACHE PATH
    "Where common/http/civetweb/build.sh installed civetweb")

set(_civetweb_library "${CIVETWEB_PREFIX}/lib/libcivetweb.a")
set(_civetweb_include "${CIVETWEB_PREFIX}/include")
set(_civetweb_remedy "build it with: ${CMAKE_CURRENT_LIST_DIR}/build.sh ${CIVETWEB_PREFIX}")

if(NOT EXISTS "${_civetweb_library}" OR NOT EXISTS "${_civetweb_include}/civetweb.h")
  message(FATAL_ERROR "civetweb is not in ${CIVETWEB_PREFIX}; ${_civetweb_remedy}")
endif()

find_package(OpenSSL REQUIRED)
find_package(Threads REQUIRED)

if(NOT TARGET selfheal::civetweb)
  # Our own imported target, not civetweb's package file: prometheus-cpp's asks for the
  # distribution's civetweb under the usual names, and the two must not be mixed up.
  add_library(selfheal::civetweb STATIC IMPORTED GLOBAL)
  set_target_properties(selfheal::civetweb PROPERTIES
    IMPORTED_LOCATION "${_civetweb_library}"
    IMPORTED_LINK_INTERFACE_LANGUAGES C
    INTERFACE_INCLUDE_DIRECTORIES "${_civetweb_include}")
  target_link_libraries(selfheal::civetweb INTERFACE
    OpenSSL::SSL OpenSSL::Crypto Threads::Threads ${CMAKE_DL_LIBS})
endif()

# Run once per build of the library: another one is checked again.
file(SHA256 "${_civetweb_library}" _civetweb_sha256)
if(NOT _civetweb_sha256 STREQUAL "${CIVETWEB_CHECKED_SHA256}")
  try_run(_civetweb_run _civetweb_compiled
    "${CMAKE_BINARY_DIR}/CMakeFiles/civetweb_check" "${CMAKE_CURRENT_LIST_DIR}/check_features.cpp"
    # --as-needed: libssl stays in the program only if civetweb itself refers to it.
    LINK_OPTIONS -Wl,--as-needed
    LINK_LIBRARIES selfheal::civetweb
    COMPILE_OUTPUT_VARIABLE _civetweb_compile_output
    RUN_OUTPUT_VARIABLE _civetweb_run_output)
  set(_civetweb_outcome "${_civetweb_run}")
  unset(_civetweb_run CACHE)
  set(_civetweb_linked "${_civetweb_compiled}")
  unset(_civetweb_compiled CACHE)
  if(NOT _civetweb_linked)
    message(FATAL_ERROR "The civetweb in ${CIVETWEB_PREFIX} does not link; ${_civetweb_remedy}\n"
      "${_civetweb_compile_output}")
  elseif(NOT _civetweb_outcome STREQUAL "0")
    message(FATAL_ERROR "The civetweb in ${CIVETWEB_PREFIX} can't be used: ${_civetweb_run_output}\n"
      "${_civetweb_remedy}")
  endif()
  message(STATUS "civetweb in ${CIVETWEB_PREFIX}: ${_civetweb_run_output}")
  set(CIVETWEB_CHECKED_SHA256 "${_civetweb_sha256}" CACHE INTERNAL "The civetweb that was checked")
endif()
