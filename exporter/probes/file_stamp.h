#pragma once
#include "common/base/file_stamp.h"
