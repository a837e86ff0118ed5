# What Debian hardens its own programs by, on everything that is compiled here: SELFHEAL_HARDENING, which the preset
# `release` turns on. PIE is the distribution's compilers' own default. What came of it is looked at in
# tests/packages/hardening_test.sh.
include(CheckCXXCompilerFlag)

add_compile_options(-D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection)
# There is none but x86's.
check_cxx_compiler_flag(-fcf-protection SELFHEAL_HAS_CF_PROTECTION)
if(SELFHEAL_HAS_CF_PROTECTION)
  add_compile_options(-fcf-protection)
endif()
# A lazily bound program leaves the table of its functions writable for as long as it runs.
add_link_options(LINKER:-z,relro,-z,now)
