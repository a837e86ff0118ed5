# selfheal_script_tests(LABEL): every NAME_test.sh here is a test, which uses the built programs.
# selfheal_script_test_newer(LABEL NAME): that one as LABEL_newer/NAME too, with the Prometheus and
# Alertmanager that compose/setup/newer.sh fetches.
#
# A script that hangs is told to end before ctest kills it, so that it cleans up.
find_program(BASH bash REQUIRED)
find_program(TIMEOUT timeout REQUIRED)

function(selfheal_script_test test label script)
  add_test(NAME ${test} COMMAND ${TIMEOUT} --foreground 240 ${ARGN} ${BASH} ${script})
  set_tests_properties(${test} PROPERTIES LABELS ${label} TIMEOUT 280 SKIP_RETURN_CODE 77
    ENVIRONMENT "SELFHEAL_BUILD=${CMAKE_BINARY_DIR};SELFHEAL_DOCKER_GATE=$<TARGET_FILE:docker-gate>")
endfunction()

function(selfheal_script_tests label)
  file(GLOB scripts CONFIGURE_DEPENDS *_test.sh)
  foreach(script IN LISTS scripts)
    get_filename_component(name ${script} NAME)
    string(REPLACE "_test.sh" "" name ${name})
    selfheal_script_test(${label}/${name} ${label} ${script})
  endforeach()
endfunction()

function(selfheal_script_test_newer label name)
  selfheal_script_test(${label}_newer/${name} ${label} ${CMAKE_CURRENT_SOURCE_DIR}/${name}_test.sh
    ${BASH} ${PROJECT_SOURCE_DIR}/tests/support/with_newer.sh)
endfunction()
