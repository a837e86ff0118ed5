# selfheal_script_tests(LABEL): every NAME_test.sh here is a test, which uses the built programs.
#
# A script that hangs is told to end before ctest kills it, so that it cleans up.
find_program(BASH bash REQUIRED)
find_program(TIMEOUT timeout REQUIRED)

function(selfheal_script_tests label)
  file(GLOB scripts CONFIGURE_DEPENDS *_test.sh)
  foreach(script IN LISTS scripts)
    get_filename_component(name ${script} NAME)
    string(REPLACE "_test.sh" "" name ${name})
    add_test(NAME ${label}/${name} COMMAND ${TIMEOUT} --foreground 240 ${BASH} ${script})
    set_tests_properties(${label}/${name} PROPERTIES LABELS ${label} TIMEOUT 280 RUN_SERIAL ON SKIP_RETURN_CODE 77
      ENVIRONMENT "SELFHEAL_BUILD=${CMAKE_BINARY_DIR};SELFHEAL_DOCKER_GATE=$<TARGET_FILE:docker-gate>")
  endforeach()
endfunction()
