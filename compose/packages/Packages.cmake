# Packages for Debian: the target `packages` leaves them in packages/ below the build folder.
#
#   selfheal-exporter, selfheal-remediator   a daemon each, with its unit
#   selfheal-rules                           what Prometheus, Alertmanager and Grafana read
#
# Nothing of it is built or installed otherwise. The libraries that a daemon depends on are what dpkg-shlibdeps
# finds in it.
set(here ${CMAKE_CURRENT_LIST_DIR})
set(made ${CMAKE_BINARY_DIR}/packages-made)  # what is put together for them

# Unset it is nobody's address, and says so: .invalid is never a host.
set(SELFHEAL_PACKAGE_CONTACT "Whoever built this package <unset@selfheal.invalid>" CACHE STRING
  "Who maintains the packages, NAME <ADDRESS>: their Maintainer, and who signs their change log")
if(NOT SELFHEAL_PACKAGE_CONTACT MATCHES "^[^<>]+ <[^<> ]+@[^<> ]+>$")
  message(FATAL_ERROR "SELFHEAL_PACKAGE_CONTACT: expected NAME <ADDRESS>, got: ${SELFHEAL_PACKAGE_CONTACT}")
endif()
set(control_scripts postinst prerm postrm)

# FOLDER as it is on the machine; one that is relative stands below /usr.
function(package_files package folder)
  install(FILES ${ARGN} DESTINATION ${folder} COMPONENT ${package} EXCLUDE_FROM_ALL)
endfunction()
function(package_file_as package folder name file)
  install(FILES ${file} DESTINATION ${folder} RENAME ${name} COMPONENT ${package} EXCLUDE_FROM_ALL)
endfunction()

# Without date and name in it (-n): built twice it is the same.
function(made_compressed to)
  add_custom_command(OUTPUT ${made}/${to}.gz COMMAND cat ${ARGN} | gzip -9n > ${made}/${to}.gz
    DEPENDS ${ARGN})
  set_property(GLOBAL APPEND PROPERTY selfheal_made ${made}/${to}.gz)
endfunction()

# Made by the program from its own flags. env -i: some defaults come from the environment.
function(made_by program flag to)
  add_custom_command(OUTPUT ${made}/${to} COMMAND env -i $<TARGET_FILE:${program}> ${flag} > ${made}/${to}
    DEPENDS ${program} VERBATIM)
  set_property(GLOBAL APPEND PROPERTY selfheal_made ${made}/${to})
endfunction()

function(describe_package package)
  configure_file(${here}/changelog.in ${made}/${package}.changelog @ONLY)
  made_compressed(${package}.changelog ${made}/${package}.changelog)
  package_file_as(${package} share/doc/${package} changelog.gz ${made}/${package}.changelog.gz)
  package_files(${package} share/doc/${package} ${here}/copyright)
endfunction()

# The scripts of dpkg, and which files are the administrator's. own_… is what only one of the daemons needs.
function(control_files package)
  foreach(script ${control_scripts})
    configure_file(${here}/control/${script}.in ${made}/${package}/${script} @ONLY
      FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  endforeach()
  file(WRITE ${made}/${package}/conffiles "/etc/default/${package}\n")
endfunction()

# What every daemon has.
function(daemon_package package)
  describe_package(${package})
  control_files(${package})
  made_by(${package} --help-man ${package}.man)
  made_compressed(${package}.1 ${made}/${package}.man ${here}/man/${package}.tail)
  made_by(${package} --completion-script-bash ${package}.bash)
  package_files(${package} share/man/man1 ${made}/${package}.1.gz)
  package_file_as(${package} share/bash-completion/completions ${package} ${made}/${package}.bash)
  package_files(${package} /usr/lib/systemd/system ${here}/systemd/${package}.service)
  package_files(${package} /etc/default ${here}/default/${package})
endfunction()

# ---- selfheal-exporter
file(READ ${here}/control/ping.sh own_functions)
set(own_steps "allow_pings")
set(own_purge ":")
daemon_package(selfheal-exporter)
package_files(selfheal-exporter /usr/lib/sysctl.d ${here}/sysctl/50-selfheal-exporter.conf)
package_files(selfheal-exporter share/doc/selfheal-exporter/examples
  exporter/selfheal-exporter.example.yml exporter/web.example.yml)

# ---- selfheal-remediator
file(READ ${here}/control/token.sh own_functions)
set(own_steps "ensure_token")
set(own_purge "rm -rf /etc/selfheal/webhook.token /var/lib/selfheal /var/lib/private/selfheal
    if [ -d /etc/selfheal ]; then rmdir --ignore-fail-on-non-empty /etc/selfheal; fi")
daemon_package(selfheal-remediator)
package_files(selfheal-remediator share/doc/selfheal-remediator/examples exporter/web.example.yml)

# ---- selfheal-rules
describe_package(selfheal-rules)
set(shared /usr/share/selfheal)
foreach(folder rules prometheus alertmanager grafana-dashboards)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.yml ${folder}/*.tmpl ${folder}/*.sed ${folder}/*.json)
  package_files(selfheal-rules ${shared}/${folder} ${files})
  package_file_as(selfheal-rules share/doc/selfheal-rules ${folder}.md ${folder}/README.md)
endforeach()
install(DIRECTORY rules/backtest.d DESTINATION ${shared}/rules COMPONENT selfheal-rules EXCLUDE_FROM_ALL
  FILES_MATCHING PATTERN *.py PATTERN __pycache__ EXCLUDE)
install(DIRECTORY rules/swarm DESTINATION ${shared}/rules COMPONENT selfheal-rules EXCLUDE_FROM_ALL)
install(PROGRAMS rules/backtest DESTINATION ${shared}/rules COMPONENT selfheal-rules EXCLUDE_FROM_ALL)
install(DIRECTORY grafana-dashboards/provisioning DESTINATION ${shared}/grafana-dashboards
  COMPONENT selfheal-rules EXCLUDE_FROM_ALL)

# ---- CPack
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME selfheal)
set(CPACK_PACKAGE_VENDOR selfheal)
set(CPACK_PACKAGE_CONTACT "${SELFHEAL_PACKAGE_CONTACT}")
set(CPACK_COMPONENTS_ALL selfheal-exporter selfheal-remediator selfheal-rules)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# package_control(COMPONENT KEY VALUE...): CPack wants the component's name in capitals.
macro(package_control package key)
  string(TOUPPER ${package} upper)
  set(CPACK_DEBIAN_${upper}_${key} "${ARGN}")
endmacro()

foreach(daemon exporter remediator)
  package_control(selfheal-${daemon} PACKAGE_NAME selfheal-${daemon})
  package_control(selfheal-${daemon} PACKAGE_SHLIBDEPS ON)
  list(TRANSFORM control_scripts PREPEND ${made}/selfheal-${daemon}/ OUTPUT_VARIABLE control)
  package_control(selfheal-${daemon} PACKAGE_CONTROL_EXTRA ${control} ${made}/selfheal-${daemon}/conffiles)
  package_control(selfheal-${daemon} PACKAGE_DEPENDS "passwd")
endforeach()
package_control(selfheal-exporter PACKAGE_SUGGESTS "docker.io | docker-ce, selfheal-rules")
package_control(selfheal-exporter DESCRIPTION
"Prometheus exporter that probes containers and tells whether they are well
Finds the Docker containers that opted in by a label, probes them all the
time over HTTP, TCP, gRPC, DNS, ICMP, by a command or by their HEALTHCHECK,
and publishes results, states and recoveries for Prometheus. It also answers
/probe as blackbox_exporter does.")
package_control(selfheal-remediator PACKAGE_RECOMMENDS "selfheal-rules")
package_control(selfheal-remediator PACKAGE_SUGGESTS
  "docker.io | docker-ce, prometheus, prometheus-alertmanager, selfheal-exporter")
package_control(selfheal-remediator DESCRIPTION
"Alertmanager webhook that heals containers and proves that it worked
Takes the alerts that ask for an action, writes them down before it answers,
passes them through its guards, restarts, kills, recreates or updates what is
broken through the Docker API, verifies by PromQL that it is healthy again,
and tells people by Alertmanager what became of it.")
package_control(selfheal-rules PACKAGE_NAME selfheal-rules)
package_control(selfheal-rules PACKAGE_ARCHITECTURE all)
package_control(selfheal-rules PACKAGE_DEPENDS "python3")
package_control(selfheal-rules PACKAGE_SUGGESTS "prometheus, prometheus-alertmanager, grafana")
package_control(selfheal-rules DESCRIPTION
"Rules, routes and dashboards for self-healing containers
What counts as broken, for how long, and what must not be touched, as rules
for Prometheus; who is told, as routes for Alertmanager; what failed, when
and what was done, as dashboards for Grafana. In /usr/share/selfheal.")
include(CPack)

get_property(made_files GLOBAL PROPERTY selfheal_made)
add_custom_target(package-files DEPENDS ${made_files})
# The folder holds this version's alone, and nothing that was made of another.
add_custom_target(packages
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${CMAKE_BINARY_DIR}/packages
  COMMAND ${CMAKE_CPACK_COMMAND} -G DEB -B ${CMAKE_BINARY_DIR}/packages
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${CMAKE_BINARY_DIR}/packages/_CPack_Packages
  DEPENDS package-files selfheal-exporter selfheal-remediator
  WORKING_DIRECTORY ${CMAKE_BINARY_DIR} VERBATIM)
