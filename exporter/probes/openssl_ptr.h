#pragma once
#include "common/http/openssl_ptr.h"
