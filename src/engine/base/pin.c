#if !defined(_WIN32) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* dladdr */
#endif

#include "pin.h"

/* An address inside this library. */
static const char anchor = 0;

#if defined(_WIN32)
#include <windows.h>

bool hd_pin_address(const void *address) {
  HMODULE module;
  return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                            (LPCWSTR)address, &module) != 0;
}
#else
#include <dlfcn.h>
#include <stddef.h>

bool hd_pin_address(const void *address) {
  Dl_info info;
  if (dladdr(address, &info) == 0 || info.dli_fname == NULL)
    return false;
  /* The handle is never closed. A program that is not a library may have no
   * name to open; it cannot be unloaded either. */
  void *handle = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
  return handle != NULL || dlopen(NULL, RTLD_LAZY) != NULL;
}
#endif

bool hd_pin_library(void) {
  return hd_pin_address(&anchor);
}
