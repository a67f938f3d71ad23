#if !defined(_WIN32) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* dladdr, RTLD_DEFAULT */
#endif

#include "slots.h"

#include <stddef.h>
#include <string.h>

#include "pin.h"

static hd_slots own;

static const char name[] = "heddle_slots_1";

hd_slots *heddle_slots_1(void) {
  return &own;
}

#if defined(_WIN32)
#define PSAPI_VERSION 2 /* in kernel32 */
#include <windows.h>

#include <psapi.h>

/* The first library with that function, in the order in which they were loaded. */
static hd_slots *(*find(void))(void) {
  enum { MOST = 1024 };
  static HMODULE modules[MOST];
  hd_slots *(*function)(void) = NULL;
  DWORD bytes = 0;
  if (EnumProcessModules(GetCurrentProcess(), modules, sizeof(modules), &bytes) == 0)
    return NULL;
  size_t count = bytes / sizeof(modules[0]);
  for (size_t i = 0; i < count && i < MOST && function == NULL; i++) {
    FARPROC found = GetProcAddress(modules[i], name);
    memcpy(&function, &found, sizeof(function));
  }
  return function;
}
#else
#include <dlfcn.h>

/* Offers this library's symbols to the others: the first that did so is found. */
static hd_slots *(*find(void))(void) {
  hd_slots *(*function)(void) = NULL;
  Dl_info info;
  if (dladdr(&own, &info) != 0 && info.dli_fname != NULL)
    (void)dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_GLOBAL); /* never closed */
  void *found = dlsym(RTLD_DEFAULT, name);
  memcpy(&function, &found, sizeof(function));
  return function;
}
#endif

hd_slots *hd_slots_join(void) {
  hd_slots *(*function)(void) = find();
  hd_slots *slots = function == NULL ? &own : function();
  if (slots != &own && !hd_pin_address(slots))
    slots = &own; /* it could be unloaded: better counted apart */
  atomic_fetch_add(&slots->copies, 1);
  return slots;
}
